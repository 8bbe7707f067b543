"""Subjects of OV and EV certificates: what stands in them, in which order, as which string."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders_organizations import a_registration, an_identity
from tests.builders_pki import a_key, an_issuance_request
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.domain import der
from vouchsafe.domain.drafting import LintRefused, prepare
from vouchsafe.domain.linting import refusing
from vouchsafe.domain.organization import BusinessCategory
from vouchsafe.domain.products import ValidationLevel
from vouchsafe.domain.subjects import flaws_of, organization_subject

OV, EV, DV = ValidationLevel.OV, ValidationLevel.EV, ValidationLevel.DV
LINTER = PkilintLinter(waive_local_urls=False)
PRINTABLE, UTF8 = 0x13, 0x0C
NAME = "www.example.com"


def attributes(encoded: bytes) -> list[tuple[str, int, str]]:
    """OID in hex, string tag and text of each RDN; every RDN holds one attribute."""
    found = []
    for _, rdn, _ in der.children(encoded):
        ((_, pair, _),) = der.children(rdn)
        (_, _, oid), (tag, _, value) = der.children(pair)
        found.append((oid.hex(), tag, value.decode()))
    return found


C, ST, L, O, CN = "550406", "550408", "550407", "55040a", "550403"  # noqa: E741
CATEGORY, NUMBER = "55040f", "550405"
J_L, J_ST, J_C = (f"2b0601040182373c0201{n:02x}" for n in (1, 2, 3))


def test_an_ov_subject_is_country_state_locality_organization_and_name() -> None:
    subject = organization_subject(an_identity(), OV, NAME)
    assert attributes(subject.public_bytes()) == [
        (C, PRINTABLE, "GB"),
        (ST, UTF8, "North Yorkshire"),
        (L, UTF8, "York"),
        (O, UTF8, "Example Holdings Ltd"),
        (CN, UTF8, NAME),
    ]


def test_an_ev_subject_says_where_it_is_registered_as_well() -> None:
    register = a_registration(jurisdiction_state="England", jurisdiction_locality="Cardiff")
    subject = organization_subject(an_identity(registration=register), EV, NAME)
    assert attributes(subject.public_bytes())[:6] == [
        (J_C, PRINTABLE, "GB"),
        (J_ST, UTF8, "England"),
        (J_L, UTF8, "Cardiff"),
        (CATEGORY, UTF8, "Private Organization"),
        (NUMBER, PRINTABLE, "01234567"),
        (C, PRINTABLE, "GB"),
    ]


def test_what_was_not_found_is_left_out() -> None:
    ov = organization_subject(an_identity(state="", street="Long Road"), OV, NAME)
    assert [oid for oid, _, _ in attributes(ov.public_bytes())] == [C, L, O, CN]
    ev = organization_subject(an_identity(), EV, NAME)
    assert [oid for oid, _, _ in attributes(ev.public_bytes())][:3] == [J_C, CATEGORY, NUMBER]


def test_texts_are_normalised_and_countries_are_capital() -> None:
    decomposed = "Cafe\u0301  Society "
    subject = organization_subject(an_identity(name=decomposed, country="gb"), OV, NAME)
    texts = {oid: text for oid, _, text in attributes(subject.public_bytes())}
    assert (texts[O], texts[C]) == ("Caf\u00e9 Society", "GB")


def test_a_name_that_64_characters_do_not_hold_is_left_to_the_alternative_names() -> None:
    subject = organization_subject(an_identity(), OV, f"{'a' * 60}.example.com")
    assert [oid for oid, _, _ in attributes(subject.public_bytes())] == [C, ST, L, O]


BAD: list[tuple[ValidationLevel, dict[str, Any], str]] = [
    (OV, {"name": ""}, "the name is missing"),
    (OV, {"name": "x" * 65}, "the name is longer than 64 characters"),
    (OV, {"name": "N/A"}, "the name only says that there is none"),
    (OV, {"name": "-"}, "the name only says that there is none"),
    (OV, {"name": "Two\u0000Words"}, "the name holds characters that cannot be printed"),
    (OV, {"country": "UK"}, "UK is no country code (ISO 3166-1)"),
    (OV, {"country": ""}, " is no country code (ISO 3166-1)"),
    (OV, {"state": "", "locality": ""}, "neither state nor locality is known"),
    (OV, {"state": "x" * 129}, "the state is longer than 128 characters"),
    (OV, {"locality": "."}, "the locality only says that there is none"),
    (EV, {"registration": None}, "where it is registered is not on record"),
    (
        EV,
        {"registration": a_registration(number="번호 1")},
        "the registration number holds characters that no PrintableString has",
    ),
    (
        EV,
        {"registration": a_registration(number="1" * 65)},
        "the registration number is longer than 64 characters",
    ),
    (EV, {"registration": a_registration(number="")}, "the registration number is missing"),
    (EV, {"registration": a_registration(agency=" ")}, "the registration agency is missing"),
    (
        EV,
        {"registration": a_registration(jurisdiction_country="ZZ")},
        "ZZ is no country code (ISO 3166-1)",
    ),
]


@pytest.mark.parametrize(("level", "changed", "flaw"), BAD, ids=[flaw for _, _, flaw in BAD])
def test_an_identity_that_makes_no_subject_is_refused_with_the_reason(
    level: ValidationLevel, changed: dict[str, Any], flaw: str
) -> None:
    identity = an_identity(**changed)
    assert flaw in flaws_of(identity, level)
    with pytest.raises(ValueError):
        organization_subject(identity, level, NAME)
    with pytest.raises(LintRefused):
        prepare(
            an_issuance_request((NAME,), level=level.value, identity=identity),
            lint=lambda _: (),
        )


def test_namibia_is_a_country_and_no_word_for_nothing() -> None:
    assert flaws_of(an_identity(country="NA"), OV) == ()


def test_what_ov_needs_not_is_no_flaw_of_it() -> None:
    assert flaws_of(an_identity(registration=None), OV) == ()
    assert flaws_of(None, DV) == ()
    assert flaws_of(None, OV) == ("what was validated is not on record",)


def test_a_dv_certificate_names_nobody() -> None:
    with pytest.raises(ValueError):
        organization_subject(an_identity(), DV, NAME)
    with pytest.raises(LintRefused):
        prepare(an_issuance_request((NAME,), identity=an_identity()), lint=lambda _: ())


@pytest.mark.parametrize("category", BusinessCategory)
@pytest.mark.parametrize("key", ["p256", "p384", "p521", "rsa2048"])
@pytest.mark.parametrize("level", ["ov", "ev"])
def test_the_linter_refuses_nothing_of_what_we_make(
    level: str, key: str, category: BusinessCategory
) -> None:
    """EV is judged as a final certificate; a certificate without SCTs is no fault to the linter."""
    identity = an_identity(registration=a_registration(business_category=category))
    request = an_issuance_request((NAME,), level=level, identity=identity, key=a_key(key))
    seen: list[Any] = []

    def lint(encoded: bytes) -> list[Any]:
        seen.extend(LINTER.certificate(encoded))
        return seen

    prepare(request, lint=lint)
    assert refusing(seen) == ()
