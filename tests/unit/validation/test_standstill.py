"""Waiting for people: it begins with the last proof, costs nothing, and ends by their decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT, NAMES, TOKEN, a_proof, a_random_value, an_account
from tests.fakes import Cut, Tripwire
from tests.unit.validation.checking import Bench
from tests.unit.validation.standing_still import FIRST_LOOK, WAIT, Meanwhile, NamingBench
from vouchsafe.domain.accounts import AgreementAcceptance
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.certificate import CertificateKind, CertificateStatus, Window
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.due import certificate_due
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.order import OrderStatus, StatusReason
from vouchsafe.domain.organization import OrganizationCheck
from vouchsafe.domain.parking import Gate
from vouchsafe.domain.policy_lists import PolicyLists
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.schedule import Schedule
from vouchsafe.services.opening import Opened, with_opening

DAY = timedelta(days=1)
PROVEN_ONCE = [ChangeKind.NAME_PROVEN]


def test_with_the_last_name_proven_the_wait_for_the_organization_begins() -> None:
    bench = NamingBench()
    bench.publish(*NAMES)
    outcome = bench.check_at(FIRST_LOOK)
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.PARKED, 0)
    assert outcome.phase == "waiting for the organization's validation"
    wait = bench.certificate.parked
    assert wait is not None
    assert (wait.since, wait.until) == (FIRST_LOOK, FIRST_LOOK + WAIT)
    assert (wait.gates, wait.organization_id) == ((Gate.ORGANIZATION,), 601)
    assert bench.certificate.caa is None, "CAA's short life is not spent waiting"
    assert [row.certificate_id for row in bench.book.parked(1)] == [5001]


def test_names_proven_before_are_parked_by_the_first_check_without_a_look() -> None:
    bench = NamingBench()
    items = tuple(
        replace(one, status=AuthorizationStatus.VALID, proof=a_proof())
        for one in bench.names.values()
    )
    bench.rewrite_names(items)
    assert bench.check_at(MOMENT).verdict is Verdict.PARKED
    assert (bench.certificate.run, bench.certificate.looks) == (1, 0)
    assert bench.certificate.waits_for_people
    assert not bench.looker.requests


def test_the_organization_that_comes_lets_it_go_on_by_itself() -> None:
    bench = NamingBench()
    parked = bench.park()
    bench.clock.advance(40 * DAY)
    bench.validate()
    assert bench.wake_at(parked + 40 * DAY).verdict is Verdict.READY
    certificate = bench.certificate
    assert certificate.caa is not None and certificate.caa.checked_at == bench.clock.now()
    assert certificate.parked is not None and certificate.parked.left_at == bench.clock.now()
    assert [*bench.book.parked(1)] == []
    assert bench.kinds == PROVEN_ONCE, "nothing is to be published anew"


def test_an_organization_validated_before_is_waited_for_by_nobody() -> None:
    bench = NamingBench()
    bench.validate()
    bench.publish(*NAMES)
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    assert bench.certificate.parked is None


def test_ev_waits_while_only_ov_is_there() -> None:
    bench = NamingBench("ssl_ev_basic")
    bench.validate()
    bench.park()
    bench.validate(OrganizationCheck.EV)
    assert bench.wake_at(FIRST_LOOK + DAY).verdict is Verdict.READY


def test_a_wake_up_without_a_decision_changes_nothing_but_the_run() -> None:
    bench = NamingBench()
    bench.park()
    before = bench.certificate.parked
    assert bench.wake_at(FIRST_LOOK + timedelta(hours=1)).verdict is Verdict.PARKED
    assert (bench.certificate.run, bench.certificate.parked) == (2, before)
    assert bench.certificate.looks == 1


def test_nobody_is_told_and_nothing_written_by_repeated_checks_of_one_run() -> None:
    bench = NamingBench()
    bench.park()
    version = bench.certificate.version
    for _ in range(3):
        assert bench.check(run=1).verdict is Verdict.PARKED
    assert bench.certificate.version == version


def test_the_deadline_of_the_names_is_no_matter_once_they_are_proven() -> None:
    bench = NamingBench()
    bench.park()
    assert bench.wake_at(MOMENT + 10 * DAY).verdict is Verdict.PARKED
    assert bench.certificate.status is CertificateStatus.PENDING


def test_names_still_unproven_at_the_deadline_time_out_whoever_else_is_waited_for() -> None:
    bench = NamingBench(looks=190, run=1)
    bench.publish("www.example.com")
    bench.check_at(MOMENT + timedelta(hours=72))
    assert bench.certificate.status_reason is StatusReason.TIMED_OUT


def test_90_days_after_the_last_proof_it_is_rejected_once_and_that_is_told() -> None:
    bench = NamingBench()
    parked = bench.park()
    last = parked + WAIT
    assert bench.wake_at(last - timedelta(seconds=1)).verdict is Verdict.PARKED
    assert certificate_due(bench.certificate) == last
    assert bench.wake_at(last).phase == "certificate 5001 is invalid (organization_not_validated)"
    for run in (3, 3, 4):
        assert bench.check(run=run).verdict is Verdict.DONE
    order = bench.dossier.order
    assert (order.status, order.status_reason) == (
        OrderStatus.INVALID,
        StatusReason.ORGANIZATION_NOT_VALIDATED,
    )
    assert bench.kinds == [*PROVEN_ONCE, ChangeKind.ORDER_REJECTED]
    assert bench.changes[-1].data["reason"] == "organization_not_validated"
    assert {one.status for one in bench.names.values()} == {AuthorizationStatus.VALID}
    assert [*bench.book.parked(1)] == []
    assert certificate_due(bench.certificate) is None


def test_a_deployment_may_wait_for_another_time() -> None:
    bench = NamingBench()
    bench.schedule = Schedule(people_wait=5 * DAY)
    parked = bench.park()
    assert bench.wake_at(parked + 5 * DAY).verdict is Verdict.DONE


def test_an_organization_that_comes_on_the_last_day_counts() -> None:
    bench = NamingBench()
    parked = bench.park()
    bench.clock.advance(WAIT)
    bench.validate()
    assert bench.wake_at(parked + WAIT + timedelta(hours=1)).verdict is Verdict.READY


def test_a_reissue_waited_for_in_vain_leaves_its_order_alone() -> None:
    bench = NamingBench(kind=CertificateKind.REISSUE)
    parked = bench.park()
    bench.wake_at(parked + WAIT)
    assert bench.certificate.status_reason is StatusReason.ORGANIZATION_NOT_VALIDATED
    assert bench.dossier.order.status is OrderStatus.PENDING
    assert bench.kinds == [*PROVEN_ONCE, ChangeKind.REISSUE_ENDED]


def lapsed(bench: NamingBench) -> None:
    """The organization comes when the names' proofs are too old: 100 days from 2027-03-15 on."""
    bench.schedule = Schedule(people_wait=400 * DAY)
    bench.park()
    bench.clock.advance(150 * DAY)
    bench.validate()


