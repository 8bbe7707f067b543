"""Blocked keys, uses of keys and bulk revocations: the fake, and the adapter over moto."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_certificate
from tests.builders_keys import LATER, SOME_KEY, a_blocked_key, a_bulk, a_use
from tests.contracts.aws import TABLE
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.domain.bulk_revocation import BulkStatus
from vouchsafe.domain.errors import Conflict

OTHER_KEY = "0d" * 32


def test_a_key_is_blocked_from_the_commit_on_and_only_once(book: Any) -> None:
    assert book.ledger.blocked_key(SOME_KEY) is None
    block = a_blocked_key()
    book.ledger.commit(block)
    assert book.ledger.blocked_key(SOME_KEY) == block
    assert book.ledger.blocked_key(OTHER_KEY) is None
    with pytest.raises(Conflict):
        book.ledger.commit(block)


def test_the_block_of_a_key_is_read_along_with_the_account(book: Any) -> None:
    book.ledger.commit(a_blocked_key())
    assert book.ledger.standing(1, ("example.com",), key=SOME_KEY).blocked == a_blocked_key()
    assert book.ledger.standing(1, key=OTHER_KEY).blocked is None
    assert book.ledger.standing(1).blocked is None


def test_the_uses_of_a_key_come_by_certificate_id_behind_the_last_one(book: Any) -> None:
    for use in (
        a_use(5002),
        a_use(70),
        a_use(5001, account_id=2, order_id=1002),
        a_use(5003, spki_sha256=OTHER_KEY),
    ):
        book.ledger.commit(use)
    book.ledger.commit(a_blocked_key())
    found = book.keys.uses_of_key(SOME_KEY, 0, 10)
    assert [use.certificate_id for use in found] == [70, 5001, 5002]
    assert (found[1].account_id, found[1].order_id) == (2, 1002)
    assert [u.certificate_id for u in book.keys.uses_of_key(SOME_KEY, 70, 1)] == [5001]
    assert book.keys.uses_of_key(SOME_KEY, 5002, 10) == []


def test_no_use_is_written_once_the_key_is_blocked(book: Any) -> None:
    book.ledger.commit(a_blocked_key())
    with pytest.raises(Conflict):
        book.ledger.commit(a_certificate(), a_use())
    assert book.ledger.order_of_certificate(5001) is None
    assert book.keys.uses_of_key(SOME_KEY, 0, 10) == []


def test_a_later_claim_of_the_same_certificate_takes_the_place_of_the_first(book: Any) -> None:
    book.ledger.commit(a_use())
    book.ledger.commit(a_use(claimed_at=LATER))
    assert book.keys.uses_of_key(SOME_KEY, 0, 10) == [a_use(claimed_at=LATER)]
    assert book.keys.uses_of_issuer("test-ec-1", MOMENT, LATER, 10) == [a_use(claimed_at=LATER)]


def test_what_an_issuer_made_is_found_by_time(book: Any) -> None:
    uses = [a_use(5001 + n, claimed_at=MOMENT + timedelta(minutes=n)) for n in range(4)]
    for use in (*uses, a_use(5010, issuer_id="test-rsa-1")):
        book.ledger.commit(use)
    span = (MOMENT + timedelta(minutes=1), MOMENT + timedelta(minutes=2))
    assert book.keys.uses_of_issuer("test-ec-1", *span, 10) == uses[1:3]
    assert book.keys.uses_of_issuer("test-ec-1", MOMENT, span[1], 2) == uses[:2]
    assert book.keys.uses_of_issuer("nobody", MOMENT, span[1], 10) == []


def test_what_an_account_was_given_is_found_by_time(book: Any) -> None:
    uses = [a_use(5001 + n, claimed_at=MOMENT + timedelta(minutes=n)) for n in range(4)]
    for use in (*uses, a_use(5010, account_id=2)):
        book.ledger.commit(use)
    last = MOMENT + timedelta(minutes=2)
    assert book.keys.uses_of_account(1, MOMENT + timedelta(minutes=1), last, 10) == uses[1:3]
    assert book.keys.uses_of_account(1, MOMENT, last, 2) == uses[:2]
    assert book.keys.uses_of_account(3, MOMENT, last, 2) == []


def test_a_sweep_is_open_while_it_is_due(book: Any) -> None:
    block = a_blocked_key()
    other = a_blocked_key(spki_sha256=OTHER_KEY, sweep_due=None)
    book.ledger.commit(block, other)
    assert book.keys.open_sweeps(MOMENT, 10) == []
    assert book.keys.open_sweeps(LATER, 10) == [block]
    book.ledger.commit(replace(block, sweep_due=None, swept_to=5001, version=2))
    assert book.keys.open_sweeps(LATER, 10) == []
    assert book.ledger.blocked_key(SOME_KEY).swept_to == 5001


def test_a_bulk_revocation_is_found_by_its_token_and_open_while_it_runs(book: Any) -> None:
    bulk = a_bulk()
    book.ledger.commit(bulk)
    assert book.keys.bulk_revocation(bulk.bulk_id) == bulk
    assert book.keys.bulk_revocation("01KAK0000000000000000000B2") is None
    assert book.keys.open_bulks(LATER, 10) == []
    running = replace(bulk, status=BulkStatus.RUNNING, due_at=MOMENT, version=2)
    book.ledger.commit(running)
    assert book.keys.open_bulks(LATER, 10) == [running]
    book.ledger.commit(replace(running, status=BulkStatus.DONE, due_at=None, version=3))
    assert book.keys.open_bulks(LATER, 10) == []


def test_a_key_and_its_uses_share_a_partition(dynamodb: Any) -> None:
    ledger = DynamoLedger(dynamodb, TABLE)
    ledger.commit(a_use(), a_bulk())
    ledger.commit(a_blocked_key())
    found = {(i["pk"]["S"], i["sk"]["S"]): i for i in dynamodb.scan(TableName=TABLE)["Items"]}
    partition = f"SPKI#{SOME_KEY}"
    assert found.keys() == {
        (partition, "BLOCKED"),
        (partition, "USE#0000005001"),
        ("BULK#01KAK0000000000000000000B1", "BULK"),
    }
    assert found[partition, "BLOCKED"]["gsi3pk"] == {"S": "SWEEPS"}
    assert found[partition, "USE#0000005001"]["gsi1pk"] == {"S": "ISSUED#test-ec-1#1"}
