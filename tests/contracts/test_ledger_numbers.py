"""Port Ledger: used keys, fresh ids, runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from tests.builders import (
    MOMENT,
    a_certificate,
    an_order,
)
from vouchsafe.domain.dossier import IdempotencyRecord
from vouchsafe.domain.errors import Conflict


def a_used_key(**changed: Any) -> IdempotencyRecord:
    record = IdempotencyRecord(
        account_id=1,
        key="please once",
        fingerprint="f" * 64,
        order_id=1001,
        status=201,
        answer={"id": 1001, "certificate_id": 5001, "list": [1, {"x": None}]},
        created_at=MOMENT,
    )
    return replace(record, **changed)


class TestIdempotency:
    def test_a_used_key_is_found_by_its_account_alone(self, book: Any) -> None:
        book.ledger.commit(an_order(), a_used_key())
        assert book.ledger.idempotency(1, "please once") == a_used_key()
        assert book.ledger.idempotency(2, "please once") is None
        assert book.ledger.idempotency(1, "please twice") is None

    def test_parallel_twins_make_one_order(self, book: Any) -> None:
        def place(order_id: int) -> bool:
            try:
                book.ledger.commit(an_order(order_id=order_id), a_used_key(order_id=order_id))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            placed = list(pool.map(place, [1, 2, 3, 4]))
        assert placed.count(True) == 1
        made = [number for number in (1, 2, 3, 4) if book.ledger.order(number)]
        assert made == [book.ledger.idempotency(1, "please once").order_id]

    def test_a_key_may_be_any_text(self, book: Any) -> None:
        odd = "ключ#with spaces " + "x" * 3000
        book.ledger.commit(a_used_key(key=odd))
        assert book.ledger.idempotency(1, odd).key == odd


class TestNumbers:
    def test_ids_grow_within_a_call_and_from_call_to_call(self, book: Any) -> None:
        first = book.ledger.allocate(orders=3, certificates=1)
        second = book.ledger.allocate(orders=2, requests=1)
        ids = [*first.orders, *second.orders]
        assert len(ids) == 5
        assert ids == sorted(set(ids))
        assert min(ids) > 0
        assert max(ids) < 2**31
        assert (len(first.certificates), len(first.requests)) == (1, 0)
        assert (len(second.certificates), len(second.requests)) == (0, 1)

    def test_asking_for_nothing_gives_nothing(self, book: Any) -> None:
        assert book.ledger.allocate().orders == ()

    def test_ids_given_at_once_are_all_different(self, book: Any) -> None:
        with ThreadPoolExecutor(4) as pool:
            given = pool.map(lambda _: book.ledger.allocate(orders=2).orders, range(20))
        ids = [each for pair in given for each in pair]
        assert len(set(ids)) == 40

    def test_runs_count_from_one_for_each_certificate(self, book: Any) -> None:
        assert [book.ledger.next_run(1001, 5001) for _ in range(3)] == [1, 2, 3]
        assert book.ledger.next_run(1001, 5002) == 1

    def test_the_last_run_is_the_one_given_last_for_that_certificate(self, book: Any) -> None:
        assert book.ledger.last_run(1001, 5001) == 0
        given = [book.ledger.next_run(1001, 5001) for _ in range(3)]
        assert book.ledger.last_run(1001, 5001) == given[-1]
        assert book.ledger.last_run(1001, 5002) == 0

    def test_runs_given_at_once_are_all_different(self, book: Any) -> None:
        with ThreadPoolExecutor(4) as pool:
            runs = list(pool.map(lambda _: book.ledger.next_run(1001, 5001), range(20)))
        assert sorted(runs) == list(range(1, 21))

    def test_an_order_that_ran_reads_as_before(self, book: Any) -> None:
        book.ledger.commit(an_order(), a_certificate())
        before = book.ledger.order(1001)
        book.ledger.next_run(1001, 5001)
        assert book.ledger.order(1001) == before
