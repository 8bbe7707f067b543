"""Before a certificate ends people are told at each rung, once, until something takes its place."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.unit.clockwork.world import (
    DAY,
    ENDS,
    Ladder,
    a_valid_certificate,
    a_valid_order,
    an_issued,
)
from vouchsafe.domain.certificate import Certificate, CertificateKind, CertificateStatus
from vouchsafe.domain.changes import Change
from vouchsafe.domain.expiry import RUNGS
from vouchsafe.domain.order import OrderDetails, OrderStatus
from vouchsafe.services.expiring import tell_expiry

OWNER, TEAM, ADMINISTRATORS = "owner", "team", "administrators"
WHOM = dict(zip(RUNGS, [OWNER] * 2 + [TEAM] * 2 + [ADMINISTRATORS] * 4, strict=True))


def a_ladder(**changed: Any) -> Ladder:
    return Ladder().holding(a_valid_order(**changed), a_valid_certificate())


def a_later(**changed: Any) -> Certificate:
    """Another certificate of the order, as good as the first and newer."""
    return a_valid_certificate(certificate_id=5002, kind=CertificateKind.REISSUE, **changed)


def test_each_rung_is_told_once_on_its_day_to_an_audience_that_grows() -> None:
    ladder = a_ladder()
    days = {}
    for count in range(205):
        at = MOMENT + count * DAY
        if ladder.walk(at).told:
            days[(ENDS - at).days] = ladder.told()[-1]
    assert days == {rung: (5001, rung, WHOM[rung]) for rung in RUNGS}


def test_a_second_run_of_the_same_day_looks_at_nothing() -> None:
    ladder = a_ladder()
    assert ladder.walk(ENDS - 90 * DAY).told == 1
    again = ladder.walk(ENDS - 90 * DAY + timedelta(hours=3))
    assert (again.seen, again.told) == (0, 0)


@pytest.mark.parametrize(
    ("last", "next_", "told"),
    [
        (61, 59, [60]),
        (61, 50, [60]),
        (61, 13, [14]),
        (61, 2, [3]),
        (61, 0, [1]),
        (8, -1, [-1]),
        (8, -20, [-1]),
        (95, 91, []),
    ],
)
def test_after_days_without_a_run_only_the_lowest_rung_reached_is_told(
    last: int, next_: int, told: list[int]
) -> None:
    ladder = Ladder()
    ladder.walk(ENDS - last * DAY)
    ladder.holding(a_valid_order(), a_valid_certificate())
    ladder.walk(ENDS - next_ * DAY)
    ladder.walk(ENDS - next_ * DAY + DAY / 3)
    assert ladder.rungs() == told


def test_what_ended_long_ago_is_not_told_of_after_a_long_outage() -> None:
    ladder = Ladder()
    ladder.walk(ENDS - 8 * DAY)
    ladder.holding(a_valid_order(), a_valid_certificate())
    ladder.walk(ENDS + 40 * DAY)
    assert ladder.rungs() == []


def test_what_was_issued_after_a_rungs_day_is_not_told_of_it() -> None:
    short = an_issued(not_after=MOMENT + 20 * DAY)
    ladder = Ladder()
    ladder.walk(MOMENT - 3 * DAY)
    ladder.holding(a_valid_order(), a_valid_certificate(short))
    ladder.walk_days(MOMENT, 25)
    assert ladder.rungs() == [14, 7, 3, 1, -1]


def test_a_certificate_issued_this_morning_misses_the_rung_of_today() -> None:
    """Whoever got it an hour ago knows how long it lasts."""
    ladder = Ladder().holding(
        a_valid_order(), a_valid_certificate(an_issued(not_after=MOMENT + 7 * DAY))
    )
    ladder.walk_days(MOMENT, 10)
    assert ladder.rungs() == [3, 1, -1]


@pytest.mark.parametrize(
    "changed",
    [
        {"details": OrderDetails(quiet=True)},
        {"status": OrderStatus.REVOKED},
    ],
    ids=["quiet", "revoked"],
)
def test_an_order_that_wants_no_reminders_gets_none(changed: dict[str, Any]) -> None:
    ladder = a_ladder(**changed)
    ladder.walk_days(ENDS - 91 * DAY, 95)
    assert ladder.told() == []


def test_a_revoked_certificate_is_not_told_of_and_its_order_goes_on() -> None:
    longer = a_later(issued=an_issued(ENDS + DAY), status=CertificateStatus.REVOKED)
    ladder = Ladder().holding(a_valid_order(), a_valid_certificate(), longer)
    ladder.walk_days(ENDS - 91 * DAY, 95)
    assert [number for number, _, _ in ladder.told()] == [5001] * len(RUNGS)


def test_reminders_stop_when_a_reissue_lasts_longer_and_go_on_for_that() -> None:
    ladder = a_ladder()
    ladder.walk_days(ENDS - 91 * DAY, 40)
    issued_at = ENDS - 50 * DAY
    reissue = a_later(issued=an_issued(ENDS + 40 * DAY, issued_at))
    ladder.with_certificates(reissue)
    ladder.walk_days(ENDS - 50 * DAY, 62)
    assert ladder.told() == [
        (5001, 90, OWNER),
        (5001, 60, OWNER),
        (5002, 60, OWNER),
        (5002, 30, TEAM),
    ]


def test_of_certificates_that_end_together_the_newest_alone_is_told_of() -> None:
    ladder = Ladder().holding(a_valid_order(), a_valid_certificate(), a_later())
    ladder.walk_days(ENDS - 91 * DAY, 95)
    assert [number for number, _, _ in ladder.told()] == [5002] * len(RUNGS)


def test_an_order_that_is_being_renewed_is_told_of_until_the_new_certificate_is_there() -> None:
    ladder = a_ladder(renewed_by=1009)
    renewing = a_later(order_id=1009, status=CertificateStatus.PENDING)
    ladder.holding(a_valid_order(order_id=1009, status=OrderStatus.PENDING), renewing)
    ladder.walk_days(ENDS - 31 * DAY, 5)
    issued = an_issued(ENDS + 100 * DAY, ENDS - 20 * DAY)
    done = a_later(order_id=1009, issued=issued, version=2)
    ladder.holding(a_valid_order(order_id=1009, version=2), done)
    ladder.walk_days(ENDS - 20 * DAY, 25)
    assert ladder.rungs() == [30]


def test_two_walks_at_once_tell_once() -> None:
    ladder = a_ladder()
    plain, done = ladder.book.commit, []

    def commit(*records: Any) -> None:
        if not done:
            done.append(True)
            ladder.walk(ENDS - 90 * DAY)
        plain(*records)

    ladder.book.commit = commit  # type: ignore[method-assign]
    ladder.walk(ENDS - 90 * DAY)
    assert ladder.rungs() == [90]


@pytest.mark.parametrize("seed", range(6))
def test_days_missed_cuts_and_small_budgets_tell_nothing_twice_and_end_as_they_should(
    seed: int,
) -> None:
    """Runs at random, each of a page at most, killed at random: the rungs only ever go down, and
    the day after the end is told of in the end."""
    chance = random.Random(seed)
    ladder = Ladder()
    for number in range(30):
        ladder.holding(
            a_valid_order(order_id=1000 + number),
            a_valid_certificate(
                an_issued(ENDS + number * DAY / 7),
                order_id=1000 + number,
                certificate_id=5000 + number,
            ),
        )
    at, plain = ENDS - 95 * DAY, ladder.book.commit

    def commit(*records: Any) -> None:
        if chance.random() < 0.2:
            raise TimeoutError
        plain(*records)

    ladder.book.commit = commit  # type: ignore[method-assign]
    while at < ENDS + 10 * DAY:
        at += chance.random() * 3 * DAY
        for _ in range(chance.randrange(8)):
            try:
                ladder.walk(at, limit=chance.randrange(1, 10))
            except TimeoutError:
                continue
    ladder.book.commit = plain  # type: ignore[method-assign]
    ladder.walk(at)
    ladder.walk(at)  # a round of an earlier day may have been under way
    for number in range(30):
        rungs = [days for one, days, _ in ladder.told() if one == 5000 + number]
        assert rungs == sorted(set(rungs), reverse=True)
        assert rungs[-1] == -1


def test_an_order_that_cannot_be_read_keeps_none_behind_it_waiting() -> None:
    lost = a_valid_certificate(order_id=999, certificate_id=4000)
    ladder = a_ladder().with_certificates(lost)
    climbed = ladder.walk(ENDS - 90 * DAY)
    assert ladder.rungs() == [90]
    assert [str(each) for each in climbed.troubles] == ["order 999 cannot be read"]


def test_a_run_ends_in_time_and_the_next_goes_on_from_there() -> None:
    ladder = Ladder().holding(
        a_valid_order(),
        *(a_valid_certificate(certificate_id=5000 + number) for number in range(120)),
    )
    ladder.clock.advance(ENDS - 90 * DAY - MOMENT)
    plain = ladder.book.ending_on

    def slow(*given: Any) -> Any:
        ladder.clock.advance(timedelta(minutes=2))
        return plain(*given)

    ladder.book.ending_on = slow  # type: ignore[method-assign]
    tell_expiry(1000, ports=ladder.ports)
    assert ladder.told() == [], "it got to the days that are nearest"
    for _ in range(5):
        tell_expiry(1000, ports=ladder.ports)
    assert ladder.rungs() == [90]


def test_how_far_the_walk_is_behind_is_counted_in_days() -> None:
    ladder = a_ladder()
    assert ladder.walk(MOMENT).days_behind == 0
    assert ladder.walk(MOMENT + DAY).days_behind == 0
    assert ladder.walk(MOMENT + 5 * DAY, limit=0).days_behind == 0
    assert ladder.walk(MOMENT + 5 * DAY).days_behind == 3
    assert ladder.walk(MOMENT + 5 * DAY).days_behind == 0


def test_the_change_says_which_certificate_and_when_it_ends() -> None:
    ladder = a_ladder()
    ladder.walk(ENDS - 7 * DAY)
    (change,) = [r for r in ladder.book.records.values() if isinstance(r, Change)]
    assert (change.account_id, change.order_id, change.certificate_id) == (1, 1001, 5001)
    assert change.data == {"days": 7, "audience": ADMINISTRATORS, "not_after": ENDS.isoformat()}
