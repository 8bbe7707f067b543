from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, TOKEN, a_certificate, an_authorization
from vouchsafe.domain.authorization import (
    Authorization,
    AuthorizationStatus,
    CaaCheck,
    DcvMethodName,
    Proof,
)
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.gates import Gate, Verdict, assess
from vouchsafe.domain.grounds import Grounds
from vouchsafe.domain.parking import Parked

UNVALIDATED = Grounds(organization_validated=False)


def a_proof(**changed: Any) -> Proof:
    given: dict[str, Any] = {
        "method": DcvMethodName.DNS_TXT,
        "br_section": "3.2.2.4.7",
        "authorization_domain": "example.com",
        "steps": (),
        "value": TOKEN,
        "proven_at": MOMENT,
        "quorum": "6/6",
        "perspectives": (),
    }
    return Proof(**(given | changed))


def a_proven(**changed: Any) -> Authorization:
    return an_authorization(status=AuthorizationStatus.VALID, proof=a_proof(**changed))


def a_caa(**changed: Any) -> CaaCheck:
    given: dict[str, Any] = {
        "checked_at": MOMENT,
        "good_until": MOMENT + timedelta(hours=8),
        "permitted": True,
        "findings": (),
    }
    return CaaCheck(**(given | changed))


def test_with_every_gate_open_a_certificate_is_ready() -> None:
    found = assess(a_certificate(caa=a_caa()), [a_proven()], now=MOMENT)
    assert (found.closed, found.verdict) == ((), Verdict.READY)


def test_unproven_names_wait() -> None:
    found = assess(a_certificate(), [a_proven(), an_authorization()], now=MOMENT)
    assert found.closed == (Gate.DOMAINS, Gate.CAA)
    assert found.verdict is Verdict.WAITING


def test_caa_alone_waits() -> None:
    found = assess(a_certificate(), [a_proven()], now=MOMENT)
    assert (found.closed, found.verdict) == ((Gate.CAA,), Verdict.WAITING)


@pytest.mark.parametrize("age", [timedelta(hours=8), timedelta(days=3)])
def test_caa_looked_at_too_long_ago_counts_no_more(age: timedelta) -> None:
    found = assess(a_certificate(caa=a_caa()), [a_proven()], now=MOMENT + age)
    assert found.closed == (Gate.CAA,)


def test_caa_that_refused_keeps_its_gate_closed() -> None:
    found = assess(a_certificate(caa=a_caa(permitted=False)), [a_proven()], now=MOMENT)
    assert found.closed == (Gate.CAA,)


def test_an_order_that_waits_for_approval_is_parked_whatever_else_is_missing() -> None:
    certificate = a_certificate(status=CertificateStatus.AWAITING_APPROVAL)
    found = assess(certificate, [an_authorization()], now=MOMENT)
    assert found.closed == (Gate.APPROVAL, Gate.DOMAINS, Gate.CAA)
    assert found.verdict is Verdict.PARKED


def test_with_only_the_organization_missing_it_is_parked_before_caa_is_spent() -> None:
    found = assess(a_certificate(), [a_proven()], now=MOMENT, grounds=UNVALIDATED)
    assert found.closed == (Gate.ORGANIZATION, Gate.CAA)
    assert found.verdict is Verdict.PARKED


def test_names_are_looked_at_while_the_organization_is_missing() -> None:
    found = assess(a_certificate(), [an_authorization()], now=MOMENT, grounds=UNVALIDATED)
    assert found.verdict is Verdict.WAITING


@pytest.mark.parametrize(
    ("grounds", "gate"),
    [
        (Grounds(agreement_accepted=False), Gate.AGREEMENT),
        (Grounds(cleared=False), Gate.CLEARANCE),
        (Grounds(organization_validated=False), Gate.ORGANIZATION),
    ],
)
def test_what_people_have_not_decided_parks(grounds: Grounds, gate: Gate) -> None:
    found = assess(a_certificate(), [a_proven()], now=MOMENT, grounds=grounds)
    assert (found.closed, found.verdict) == ((gate, Gate.CAA), Verdict.PARKED)


def test_what_the_lists_deny_is_refused_whatever_else_is_open() -> None:
    denied = Grounds(denied=("example.com: is on the list",))
    for names in ([a_proven()], [an_authorization()]):
        found = assess(a_certificate(caa=a_caa()), names, now=MOMENT, grounds=denied)
        assert found.verdict is Verdict.REFUSED


def test_an_order_that_waits_for_approval_is_not_refused_before_it_is_approved() -> None:
    certificate = a_certificate(status=CertificateStatus.AWAITING_APPROVAL)
    denied = Grounds(denied=("example.com: is on the list",))
    found = assess(certificate, [an_authorization()], now=MOMENT, grounds=denied)
    assert found.verdict is Verdict.PARKED


def test_a_proof_that_lapses_while_people_are_waited_for_starts_no_looking() -> None:
    wait = Parked(since=MOMENT, until=MOMENT + timedelta(days=90), gates=(Gate.ORGANIZATION,))
    certificate, later = a_certificate(parked=wait), MOMENT + timedelta(days=200)
    found = assess(certificate, [a_proven()], now=later, grounds=UNVALIDATED)
    assert (Gate.DOMAINS in found.closed, found.verdict) == (True, Verdict.PARKED)
    assert assess(certificate, [a_proven()], now=later).verdict is Verdict.WAITING


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (CertificateStatus.PROCESSING, Verdict.READY),
        (CertificateStatus.VALID, Verdict.DONE),
        (CertificateStatus.INVALID, Verdict.DONE),
        (CertificateStatus.CANCELLED, Verdict.DONE),
        (CertificateStatus.REVOKED, Verdict.DONE),
    ],
)
def test_beyond_pending_the_status_decides(status: CertificateStatus, verdict: Verdict) -> None:
    found = assess(a_certificate(status=status), [an_authorization()], now=MOMENT)
    assert found.verdict is verdict


def test_a_proof_lives_as_long_as_the_days_rules_say() -> None:
    """Proven on 2026-11-21 with 200 days of reuse; from 2027-03-15 it is 100, which are over."""
    certificate = a_certificate()
    for day, closed in ((113, False), (114, True)):
        now = MOMENT + timedelta(days=day)  # 113: 2027-03-14, 114: 2027-03-15
        found = assess(certificate, [a_proven()], now=now)
        assert (Gate.DOMAINS in found.closed) is closed


def test_e_mail_proofs_are_void_from_2028_03_15() -> None:
    proven = MOMENT.replace(year=2028, month=3, day=14)
    authorization = a_proven(method=DcvMethodName.EMAIL, proven_at=proven)
    for days, closed in ((0, False), (1, True)):
        now = proven + timedelta(days=days)
        found = assess(a_certificate(), [authorization], now=now)
        assert (Gate.DOMAINS in found.closed) is closed
