"""Accounts, people, keys, organizations, proofs: the fake, and the adapter over moto."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import a_user, an_account, an_api_key, an_order
from tests.builders_accounts import a_validation, an_organization
from vouchsafe.domain.errors import Conflict


def test_accounts_are_walked_by_id(book: Any) -> None:
    for number in (12, 3, 100_000_000):
        book.ledger.commit(an_account(account_id=number))
    assert [a.account_id for a in book.accounts.accounts_after(0, 2)] == [3, 12]
    assert [a.account_id for a in book.accounts.accounts_after(12, 2)] == [100_000_000]
    assert list(book.accounts.accounts_after(100_000_000, 2)) == []


def test_lists_hold_one_kind_of_one_account_by_id(book: Any) -> None:
    book.ledger.commit(an_account(), an_order())
    book.ledger.commit(a_user(user_id=10), a_user(user_id=9), a_user(user_id=1, account_id=2))
    book.ledger.commit(an_api_key("a", key_id=10), an_api_key("b", key_id=9))
    book.ledger.commit(an_api_key("c", key_id=1, account_id=2))
    book.ledger.commit(an_organization(organization_id=10), an_organization(organization_id=9))
    book.ledger.commit(an_organization(organization_id=1, account_id=2))
    accounts = book.accounts
    assert [user.user_id for user in accounts.users_of(1)] == [9, 10]
    assert [key.key_id for key in accounts.keys_of(1)] == [9, 10]
    assert [each.organization_id for each in accounts.organizations_of(1)] == [9, 10]
    assert list(accounts.users_of(3)) == list(accounts.keys_of(3)) == []


def test_an_organization_comes_back_as_it_was_written(book: Any) -> None:
    organization = an_organization(validations=(a_validation(),), assumed_name="Widgets")
    book.ledger.commit(organization)
    assert book.accounts.organization(1, 601) == organization
    assert book.accounts.organization(2, 601) is None
    assert book.accounts.organizations_of(1) == [organization]


def test_an_organization_moves_on_from_the_version_before(book: Any) -> None:
    book.ledger.commit(an_organization())
    book.ledger.commit(an_organization(version=2, city="Leeds"))
    assert book.accounts.organization(1, 601).city == "Leeds"
    with pytest.raises(Conflict):
        book.ledger.commit(an_organization(version=2, city="Hull"))


def test_a_revoked_key_is_revoked_wherever_it_is_read(book: Any) -> None:
    key = an_api_key(source_ranges=("192.0.2.0/24",))
    book.ledger.commit(key)
    revoked = replace(key, revoked=True, version=2)
    book.ledger.commit(revoked)
    assert book.accounts.key(key.sha256) == revoked
    assert book.accounts.key_of(1, key.key_id) == revoked
    assert book.accounts.keys_of(1) == [revoked]
    assert book.accounts.key_of(2, key.key_id) is None


def test_ids_of_organizations_are_given_too(book: Any) -> None:
    first = book.ledger.allocate(organizations=1).organizations[0]
    assert book.ledger.allocate(organizations=1).organizations[0] > first
