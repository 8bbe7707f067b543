"""Port Expiries: certificates by the day of their end; what was told; the place of the walk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.unit.clockwork.world import DAY, ENDS, a_valid_certificate, an_issued, pack_of
from vouchsafe.domain.certificate import Certificate, CertificateStatus, Revoked
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.expiry import Ending, LadderCursor, Reminded, day_of
from vouchsafe.domain.revocation import RevocationReason

THE_DAY = day_of(ENDS)


def add(book: Any, *certificates: Certificate) -> None:
    for each in certificates:
        book.ledger.commit(each, pack_of(each))


def of(number: int, not_after: datetime = ENDS) -> Certificate:
    issued = an_issued(not_after)
    return a_valid_certificate(issued, certificate_id=5000 + number, order_id=1000 + number)


def walked(book: Any, day: datetime = THE_DAY, limit: int = 3) -> list[Ending]:
    """Everything of a day, page by page."""
    found: list[Ending] = []
    place: str | None = ""
    while place is not None:
        rows, place = book.expiries.ending_on(day, place, limit)
        assert len(rows) <= limit
        found += rows
    return found


def test_a_day_has_the_valid_certificates_that_end_on_it_each_once(book: Any) -> None:
    own = [of(number, ENDS + timedelta(minutes=number % 3)) for number in range(25)]
    add(book, *own, of(50, THE_DAY - timedelta(seconds=1)), of(51, THE_DAY + DAY))
    add(book, replace(of(52), status=CertificateStatus.PENDING, issued=None))
    found = walked(book)
    assert len(found) == len(own)
    assert {each.certificate_id: each.not_after for each in found} == {
        each.certificate_id: each.issued.not_after for each in own if each.issued
    }
    assert all(each.order_id == each.certificate_id - 4000 for each in found)


def test_the_first_and_the_last_moment_of_a_day_belong_to_it(book: Any) -> None:
    add(book, of(1, THE_DAY), of(2, THE_DAY + DAY - timedelta(microseconds=1)))
    assert {each.certificate_id for each in walked(book)} == {5001, 5002}


def test_a_day_without_any_is_empty(book: Any) -> None:
    assert walked(book) == []


def test_a_revoked_certificate_ends_on_no_day(book: Any) -> None:
    add(book, of(1))
    gone = Revoked(revoked_at=MOMENT, reason=RevocationReason.UNSPECIFIED, request_id=1)
    book.ledger.commit(replace(of(1), status=CertificateStatus.REVOKED, revoked=gone, version=2))
    assert walked(book) == []


def test_what_was_told_is_found_by_certificate(book: Any) -> None:
    endings = [Ending(order_id=1000 + n, certificate_id=5000 + n, not_after=ENDS) for n in (1, 2)]
    told = Reminded(order_id=1001, certificate_id=5001, rung=30, told_at=MOMENT)
    assert book.expiries.reminded(endings) == {}
    book.ledger.commit(told)
    assert book.expiries.reminded(endings) == {5001: told}
    lower = replace(told, rung=-1, version=2)
    book.ledger.commit(lower)
    assert book.expiries.reminded(endings) == {5001: lower}


def test_of_two_that_tell_the_same_one_is_refused(book: Any) -> None:
    told = Reminded(order_id=1001, certificate_id=5001, rung=30, told_at=MOMENT)
    book.ledger.commit(told)
    with pytest.raises(Conflict):
        book.ledger.commit(told)


def test_the_cursor_is_kept_and_moves_one_version_at_a_time(book: Any) -> None:
    assert book.expiries.ladder() is None
    cursor = LadderCursor(done=THE_DAY)
    book.ledger.commit(cursor)
    under_way = replace(cursor, round_of=THE_DAY + DAY, day=2, place="3/x", version=2)
    book.ledger.commit(under_way)
    assert book.expiries.ladder() == under_way
    with pytest.raises(Conflict):
        book.ledger.commit(under_way)
    over = LadderCursor(done=THE_DAY + DAY, version=3)
    book.ledger.commit(over)
    assert book.expiries.ladder() == over
