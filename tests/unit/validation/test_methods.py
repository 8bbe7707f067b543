"""One class for each method: its records to the letter, and everybody using the same ones."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT, TOKEN, a_random_value, an_authorization
from tests.fakes import SeededEntropy
from vouchsafe.api.record_words import record_words
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.dcv import (
    BR_SECTIONS,
    CAA_METHOD_LABELS,
    authorization_domains,
    place_of,
    question_for,
)
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.methods import ENGINES, LOOKED_UP, METHODS, DnsCname, Record
from vouchsafe.domain.records import new_random_value, record_for

TXT, CNAME, HTTP = DcvMethodName.DNS_TXT, DcvMethodName.DNS_CNAME, DcvMethodName.HTTP_FILE
OURS = "ca.example.net"
HEXADECIMAL = "_00112233445566778899aabbccddeeff"

#: What every method prints and counts for www.example.com. Never to be computed.
GOLDEN: dict[tuple[DcvMethodName, str], tuple[Record, ...]] = {
    (TXT, TOKEN): (
        Record(type="TXT", name="www.example.com", value="_abcdefghijklmnopqrstuvwxyz"),
        Record(type="TXT", name="_dnsauth.www.example.com", value="_abcdefghijklmnopqrstuvwxyz"),
    ),
    (CNAME, TOKEN): (
        Record(
            type="CNAME",
            name="_abcdefghijklmnopqrstuvwxyz.www.example.com",
            value="dcv.ca.example.net",
        ),
        Record(
            type="CNAME",
            name="_dnsauth.www.example.com",
            value="_abcdefghijklmnopqrstuvwxyz.dcv.ca.example.net",
        ),
    ),
    (CNAME, HEXADECIMAL): (
        Record(
            type="CNAME",
            name="_00112233445566778899aabbccddeeff.www.example.com",
            value="_de3c853cca1707adf92fa8b1174864fe.ca.example.net",
        ),
        Record(
            type="CNAME",
            name="_dnsauth.www.example.com",
            value="_00112233445566778899aabbccddeeff.dcv.ca.example.net",
        ),
    ),
    (HTTP, TOKEN): (
        Record(
            type="HTTP",
            name="http://www.example.com/.well-known/pki-validation/fileauth.txt",
            value="_abcdefghijklmnopqrstuvwxyz",
        ),
        Record(
            type="HTTP",
            name="https://www.example.com/.well-known/pki-validation/fileauth.txt",
            value="_abcdefghijklmnopqrstuvwxyz",
        ),
    ),
}


@pytest.mark.parametrize(("method", "value"), GOLDEN)
def test_the_records_are_these_to_the_letter(method: DcvMethodName, value: str) -> None:
    assert METHODS[method].records("www.example.com", value, OURS) == GOLDEN[method, value]


@pytest.mark.parametrize("method", sorted(LOOKED_UP))
def test_what_is_printed_shown_and_looked_for_is_one_and_the_same(method: DcvMethodName) -> None:
    name = Identifier("www.example.com")
    printed = record_for(name, method, TOKEN, OURS)
    assert printed == GOLDEN[method, TOKEN][0]
    shown = record_words(
        an_authorization("www.example.com", method=method, random_value=a_random_value()), OURS
    )
    assert (shown["record_type"], shown["record_name"], shown["record_value"]) == (
        printed.type,
        printed.name,
        printed.value,
    )
    assert shown.get("file_url") == (printed.name if method is HTTP else None)
    question = question_for(name, method, TOKEN, OURS)
    assert question.authorization_domains[0] == printed.name
    nearest = authorization_domains(name, method, TOKEN, OURS)[0]
    assert (nearest.owner, nearest.wanted) == (printed.name, printed.value)


def test_every_method_has_a_class_and_the_engines_are_those_built() -> None:
    assert set(METHODS) == set(DcvMethodName)
    assert all(METHODS[name].name is name for name in METHODS)
    assert {name for name in METHODS if METHODS[name].built} == ENGINES
    assert {TXT, CNAME, HTTP} == LOOKED_UP


def test_methods_follow_their_sections_and_caa_calls_them_so() -> None:
    assert [BR_SECTIONS[one] for one in (TXT, CNAME, HTTP)] == [
        "3.2.2.4.7",
        "3.2.2.4.7",
        "3.2.2.4.18",
    ]
    assert [CAA_METHOD_LABELS[one] for one in (TXT, CNAME, HTTP)] == [
        "ca-tbr-7",
        "ca-tbr-7",
        "ca-tbr-18",
    ]


@pytest.mark.parametrize(
    ("method", "wildcards", "prunes", "follows_alias"),
    [
        (TXT, True, True, True),
        (CNAME, True, True, True),
        (HTTP, False, False, False),
        (DcvMethodName.EMAIL, True, True, True),
    ],
)
def test_the_table_of_sc_101_holds(
    method: DcvMethodName, wildcards: bool, prunes: bool, follows_alias: bool
) -> None:
    found = METHODS[method]
    assert (found.wildcards, found.prunes, found.follows_alias) == (
        wildcards,
        prunes,
        follows_alias,
    )


@pytest.mark.parametrize("value", ["abcdefghijklmnopqrstuvwxyz", "", "dnsauth"])
def test_a_cname_label_without_its_underscore_is_never_made(value: str) -> None:
    with pytest.raises(ValueError, match="underscore"):
        DnsCname().records("www.example.com", value, OURS)


def test_a_cname_needs_a_place_to_point_to() -> None:
    with pytest.raises(ValueError, match="DCV_DOMAIN"):
        record_for(Identifier("www.example.com"), CNAME, TOKEN, "")


def test_the_guides_values_are_hexadecimal_and_live_as_long() -> None:
    value = new_random_value(SeededEntropy(), MOMENT, hexadecimal=True)
    assert len(value.value) == 33
    assert int(value.value[1:], 16)
    assert value.expires_at - value.created_at == timedelta(days=30)
    first, _ = DnsCname().records("a.example.com", value.value, OURS)
    other, _ = DnsCname().records("a.example.com", HEXADECIMAL, OURS)
    assert first.value != other.value


@pytest.mark.parametrize("name", ["*.example.com", "*.www.example.com"])
def test_a_file_proves_no_wildcard(name: str) -> None:
    with pytest.raises(ValueError, match="no wildcard"):
        authorization_domains(Identifier(name), HTTP)
    with pytest.raises(ValueError, match="no wildcard"):
        record_for(Identifier(name), HTTP, TOKEN, OURS)


def test_a_file_is_looked_for_at_exactly_the_name() -> None:
    places = authorization_domains(Identifier("a.www.example.com"), HTTP, TOKEN)
    assert {place.name for place in places} == {"a.www.example.com"}
    assert {place.steps for place in places} == {()}


def test_a_cname_counts_at_the_name_and_its_parents_nearest_first() -> None:
    places = authorization_domains(Identifier("*.www.example.com"), CNAME, TOKEN, OURS)
    assert [(place.name, place.owner, place.wanted) for place in places] == [
        ("www.example.com", f"{TOKEN}.www.example.com", "dcv.ca.example.net"),
        ("www.example.com", "_dnsauth.www.example.com", f"{TOKEN}.dcv.ca.example.net"),
        ("example.com", f"{TOKEN}.example.com", "dcv.ca.example.net"),
        ("example.com", "_dnsauth.example.com", f"{TOKEN}.dcv.ca.example.net"),
    ]


def test_first_the_cname_is_followed_and_then_labels_are_removed() -> None:
    place = place_of(
        Identifier("www.example.com"),
        TXT,
        "_dnsauth.example.net",
        followed=("a.example.org", "b.example.net"),
    )
    assert place.name == "example.net"
    assert place.steps == (
        "CNAME followed to a.example.org",
        "CNAME followed to b.example.net",
        "leftmost label removed: b.example.net -> example.net",
        "record at the name with _dnsauth in front: _dnsauth.example.net",
    )


def test_a_cname_at_the_very_name_makes_its_target_the_authorization_domain() -> None:
    place = place_of(Identifier("www.example.com"), TXT, "www.example.com", ("b.example.net",))
    assert place.name == "b.example.net"
    assert place.steps == ("CNAME followed to b.example.net",)


@pytest.mark.parametrize(
    ("name", "method", "followed"),
    [
        ("*.www.example.com", TXT, ("b.example.net",)),  # no CNAME of a wildcard is followed
        ("www.example.com", HTTP, ("b.example.net",)),
        ("www.example.com", TXT, ("com",)),  # no domain of anybody's
        ("www.example.com", TXT, ("b.internal",)),
        ("www.example.com", TXT, ()),
    ],
)
def test_what_may_not_be_followed_leads_nowhere(
    name: str, method: DcvMethodName, followed: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="does not count"):
        place_of(Identifier(name), method, "_dnsauth.example.net", followed=followed)
