"""The ledger remembers the order it saw last, and is never misled by that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import a_certificate, an_order
from tests.contracts.aws import TABLE
from tests.contracts.test_api_calls import _Counting
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.domain.errors import Conflict


def test_an_order_that_was_just_read_or_written_is_not_read_again(dynamodb: Any) -> None:
    counting = _Counting(dynamodb)
    DynamoLedger(counting, TABLE).commit(an_order(), a_certificate())
    ledger = DynamoLedger(counting, TABLE)
    assert ledger.order(1001) is not None
    counting.calls.clear()
    ledger.commit(replace(an_order(), version=2))
    ledger.commit(replace(an_order(), version=3))
    assert len(counting.calls) == 2 and "get_item" not in counting.calls


def test_what_others_wrote_meanwhile_is_a_conflict_all_the_same(dynamodb: Any) -> None:
    mine, theirs = DynamoLedger(dynamodb, TABLE), DynamoLedger(dynamodb, TABLE)
    mine.commit(an_order(), a_certificate())
    theirs.commit(replace(an_order(), version=2))
    with pytest.raises(Conflict):
        mine.commit(replace(an_order(), version=2))
    found = mine.order(1001)
    assert found is not None and found.order.version == 2
