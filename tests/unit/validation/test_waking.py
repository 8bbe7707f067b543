"""A decision wakes what waited for it: twice does no harm, and trouble with one stops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT, a_certificate, a_change
from tests.fakes import FakeBook, FakeWorkflow
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.parking import Gate, Parked
from vouchsafe.services.parked import MOST_BY_CALL, wake, wake_after


def parked(*numbers: int, organization_id: int = 601, account_id: int = 1) -> FakeBook:
    return park(FakeBook(), *numbers, organization_id=organization_id, account_id=account_id)


def park(book: FakeBook, *numbers: int, organization_id: int, account_id: int) -> FakeBook:
    wait = Parked(
        since=MOMENT,
        until=MOMENT + timedelta(days=90),
        gates=(Gate.ORGANIZATION,),
        organization_id=organization_id,
    )
    for number in numbers:
        certificate = a_certificate(
            certificate_id=number, order_id=number - 4000, account_id=account_id, parked=wait
        )
        book.commit(certificate)
    return book


class Troubled(FakeWorkflow):
    """Cannot start some orders."""

    def __init__(self, *orders: int) -> None:
        super().__init__()
        self.troubled = set(orders)

    def start_order(self, order_id: int, certificate_id: int, run: int) -> None:
        if order_id in self.troubled:
            raise Unavailable("the machines are away")
        super().start_order(order_id, certificate_id, run)


def approved(**data: object) -> Change:
    return a_change(kind=ChangeKind.ORGANIZATION_VALIDATED, order_id=None, data=data)


def test_every_certificate_that_waits_gets_a_run_nobody_had() -> None:
    book, workflow = parked(5001, 5002), FakeWorkflow()
    assert wake(1, parked=book, ledger=book, workflow=workflow) == 2
    assert workflow.orders == [(1001, 5001, 2), (1002, 5002, 2)]
    wake(1, parked=book, ledger=book, workflow=workflow)
    assert workflow.orders[2:] == [(1001, 5001, 3), (1002, 5002, 3)]


def test_other_accounts_and_other_organizations_sleep_on() -> None:
    book, workflow = parked(5001), FakeWorkflow()
    park(book, 5002, organization_id=602, account_id=1)
    park(book, 5003, organization_id=601, account_id=2)
    woken = wake(1, organization_id=601, parked=book, ledger=book, workflow=workflow)
    assert (woken, workflow.orders) == (1, [(1001, 5001, 2)])


def test_a_call_wakes_no_more_than_it_has_time_for() -> None:
    book, workflow = parked(*range(5001, 5100)), FakeWorkflow()
    assert wake(1, parked=book, ledger=book, workflow=workflow) == MOST_BY_CALL


def test_trouble_with_one_keeps_the_others_asleep_no_longer() -> None:
    book, workflow = parked(5001, 5002, 5003), Troubled(1002)
    assert wake(1, parked=book, ledger=book, workflow=workflow) == 2
    assert [each[0] for each in workflow.orders] == [1001, 1003]


def test_the_change_of_a_decision_wakes_all_and_says_when_it_could_not() -> None:
    book, workflow = parked(*range(5001, 5100)), Troubled(1050)
    change = approved(organization_id=601)
    with pytest.raises(Unavailable):
        wake_after(change, parked=book, ledger=book, workflow=workflow)
    assert len(workflow.orders) == 98
    workflow.troubled.clear()
    assert wake_after(change, parked=book, ledger=book, workflow=workflow) == 99


@pytest.mark.parametrize(
    ("kind", "woken"),
    [
        (ChangeKind.ORGANIZATION_VALIDATED, 1),
        (ChangeKind.ORGANIZATION_CHANGED, 1),
        (ChangeKind.AGREEMENT_ACCEPTED, 2),
        (ChangeKind.CLEARANCE_GIVEN, 2),
        (ChangeKind.ORGANIZATION_REJECTED, 0),
        (ChangeKind.ORDER_PLACED, 0),
    ],
)
def test_only_decisions_that_open_a_gate_wake(kind: ChangeKind, woken: int) -> None:
    book, workflow = parked(5001), FakeWorkflow()
    park(book, 5002, organization_id=602, account_id=1)
    about = kind.value.startswith("organization")
    data: dict[str, object] = {"organization_id": 601} if about else {}
    change = a_change(kind=kind, data=data, after={"is_active": True})
    assert wake_after(change, parked=book, ledger=book, workflow=workflow) == woken


@pytest.mark.parametrize("after", [{"contacts": [1, 2]}, {"is_active": False}])
def test_people_who_come_and_go_and_an_end_of_use_wake_nothing(after: dict[str, object]) -> None:
    """Nothing opens by that, and each run costs: nobody makes a thousand by adding a contact."""
    book, workflow = parked(5001), FakeWorkflow()
    change = a_change(
        kind=ChangeKind.ORGANIZATION_CHANGED, data={"organization_id": 601}, after=after
    )
    assert wake_after(change, parked=book, ledger=book, workflow=workflow) == 0
    assert workflow.orders == []
