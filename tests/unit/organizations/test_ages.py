"""A validation's age is told once 30 days before its end, and once at its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.builders_accounts import a_validation, an_organization
from tests.fakes import FakeBook, FrozenClock, SeededEntropy
from vouchsafe.domain.ages import ageing_due
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.organization import OrganizationCheck
from vouchsafe.services.ageing import Aged, tell_ages

ENDS = MOMENT + timedelta(days=100)
EXPIRING, EXPIRED = ChangeKind.ORGANIZATION_EXPIRING, ChangeKind.ORGANIZATION_EXPIRED


class Office:
    """Organizations that grow old, and whoever looks at them."""

    def __init__(self, *validations: Any) -> None:
        self.book = FakeBook()
        self.clock = FrozenClock(MOMENT)
        self.entropy = SeededEntropy()
        self.book.commit(an_organization(validations=validations))

    def look(self, at: datetime) -> Aged:
        self.clock.advance(at - self.clock.now())
        return tell_ages(
            accounts=self.book,
            reviews=self.book,
            ledger=self.book,
            clock=self.clock,
            entropy=self.entropy,
        )

    def told(self) -> list[tuple[ChangeKind, Any]]:
        changes = [r for r in self.book.records.values() if isinstance(r, Change)]
        return [(each.kind, each.data["check"]) for each in changes]


def test_each_notice_is_given_once_when_it_is_due() -> None:
    office = Office(a_validation(validated_until=ENDS))
    before = ENDS - timedelta(days=30)
    assert office.look(before - timedelta(seconds=1)) == Aged(seen=0, told=0)
    assert office.look(before) == Aged(seen=1, told=1)
    assert office.look(before + timedelta(days=1)) == Aged(seen=0, told=0)
    assert office.look(ENDS) == Aged(seen=1, told=1)
    assert office.look(ENDS + timedelta(days=9)) == Aged(seen=0, told=0)
    assert office.told() == [(EXPIRING, "ov"), (EXPIRED, "ov")]


def test_who_was_away_for_long_tells_the_end_alone() -> None:
    office = Office(a_validation(validated_until=ENDS))
    office.look(ENDS + timedelta(days=3))
    assert office.told() == [(EXPIRED, "ov")]


def test_a_change_names_the_organization_and_its_day() -> None:
    office = Office(a_validation(validated_until=ENDS))
    office.look(ENDS)
    (change,) = [r for r in office.book.records.values() if isinstance(r, Change)]
    assert (change.account_id, change.actor, change.subject) == (1, "system", "organization 601")
    assert change.data["validated_until"] == ENDS.isoformat()


def test_what_another_validation_outlives_is_not_told() -> None:
    office = Office(
        a_validation(validated_until=ENDS),
        a_validation(check=OrganizationCheck.EV, validated_until=ENDS + timedelta(days=1)),
    )
    assert office.look(ENDS + timedelta(days=2)).told == 1
    assert office.told() == [(EXPIRED, "ev")]


def test_ov_does_not_outlive_ev() -> None:
    office = Office(
        a_validation(validated_until=ENDS + timedelta(days=50)),
        a_validation(check=OrganizationCheck.EV, validated_until=ENDS),
    )
    office.look(ENDS)
    assert office.told() == [(EXPIRED, "ev")]


def test_two_looks_at_once_tell_once() -> None:
    office = Office(a_validation(validated_until=ENDS))
    plain, done = office.book.commit, []

    def commit(*records: Any) -> None:
        if not done:
            done.append(True)
            office.look(ENDS)
        plain(*records)

    office.book.commit = commit  # type: ignore[method-assign]
    assert office.look(ENDS).told == 0
    assert office.told() == [(EXPIRED, "ov")]


@pytest.mark.parametrize(
    ("validations", "due"),
    [
        ((), None),
        ((a_validation(validated_until=ENDS),), ENDS - timedelta(days=30)),
        ((a_validation(validated_until=ENDS, told=1),), ENDS),
        ((a_validation(validated_until=ENDS, told=2),), None),
        (
            (
                a_validation(validated_until=ENDS, told=2),
                a_validation(check=OrganizationCheck.EV, validated_until=ENDS + timedelta(9)),
            ),
            ENDS - timedelta(days=21),
        ),
    ],
)
def test_the_next_notice_is_the_earliest_not_given(
    validations: tuple[Any, ...], due: datetime | None
) -> None:
    assert ageing_due(an_organization(validations=validations)) == due