def test_proofs_that_lapsed_meanwhile_open_a_new_window_with_new_values() -> None:
    bench = NamingBench()
    lapsed(bench)
    outcome = bench.check(run=2)
    now = bench.clock.now()
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.WAITING, 60)
    certificate = bench.certificate
    assert certificate.window is not None
    assert certificate.window.deadline == now + timedelta(hours=72)
    assert certificate.random_value is not None and certificate.random_value.value != TOKEN
    assert {one.status for one in bench.names.values()} == {AuthorizationStatus.PENDING}
    assert {one.random_value for one in bench.names.values()} == {certificate.random_value}
    assert bench.kinds == [*PROVEN_ONCE, ChangeKind.VALIDATION_BEGUN]
    bench.world.publish(certificate.random_value.value, *NAMES)
    assert bench.check_at(now + timedelta(seconds=60), run=2).verdict is Verdict.READY


def test_the_old_value_proves_nothing_any_more() -> None:
    bench = NamingBench()
    lapsed(bench)
    bench.check(run=2)
    bench.clock.advance(timedelta(seconds=60))
    assert bench.check(run=2).verdict is Verdict.WAITING


def test_a_new_window_that_closes_without_proofs_is_a_time_out() -> None:
    bench = NamingBench()
    lapsed(bench)
    bench.check(run=2)
    bench.clock.advance(timedelta(hours=72))
    assert bench.check(run=2).verdict is Verdict.DONE
    assert bench.certificate.status_reason is StatusReason.TIMED_OUT


