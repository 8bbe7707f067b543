"""An account's requests as a list: the same over the fake and over DynamoDB."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, a_request
from vouchsafe.domain.requests import RequestStatus


def _requests(book: Any) -> None:
    for number in range(4):
        status = RequestStatus.PENDING if number % 2 else RequestStatus.REJECTED
        created = MOMENT + timedelta(minutes=number)
        book.ledger.commit(a_request(request_id=301 + number, status=status, created_at=created))
    book.ledger.commit(a_request(request_id=401, account_id=2))


def test_requests_are_listed_newest_first(book: Any) -> None:
    _requests(book)
    found = book.ledger.requests_of(1, status=None, limit=3)
    assert [request.request_id for request in found] == [304, 303, 302]


def test_requests_are_listed_by_status(book: Any) -> None:
    _requests(book)
    found = book.ledger.requests_of(1, status=RequestStatus.PENDING, limit=10)
    assert [request.request_id for request in found] == [304, 302]


def test_an_account_without_requests_has_an_empty_list(book: Any) -> None:
    _requests(book)
    assert list(book.ledger.requests_of(3, status=None, limit=10)) == []
