"""Which names may be certified, in which one spelling, and why the others may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchsafe.domain.identifiers import (
    parents_to_registrable,
    parse_identifier,
    registrable_domain,
)

ACCEPTED = {
    "www.example.com": "www.example.com",
    "WWW.Example.COM": "www.example.com",
    "*.example.com": "*.example.com",
    "lab1.example.net": "lab1.example.net",
    "deep.lab.example.org": "deep.lab.example.org",
    "müller.example.de": "xn--mller-kva.example.de",
    "MÜLLER.example.de": "xn--mller-kva.example.de",
    "한국.example.kr": "xn--3e0b707e.example.kr",
    "xn--3e0b707e.example.kr": "xn--3e0b707e.example.kr",
    "XN--3E0B707E.example.kr": "xn--3e0b707e.example.kr",
    "*.faß.de": "*.xn--fa-hia.de",
    "1.2.3.example.com": "1.2.3.example.com",
    "a.co.uk": "a.co.uk",
    "github.io": "github.io",  # a suffix of the PSL's private section only
    "*.github.io": "*.github.io",
    "www.ck": "www.ck",  # an exception rule of the PSL
    f"{'a' * 63}.example.com": f"{'a' * 63}.example.com",
    "пример.рф": "xn--e1afmkfd.xn--p1ai",
}

HOSTILE = {
    "": "empty",
    " ": "spaces",
    "www example.com": "spaces",
    "www.example.com\n": "spaces",
    "www.example.com.": "dot at the end",
    ".example.com": "label is empty",
    "www..example.com": "label is empty",
    ".": "dot at the end",
    "*": "left-most label",
    "*.": "dot at the end",
    "_acme.example.com": "underscore",
    "a_b.example.com": "underscore",
    "-a.example.com": "other characters",
    "a-.example.com": "other characters",
    "a!.example.com": "other characters",
    "a\x00b.example.com": "other characters",
    "example.com,www.example.com": "other characters",
    f"{'a' * 64}.example.com": "longer than 63",
    f"{'ü' * 60}.example.com": "IDNA2008",
    ".".join(["a" * 60] * 4) + ".example.com": "longer than 253",
    "a" * 5000: "longer than 253",
    "ab--cd.example.com": "hyphens in places 3 and 4",
    "xn--.example.com": "other characters",
    "xn--a.example.com": "valid A-label",
    "xn--zzzzzzzz99999.example.com": "valid A-label",
    "xn--example-.example.com": "other characters",
    "☃.example.com": "IDNA2008",
    "a\u200d.example.com": "IDNA2008",
    "a\u0301\u202e.example.com": "IDNA2008",
    "192.0.2.1": "IP addresses",
    "2001:db8::1": "IP addresses",
    "[2001:db8::1]": "IP addresses",
    "1.0.2.192.in-addr.arpa": "arpa",
    "home.arpa": "arpa",
    "printer.local": "internal",
    "localhost": "internal",
    "intranet": "internal",
    "server.corp": "internal",
    "db.internal": "internal",
    "host.test": "testing",
    "x.invalid": "reserved",
    "abcdefghijklmnop.onion": "onion",
    "com": "public suffix",
    "co.uk": "public suffix",
    "*.com": "wildcard directly below",
    "*.co.uk": "wildcard directly below",
    "*.kawasaki.jp": "wildcard directly below",
    "foo.kawasaki.jp": "public suffix",  # by a wildcard rule of the PSL
    "www.*.example.com": "left-most label",
    "*.*.example.com": "left-most label",
    "w*.example.com": "left-most label",
    "**.example.com": "left-most label",
    "https://www.example.com": "scheme",
    "www.example.com/path": "path",
    "www.example.com:443": "port",
    "admin@example.com": "e-mail",
    "b\u3002example.com": "IDNA2008",
}


@pytest.mark.parametrize(("text", "canonical"), ACCEPTED.items())
def test_a_certifiable_name_has_one_canonical_spelling(text: str, canonical: str) -> None:
    assert parse_identifier(text).value == canonical


@pytest.mark.parametrize("canonical", ACCEPTED.values())
def test_the_canonical_spelling_is_its_own_canonical_spelling(canonical: str) -> None:
    assert parse_identifier(canonical).value == canonical


@pytest.mark.parametrize(("text", "reason"), HOSTILE.items(), ids=lambda value: ascii(value)[:40])
def test_a_hostile_name_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_identifier(text)


@given(st.text(max_size=80))
def test_any_text_is_a_canonical_name_or_a_value_error(text: str) -> None:
    try:
        value = parse_identifier(text).value
    except ValueError:
        return
    assert value.isascii()
    assert value == value.lower()
    assert len(value) <= 253


_LABELS = st.text("ab0-*_", max_size=6)
_NAMES = st.lists(_LABELS, max_size=4).map(lambda labels: ".".join([*labels, "com"]))
_ENDS = st.sampled_from(
    ["com", "co.uk", "local", "x1", "1", "corp", "a-", "-a", "xn--p1ai", "b--c"]
)


def _outcome(text: str) -> str:
    try:
        return parse_identifier(text).value
    except ValueError as error:
        return str(error).lower()


@given(st.one_of(_NAMES, st.tuples(_NAMES, _ENDS).map(".".join)))
def test_a_name_in_lower_case_is_judged_as_the_same_in_upper_case(name: str) -> None:
    assert _outcome(name) == _outcome(name.upper())


@pytest.mark.parametrize("length", [62, 63, 64])
def test_a_long_label_is_judged_the_same_in_either_case(length: int) -> None:
    name = f"{'a' * length}.example.com"
    assert _outcome(name) == _outcome(name.upper())
    assert ("longer" in _outcome(name)) == (length > 63)  # noqa: PLR2004


@pytest.mark.parametrize("length", [252, 253, 254])
def test_a_long_name_is_judged_the_same_in_either_case(length: int) -> None:
    end = f".{'a.' * 120}com"
    name = f"{'b' * (length - len(end))}{end}"
    assert _outcome(name) == _outcome(name.upper())
    assert ("longer" in _outcome(name)) == (length > 253)  # noqa: PLR2004


def test_the_registrable_domain_lies_one_label_below_the_public_suffix() -> None:
    assert registrable_domain("a.b.example.co.uk") == "example.co.uk"
    assert registrable_domain("example.com") == "example.com"
    assert registrable_domain("x.github.io") == "github.io"
    assert registrable_domain("www.xn--e1afmkfd.xn--p1ai") == "xn--e1afmkfd.xn--p1ai"


@pytest.mark.parametrize("name", ["com", "co.uk", "intranet", "host.corp"])
def test_nothing_is_registrable_in_a_suffix_or_outside_the_dns(name: str) -> None:
    with pytest.raises(ValueError, match="not below a public suffix"):
        registrable_domain(name)


def test_parents_run_from_the_name_itself_to_its_registrable_domain() -> None:
    assert parents_to_registrable("a.b.example.com") == (
        "a.b.example.com",
        "b.example.com",
        "example.com",
    )
    assert parents_to_registrable("example.com") == ("example.com",)


def test_a_wildcard_is_looked_at_by_its_base() -> None:
    wildcard = parse_identifier("*.Example.com")
    assert wildcard.wildcard
    assert wildcard.base == "example.com"
