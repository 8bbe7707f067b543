"""A deployment's own rules: they tighten, and nothing that loosens is accepted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders_pki import NOW, a_key
from tests.fakes_pki import spki_of
from vouchsafe.domain.identifiers import parse_identifier
from vouchsafe.domain.products import PRODUCTS
from vouchsafe.domain.profile_rules import NO_RULES, Tightening, parse_profile_rules
from vouchsafe.settings import Settings, SettingsError

DV, OV, EV = PRODUCTS["ssl_dv_geotrust"], PRODUCTS["ssl_basic"], PRODUCTS["ssl_ev_basic"]
PRIVATE = PRODUCTS["private_ssl_plus"]
FIELDS = ("cn", "names", "csr")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("common_name=yes", "only tightens"),
        ("curves=p-192", "looser"),
        ("curves=p-256+secp256k1", "looser"),
        ("dv.max_days=201", "looser than the rules, which allow 199 days"),
        ("ec=no,rsa=no", "no kind of key"),
        ("iv.rsa=no", "no level"),
        ("max_days=0", "number of days"),
        ("max_days=200", "looser than the rules, which allow 199 days"),
        ("max_days=a week", "number of days"),
        ("max_days", "with ="),
        ("min_rsa_bits=1024", "looser than the rules, which ask for 2048 bits"),
        ("min_rsa_bits=3071", "multiple of 8"),
        ("min_rsa_bits=9000", "multiple of 8"),
        ("ov.rsa=no,ssl_basic.ec=no", "no kind of key for ssl_basic"),
        ("private.max_days=397", "looser"),
        ("sha1=no", "must be one of"),
        ("ssl_moon.rsa=no", "no product"),
        ("wildcards=yes", "only tightens"),
    ],
)
def test_what_would_loosen_or_means_nothing_is_refused_when_deployed(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match="PROFILE_RULES: ") as refused:
        Settings.from_environment({"PROFILE_RULES": text})
    assert words in str(refused.value)


def test_no_rules_narrow_nothing() -> None:
    assert parse_profile_rules("") == NO_RULES
    assert Settings.from_environment({}).profile_rules == NO_RULES
    assert {NO_RULES.of(product) for product in PRODUCTS.values()} == {Tightening()}


def test_the_strictest_of_all_that_apply_counts() -> None:
    rules = parse_profile_rules(
        "max_days=90, ev.max_days=30, ssl_ev_basic.max_days=60, private.max_days=120,"
        "ov.min_rsa_bits=3072,curves=p-256+p-384,ev.curves=p-384"
    )
    days = [rules.of(product).max_days for product in (DV, OV, EV, PRIVATE)]
    assert days == [90, 90, 30, 90]
    assert [rules.of(product).min_rsa_bits for product in (DV, OV, EV)] == [2048, 3072, 2048]
    assert rules.of(EV).curves == {"p-384"}
    assert rules.of(DV).curves == {"p-256", "p-384"}


@pytest.mark.parametrize(
    ("text", "taken", "refused"),
    [
        ("curves=p-384", ["p384", "rsa2048"], ["p256", "p521"]),
        ("ec=no", ["rsa2048"], ["p256", "p384"]),
        ("min_rsa_bits=3072", ["rsa3072", "p256"], ["rsa2048"]),
        ("rsa=no", ["p256", "p384", "p521"], ["rsa2048", "rsa3072"]),
        ("rsa=no,curves=p-384", ["p384"], ["p256", "rsa3072"]),
    ],
)
def test_keys_are_taken_as_the_rules_say(text: str, taken: list[str], refused: list[str]) -> None:
    rule = parse_profile_rules(text).of(DV)
    assert [rule.key_fault(spki_of(a_key(kind))) for kind in taken] == [None] * len(taken)
    for kind in refused:
        fault = rule.key_fault(spki_of(a_key(kind)))
        assert fault is not None and "; use " in fault


def test_a_refused_wildcard_is_told_under_its_field() -> None:
    rule = parse_profile_rules("wildcards=no").of(DV)
    names = [parse_identifier(name) for name in ("*.example.com", "example.com", "*.example.net")]
    found = rule.flaws(names, None, FIELDS)
    assert [flaw.field for flaw in found] == ["cn", "names"]
    assert "*.example.net" in found[1].reason


def test_the_latest_end_counts_both_ends() -> None:
    rule = parse_profile_rules("max_days=30").of(DV)
    assert rule.latest(NOW) == NOW + timedelta(days=30, seconds=-1)
    assert rule.remark(NOW + timedelta(days=31), NOW)
    assert not rule.remark(NOW + timedelta(days=29), NOW)
    assert not Tightening().remark(NOW + timedelta(days=900), NOW)
