"""What follows an order behind its back: its name rows, and the mark on the order it renews."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import a_certificate, a_change, an_order
from tests.fakes import Cut, FakeBook, Tripwire
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.order import OrderDetails
from vouchsafe.services.indexing import index_change


def _renewing(book: FakeBook, of: int, account_id: int = 1) -> None:
    book.commit(an_order(), a_certificate())
    details = OrderDetails(extras={"renewal_of_order_id": of})
    book.commit(an_order(order_id=1500, account_id=account_id, details=details))


def _placed(order_id: int = 1500, kind: ChangeKind = ChangeKind.ORDER_PLACED) -> Change:
    return replace(a_change(kind=kind), order_id=order_id)


def test_a_placed_order_is_found_by_its_names() -> None:
    book = FakeBook()
    book.commit(an_order())
    assert book.named(1, "example.com", limit=5) == []
    index_change(_placed(1001), ledger=book, names=book, domains=book)
    assert [order.order_id for order in book.named(1, "example.com", limit=5)] == [1001]


def test_a_renewal_marks_the_order_it_renews_once() -> None:
    book = FakeBook()
    _renewing(book, of=1001)
    for _ in range(2):
        index_change(_placed(), ledger=book, names=book, domains=book)
    dossier = book.order(1001)
    assert dossier is not None
    assert dossier.order.renewed_by == 1500
    assert dossier.order.version == 2
    assert book.totals(1)["renewed=1"] == 1


@pytest.mark.parametrize(("of", "account_id"), [(1001, 2), (4711, 1), (1500, 1)])
def test_an_order_that_is_not_there_not_ones_own_or_itself_is_not_marked(
    of: int, account_id: int
) -> None:
    book = FakeBook()
    _renewing(book, of=of, account_id=account_id)
    index_change(_placed(), ledger=book, names=book, domains=book)
    for number in (1001, 1500):
        dossier = book.order(number)
        assert dossier is not None
        assert dossier.order.renewed_by is None


def test_a_change_without_an_order_or_names_is_left_alone() -> None:
    book = FakeBook()
    book.commit(an_order())
    index_change(_placed(1001, ChangeKind.NAME_PROVEN), ledger=book, names=book, domains=book)
    index_change(replace(_placed(), order_id=None), ledger=book, names=book, domains=book)
    index_change(_placed(9999), ledger=book, names=book, domains=book)
    assert book.named(1, "example.com", limit=5) == []


@pytest.mark.parametrize("call", [1, 2, 3, 4])
@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_dies_half_way_leaves_nothing_that_a_second_try_cannot_finish(
    call: int, after: bool
) -> None:
    tripwire = Tripwire(after=after)
    book = FakeBook(tripwire)
    _renewing(book, of=1001)
    tripwire.at = len(tripwire.calls) + call
    with pytest.raises(Cut):
        index_change(_placed(), ledger=book, names=book, domains=book)
    index_change(_placed(), ledger=book, names=book, domains=book)
    dossier = book.order(1001)
    assert dossier is not None
    assert dossier.order.renewed_by == 1500
    assert len(book.named(1, "example.com", limit=5)) == 1
