"""From bodies about organizations to our own words, with everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..domain.accounts import User
from ..domain.addresses import check_address
from ..domain.countries import COUNTRIES
from ..domain.errors import Flaw
from ..domain.organization import (
    LONGEST_NAME,
    LONGEST_WITH_ASSUMED,
    Contact,
    Organization,
    OrganizationCheck,
    VerifiedUser,
)
from .account_schemas import ContactBody, ContactPart, OrganizationBody
from .vetting_schemas import ValidationWish, VerifiedUserBody

#: X.520 upper bounds, and ours where it has none.
_LONGEST = {
    "address": 128,
    "address2": 128,
    "city": 128,
    "state": 128,
    "zip": 40,
    "telephone": 32,
    "first_name": 64,
    "last_name": 64,
    "job_title": 64,
    "telephone_extension": 16,
    "english_name": LONGEST_NAME,
}
#: Kept as they came, without spaces around them.
_TEXTS = {
    "name",
    "assumed_name",
    "english_name",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "telephone",
}
_REQUIRED = ("name", "country", "address", "city", "telephone")
_OF_CONTACT = ("first_name", "last_name", "email", "telephone")
_OF_VERIFIED = ("first_name", "last_name", "job_title", "telephone", "email")
CONTACT_TYPES = ("organization_contact", "technical_contact", "ev_approver", "corporate_officer")
MOST_PEOPLE = 20
_CHECKS = {check.value: check for check in OrganizationCheck}
#: Checks of other kinds of certificates, which the vendor's clients may ask for.
_ELSEWHERE = frozenset({"cs", "ev_cs", "ds", "grid", "smime"})

#: A user of the caller's account by id, or None.
type Users = Callable[[int], User | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What operators are asked for; `people` is None where nobody is named, `place` where EV is."""

    checks: tuple[OrganizationCheck, ...]
    people: tuple[VerifiedUser, ...] | None
    place: str = ""


def read_description(
    body: OrganizationBody, now: datetime, users: Users, flaws: list[Flaw], *, path: str = ""
) -> Organization:
    """The organization that a body at `path` describes, without id and container; flaws are added.

    It can be used only where none were.
    """
    first = body.organization_contact or ContactPart()
    found = [Flaw(path + f.field, f.reason) for f in _description_flaws(body, first)]
    flaws += _unnamed(found, flaws)
    said = body.model_dump(include=_TEXTS)
    texts: dict[str, Any] = {name: (text or "").strip() for name, text in said.items()}
    people = [
        read_contact(each, users, flaws, path=f"{path}contacts[{at}].")
        for at, each in enumerate(body.contacts[:MOST_PEOPLE])
    ]
    if len(body.contacts) > MOST_PEOPLE:
        flaws.append(Flaw(f"{path}contacts", f"holds more than {MOST_PEOPLE} people"))
    return Organization(
        organization_id=0,
        account_id=0,
        container_id=0,
        country=(body.country or "").strip().upper(),
        contact=Contact(**_words(first)),
        contacts=tuple(people),
        created_at=now,
        **texts,
    )


def _unnamed(found: Sequence[Flaw], known: Sequence[Flaw]) -> list[Flaw]:
    """Those of fields that are not named yet: what could not be read is not missing as well."""
    named = tuple(f"{flaw.field}." for flaw in known)
    return [flaw for flaw in found if not f"{flaw.field}.".startswith(named)]


def _words(part: ContactPart) -> dict[str, Any]:
    return {name: (getattr(part, name) or "").strip() for name in ContactPart.model_fields}


def _description_flaws(body: OrganizationBody, first: ContactPart) -> list[Flaw]:
    return [
        *_name_flaws(body),
        *_text_flaws(body, "", _REQUIRED),
        *_text_flaws(first, "organization_contact.", _OF_CONTACT),
        *_country_flaws(body.country),
        *_address_flaws(first.email, "organization_contact."),
    ]


def _name_flaws(body: OrganizationBody) -> list[Flaw]:
    name, assumed = body.name or "", body.assumed_name or ""
    flaws = []
    if not (body.english_name or "").isascii():
        flaws.append(Flaw("english_name", "must be written in ASCII"))
    if len(name) > LONGEST_NAME:
        flaws.append(Flaw("name", f"is longer than {LONGEST_NAME} characters"))
    elif assumed and len(name) + len(assumed) > LONGEST_WITH_ASSUMED:
        reason = f"is longer than {LONGEST_WITH_ASSUMED} characters together with the name"
        flaws.append(Flaw("assumed_name", reason))
    return flaws