def test_a_proof_made_elsewhere_meanwhile_spares_the_new_window() -> None:
    bench = NamingBench()
    lapsed(bench)
    fresh = a_proof(proven_at=bench.clock.now() - DAY)
    bench.book.commit(DomainProof(account_id=1, authorization_domain="example.com", proof=fresh))
    assert bench.check(run=2).verdict is Verdict.READY
    assert {one.proof for one in bench.names.values()} == {fresh}
    assert bench.kinds == PROVEN_ONCE


def test_an_organization_that_lapses_again_before_caa_permits_is_waited_for_anew() -> None:
    bench = NamingBench()
    bench.park()
    bench.validate(validated_until=FIRST_LOOK + 2 * DAY)
    bench.world.caa["example.com"] = (0, "issue", ";")
    assert bench.wake_at(FIRST_LOOK + DAY).verdict is Verdict.WAITING
    outcome = bench.check_at(FIRST_LOOK + 2 * DAY, run=2)
    assert outcome.verdict is Verdict.PARKED
    assert bench.certificate.parked is not None
    assert bench.certificate.parked.since == FIRST_LOOK + 2 * DAY
    assert [row.certificate_id for row in bench.book.parked(1)] == [5001]


def test_caa_that_forbids_after_the_wait_has_a_window_of_its_own() -> None:
    bench = NamingBench()
    bench.park()
    bench.clock.advance(30 * DAY)
    bench.validate()
    bench.world.caa["example.com"] = (0, "issue", ";")
    assert bench.check(run=2).verdict is Verdict.WAITING
    bench.clock.advance(timedelta(hours=71))
    del bench.world.caa["example.com"]
    assert bench.check(run=3).verdict is Verdict.READY


def test_a_decision_between_the_look_and_its_record_is_not_missed() -> None:
    """Whoever approves wakes what is on record as parked; what was not yet, asks once more."""
    bench = NamingBench()
    bench.publish(*NAMES)
    bench.wire(Meanwhile("looks.add", bench.validate))
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY


def cut_and_again(bench: NamingBench, wire: Tripwire, run: int) -> None:
    """One check under the wire; after a cut the machine tries again."""
    bench.wire(wire)
    try:
        bench.check(run)
    except Cut:
        bench.wire(Tripwire())
        bench.check(run)
    bench.wire(Tripwire())


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("first", [True, False], ids=["as it begins", "as it ends"])
def test_cut_at_any_call_the_wait_begins_and_ends_all_the_same(first: bool, after: bool) -> None:
    for at in range(1, 40):
        bench, wire = NamingBench(), Tripwire(at, after=after)
        bench.publish(*NAMES)
        bench.clock.advance(FIRST_LOOK - MOMENT)
        cut_and_again(bench, wire if first else Tripwire(), 1)
        assert bench.certificate.waits_for_people, at
        bench.validate()
        cut_and_again(bench, Tripwire() if first else wire, 2)
        assert bench.check(run=2).verdict is Verdict.READY, at
        assert bench.kinds == PROVEN_ONCE
        if not wire.tripped:
            return
    raise AssertionError("more calls than expected")


def test_a_missing_agreement_parks_dv_as_well_and_acceptance_lets_it_go_on() -> None:
    bench = Bench()
    bench.agreement = "2"
    bench.book.commit(an_account())
    bench.publish(*NAMES)
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.PARKED
    assert bench.certificate.parked is not None
    assert bench.certificate.parked.gates == (Gate.AGREEMENT,)
    accepted = AgreementAcceptance(version="2", accepted_at=FIRST_LOOK, user_id=7)
    bench.book.commit(an_account(agreement=accepted, version=2))
    assert bench.check(run=2).verdict is Verdict.READY


