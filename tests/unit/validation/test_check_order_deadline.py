"""check_order and its clocks: the deadline, the last look, 72 simulated hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT, a_random_value
from tests.unit.validation.checking import DEADLINE, Bench, run_machine
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


def test_more_than_a_minute_late_the_window_is_closed_without_a_look() -> None:
    bench = Bench(looks=190, next_look_at=DEADLINE, run=1)
    bench.publish("www.example.com", "example.com")
    assert bench.check_at(DEADLINE + 61 * SECOND).verdict is Verdict.DONE
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


@pytest.mark.parametrize("names", [1, 3, 250])
def test_72_hours_without_a_record_end_in_one_time_out_within_the_budget(names: int) -> None:
    """3 transitions a loop (check, choice, wait; the last: check, choice, end), 9 events each."""
    bench = Bench(names=[f"n{number}.example.com" for number in range(names)])
    outcome, loops = run_machine(bench)
    assert outcome.verdict is Verdict.DONE
    assert bench.clock.now() == DEADLINE
    assert 3 * loops <= 600
    assert 9 * loops + 2 <= 1800
    assert bench.certificate.looks == loops - 1  # the first loop only waits
    assert [one.kind for one in bench.changes] == [ChangeKind.ORDER_TIMED_OUT]
    assert {one.status for one in bench.names.values()} == {AuthorizationStatus.TIMED_OUT}


def test_a_record_published_on_the_second_day_is_found_within_half_an_hour() -> None:
    bench = Bench()
    while bench.clock.now() < MOMENT + timedelta(hours=30):
        bench.clock.advance(timedelta(seconds=bench.check().wait_seconds))
    bench.publish("www.example.com", "example.com")
    published = bench.clock.now()
    outcome, _ = run_machine(bench)
    assert outcome.verdict is Verdict.READY
    assert bench.clock.now() - published <= timedelta(minutes=30)