def _text_flaws(
    part: OrganizationBody | ContactPart | VerifiedUserBody, path: str, required: Sequence[str]
) -> list[Flaw]:
    flaws = [
        Flaw(path + name, "is required")
        for name in required
        if not (getattr(part, name) or "").strip()
    ]
    for name in type(part).model_fields:
        value = getattr(part, name)
        if not isinstance(value, str):
            continue
        if len(value) > _LONGEST.get(name, len(value)):
            flaws.append(Flaw(path + name, f"is longer than {_LONGEST[name]} characters"))
        if not value.isprintable():
            flaws.append(Flaw(path + name, "holds characters that cannot be printed"))
    return flaws


def _country_flaws(given: str | None) -> list[Flaw]:
    country = (given or "").strip().upper()
    if country and country not in COUNTRIES:
        return [Flaw("country", "must be two letters of a country (ISO 3166-1)")]
    return []


def _address_flaws(email: str | None, path: str) -> list[Flaw]:
    if not email:
        return []
    try:
        check_address(email)
    except ValueError as error:
        return [Flaw(f"{path}email", str(error))]
    return []


def read_contact(body: ContactBody, users: Users, flaws: list[Flaw], *, path: str = "") -> Contact:
    """A further person of an organization; flaws are added."""
    kind = (body.contact_type or "").lower()
    found: list[Flaw] = []
    if kind not in CONTACT_TYPES:
        reason = f"must be one of {', '.join(CONTACT_TYPES)}" if kind else "is required"
        found.append(Flaw(f"{path}contact_type", reason))
    words = _words(body)
    if body.user_id is not None:
        words |= _of_user(body.user_id, users, flaws, f"{path}user_id")
    found += _text_flaws(body, path, () if body.user_id else _OF_CONTACT)
    found += _address_flaws(body.email, path)
    flaws += _unnamed(found, flaws)
    return Contact(**words, contact_type=kind, user_id=body.user_id)


def _of_user(number: int, users: Users, flaws: list[Flaw], field: str) -> Mapping[str, str]:
    user = users(number)
    if user is None:
        flaws.append(Flaw(field, "is not a user of this account"))
        return {}
    return {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}


def read_asked(
    wishes: Sequence[ValidationWish], users: Users, flaws: list[Flaw], warnings: list[str]
) -> Asked:
    """The checks in `validations` and the people named for EV; flaws and warnings are added."""
    checks: list[OrganizationCheck] = []
    people: list[VerifiedUser] = []
    named, place = False, ""
    for at, wish in enumerate(wishes):
        path = f"validations[{at}]"
        kind = (wish.type or "").lower()
        if kind in _ELSEWHERE:
            warnings.append(f"{path}: {kind} is ignored: it is for other kinds of certificates")
            continue
        if kind not in _CHECKS:
            reason = f"must be one of {', '.join(_CHECKS)}" if kind else "is required"
            flaws.append(Flaw(f"{path}.type", reason))
        elif _CHECKS[kind] not in checks:
            checks.append(_CHECKS[kind])
            place = path if _CHECKS[kind] is OrganizationCheck.EV else place
        named = named or bool(wish.verified_users)
        people += _people(wish.verified_users, users, flaws, f"{path}.verified_users")
    found = tuple(dict.fromkeys(people)) if named else None
    return Asked(checks=tuple(checks), people=found, place=place)


def _people(
    given: Sequence[VerifiedUserBody], users: Users, flaws: list[Flaw], path: str
) -> list[VerifiedUser]:
    if len(given) > MOST_PEOPLE:
        flaws.append(Flaw(path, f"holds more than {MOST_PEOPLE} people"))
        return []
    return [_person(each, users, flaws, f"{path}[{at}].") for at, each in enumerate(given)]


def _person(body: VerifiedUserBody, users: Users, flaws: list[Flaw], path: str) -> VerifiedUser:
    """A user by id, whose title and telephone may be said beside, or a person with all of it."""
    words = {name: (getattr(body, name) or "").strip() for name in _OF_VERIFIED}
    if body.id is not None:
        words |= _of_user(body.id, users, flaws, f"{path}id")
    flaws += _text_flaws(body, path, () if body.id is not None else _OF_VERIFIED)
    flaws += _address_flaws(body.email, path)
    return VerifiedUser(user_id=body.id, **words)


def people_missing(asked: Asked, known: Sequence[VerifiedUser]) -> list[Flaw]:
    """What is wrong where EV is asked for and nobody was ever named for it (EVG 3.2.2.8)."""
    if not asked.place or asked.people or known:
        return []
    return [Flaw(f"{asked.place}.verified_users", "is required for ev: who may ask for it")]
