"""The routes that hand out certificates: downloads and chains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from ..dependencies import CertificatesApi
from ..domain.certificate import Certificate, CertificateKind
from ..domain.dossier import Dossier
from ..domain.errors import not_found
from ..services.ownership import owned
from .bundles import FORMATS, pem, subject_common_name
from .call import Answer, Call, answer_json, as_id, names_tag
from .chains import chain_of, chain_rows
from .platforms import ServerPlatform, platform_of

#: The vendor's name of the form that the order's own server software decides.
_DEFAULT = "default"
_ZIPS = frozenset({"apache", "nginx"})  # forms of a platform that are what `default` promises
_LONGEST_NUMBER = 9
#: A certificate never changes under its id; an order's newest one does.
_FOREVER = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """A certificate to hand out: in which form, for which platform, and for how long to keep."""

    certificate: Certificate
    form: str
    platform: ServerPlatform
    keep: str


def download(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/{id}/download/format/{format}: one certificate, the newest or not."""
    name = _format(call)
    dossier, certificate = _by_id(call, deps)
    return _file(call, deps, _in_format(name, dossier, certificate, _FOREVER))


def download_for_platform(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/{id}/download/platform[/{platform}]: the form that suits a server software.

    Without a number, that of the order. Numbers we do not know get three PEM files.
    """
    number = _platform_number(call)
    dossier, certificate = _by_id(call, deps)
    wanted = _platform_of(dossier, certificate) if number is None else platform_of(number)
    copy = _Copy(certificate=certificate, form=wanted.form, platform=wanted, keep=_FOREVER)
    return _file(call, deps, copy)


def download_by_order(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/download/order/{id}[/format/{format}]: the one an order points at.

    While a reissue is under way, that is the certificate that was issued last. `subId` means a
    duplicate, by its place in their list; those have ids of their own, too.
    """
    name = _format(call)
    dossier = owned(deps.ledger.order(call.number("order")), call.principal)
    place = call.query.get("subId", "").strip().lstrip("0")
    meant = _duplicate(dossier, place) if place else _issued_last(dossier)
    return _file(call, deps, _in_format(name, dossier, meant, _ASK_AGAIN))


def chain(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/{id}/chain: leaf first, then the issuing certificate, then the root."""
    _, certificate = _by_id(call, deps)

    def rows() -> Answer:
        found = chain_of(certificate, store=deps.store, issuers=deps.issuers)
        return answer_json({"intermediates": chain_rows(found)})

    return _cached(call, certificate, _FOREVER, rows)


def intermediates(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/intermediates: every certificate between leaves and roots, and its issuer."""
    del call
    rows = [
        {
            "subject_common_name": subject_common_name(below),
            "issuer_common_name": subject_common_name(above),
            "pem": pem(below),
        }
        for issuer in deps.issuers.all()
        for below, above in pairwise((issuer.certificate, *issuer.intermediates, issuer.root))
    ]
    return answer_json({"intermediates": rows})


def _format(call: Call) -> str:
    """The form asked for in the path, or, as old clients do, in the query."""
    name = call.parts.get("format") or call.query.get("formatType") or _DEFAULT
    if name not in FORMATS:
        raise not_found("format")
    return name


def _platform_number(call: Call) -> int | None:
    text = call.parts.get("platform")
    if text is None:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise not_found("platform")
    return int(text)


def _by_id(call: Call, deps: CertificatesApi) -> tuple[Dossier, Certificate]:
    certificate_id = call.number("certificate")
    dossier = owned(deps.ledger.order_of_certificate(certificate_id), call.principal, "certificate")
    return dossier, dossier.certificate(certificate_id)


def _duplicate(dossier: Dossier, place: str) -> Certificate:
    """The duplicate at that place of their list, which counts from 1. Raises not_found."""
    found = [each for each in dossier.certificates if each.kind is CertificateKind.DUPLICATE]
    number = as_id(place)
    if number is None or number > len(found):
        raise not_found("certificate")
    return found[number - 1]


def _issued_last(dossier: Dossier) -> Certificate:
    """The certificate the order points at, or the one before while that is not issued."""
    certificate = dossier.newest
    while certificate.issued is None and certificate.follows is not None:
        certificate = dossier.certificate(certificate.follows)
    return certificate


def _platform_of(dossier: Dossier, certificate: Certificate) -> ServerPlatform:
    asked = dossier.order.details.extras.get("server_platform_id")
    return platform_of(asked if certificate.platform is None else certificate.platform)


def _in_format(name: str, dossier: Dossier, certificate: Certificate, keep: str) -> _Copy:
    """`default` is the zip that suits the order's platform; every other form is what it says."""
    platform = _platform_of(dossier, certificate)
    form = platform.form if name == _DEFAULT and platform.form in _ZIPS else name
    return _Copy(certificate=certificate, form=form, platform=platform, keep=keep)


def _file(call: Call, deps: CertificatesApi, copy: _Copy) -> Answer:
    def file() -> Answer:
        parts = chain_of(copy.certificate, store=deps.store, issuers=deps.issuers)
        bundle = FORMATS[copy.form](parts)
        zipped = bundle.extension == "zip"
        slug = f"_{copy.platform.slug}" if zipped else ""
        filename = f"{call.parts['id']}{slug}.{bundle.extension}"
        return Answer(
            content=bundle.content,
            content_type=bundle.content_type,
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )

    return _cached(call, copy.certificate, copy.keep, file)


def _cached(call: Call, certificate: Certificate, keep: str, make: Callable[[], Answer]) -> Answer:
    """What `make` gives, with the certificate's SHA-256 as its ETag; 304 where the client has it.

    The forms of one certificate stand under paths of their own, and are one certificate each.
    """
    if certificate.issued is None:
        return make()  # refuses
    etag = f'"{certificate.issued.sha256}"'
    headers = {"ETag": etag, "Cache-Control": keep}
    if names_tag(call.headers.get("if-none-match", ""), etag):
        return Answer(status=304, headers=headers)
    answer = make()
    return replace(answer, headers={**answer.headers, **headers})
