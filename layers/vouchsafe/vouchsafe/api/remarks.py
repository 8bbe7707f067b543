"""The words of an order's body: which are known, and what is said about those without effect."""

from __future__ import annotations

import re
from typing import Any

from ..domain.addresses import check_address
from ..domain.errors import Flaw
from ..domain.products import Product, ValidationLevel
from .liberal import says_something
from .schemas import CertificatePart, OrderBody

_HASHES = ("sha256", "sha384", "sha512")
_PAYMENTS = ("balance", "card", "profile", "wire_transfer")
_MOST_ADDRESSES = 50
#: The languages the vendor's clients may name; ours are English and Korean.
_LANGUAGES = frozenset(
    {"da", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "no", "pl", "pt", "ru", "sv", "zh"}
)
_OURS = frozenset({"en", "ko"})
_LOCALE = re.compile(r"(?P<language>[a-z]{2})(?:[_-](?:[a-z]{2}|[a-z]{4}))?", re.IGNORECASE)

#: Fields that are understood but change nothing here, and what is said about them.
_WITHOUT_EFFECT = {
    "auto_renew": "is kept, but orders are not renewed automatically",
    "auto_reissue": "is kept, but certificates are not reissued automatically",
    "certificate_dcv_scope": "is ignored: every name is proven at itself or a parent",
    "custom_renewal_message": "is kept, but reminders do not carry it",
    "technical_contact": "is kept, but nobody writes to it",
    "disable_ct": "is kept, but the issuing certificate's rules decide about logging",
    "cs_provisioning_method": "is kept, but concerns code signing",
    "certificate.organization_units": "is ignored: it is not part of certificates any more",
    "certificate.ca_cert_id": "is ignored: the service chooses the issuing certificate",
    "certificate.profile_option": "is ignored: there is one profile for this product",
}


def check_words(order: OrderBody, certificate: CertificatePart) -> list[Flaw]:
    """What is none of the words that a field takes."""
    flaws = []
    wanted = (certificate.signature_hash or "").lower()
    if wanted and wanted not in _HASHES:
        reason = f"must be one of {', '.join(_HASHES)}"
        flaws.append(Flaw("certificate.signature_hash", reason))
    if order.payment_method and order.payment_method.lower() not in _PAYMENTS:
        flaws.append(Flaw("payment_method", f"must be one of {', '.join(_PAYMENTS)}"))
    return flaws + locale_flaws(order.locale)


def locale_flaws(locale: str | None) -> list[Flaw]:
    """What is wrong with a locale, if one is given."""
    if not locale or _language(locale) is not None:
        return []
    reason = f"must be one of {', '.join(sorted(_LANGUAGES))}, with or without a country"
    return [Flaw("locale", reason)]


def _language(locale: str) -> str | None:
    found = _LOCALE.fullmatch(locale)
    language = found["language"].lower() if found else ""
    return language if language in _LANGUAGES else None


def check_addresses(given: list[str]) -> list[Flaw]:
    """What is wrong with `additional_emails`."""
    if len(given) > _MOST_ADDRESSES:
        return [Flaw("additional_emails", f"holds more than {_MOST_ADDRESSES} addresses")]
    flaws = []
    for position, address in enumerate(given):
        try:
            check_address(address)
        except ValueError as error:
            flaws.append(Flaw(f"additional_emails[{position}]", str(error)))
    return flaws


def remarks(order: OrderBody, product: Product) -> list[str]:
    """What was given but has no effect: nothing is dropped without a word."""
    found = []
    if product.level is ValidationLevel.DV and says_something(order.organization):
        found.append("organization: is ignored: a DV certificate names none; lists show it")
    if _language(order.locale or "en") not in _OURS | {None}:
        found.append("locale: mails are written in English, for want of that language")
    for path, remark in _WITHOUT_EFFECT.items():
        part: Any = order
        for step in path.split("."):
            part = getattr(part, step, None)
        if says_something(part):
            found.append(f"{path}: {remark}")
    return found
