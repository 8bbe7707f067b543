"""What people decided about a certificate, and when it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_certificate, an_account
from tests.builders_accounts import an_organization
from tests.builders_organizations import (
    a_found_validation,
    a_validated_organization,
    an_identity,
)
from vouchsafe.domain.accounts import AgreementAcceptance
from vouchsafe.domain.grounds import Grounds, grounds_of, policy_findings, usable_validation
from vouchsafe.domain.organization import OrganizationCheck
from vouchsafe.domain.parking import Gate
from vouchsafe.domain.policy_lists import PolicyFindings, PolicyLists
from vouchsafe.domain.products import ValidationLevel

OV, EV = OrganizationCheck.OV, OrganizationCheck.EV
DAY = timedelta(days=1)


def the_grounds(product: str = "ssl_basic", **given: Any) -> Grounds:
    asked: dict[str, Any] = {
        "account": an_account(),
        "organization": a_validated_organization(),
        "findings": PolicyFindings(),
        "agreement": "",
        "now": MOMENT,
    }
    return grounds_of(a_certificate(product_id=product), **(asked | given))


def test_a_validated_organization_is_the_ground_of_an_ov_certificate() -> None:
    found = the_grounds()
    assert found.closed == frozenset()
    assert found.validation == a_found_validation()


@pytest.mark.parametrize("organization", [None, an_organization()])
def test_without_a_validation_its_gate_is_closed(organization: Any) -> None:
    assert the_grounds(organization=organization).closed == {Gate.ORGANIZATION}


def test_a_dv_certificate_asks_for_no_organization() -> None:
    found = the_grounds("ssl_dv_geotrust_flex", organization=None)
    assert (found.closed, found.validation) == (frozenset(), None)


@pytest.mark.parametrize(
    ("check", "product", "open_"),
    [
        (OV, "ssl_basic", True),
        (EV, "ssl_basic", True),
        (EV, "ssl_ev_basic", True),
        (OV, "ssl_ev_basic", False),
    ],
)
def test_ev_findings_do_for_ov_and_not_the_other_way(
    check: OrganizationCheck, product: str, open_: bool
) -> None:
    found = the_grounds(product, organization=a_validated_organization(check))
    assert (Gate.ORGANIZATION not in found.closed) is open_


@pytest.mark.parametrize(
    "changed",
    [
        {"validated_until": MOMENT},
        {"validated_at": MOMENT - 398 * DAY},  # whatever its end says: BR 4.2.1
        {"identity": None},
        {"identity": an_identity(country="")},
        {"identity": an_identity(state="", locality="")},
    ],
)
def test_a_validation_that_is_over_too_old_or_makes_no_subject_counts_as_none(
    changed: dict[str, Any],
) -> None:
    organization = a_validated_organization(validations=(a_found_validation(**changed),))
    assert usable_validation(organization, ValidationLevel.OV, MOMENT) is None


@pytest.mark.parametrize(
    "changed", [{"verified_users": ()}, {"identity": an_identity(registration=None)}]
)
def test_ev_needs_a_person_and_a_registration(changed: dict[str, Any]) -> None:
    organization = a_validated_organization(validations=(a_found_validation(EV, **changed),))
    assert usable_validation(organization, ValidationLevel.EV, MOMENT) is None


def test_an_inactive_organization_is_validated_for_nothing() -> None:
    assert the_grounds(organization=a_validated_organization(active=False)).closed


def test_of_several_usable_validations_the_one_that_lasts_longest_is_taken() -> None:
    short = a_found_validation(validated_until=MOMENT + DAY)
    long = a_found_validation(EV)
    unusable = replace(short, identity=None, validated_until=MOMENT + 300 * DAY)
    for several in ((short, long), (long, short), (unusable, short, long)):
        organization = a_validated_organization(validations=several)
        assert usable_validation(organization, ValidationLevel.OV, MOMENT) == long


def test_the_agreement_in_force_must_be_the_one_that_was_accepted() -> None:
    accepted = AgreementAcceptance(version="3", accepted_at=MOMENT, user_id=7)
    account = an_account(agreement=accepted)
    assert the_grounds(account=account, agreement="3").closed == frozenset()
    assert the_grounds(account=account, agreement="4").closed == {Gate.AGREEMENT}
    assert the_grounds(agreement="3").closed == {Gate.AGREEMENT}
    assert the_grounds(account=None, agreement="3").closed == {Gate.AGREEMENT}


def test_the_lists_are_held_against_every_name_of_the_certificate_and_its_organization() -> None:
    lists = PolicyLists(
        denied_organizations=("EXAMPLE holdings, ltd.",), high_risk_names=("example.com",)
    )
    organization = a_validated_organization(name="Other Words", assumed_name="")
    found = policy_findings(a_certificate(product_id="ssl_basic"), organization, lists)
    assert len(found.denied) == 1, "the validated name counts, too"
    assert len(found.high_risk) == 2
    dv = policy_findings(a_certificate(), organization, lists)
    assert dv.denied == (), "a DV certificate names no organization"
    cleared = policy_findings(a_certificate(), None, lists, ["example.com"])
    assert cleared.high_risk == ()


def test_high_risk_waits_and_denied_is_for_good() -> None:
    waits = the_grounds(findings=PolicyFindings(high_risk=("x",)))
    assert (waits.closed, waits.denied) == ({Gate.CLEARANCE}, ())
    assert the_grounds(findings=PolicyFindings(denied=("x",))).denied == ("x",)
