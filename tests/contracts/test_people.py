"""Containers, addresses and suspended keys: the fake, and the adapter over moto."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import MOMENT, a_user, an_account, an_api_key
from tests.builders_accounts import a_domain_proof, an_organization
from tests.builders_people import a_colleague, a_container, an_address
from vouchsafe.domain.accounts import Role, UserStatus
from vouchsafe.domain.containers import root_of
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.mail_marks import MailMark, MailState
from vouchsafe.services.key_rules import MOST_KEYS


def test_a_container_comes_back_as_it_was_written(book: Any) -> None:
    container = a_container(description="Both", active=False)
    book.ledger.commit(container)
    assert list(book.accounts.containers_of(1)) == [container]
    assert list(book.accounts.containers_of(2)) == []


def test_containers_are_listed_by_number(book: Any) -> None:
    book.ledger.commit(a_container(container_id=100), a_container(container_id=31))
    book.ledger.commit(a_container(container_id=9, account_id=11))
    assert [c.container_id for c in book.accounts.containers_of(1)] == [31, 100]
    assert [c.container_id for c in book.accounts.containers_of(11)] == [9]


def test_a_container_moves_on_from_the_version_before(book: Any) -> None:
    book.ledger.commit(a_container())
    book.ledger.commit(a_container(name="Rentals", version=2))
    with pytest.raises(Conflict):
        book.ledger.commit(a_container(name="Late", version=2))
    assert book.accounts.containers_of(1)[0].name == "Rentals"


class TestStanding:
    """What is read with a container: itself, and everything above it up to the root."""

    @pytest.fixture
    def tree(self, book: Any) -> Any:
        below = a_container(container_id=32, parent_id=31, ancestor_ids=(3, 31), active=False)
        lowest = a_container(container_id=33, parent_id=32, ancestor_ids=(3, 31, 32))
        book.ledger.commit(an_account(), a_container(), below, lowest)
        return book

    @pytest.mark.parametrize(
        ("number", "line"), [(3, [3]), (31, [31, 3]), (32, [32, 31, 3]), (33, [33, 32, 31, 3])]
    )
    def test_the_line_goes_up_to_the_root(self, tree: Any, number: int, line: list[int]) -> None:
        found = tree.ledger.standing(1, container_id=number).line
        assert [each.container_id for each in found] == line
        assert found[-1] == root_of(an_account())
        assert [each.active for each in found] == [each != 32 for each in line]

    @pytest.mark.parametrize("number", [None, 999, 1])
    def test_without_such_a_container_there_is_no_line(self, tree: Any, number: int | None) -> None:
        standing = tree.ledger.standing(1, container_id=number)
        assert (standing.line, standing.account) == ((), an_account())

    def test_a_container_of_another_account_is_none(self, tree: Any) -> None:
        tree.ledger.commit(an_account(account_id=2, root_container_id=4))
        assert tree.ledger.standing(2, container_id=31).line == ()

    def test_an_account_that_is_not_there_has_no_container(self, book: Any) -> None:
        book.ledger.commit(a_container())
        assert book.ledger.standing(1, container_id=31).line == ()

    def test_everything_is_read_together(self, tree: Any) -> None:
        tree.ledger.commit(an_organization(), a_domain_proof())
        standing = tree.ledger.standing(1, ["example.com"], organization_id=601, container_id=31)
        assert standing.organization == an_organization()
        assert list(standing.proofs) == ["example.com"]
        assert [each.container_id for each in standing.line] == [31, 3]


def test_a_person_comes_back_as_written(book: Any) -> None:
    user = a_colleague(username="grace", job_title="Admiral", status=UserStatus.INACTIVE)
    book.ledger.commit(user)
    assert book.accounts.user(1, 12) == user
    book.ledger.commit(replace(user, status=UserStatus.DELETED, version=2))
    assert [each.status for each in book.accounts.users_of(1)] == [UserStatus.DELETED]


def test_an_address_tells_who_took_it_last(book: Any) -> None:
    assert book.accounts.user_email(1, "ada@example.com") is None
    first = an_address(a_user(email="Ada@Example.com"))
    book.ledger.commit(first)
    assert book.accounts.user_email(1, "ada@example.com") == first
    assert book.accounts.user_email(11, "ada@example.com") is None
    with pytest.raises(Conflict):
        book.ledger.commit(replace(first, user_id=12))
    second = replace(first, user_id=12, version=2)
    book.ledger.commit(second)
    assert book.accounts.user_email(1, "ada@example.com") == second


def test_addresses_are_no_people_and_containers_no_keys(book: Any) -> None:
    book.ledger.commit(an_account(), a_user(), an_address(a_user()), a_container(), an_api_key())
    accounts = book.accounts
    assert [len(each(1)) for each in (accounts.users_of, accounts.keys_of)] == [1, 1]


def test_all_keys_a_person_may_have_change_in_one_commit(book: Any) -> None:
    user = a_user()
    keys = [an_api_key(f"key {n}", key_id=n) for n in range(MOST_KEYS)]
    book.ledger.commit(user, an_account())
    for key in keys:
        book.ledger.commit(key)
    after = [replace(k, suspended=True, role=Role.MANAGER, version=2) for k in keys]
    changed = replace(user, status=UserStatus.INACTIVE, version=2)
    book.ledger.commit(changed, *after, replace(an_account(), version=2), an_address(user))
    assert {k.suspended for k in book.accounts.keys_of(1)} == {True}
    assert {book.accounts.key(k.sha256).role for k in keys} == {Role.MANAGER}


def test_marks_on_addresses_are_found_by_account_and_address(book: Any) -> None:
    first = MailMark(account_id=1, email="a@x.com", state=MailState.BOUNCED, since=MOMENT)
    book.ledger.commit(first, replace(first, email="b@x.com"), replace(first, account_id=11))
    found = book.accounts.mail_marks(1, ["a@x.com", "c@x.com", "a@x.com"])
    assert found == {"a@x.com": first}
    assert book.accounts.mail_marks(1, []) == {}
    cleared = replace(first, state=None, version=2)
    book.ledger.commit(cleared)
    with pytest.raises(Conflict):
        book.ledger.commit(cleared)
    assert book.accounts.mail_marks(1, ["a@x.com"]) == {"a@x.com": cleared}
