"""While a proof is missing people are reminded after 1, 24, 48 and 66 hours, and never after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, NAMES, TOKEN
from tests.tripwire import Cut, Tripwire
from tests.unit.validation.checking import Bench
from vouchsafe.domain.certificate import Window
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.gates import Verdict

HOUR = timedelta(hours=1)


def told(bench: Bench) -> list[tuple[int, list[str]]]:
    """Hours and names of each reminder."""
    every = [record for record in bench.book.records.values() if isinstance(record, Change)]
    meant = [each for each in every if each.kind is ChangeKind.PROOF_REMINDER_DUE]
    return [(each.data["hours"], each.data["names"]) for each in meant]


def look_on(bench: Bench, until: datetime) -> None:
    """The machine's loop up to that moment: check, wait as told, check."""
    while bench.clock.now() < until:
        outcome = bench.check()
        if outcome.verdict is not Verdict.WAITING:
            return
        bench.clock.advance(timedelta(seconds=outcome.wait_seconds))


def test_an_order_that_is_never_proven_is_told_of_four_times() -> None:
    bench = Bench()
    seen = []
    while bench.clock.now() < MOMENT + 80 * HOUR:
        before = len(told(bench))
        outcome = bench.check()
        if len(told(bench)) > before:
            seen.append((bench.clock.now() - MOMENT) / HOUR)
        if outcome.verdict is not Verdict.WAITING:
            break
        bench.clock.advance(timedelta(seconds=outcome.wait_seconds))
    assert told(bench) == [(hours, [*NAMES]) for hours in (1, 24, 48, 66)]
    assert all(
        hours <= late < hours + 0.5 for hours, late in zip((1, 24, 48, 66), seen, strict=True)
    )


def test_a_reminder_names_only_what_is_still_missing() -> None:
    bench = Bench(names=("a.example.com", "b.example.com"))
    bench.world.publish(TOKEN, "a.example.com")
    look_on(bench, MOMENT + 2 * HOUR)
    assert told(bench) == [(1, ["b.example.com"])]


def test_none_is_given_after_success() -> None:
    bench = Bench()
    look_on(bench, MOMENT + 2 * HOUR)
    bench.publish("example.com")
    look_on(bench, MOMENT + 100 * HOUR)
    assert [hours for hours, _ in told(bench)] == [1]


def test_a_look_that_proves_all_at_the_very_hour_reminds_of_nothing() -> None:
    bench = Bench()
    bench.publish("example.com")
    bench.check_at(MOMENT + HOUR)
    assert told(bench) == []


def test_none_is_given_while_only_caa_is_waited_for() -> None:
    bench = Bench()
    bench.publish("example.com")
    bench.world.caa["example.com"] = (0, "issue", ";")
    look_on(bench, MOMENT + 30 * HOUR)
    assert told(bench) == []


@pytest.mark.parametrize(
    ("hours", "given"), [(0.9, []), (23, [1]), (30, [24]), (60, [48]), (71, [66]), (72, [])]
)
def test_a_first_look_that_comes_late_tells_only_the_newest(hours: float, given: list[int]) -> None:
    bench = Bench()
    bench.check_at(MOMENT + hours * HOUR)
    assert [each for each, _ in told(bench)] == given
    bench.check_at(MOMENT + (hours + 0.6) * HOUR)
    assert len(told(bench)) == len(given) + (hours == 0.9)


def test_the_hours_begin_with_the_window_not_with_the_order() -> None:
    """It waited two days for an approval, whose window began then."""
    opened = MOMENT + 48 * HOUR
    window = Window(opened_at=opened, deadline=opened + 72 * HOUR)
    bench = Bench(window=window, next_look_at=opened)
    bench.check_at(opened + HOUR / 2)
    assert told(bench) == []
    bench.check_at(opened + 1.1 * HOUR)
    assert [hours for hours, _ in told(bench)] == [1]


def test_a_window_shorter_than_an_hour_has_none() -> None:
    bench = Bench(window=Window(opened_at=MOMENT, deadline=MOMENT + timedelta(minutes=10)))
    look_on(bench, MOMENT + 2 * HOUR)
    assert told(bench) == []


def test_a_new_window_has_reminders_of_its_own() -> None:
    """As after a wait for people during which proofs lapsed."""
    bench = Bench()
    bench.check_at(MOMENT + 25 * HOUR)
    before = bench.dossier.certificate(5001)
    opened = MOMENT + 30 * HOUR
    window = Window(opened_at=opened, deadline=opened + 72 * HOUR)
    bench.book.commit(replace(before, window=window, nudges=0, version=before.version + 1))
    bench.check_at(opened + 2 * HOUR)
    assert [hours for hours, _ in told(bench)] == [24, 1]


def test_a_look_cut_anywhere_and_made_again_reminds_once() -> None:
    whole = Tripwire()
    bench = Bench(tripwire=whole)
    first = len(whole.calls)
    bench.check_at(MOMENT + HOUR)
    for number in range(first + 1, len(whole.calls) + 1):
        for after in (False, True):
            bench = Bench(tripwire=Tripwire(number, after=after))
            with pytest.raises(Cut):
                bench.check_at(MOMENT + HOUR)
            bench.check()
            bench.check_at(MOMENT + 2 * HOUR)
            assert [hours for hours, _ in told(bench)] == [1], (number, after)


def test_twin_looks_remind_once() -> None:
    bench = Bench()
    plain: Any = bench.book.commit
    done: list[bool] = []

    def commit(*records: Any) -> None:
        if not done:
            done.append(True)
            bench.check()
        plain(*records)

    bench.book.commit = commit  # type: ignore[method-assign]
    bench.check_at(MOMENT + HOUR)
    assert [hours for hours, _ in told(bench)] == [1]
