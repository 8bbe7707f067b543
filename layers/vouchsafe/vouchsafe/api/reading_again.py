"""From the body of a reissue or duplicate to a wish in our own words."""

from __future__ import annotations

from typing import Any

from ..domain.certificate import CertificateKind
from ..domain.errors import Flaw
from ..domain.products import Product
from ..domain.wishes import DNS_NAMES, OrderWish
from ..services.reissues import AgainWish
from .liberal import says_something
from .reading import duration, read_part
from .remarks import check_words, remarks
from .schemas import AgainBody, CertificatePart, OrderBody

_PLATFORM = "certificate.server_platform.id"
_WITHOUT_EFFECT = {
    "order_validity": "is ignored: the order keeps its term",
    "dcv_method": "is ignored: the order keeps its method",
    "store_reissue_as_duplicate": "is ignored: a reissue takes the certificate's place",
}


def read_again(body: dict[str, Any], kind: CertificateKind, product: Product) -> AgainWish:
    """The wish that a body expresses; never raises, flaws travel with the wish.

    A reissue must say everything anew, also what stays as it is; a duplicate's names may be left
    out.
    """
    again, flaws, warnings = read_part(AgainBody, body)
    certificate = again.certificate or CertificatePart()
    if kind is CertificateKind.REISSUE:
        flaws += _missing(body, certificate, flaws)
    flaws += check_words(OrderBody(), certificate)
    warnings += remarks(OrderBody(certificate=certificate), product)
    warnings += [
        f"{name}: {remark}"
        for name, remark in _WITHOUT_EFFECT.items()
        if says_something(getattr(again, name))
    ]
    wish = OrderWish(
        common_name=certificate.common_name or "",
        dns_names=tuple(certificate.dns_names),
        csr=certificate.csr or "",
        method_flaw=None,
        signature_hash=(certificate.signature_hash or "").lower(),
        skip_approval=bool(again.skip_approval or certificate.skip_approval),
        certificate_validity=duration("certificate.cert_validity", certificate.cert_validity),
        flaws=tuple(flaws),
        warnings=tuple(warnings),
    )
    platform = certificate.server_platform.id if certificate.server_platform else None
    return AgainWish(kind=kind, wish=wish, platform=platform, comments=again.comments or "")


def _missing(body: dict[str, Any], certificate: CertificatePart, flaws: list[Flaw]) -> list[Flaw]:
    """What a reissue must say and does not; names and CSR are missed by the plan itself."""
    part = body.get("certificate")
    given: dict[str, Any] = part if isinstance(part, dict) else {}
    known = {flaw.field for flaw in flaws}
    missing = []
    if given.get("dns_names") is None:
        missing.append(Flaw(DNS_NAMES, "is required: the full new list, or an empty one"))
    platform = certificate.server_platform
    unread = any(field.startswith("certificate.server_platform") for field in known)
    if (platform is None or platform.id is None) and not unread:
        missing.append(Flaw(_PLATFORM, "is required"))
    return missing