def test_nobody_is_asked_about_a_dv_order_while_its_names_are_unproven() -> None:
    bench = Bench(run=1)
    wire = Tripwire()
    bench.book._tripwire = wire  # noqa: SLF001 (the set-up crossed none)
    bench.check_at(FIRST_LOOK)
    assert wire.calls == ["ledger.order", "looks.add", "ledger.commit"]


@pytest.mark.parametrize(
    ("bench", "lists"),
    [
        (Bench, PolicyLists(denied_names=("example.com",), version=1)),
        (NamingBench, PolicyLists(denied_organizations=("Example Holdings Ltd",), version=1)),
    ],
)
def test_what_the_lists_deny_ends_with_the_first_check_for_good(
    bench: type[Bench], lists: PolicyLists
) -> None:
    denied = bench()
    denied.book.commit(lists)
    assert denied.check().phase == "certificate 5001 is invalid (refused_by_policy)"
    assert not denied.looker.requests
    (told,) = denied.changes
    assert (told.kind, told.data["reason"]) == (ChangeKind.ORDER_REJECTED, "refused_by_policy")
    assert "is on the list of denied" in told.data["cause"]
    assert {one.status for one in denied.names.values()} == {AuthorizationStatus.INVALID}


def test_what_is_put_on_the_list_during_the_wait_ends_it() -> None:
    bench = NamingBench()
    bench.park()
    bench.book.commit(PolicyLists(denied_organizations=("Example Holdings Ltd",), version=1))
    assert bench.wake_at(FIRST_LOOK + DAY).verdict is Verdict.DONE
    assert bench.certificate.status_reason is StatusReason.REFUSED_BY_POLICY


_IN_VAIN = {
    Gate.AGREEMENT: StatusReason.AGREEMENT_NOT_ACCEPTED,
    Gate.CLEARANCE: StatusReason.REFUSED_BY_POLICY,
}


@pytest.mark.parametrize("gate", _IN_VAIN)
def test_the_reason_of_a_wait_in_vain_says_what_was_missing(gate: Gate) -> None:
    bench = Bench()
    if gate is Gate.AGREEMENT:
        bench.agreement = "2"
    else:
        bench.book.commit(PolicyLists(high_risk_names=("example.com",), version=1))
    bench.publish(*NAMES)
    bench.check_at(FIRST_LOOK)
    bench.check_at(FIRST_LOOK + WAIT, run=2)
    assert bench.certificate.status_reason is _IN_VAIN[gate]


def test_what_is_waited_for_follows_what_is_still_closed() -> None:
    bench = NamingBench()
    bench.agreement = "2"
    bench.book.commit(an_account())
    bench.park()
    assert bench.certificate.parked is not None
    assert bench.certificate.parked.gates == (Gate.AGREEMENT, Gate.ORGANIZATION)
    accepted = AgreementAcceptance(version="2", accepted_at=FIRST_LOOK, user_id=7)
    bench.book.commit(an_account(agreement=accepted, version=2))
    assert bench.wake_at(FIRST_LOOK + DAY).verdict is Verdict.PARKED
    assert bench.certificate.parked.gates == (Gate.ORGANIZATION,)
    assert bench.certificate.parked.since == FIRST_LOOK


def test_validation_that_begins_anew_ends_the_wait_so_that_names_are_looked_at() -> None:
    """As after another CSR and its approval."""
    bench = NamingBench()
    bench.park()
    opening = Opened(
        value=a_random_value(),
        authorizations=(),
        window=Window(opened_at=FIRST_LOOK, deadline=FIRST_LOOK + timedelta(hours=72)),
        next_look_at=FIRST_LOOK,
    )
    begun = with_opening(bench.certificate, opening)
    assert (begun.waits_for_people, begun.caa) == (False, None)
    assert begun.parked is not None and begun.parked.left_at == FIRST_LOOK
