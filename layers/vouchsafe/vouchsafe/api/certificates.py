"""The routes that hand out certificates: downloads and chains."""

from __future__ import annotations

from ..dependencies import CertificatesApi
from ..domain.certificate import Certificate
from ..domain.errors import ErrorCode, Unavailable, VouchsafeError, not_found
from ..services.registration import owned
from .bundles import FORMATS, Chain, pem, subject_common_name
from .call import Answer, Call, answer_json

_DEFAULT = "default"


def download(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/{id}/download/format/{format}: one certificate, the newest or not."""
    make = _format(call)
    return _file(call, make, _chain(_by_id(call, deps), deps))


def download_by_order(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/download/order/{id}[/format/{format}]: the newest issued one of an order."""
    make = _format(call)
    dossier = owned(deps.ledger.order(call.number("order")), call.principal)
    issued = [c for c in dossier.certificates if c.issued is not None]
    return _file(call, make, _chain(issued[-1] if issued else dossier.newest, deps))


def chain(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/{id}/chain: leaf first, then the issuing certificate, then the root."""
    found = _chain(_by_id(call, deps), deps)
    rows = [
        {"subject_common_name": subject_common_name(der), "pem": pem(der)}
        for der in (found.leaf, found.intermediate, found.root)
    ]
    return answer_json({"intermediates": rows})


def _format(call: Call) -> str:
    name = call.parts.get("format", _DEFAULT)
    if name not in FORMATS:
        raise not_found("format")
    return name


def _by_id(call: Call, deps: CertificatesApi) -> Certificate:
    certificate_id = call.number("certificate")
    dossier = owned(deps.ledger.order_of_certificate(certificate_id), call.principal, "certificate")
    return dossier.certificate(certificate_id)


def _chain(certificate: Certificate, deps: CertificatesApi) -> Chain:
    """The stored bytes and their issuer's. Raises VouchsafeError(CONFLICT) before issue."""
    if certificate.issued is None:
        raise VouchsafeError(
            ErrorCode.CONFLICT, "The certificate was not issued yet.", subject="not_issued"
        )
    leaf = deps.store.get(certificate.certificate_id)
    issuer = deps.issuers.get(certificate.issued.issuer_id)
    if leaf is None or issuer is None:
        raise Unavailable(f"certificate {certificate.certificate_id} cannot be read")
    return Chain(leaf=leaf, intermediate=issuer.certificate, root=issuer.root)


def _file(call: Call, name: str, parts: Chain) -> Answer:
    bundle = FORMATS[name](parts)
    filename = f"{call.parts['id']}.{bundle.extension}"
    return Answer(
        content=bundle.content,
        content_type=bundle.content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
