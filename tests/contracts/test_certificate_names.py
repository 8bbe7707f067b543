"""Port Ledger: certificate names are taken with the order they are for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import an_order
from tests.contracts.aws import TABLE
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.domain.certificate_name import CertificateName
from vouchsafe.domain.errors import Conflict

NAME = CertificateName(account_id=1, name="web-shop", order_id=1001)


def test_a_name_that_nobody_took_is_none(book: Any) -> None:
    assert book.ledger.certificate_name(1, "web-shop") is None


def test_a_taken_name_tells_its_order(book: Any) -> None:
    book.ledger.commit(an_order(certificate_name="Web-Shop"), NAME)
    assert book.ledger.certificate_name(1, "web-shop") == NAME
    assert book.ledger.order(1001).order.certificate_name == "Web-Shop"


def test_a_taken_name_keeps_another_order_from_being_written(book: Any) -> None:
    book.ledger.commit(an_order(), NAME)
    with pytest.raises(Conflict):
        book.ledger.commit(an_order(order_id=1002), replace(NAME, order_id=1002))
    assert book.ledger.order(1002) is None
    assert book.ledger.certificate_name(1, "web-shop") == NAME


def test_a_name_is_handed_over_once(book: Any) -> None:
    book.ledger.commit(an_order(), NAME)
    second = replace(NAME, order_id=1002, version=2)
    book.ledger.commit(an_order(order_id=1002), second)
    with pytest.raises(Conflict):
        book.ledger.commit(an_order(order_id=1003), replace(second, order_id=1003))
    assert book.ledger.certificate_name(1, "web-shop") == second
    assert book.ledger.order(1003) is None


def test_names_of_accounts_do_not_meet(book: Any) -> None:
    other = replace(NAME, account_id=2, order_id=1002)
    book.ledger.commit(NAME)
    book.ledger.commit(other)
    assert book.ledger.certificate_name(2, "web-shop") == other
    assert book.ledger.certificate_name(11, "web-shop") is None


def test_a_name_stands_with_its_account(dynamodb: Any) -> None:
    DynamoLedger(dynamodb, TABLE).commit(NAME)
    key = {"pk": {"S": "ACCOUNT#1"}, "sk": {"S": "CERTNAME#web-shop"}}
    item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    assert item["order_id"] == {"N": "1001"}
    assert not [name for name in item if name.startswith("gsi")]
