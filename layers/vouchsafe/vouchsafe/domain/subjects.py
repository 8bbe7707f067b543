"""Subjects of OV and EV certificates: built from what was validated and from nothing else.

Which attributes, in which order, as which string type: BR 7.1.2.7.4 and 7.1.4.2, EVG 7.1.4.2.
Street and postal code stay out: the BR do not recommend them for OV, the EVG do not ask for them.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .countries import COUNTRIES
from .csr_findings import tidy
from .organization import LONGEST_NAME, ValidatedIdentity
from .plain_names import LONGEST_COMMON_NAME
from .products import ValidationLevel

if TYPE_CHECKING:  # a large library: only where a subject is built
    from cryptography import x509

LONGEST_PLACE = 128  # ub-state-name, ub-locality-name
LONGEST_NUMBER = 64  # ub-serial-number

#: RFC 5280 A.1, PrintableString: what a registration number may be written with.
_PRINTABLE = frozenset(string.ascii_letters + string.digits + " '()+,-./:=?")
#: Words that only say that a value is absent (BR 7.1.4.2) never stand in a subject.
_ABSENT = frozenset({"na", "none", "null", "nil", "unknown", "notapplicable", "notavailable"})

COUNTRY, STATE, LOCALITY, ORGANIZATION, COMMON_NAME = (
    "2.5.4.6",
    "2.5.4.8",
    "2.5.4.7",
    "2.5.4.10",
    "2.5.4.3",
)
BUSINESS_CATEGORY, SERIAL_NUMBER = "2.5.4.15", "2.5.4.5"
JURISDICTION_LOCALITY, JURISDICTION_STATE, JURISDICTION_COUNTRY = (
    f"1.3.6.1.4.1.311.60.2.1.{number}" for number in (1, 2, 3)
)


@dataclass(frozen=True, slots=True)
class _Attribute:
    """One attribute: its OID, what it is called, its value tidied, how long that may be."""

    oid: str
    called: str
    value: str
    longest: int


def flaws_of(identity: ValidatedIdentity | None, level: ValidationLevel) -> tuple[str, ...]:
    """Why no certificate of `level` can name that identity; nothing when one can.

    A DV certificate names nobody, so that nothing is wrong with any.
    """
    if level is ValidationLevel.DV:
        return ()
    if identity is None:
        return ("what was validated is not on record",)
    found = [flaw for one in _attributes(identity, level) for flaw in _flaws(one)]
    if not tidy(identity.name):
        found.append("the name is missing")
    if not tidy(identity.state) and not tidy(identity.locality):
        found.append("neither state nor locality is known")  # BR 7.1.2.7.4
    found += [
        f"{country} is no country code (ISO 3166-1)"
        for country in _countries(identity, level)
        if country not in COUNTRIES
    ]
    if level is ValidationLevel.EV:
        found += _registration_flaws(identity)
    return tuple(dict.fromkeys(found))


def organization_subject(
    identity: ValidatedIdentity, level: ValidationLevel, common_name: str
) -> x509.Name:
    """The subject of an OV or EV certificate; the common name where 64 characters hold it.

    Raises ValueError with everything that is wrong with the identity.
    """
    from cryptography import x509

    if level is ValidationLevel.DV:
        raise ValueError("a DV certificate names no organization")
    if flaws := flaws_of(identity, level):
        raise ValueError("; ".join(flaws))
    values = [(one.oid, one.value) for one in _attributes(identity, level)]
    if 0 < len(common_name) <= LONGEST_COMMON_NAME:
        values.append((COMMON_NAME, common_name))
    # The library writes countries and serialNumber as PrintableString, the others as UTF8String.
    return x509.Name(
        [x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in values]
    )


def _attributes(identity: ValidatedIdentity, level: ValidationLevel) -> list[_Attribute]:
    """Those that have a value, in the order of the subject.

    BR 7.1.4.2 orders country, state, locality, organization, common name. What the EVG add has no
    place in that order and stands before it, from the register down to the number in it.
    """
    added = _registered(identity) if level is ValidationLevel.EV else []
    given = [
        *added,
        _Attribute(COUNTRY, "the country", identity.country.upper(), 2),
        _Attribute(STATE, "the state", tidy(identity.state), LONGEST_PLACE),
        _Attribute(LOCALITY, "the locality", tidy(identity.locality), LONGEST_PLACE),
        _Attribute(ORGANIZATION, "the name", tidy(identity.name), LONGEST_NAME),
    ]
    return [one for one in given if one.value]


def _registered(identity: ValidatedIdentity) -> list[_Attribute]:
    """What an EV subject says of the register (EVG 7.1.4.2.3 to .5)."""
    register = identity.registration
    if register is None:
        return []
    country, state, locality = (
        register.jurisdiction_country.upper(),
        tidy(register.jurisdiction_state),
        tidy(register.jurisdiction_locality),
    )
    return [
        _Attribute(JURISDICTION_COUNTRY, "the jurisdiction's country", country, 2),
        _Attribute(JURISDICTION_STATE, "the jurisdiction's state", state, LONGEST_PLACE),
        _Attribute(JURISDICTION_LOCALITY, "the jurisdiction's locality", locality, LONGEST_PLACE),
        _Attribute(
            BUSINESS_CATEGORY, "the business category", str(register.business_category), 128
        ),
        _Attribute(SERIAL_NUMBER, "the registration number", tidy(register.number), LONGEST_NUMBER),
    ]


def _countries(identity: ValidatedIdentity, level: ValidationLevel) -> Iterator[str]:
    yield identity.country.upper()
    if level is ValidationLevel.EV and identity.registration is not None:
        yield identity.registration.jurisdiction_country.upper()


def _flaws(one: _Attribute) -> Iterator[str]:
    if len(one.value) > one.longest:
        yield f"{one.called} is longer than {one.longest} characters"
    if not one.value.isprintable():
        yield f"{one.called} holds characters that cannot be printed"
    letters = "".join(c for c in one.value if c.isalnum()).casefold()
    is_country = one.oid in {COUNTRY, JURISDICTION_COUNTRY}  # NA is Namibia
    if not is_country and (not letters or letters in _ABSENT):
        yield f"{one.called} only says that there is none"
    if one.oid == SERIAL_NUMBER and not _PRINTABLE.issuperset(one.value):
        yield f"{one.called} holds characters that no PrintableString has"


def _registration_flaws(identity: ValidatedIdentity) -> list[str]:
    """What an EV subject lacks (EVG 7.1.4.2.3 to .5)."""
    register = identity.registration
    if register is None:
        return ["where it is registered is not on record"]
    missing = [
        (register.number, "the registration number is missing"),
        (register.agency, "the registration agency is missing"),
        (register.jurisdiction_country, "the jurisdiction's country is missing"),
    ]
    return [flaw for value, flaw in missing if not value.strip()]
