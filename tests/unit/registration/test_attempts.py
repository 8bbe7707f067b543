"""Changing what others change at the same moment: tried how often, and given up when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from tests.builders import MOMENT, an_order
from tests.fakes import FakeBook, FrozenClock
from vouchsafe.domain.errors import Conflict, Unavailable
from vouchsafe.domain.order import Order
from vouchsafe.ports import Record
from vouchsafe.services.attempts import ATTEMPTS, attempted, undisturbed
from vouchsafe.services.idempotency import OnceOnly, Token, recall, used

TOKEN = Token(account_id=1, key="k-1", fingerprint="f")
ONCE = OnceOnly[Order](token=TOKEN, render=lambda order: (201, {"id": order.order_id}))


class _Contested:
    """An order that others write `rivals` times, each time between our reading and our writing."""

    def __init__(self, rivals: int) -> None:
        self.rivals = rivals
        self.reads = 0
        self.book = FakeBook()
        self.book.commit(an_order())

    def renamed(self, _now: datetime) -> tuple[Order, Sequence[Record]]:
        self.reads += 1
        dossier = self.book.order(1001)
        assert dossier is not None
        order = dossier.order
        if self.reads <= self.rivals:
            self.book.commit(replace(order, version=order.version + 1))
        mine = replace(order, renewed_by=7, version=order.version + 1)
        return mine, (mine,)

    def attempt(self, once: OnceOnly[Order] | None = None) -> Order:
        return attempted(
            self.renamed,
            once=once,
            order_id=1001,
            what="order 1001",
            ledger=self.book,
            clock=FrozenClock(MOMENT),
        )


@pytest.mark.parametrize("rivals", [0, 1, ATTEMPTS - 1])
def test_what_others_changed_meanwhile_is_read_again(rivals: int) -> None:
    contested = _Contested(rivals)
    made = contested.attempt()
    dossier = contested.book.order(1001)
    assert dossier is not None and dossier.order == made
    assert (made.renewed_by, made.version) == (7, rivals + 2)
    assert contested.reads == rivals + 1


def test_it_is_given_up_after_so_many_attempts_and_says_what_was_in_the_way() -> None:
    contested = _Contested(rivals=ATTEMPTS)
    with pytest.raises(Unavailable, match="^order 1001 is being changed by others$"):
        contested.attempt()
    assert contested.reads == ATTEMPTS


def test_a_key_is_recorded_with_what_it_made_and_with_its_order() -> None:
    contested = _Contested(rivals=1)
    contested.attempt(ONCE)
    record = recall(TOKEN, ledger=contested.book)
    assert record is not None
    assert (record.order_id, record.status, record.answer) == (1001, 201, {"id": 1001})


def test_a_twin_under_the_same_key_ends_the_attempts() -> None:
    contested = _Contested(rivals=0)
    contested.book.commit(*used(ONCE, an_order(), MOMENT))
    with pytest.raises(Conflict):
        contested.attempt(ONCE)
    assert contested.reads == 1
    dossier = contested.book.order(1001)
    assert dossier is not None and dossier.order.renewed_by is None


def test_without_records_and_key_nothing_is_committed() -> None:
    class Unwritten(FakeBook):
        def commit(self, *records: Record) -> None:
            raise AssertionError(records)

    made = attempted(
        lambda _: ("seen", ()), what="it", ledger=Unwritten(), clock=FrozenClock(MOMENT)
    )
    assert made == "seen"


def test_an_attempt_without_an_end_says_what_happens_meanwhile() -> None:
    tried = []

    def attempt() -> None:
        tried.append(len(tried))
        raise Conflict

    with pytest.raises(Unavailable, match="^mail 3 is being answered by others$"):
        undisturbed(attempt, what="mail 3", meanwhile="is being answered by others", attempts=2)
    assert len(tried) == 2
