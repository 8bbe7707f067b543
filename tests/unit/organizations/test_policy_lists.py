"""Which names the lists of denied and high-risk names match, and which organizations."""

from __future__ import annotations

import pytest

from vouchsafe.domain.identifiers import listed_name
from vouchsafe.domain.policy_lists import PolicyLists, folded_organization, judge

LISTS = PolicyLists(
    denied_names=("bad.example.com", "kp"),
    denied_organizations=("Evil Corp., Inc.",),
    high_risk_names=("pay.example.com",),
)


@pytest.mark.parametrize(
    ("name", "denied"),
    [
        ("bad.example.com", True),
        ("www.bad.example.com", True),
        ("*.bad.example.com", True),
        ("*.www.bad.example.com", True),
        ("*.example.com", True),  # would cover it
        ("example.com", False),
        ("notbad.example.com", False),
        ("bad.example.com.example.net", False),
        ("shop.kp", True),
        ("kp.example.net", False),
        ("*.net", False),
    ],
)
def test_a_name_matches_itself_what_lies_below_and_a_wildcard_over_it(
    name: str,
    denied: bool,  # noqa: FBT001
) -> None:
    assert bool(judge(LISTS, [name]).denied) is denied


@pytest.mark.parametrize(
    ("name", "denied"),
    [
        ("Evil Corp., Inc.", True),
        ("  EVIL   corp inc", True),
        ("\uff25vil Corp Inc", True),  # a full-width letter
        ("\u00c9vil C\u00f6rp, Inc", True),
        ("Evil Corporation Inc", False),
        ("Very Evil Corp., Inc.", False),
        ("", False),
    ],
)
def test_organizations_are_compared_without_case_accents_and_punctuation(
    name: str,
    denied: bool,  # noqa: FBT001
) -> None:
    assert bool(judge(LISTS, [], (name,)).denied) is denied


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "\ud55c\uad6d \uc8fc\uc2dd\ud68c\uc0ac",
            "\u1112\u1161\u11ab\uad6d  \uc8fc\uc2dd\ud68c\uc0ac",
            True,
        ),
        ("\u30ac\u30b9", "\u30ab\u30b9", False),  # marks that make another word stay
        ("\u0130stanbul", "istanbul", True),
        ("Stra\u00dfe", "STRASSE", True),
    ],
)
def test_scripts_without_accents_keep_their_words(
    one: str,
    other: str,
    same: bool,  # noqa: FBT001
) -> None:
    assert (folded_organization(one) == folded_organization(other)) is same


@pytest.mark.parametrize(
    ("name", "cleared", "held"),
    [
        ("pay.example.com", (), True),
        ("pay.example.com", ("pay.example.com",), False),
        ("www.pay.example.com", ("pay.example.com",), False),
        ("www.pay.example.com", ("www.pay.example.com",), False),
        ("pay.example.com", ("www.pay.example.com",), True),
        ("pay.example.com", ("example.com",), False),
        ("pay.example.com", ("ay.example.com",), True),
        ("*.example.com", (), True),
        ("*.example.com", ("pay.example.com",), False),
        ("*.pay.example.com", ("pay.example.com",), False),
    ],
)
def test_a_clearance_reaches_a_name_and_everything_below_it(
    name: str,
    cleared: tuple[str, ...],
    held: bool,  # noqa: FBT001
) -> None:
    assert bool(judge(LISTS, [name], cleared=cleared).high_risk) is held


def test_no_clearance_helps_against_a_denial() -> None:
    assert judge(LISTS, ["bad.example.com"], cleared=("bad.example.com",)).denied


def test_every_hit_is_told_with_the_list_it_is_on() -> None:
    findings = judge(LISTS, ["a.bad.example.com", "pay.example.com"], ("Evil Corp Inc",))
    assert findings.denied == (
        "a.bad.example.com: bad.example.com is on the list of denied names",
        "Evil Corp Inc: is on the list of denied organizations",
    )
    assert findings.high_risk == (
        "pay.example.com: pay.example.com is on the list of high-risk names",
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bad.Example.com", "bad.example.com"),
        ("*.bad.com", "bad.com"),
        (".bad.com", "bad.com"),
        ("KP", "kp"),
        ("co.uk", "co.uk"),
        ("local", "local"),
        ("b\u00fccher.com", "xn--bcher-kva.com"),
    ],
)
def test_a_listed_name_may_be_any_name(text: str, name: str) -> None:
    assert listed_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "*", "a b.com", "http://a.com", "a..com", "1.2.3.4", "a_b.com", "x" * 64, "a*.com"]
)
def test_what_is_no_name_is_not_listed(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        listed_name(text)
