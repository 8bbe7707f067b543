"""check_order and its clocks: the deadline, the last look, 72 simulated hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from tests.builders import MOMENT, a_random_value
from tests.interleaving import Interleaving
from tests.unit.validation.checking import DEADLINE, Bench, run_machine, wait_72_hours_in_vain
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.certificate import CertificateKind, CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.order import OrderStatus, StatusReason

SECOND = timedelta(seconds=1)
FIRST_LOOK = MOMENT + timedelta(seconds=60)


def test_a_wake_up_never_moves_the_deadline() -> None:
    bench = Bench()
    for run in range(2, 30):
        bench.check_at(MOMENT + run * SECOND, run=run)
    assert bench.certificate.window is not None
    assert bench.certificate.window.deadline == DEADLINE


def test_at_the_deadline_there_is_a_last_look_that_still_counts() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    assert bench.check_at(DEADLINE).verdict is Verdict.READY


def test_after_the_last_look_unproven_names_time_out_and_proven_ones_stay() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com")
    outcome = bench.check_at(DEADLINE + 59 * SECOND)
    assert outcome.verdict is Verdict.DONE
    assert outcome.phase == "certificate 5001 is invalid (timed_out)"
    certificate, order = bench.certificate, bench.dossier.order
    assert (certificate.status, certificate.status_reason, certificate.next_look_at) == (
        CertificateStatus.INVALID,
        StatusReason.TIMED_OUT,
        None,
    )
    assert (order.status, order.status_reason) == (OrderStatus.INVALID, StatusReason.TIMED_OUT)
    assert bench.names["www.example.com"].status is AuthorizationStatus.VALID
    assert bench.names["example.com"].status is AuthorizationStatus.TIMED_OUT
    assert [one.kind for one in bench.changes] == [
        ChangeKind.NAME_PROVEN,
        ChangeKind.ORDER_TIMED_OUT,
    ]


@pytest.mark.parametrize("late", [61 * SECOND, timedelta(hours=5), timedelta(hours=24)])
@pytest.mark.parametrize("published", [True, False])
def test_after_an_outage_over_the_deadline_there_is_one_more_look(
    late: timedelta, published: bool
) -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    if published:
        bench.publish("www.example.com", "example.com")
    outcome = bench.check_at(DEADLINE + late)
    assert outcome.verdict is (Verdict.READY if published else Verdict.DONE)
    assert len([one for one in bench.looker.requests if one.dcv]) == 1
    bench.check()
    timed_out = [one for one in bench.changes if one.kind is ChangeKind.ORDER_TIMED_OUT]
    assert len(timed_out) == (0 if published else 1)


def test_more_than_a_day_late_the_window_is_closed_without_a_look() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    assert bench.check_at(DEADLINE + timedelta(days=1) + SECOND).verdict is Verdict.DONE
    assert not bench.looker.requests
    assert bench.certificate.status_reason is StatusReason.TIMED_OUT
    assert [one.kind for one in bench.changes] == [ChangeKind.ORDER_TIMED_OUT]


def test_a_window_is_closed_once() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.check_at(DEADLINE)
    bench.check()
    bench.check(run=2)
    assert [one.kind for one in bench.changes] == [ChangeKind.ORDER_TIMED_OUT]


def test_caa_that_still_forbids_at_the_deadline_is_the_reason_of_the_end() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    bench.world.caa["example.com"] = (0, "issue", ";")
    assert bench.check_at(DEADLINE).phase == "certificate 5001 is invalid (refused_by_caa)"
    assert [one.kind for one in bench.changes] == [
        ChangeKind.NAME_PROVEN,
        ChangeKind.CAA_REFUSED,
        ChangeKind.ORDER_REJECTED,
    ]


def test_a_look_that_began_before_the_deadline_is_not_the_last() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.looker.meanwhile = [lambda: bench.clock.advance(10 * SECOND)]
    outcome = bench.check_at(DEADLINE - 5 * SECOND, run=2)
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.WAITING, 1)
    bench.publish("www.example.com", "example.com")
    bench.clock.advance(SECOND)
    assert bench.check(run=2).verdict is Verdict.READY


def test_a_reissue_that_times_out_leaves_its_order_alone() -> None:
    bench = Bench(kind=CertificateKind.REISSUE, looks=190, next_look_at=DEADLINE, run=1)
    bench.check_at(DEADLINE)
    assert bench.certificate.status is CertificateStatus.INVALID
    assert bench.dossier.order.status is OrderStatus.PENDING


def test_a_value_older_than_30_days_is_not_looked_for() -> None:
    bench = Bench()
    items = tuple(
        replace(one, random_value=a_random_value(expires_at=MOMENT)) for one in bench.names.values()
    )
    certificate = bench.certificate
    bench.book.commit(
        replace(certificate, version=certificate.version + 1),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
    )
    bench.publish("www.example.com", "example.com")
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    summary = bench.names["example.com"].last_look
    assert summary is not None and summary.cause == "value_expired"


@pytest.mark.parametrize("names", [1, 3])
def test_72_hours_without_a_record_end_in_one_time_out_within_the_budget(names: int) -> None:
    wait_72_hours_in_vain(names)


def test_a_record_published_on_the_second_day_is_found_within_half_an_hour() -> None:
    bench = Bench()
    while bench.clock.now() < MOMENT + timedelta(hours=30):
        bench.clock.advance(timedelta(seconds=bench.check().wait_seconds))
    bench.publish("www.example.com", "example.com")
    published = bench.clock.now()
    outcome, _ = run_machine(bench)
    assert outcome.verdict is Verdict.READY
    assert bench.clock.now() - published <= timedelta(minutes=30)


def test_a_last_look_that_our_own_trouble_spoilt_is_made_again_for_an_hour() -> None:
    """The value is there, but too few of our other places answer: not the customer's fault."""
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    bench.perspectives.down = {"us-west-2", "eu-central-1", "sa-east-1"}
    outcome = bench.check_at(DEADLINE)
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.WAITING, 20 * 60)
    bench.perspectives.down = set()
    assert bench.check_at(DEADLINE + timedelta(minutes=20)).verdict is Verdict.READY


