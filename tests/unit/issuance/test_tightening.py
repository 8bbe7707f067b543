"""What operators narrow, and what a customer wishes to be short, in the certificate itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.builders import MOMENT, a_certificate
from tests.builders_pki import an_issuance_request, an_issuer
from tests.issuance_world import DV, IssuanceWorld
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.domain.calendar import longest_not_after, rules_at, short_lived_end
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.drafting import IssuanceRequest, LintRefused, prepare
from vouchsafe.domain.order import StatusReason
from vouchsafe.domain.products import PRODUCTS
from vouchsafe.domain.profile_rules import NO_RULES, parse_profile_rules
from vouchsafe.services.tightening import tightened

LINTER = PkilintLinter(waive_local_urls=False)
A_SECOND = timedelta(seconds=1)


def _world(rules: str = "", **changed: Any) -> IssuanceWorld:
    world = IssuanceWorld()
    world.ports = replace(world.ports, profile_rules=parse_profile_rules(rules))
    if changed:
        certificate = world.dossier().newest
        world.book.commit(replace(certificate, **changed, version=certificate.version + 1))
    return world


def _leaf(world: IssuanceWorld) -> x509.Certificate:
    world.issue()
    return x509.load_der_x509_certificate(world.store.objects[5001])


def test_a_shorter_life_is_inclusive_to_the_last_second() -> None:
    leaf = _leaf(_world("max_days=30"))
    life = leaf.not_valid_after_utc - leaf.not_valid_before_utc
    assert life == timedelta(days=30) - A_SECOND


def test_without_a_common_name_the_subject_is_empty_and_the_names_are_critical() -> None:
    leaf = _leaf(_world("dv.common_name=no"))
    assert not leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).critical


@pytest.mark.parametrize("rules", ["curves=p-384", "ec=no"])
def test_a_key_the_rules_came_to_exclude_meanwhile_is_not_certified(rules: str) -> None:
    world = _world(rules)
    assert world.issue().outcome == "refused"
    certificate = world.dossier().newest
    assert certificate.status is CertificateStatus.INVALID
    assert certificate.status_reason is StatusReason.REFUSED_BY_LINT
    assert world.store.objects == {}


@pytest.mark.parametrize("days", [1, 3, 7])
def test_whoever_asks_for_a_week_or_less_gets_a_short_lived_certificate(days: int) -> None:
    leaf = _leaf(_world(ends_at=MOMENT + timedelta(days=days)))
    life = leaf.not_valid_after_utc - leaf.not_valid_before_utc + A_SECOND
    assert life <= timedelta(seconds=604_800)
    assert leaf.not_valid_after_utc <= MOMENT + timedelta(days=days)
    assert leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints)


def test_a_wish_of_a_second_more_is_no_short_lived_one() -> None:
    leaf = _leaf(_world(ends_at=MOMENT + timedelta(days=7) + A_SECOND))
    assert leaf.not_valid_after_utc == MOMENT + timedelta(days=7) + A_SECOND


_SEASONS = [
    (datetime(2026, 12, 15, tzinfo=UTC), 199),
    (datetime(2027, 3, 15, tzinfo=UTC), 99),
    (datetime(2028, 3, 15, tzinfo=UTC), 99),
    (datetime(2029, 3, 15, tzinfo=UTC), 46),
]


@pytest.mark.parametrize(("today", "days"), _SEASONS, ids=str)
@pytest.mark.parametrize("rules", ["", "max_days=150", "max_days=30"])
def test_no_rule_lengthens_what_the_season_allows(today: datetime, days: int, rules: str) -> None:
    assert rules_at(today).validity_days == days
    parsed = parse_profile_rules(rules)
    asked = _asked(today)
    got = tightened(asked, _certificate(today, 365), parsed)
    most = min(days, parsed.of(PRODUCTS[DV]).max_days)
    assert got.not_after == today + timedelta(days=most) - A_SECOND
    prepare(got, lint=LINTER.certificate)
    with pytest.raises(LintRefused):
        prepare(replace(got, not_after=today + timedelta(days=days)), lint=LINTER.certificate)


@pytest.mark.parametrize(("today", "_"), _SEASONS, ids=str)
def test_a_short_lived_certificate_is_a_week_to_the_second_in_every_season(
    today: datetime, _: int
) -> None:
    got = tightened(_asked(today), _certificate(today, 7), NO_RULES)
    assert got.not_after == short_lived_end(today) == today + timedelta(days=7) - A_SECOND
    prepare(got, lint=LINTER.certificate)


def _asked(today: datetime) -> IssuanceRequest:
    """The longest request of its day, under an issuer made the day before."""
    issuer = an_issuer(made_at=today - timedelta(days=1))
    return an_issuance_request(issuer=issuer, not_before=today, not_after=longest_not_after(today))


def _certificate(today: datetime, days: int) -> Certificate:
    return replace(a_certificate(), created_at=today, ends_at=today + timedelta(days=days))
