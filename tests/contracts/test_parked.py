"""Which certificates wait for people: the fake, and the adapter over moto."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_certificate, an_order
from tests.builders_organizations import a_found_validation
from tests.contracts.aws import TABLE
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.domain.certificate import Certificate, CertificateStatus, NamedOrganization
from vouchsafe.domain.parking import Gate, Parked, ParkedCertificate

_WAIT = Parked(
    since=MOMENT,
    until=MOMENT + timedelta(days=90),
    gates=(Gate.AGREEMENT, Gate.ORGANIZATION),
    organization_id=601,
)


def put(book: Any, number: int = 5001, **changed: Any) -> Certificate:
    """A certificate on record, then parked by its second version."""
    certificate = a_certificate(certificate_id=number, **changed)
    book.ledger.commit(certificate)
    waiting = replace(certificate, parked=_WAIT, version=2)
    book.ledger.commit(waiting)
    return waiting


def waiting_of(book: Any, account_id: int = 1) -> list[int]:
    return [row.certificate_id for row in book.parked.parked(account_id)]


def test_what_waits_is_listed_by_its_account_in_the_order_of_the_ids(book: Any) -> None:
    put(book, 5010)
    put(book, 5009)
    put(book, 70)
    put(book, 5011, account_id=2)
    assert waiting_of(book) == [70, 5009, 5010]
    assert waiting_of(book, 2) == [5011]
    assert waiting_of(book, 3) == []


def test_a_row_says_what_is_needed_to_wake_it(book: Any) -> None:
    put(book)
    assert [*book.parked.parked(1)] == [
        ParkedCertificate(account_id=1, order_id=1001, certificate_id=5001, organization_id=601)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"parked": replace(_WAIT, left_at=MOMENT)},
        {"status": CertificateStatus.PROCESSING},
        {"status": CertificateStatus.INVALID},
        {"status": CertificateStatus.CANCELLED},
        {"status": CertificateStatus.AWAITING_APPROVAL},
    ],
)
def test_with_the_end_of_the_wait_the_row_is_gone(book: Any, changed: dict[str, Any]) -> None:
    waiting = put(book)
    over = replace(waiting, version=3, **changed)
    book.ledger.commit(over)
    assert waiting_of(book) == []
    book.ledger.commit(replace(over, version=4))
    assert waiting_of(book) == []


def test_what_waits_again_is_listed_again(book: Any) -> None:
    waiting = put(book)
    book.ledger.commit(replace(waiting, parked=replace(_WAIT, left_at=MOMENT), version=3))
    book.ledger.commit(replace(waiting, version=4))
    assert waiting_of(book) == [5001]


def test_the_wait_and_whom_it_names_come_back_as_they_were_written(book: Any) -> None:
    named = NamedOrganization(organization_id=601, validation=a_found_validation())
    book.ledger.commit(an_order())
    waiting = put(book)
    book.ledger.commit(replace(waiting, named=named, version=3))
    found = book.ledger.order(1001).newest
    assert (found.parked, found.named) == (_WAIT, named)


def test_the_row_stands_under_its_account_and_nothing_else_does(dynamodb: Any) -> None:
    ledger = DynamoLedger(dynamodb, TABLE)
    ledger.commit(a_certificate())
    ledger.commit(a_certificate(parked=_WAIT, version=2))
    keys = {(i["pk"]["S"], i["sk"]["S"]) for i in dynamodb.scan(TableName=TABLE)["Items"]}
    assert ("PARKED#1", "0000005001") in keys
    ledger.commit(a_certificate(parked=replace(_WAIT, left_at=MOMENT), version=3))
    keys = {(i["pk"]["S"], i["sk"]["S"]) for i in dynamodb.scan(TableName=TABLE)["Items"]}
    assert not [key for key in keys if key[0].startswith("PARKED#")]
