"""check_order beside others: wake-ups, twins, cuts, and what it costs to write."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import MOMENT, TOKEN, a_random_value
from tests.fakes import Cut, Tripwire
from tests.unit.validation.checking import DEADLINE, Bench
from tests.unit.validation.eyes import long_answer
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.due import certificate_due
from vouchsafe.domain.errors import Conflict, Unavailable
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.progress import Look, Seen, look_results

SECOND = timedelta(seconds=1)
FIRST_LOOK = MOMENT + timedelta(seconds=60)


def test_a_repeated_task_does_not_look_again_before_it_is_time() -> None:
    bench = Bench()
    bench.check_at(FIRST_LOOK)
    again = bench.check_at(FIRST_LOOK + 5 * SECOND)
    assert (again.verdict, again.wait_seconds) == (Verdict.WAITING, 60)
    assert bench.certificate.looks == 1


def test_a_wake_up_looks_at_once_and_supersedes_the_older_run() -> None:
    bench = Bench()
    bench.check()
    outcome = bench.check_at(MOMENT + 5 * SECOND, run=2)
    assert outcome.verdict is Verdict.WAITING
    assert (bench.certificate.looks, bench.certificate.run) == (1, 2)
    older = bench.check_at(MOMENT + 6 * SECOND, run=1)
    assert (older.verdict, older.phase) == (Verdict.SUPERSEDED, "run 2 took over")


def test_the_same_wake_up_repeated_waits() -> None:
    bench = Bench()
    bench.check(run=2)
    assert bench.check(run=2).wait_seconds == 65
    assert bench.certificate.looks == 1


def test_a_run_that_finds_an_issue_cut_off_records_itself() -> None:
    """Or the reconciler, who asks for the newest run on record, would start one in every pass."""
    bench = Bench(status=CertificateStatus.PROCESSING, run=1)
    assert bench.check_at(FIRST_LOOK, run=2).verdict is Verdict.READY
    assert (bench.certificate.run, bench.certificate.looks) == (2, 0)
    assert bench.check_at(FIRST_LOOK, run=1).verdict is Verdict.SUPERSEDED


def test_what_waits_for_an_organization_is_not_taken_for_lost_meanwhile() -> None:
    """Nothing runs for it; the reconciler starts whatever is overdue and does not run."""
    bench = Bench(run=1, product_id="ssl_basic")
    order = bench.dossier.order
    bench.book.commit(replace(order, product_id="ssl_basic", organization_id=77, version=2))
    bench.publish(*bench.names)
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.PARKED
    due = certificate_due(bench.certificate)
    assert due == FIRST_LOOK + timedelta(days=1)
    assert bench.check_at(due, run=2).verdict is Verdict.PARKED
    assert certificate_due(bench.certificate) == due + timedelta(days=1)
    assert bench.certificate.looks == 1


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (CertificateStatus.VALID, Verdict.DONE),
        (CertificateStatus.CANCELLED, Verdict.DONE),
        (CertificateStatus.PROCESSING, Verdict.READY),
        (CertificateStatus.AWAITING_APPROVAL, Verdict.PARKED),
    ],
)
def test_what_is_not_waiting_is_neither_looked_at_nor_written(
    status: CertificateStatus, verdict: Verdict
) -> None:
    bench = Bench(status=status, run=1)
    before = dict(bench.book.records)
    assert bench.check_at(FIRST_LOOK).verdict is verdict
    assert bench.book.records == before
    assert not bench.looker.requests


def test_an_order_cancelled_during_the_look_stays_cancelled() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.looker.meanwhile = [lambda: bench.rewrite(status=CertificateStatus.CANCELLED)]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.DONE
    assert bench.certificate.status is CertificateStatus.CANCELLED
    assert bench.names["example.com"].status is AuthorizationStatus.PENDING
    assert bench.changes == []


def test_what_was_seen_is_kept_when_somebody_else_wrote_meanwhile() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.looker.meanwhile = [lambda: bench.rewrite(looked_at=MOMENT)]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    assert len(bench.looker.requests) == 2  # names once, CAA once


def test_a_value_replaced_during_the_look_voids_what_was_seen_for_it() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")

    def replaced() -> None:
        certificate = bench.certificate
        items = tuple(
            replace(one, random_value=a_random_value(value="_" + "z" * 26))
            for one in bench.names.values()
        )
        bench.book.commit(
            replace(certificate, version=certificate.version + 1),
            Authorizations(order_id=1001, certificate_id=5001, items=items),
        )

    bench.looker.meanwhile = [replaced]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    assert {one.status for one in bench.names.values()} == {AuthorizationStatus.PENDING}


def test_a_newer_run_that_came_during_the_look_wins() -> None:
    bench = Bench()
    bench.looker.meanwhile = [lambda: bench.rewrite(run=2)]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.SUPERSEDED
    assert bench.certificate.looks == 0


def test_a_write_that_never_succeeds_is_trouble_of_our_own() -> None:
    bench = Bench()

    class Contended(type(bench.book)):  # type: ignore[misc]
        def commit(self, *records: object) -> None:
            raise Conflict

    bench.book.__class__ = Contended
    with pytest.raises(Unavailable, match="being changed by others"):
        bench.check_at(FIRST_LOOK)


def test_an_order_that_cannot_be_read_is_trouble_of_our_own() -> None:
    bench = Bench()
    bench.book.records.clear()
    with pytest.raises(Unavailable, match="cannot be read"):
        bench.check()


def test_each_look_is_recorded_whole_when_something_changed_and_short_when_not() -> None:
    bench = Bench()
    bench.check_at(FIRST_LOOK)
    bench.check_at(FIRST_LOOK + 65 * SECOND)
    newest, first = bench.book.newest(5001, 10)
    assert (first.number, newest.number) == (1, 2)
    assert first.results[0]["observations"][0]["question"] == "TXT www.example.com"
    assert newest.results[0] == {
        "name": "www.example.com",
        "cause": "nothing_at_the_name",
        "unchanged": True,
    }


def test_an_unchanged_story_is_not_written_again() -> None:
    bench = Bench()
    bench.check_at(FIRST_LOOK)
    before = bench.dossier.authorizations[5001]
    bench.check_at(FIRST_LOOK + 65 * SECOND)
    assert bench.dossier.authorizations[5001] is before


def test_a_look_at_250_of_the_longest_names_fits_one_item() -> None:
    names = [
        Identifier(f"{n:03}." + ".".join(["a" * 60] * 4)[:230] + ".example.com") for n in range(250)
    ]
    seen = {one: Seen(value=TOKEN, answer=long_answer(one.value)) for one in names}
    look = Look(started_at=MOMENT, finished_at=MOMENT, seen=seen)
    results = look_results([], [], look)
    assert len(json.dumps(results)) < 380_000


def test_250_names_are_proven_in_one_commit_of_few_records() -> None:
    bench = Bench(names=[f"n{number}.example.com" for number in range(250)])
    bench.publish("example.com")
    sizes: list[int] = []
    commit = bench.book.commit

    class Counting(type(bench.book)):  # type: ignore[misc]
        def commit(self, *records: object) -> None:
            sizes.append(len(records))
            commit(*records)  # type: ignore[arg-type]

    bench.book.__class__ = Counting
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    assert sizes == [4]  # certificate, authorizations (packed 25 to an item), a change, a proof


PLACING = 1  # the port call that sets a bench up


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("when", [FIRST_LOOK, DEADLINE])
def test_a_worker_killed_at_any_call_leaves_work_that_its_repetition_finishes(
    when: datetime, call: int, after: bool
) -> None:
    """A check calls the book three times: load, record the look, commit."""
    whole = Bench(looks=0, run=1)
    whole.publish("www.example.com")
    whole.check_at(when)
    tripwire = Tripwire(at=PLACING + call, after=after)
    cut = Bench(looks=0, run=1, tripwire=tripwire)
    cut.publish("www.example.com")
    with pytest.raises(Cut):
        cut.check_at(when)
    assert tripwire.tripped
    cut.check()
    assert cut.certificate == whole.certificate
    assert cut.names == whole.names
    assert [(one.kind, one.data) for one in cut.changes] == [
        (one.kind, one.data) for one in whole.changes
    ]
    assert [one.number for one in cut.book.newest(5001, 9)] == [1]
