"""From what operators send about reviews to our own words, with everything wrong at once."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, time
from typing import Any

from ..domain.countries import COUNTRIES
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.organization import (
    BusinessCategory,
    OrganizationCheck,
    Registration,
    ValidatedIdentity,
)
from ..domain.reviews import LONGEST_FILE_NAME, LONGEST_REASON, MediaType
from ..services.review_decisions import Certified
from ..services.reviewing import File
from .call import Call
from .vetting_schemas import ApprovalBody, IdentityPart, RegistrationBody

#: EVG 7.1.4.2 and RFC 5280 A.1: upper bounds of what stands in a subject; ours for the agency.
_LONGEST = {
    "number": 64,
    "agency": 200,
    "jurisdiction_state": 128,
    "jurisdiction_locality": 128,
    "name": 64,
    "state": 128,
    "locality": 128,
    "street": 128,
    "postal_code": 40,
}
_PRINTABLE = frozenset(string.ascii_letters + string.digits + " '()+,-./:=?")
_CATEGORIES = {category.value.casefold(): category for category in BusinessCategory}
_CHECKS = {check.value: check for check in OrganizationCheck}
_MEDIA = {media.value: media for media in MediaType}
#: How files of each kind begin; text is anything that is UTF-8.
_BEGINNINGS = {
    MediaType.PDF: b"%PDF-",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    MediaType.JPEG: b"\xff\xd8\xff",
}


def read_file(call: Call) -> File:
    """The file in a request: its body, media type, and `name` of the query.

    Raises VouchsafeError(INVALID) for the name, and MALFORMED for a body that is no such file.
    """
    given = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    media, name = _MEDIA.get(given), call.query.get("name", "").strip()
    flaw = None
    if not 1 <= len(name) <= LONGEST_FILE_NAME or not name.isprintable() or "/" in name:
        reason = f"must be a file's name of 1 to {LONGEST_FILE_NAME} characters, without a slash"
        flaw = Flaw("name", reason)
    if media is None or not call.raw_body or not _is_one(call.raw_body, media):
        why = f"The body must be a file, its Content-Type one of {', '.join(_MEDIA)}"
        odd = f"it is no {media}" if call.raw_body else "it is empty"
        why += "." if media is None else f"; {odd}."
        also = "" if flaw is None else f" {flaw.field}: {flaw.reason}."
        raise VouchsafeError(ErrorCode.MALFORMED, why + also)
    if flaw is not None:
        raise invalid(flaw)
    return File(name=name, media_type=media, content=call.raw_body)


def _is_one(content: bytes, media: MediaType) -> bool:
    """Whether the bytes can be what they are said to be: evidence must open years later."""
    if media is not MediaType.TEXT:
        return content.startswith(_BEGINNINGS[media])
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read_registration(body: RegistrationBody) -> Registration:
    """Registration data that a subject can hold (EVG 7.1.4.2.3 to .5). Raises INVALID."""
    texts = _texts(body, "number", "agency", "jurisdiction_state", "jurisdiction_locality")
    country = (body.jurisdiction_country or "").strip().upper()
    category = _CATEGORIES.get((body.business_category or "").strip().casefold())
    flaws = [
        *_required("", number=texts["number"], agency=texts["agency"]),
        *_too_long(texts, ""),
        *_country_flaws(country, "jurisdiction_country"),
    ]
    if not _PRINTABLE.issuperset(texts["number"]):
        reason = "holds others than ASCII letters, digits, spaces and '()+,-./:=? (PrintableString)"
        flaws.append(Flaw("number", reason))
    if texts["jurisdiction_locality"] and not texts["jurisdiction_state"]:
        flaws.append(Flaw("jurisdiction_state", "is required with a locality"))
    if category is None:
        names = ", ".join(each.value for each in BusinessCategory)
        flaws.append(Flaw("business_category", f"must be one of {names}"))
    if flaws or category is None:
        raise invalid(*flaws)
    return Registration(jurisdiction_country=country, business_category=category, **texts)


def read_approval(body: ApprovalBody, now: datetime) -> Certified:
    """What an operator certifies. Raises INVALID with every flaw that can be seen in the body."""
    flaws: list[Flaw] = []
    check = _CHECKS.get((body.type or "").lower())
    if check is None:
        flaws.append(Flaw("type", f"must be one of {', '.join(_CHECKS)}"))
    identity = _identity(body.identity, flaws) if body.identity else None
    collected = _collected(body.collected_on, now, flaws)
    reason = read_reason(body.without_evidence, "without_evidence", flaws, required=False)
    if flaws or check is None:
        raise invalid(*flaws)
    return Certified(
        check=check, identity=identity, collected_at=collected, without_evidence=reason
    )


def _identity(part: IdentityPart, flaws: list[Flaw]) -> ValidatedIdentity:
    texts = _texts(part, "name", "state", "locality", "street", "postal_code")
    country = (part.country or "").strip().upper()
    flaws += _required("identity.", name=texts["name"])
    flaws += _too_long(texts, "identity.")
    flaws += _country_flaws(country, "identity.country")
    if not texts["state"] and not texts["locality"]:
        flaws.append(Flaw("identity.locality", "is required, or the state is"))
    return ValidatedIdentity(country=country, **texts)


def _collected(text: str | None, now: datetime, flaws: list[Flaw]) -> datetime | None:
    """The beginning of that day, so that nothing counts longer than it may."""
    if not (text or "").strip():
        return None
    try:
        day = date.fromisoformat((text or "").strip())
    except ValueError:
        flaws.append(Flaw("collected_on", "must be a date, such as 2026-11-21"))
        return None
    if day > now.astimezone(UTC).date():
        flaws.append(Flaw("collected_on", "lies in the future"))
    return datetime.combine(day, time.min, UTC)


def read_reason(text: str | None, field: str, flaws: list[Flaw], *, required: bool = True) -> str:
    """A sentence of ours about a decision; flaws are added."""
    reason = (text or "").strip()
    if required and not reason:
        flaws.append(Flaw(field, "is required"))
    if len(reason) > LONGEST_REASON:
        flaws.append(Flaw(field, f"is longer than {LONGEST_REASON} characters"))
    return reason


def _texts(part: RegistrationBody | IdentityPart, *names: str) -> dict[str, Any]:
    return {name: " ".join((getattr(part, name) or "").split()) for name in names}


def _required(path: str, **texts: str) -> list[Flaw]:
    return [Flaw(path + name, "is required") for name, text in texts.items() if not text]


def _too_long(texts: dict[str, str], path: str) -> list[Flaw]:
    flaws = [
        Flaw(path + name, f"is longer than {_LONGEST[name]} characters")
        for name, text in texts.items()
        if len(text) > _LONGEST[name]
    ]
    odd = [name for name, text in texts.items() if not text.isprintable()]
    return [*flaws, *(Flaw(path + n, "holds characters that cannot be printed") for n in odd)]


def _country_flaws(country: str, field: str) -> list[Flaw]:
    if country in COUNTRIES:
        return []
    return [Flaw(field, "must be two letters of a country (ISO 3166-1)")]
