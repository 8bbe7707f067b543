"""Port Desks: one certificate with all that its issue rests on, over the fake and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import a_certificate, an_account, an_authorization, an_order
from tests.builders_accounts import an_organization
from vouchsafe.domain.desk import Desk, Hint
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.policy_lists import PolicyLists

RIGHT = Hint(1, 9)


def some_names(count: int) -> Authorizations:
    items = tuple(an_authorization(f"n{n}.example.com") for n in range(count))
    return Authorizations(order_id=1001, certificate_id=5001, items=items)


def filled(book: Any, names: int = 2) -> Any:
    order = replace(an_order(), organization_id=9)
    book.ledger.commit(order, a_certificate(), some_names(names))
    book.ledger.commit(an_account(), an_organization(organization_id=9))
    return book.ledger


def desk_of(ledger: Any, hint: Hint) -> Desk:
    found = ledger.desk(1001, 5001, hint)
    assert found is not None
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize("hint", [RIGHT, Hint(), Hint(2, 9), Hint(1, 8)], ids=str)
def test_whatever_the_hint_the_desk_holds_what_stands(book: Any, hint: Hint) -> None:
    ledger = filled(book)
    desk = desk_of(ledger, hint)
    whole = ledger.order(1001)
    assert desk.dossier.order == whole.order
    assert desk.dossier.certificates == (whole.certificate(5001),)
    assert desk.dossier.authorizations == {5001: whole.authorizations[5001]}
    assert desk.standing == ledger.standing(1, organization_id=9)
    assert desk.lists == PolicyLists()


@pytest.mark.parametrize("names", [1, 25, 26, 250, 260])
def test_all_names_are_on_the_desk(book: Any, names: int) -> None:
    ledger = filled(book, names)
    assert len(desk_of(ledger, RIGHT).dossier.authorizations[5001]) == names


def test_another_certificate_of_the_order_is_not_on_the_desk(book: Any) -> None:
    ledger = filled(book)
    other = a_certificate(certificate_id=5002)
    ledger.commit(other)
    assert len(desk_of(ledger, RIGHT).dossier.certificates) == 1
    found = ledger.desk(1001, 5002, RIGHT)
    assert found.dossier.certificates == (other,)
    assert found.dossier.authorizations == {}


def test_an_order_or_a_certificate_that_is_not_there_has_no_desk(book: Any) -> None:
    ledger = filled(book)
    assert ledger.desk(1002, 5001, RIGHT) is None
    assert ledger.desk(1001, 5003, RIGHT) is None


def test_what_was_read_for_the_desk_is_what_a_commit_counts_from(book: Any) -> None:
    ledger = filled(book)
    order = desk_of(ledger, RIGHT).dossier.order
    ledger.commit(replace(order, version=order.version + 1))
    assert desk_of(ledger, RIGHT).dossier.order.version == order.version + 1