def test_after_an_hour_of_our_own_trouble_the_window_is_closed_once() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    bench.perspectives.down = {"us-west-2", "eu-central-1", "sa-east-1"}
    bench.clock.advance(DEADLINE - bench.clock.now())
    outcome, loops = run_machine(bench)
    assert outcome.verdict is Verdict.DONE
    assert bench.clock.now() == DEADLINE + timedelta(hours=1)
    assert loops == 4
    assert [one.kind for one in bench.changes] == [ChangeKind.ORDER_TIMED_OUT]


def test_an_issue_that_runs_at_the_deadline_is_neither_closed_nor_begun_anew() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    assert bench.check_at(DEADLINE - SECOND).verdict is Verdict.READY
    bench.rewrite(status=CertificateStatus.PROCESSING)
    for late in (0, 30, 3600):
        outcome = bench.check_at(DEADLINE + late * SECOND)
        assert outcome.verdict is Verdict.READY
    assert bench.certificate.status is CertificateStatus.PROCESSING
    assert [one.kind for one in bench.changes] == [ChangeKind.NAME_PROVEN]


def test_a_certificate_whose_gates_were_opened_by_the_deadline_is_not_closed_by_a_late_run() -> (
    None
):
    """Every gate is open; the issue has not begun yet when the deadline passes."""
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    bench.check_at(DEADLINE)
    assert bench.check_at(DEADLINE + timedelta(hours=2), run=2).verdict is Verdict.READY


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("seed", range(15))
def test_runs_that_meet_at_the_deadline_agree_on_one_end(seed: int, published: bool) -> None:
    turns = Interleaving(seed)
    bench = Bench(tripwire=turns, looks=190, next_look_at=DEADLINE, run=1)
    if published:
        bench.publish("www.example.com", "example.com")
    bench.clock.advance(DEADLINE - bench.clock.now())
    results = turns.run(*(partial(bench.check, run) for run in (1, 1, 2)))
    assert not [one for one in results if isinstance(one, Exception)], results
    kinds = [one.kind for one in bench.changes]
    if published:
        assert kinds == [ChangeKind.NAME_PROVEN]
        assert bench.certificate.status is CertificateStatus.PENDING
        assert any(one.verdict is Verdict.READY for one in results)  # type: ignore[attr-defined]
    else:
        assert kinds == [ChangeKind.ORDER_TIMED_OUT]
        assert bench.certificate.status is CertificateStatus.INVALID
