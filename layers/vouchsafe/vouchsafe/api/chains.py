"""A certificate's way to its root, as it stands in the store, and as JSON rows."""

from __future__ import annotations

from ..domain.certificate import Certificate
from ..domain.errors import ErrorCode, Unavailable, VouchsafeError
from ..ports import CertificateStore, Issuers
from .bundles import Chain, pem, subject_common_name


def chain_of(certificate: Certificate, *, store: CertificateStore, issuers: Issuers) -> Chain:
    """The stored bytes and their issuer's. Raises VouchsafeError(CONFLICT) before issue."""
    if certificate.issued is None:
        raise VouchsafeError(
            ErrorCode.CONFLICT, "The certificate was not issued yet.", subject="not_issued"
        )
    leaf = store.get(certificate.certificate_id)
    issuer = issuers.get(certificate.issued.issuer_id)
    if leaf is None or issuer is None:
        raise Unavailable(f"certificate {certificate.certificate_id} cannot be read")
    return Chain(
        leaf=leaf,
        intermediate=issuer.certificate,
        root=issuer.root,
        between=issuer.intermediates,
    )


def chain_rows(chain: Chain) -> list[dict[str, str]]:
    """Leaf first, then the issuing certificate, then what is between it and the root, the root."""
    return [
        {"subject_common_name": subject_common_name(der), "pem": pem(der)} for der in chain.whole
    ]
