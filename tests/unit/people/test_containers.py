"""Containers: a tree without cycles, bounded; closed with all below; where new things go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders_people import a_container
from tests.unit.people.test_users import refusal
from tests.unit.people.world import World, a_caller, a_profile
from vouchsafe.domain.accounts import Account, Role
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.containers import MOST_CONTAINERS, MOST_LEVELS, Container
from vouchsafe.domain.errors import Conflict, ErrorCode, Flaw, VouchsafeError
from vouchsafe.services.container_changes import NewPerson
from vouchsafe.services.containers import owned, placing

OTHERS = [role for role in Role if role not in {Role.OPERATOR, Role.ADMINISTRATOR}]


@pytest.fixture
def world() -> World:
    return World()


def chain(world: World, levels: int) -> list[int]:
    """Containers one in another, the first in the root; their ids."""
    ids, parent = [], 3
    for level in range(levels):
        parent = world.make(parent, name=f"Level {level + 1}").container_id
        ids.append(parent)
    return ids


class TestMaking:
    def test_a_container_knows_all_that_is_above_it(self, world: World) -> None:
        first, second = chain(world, 2)
        made = owned(second, a_caller(), ledger=world.book)
        assert (made.parent_id, made.ancestor_ids, made.active) == (first, (3, first), True)
        assert world.told.subject == f"container {second}"
        assert world.told.after == {
            "parent_id": first,
            "name": "Level 2",
            "active": True,
        }

    def test_there_are_so_many_levels(self, world: World) -> None:
        lowest = chain(world, MOST_LEVELS)[-1]
        assert refusal(world.make, lowest) == (ErrorCode.CONFLICT, "container")

    def test_there_are_so_many_containers(self, world: World) -> None:
        for number in range(1000, 1000 + MOST_CONTAINERS - 2):
            world.book.commit(a_container(container_id=number))
        world.make()
        assert refusal(world.make) == (ErrorCode.CONFLICT, "container")

    def test_none_is_made_in_a_closed_one_or_below_it(self, world: World) -> None:
        first, second = chain(world, 2)
        world.switch(first, active=False)
        for parent in (first, second):
            assert refusal(world.make, parent) == (ErrorCode.CONFLICT, "container")

    @pytest.mark.parametrize("parent", [4, 32, 999])
    def test_a_foreign_parent_is_an_unknown_one(self, world: World, parent: int) -> None:
        world.book.commit(a_container(container_id=32, account_id=2))
        assert refusal(world.make, parent) == (ErrorCode.NOT_FOUND, "container")

    def test_two_made_at_once_are_counted_one_by_one(self, world: World) -> None:
        containers_of, done = world.book.containers_of, []

        def late(account_id: int) -> Any:
            found = containers_of(account_id)
            if not done:
                done.append(True)
                world.make(name="in between")
            return found

        world.book.containers_of = late  # type: ignore[method-assign]
        before: Account = world.book.records[Account, 1]
        world.make()
        after: Account = world.book.records[Account, 1]
        assert after.version == before.version + 2

    def test_its_first_person_comes_with_it(self, world: World) -> None:
        somebody = NewPerson(profile=a_profile(), role=Role.MANAGER)
        made = world.make(somebody=somebody)
        (user,) = [u for u in world.book.users_of(1) if u.container_id == made.container_id]
        assert (user.email, user.role) == ("jill@example.com", Role.MANAGER)
        kinds = [r.kind for r in world.book.records.values() if isinstance(r, Change)]
        assert kinds == [ChangeKind.CONTAINER_CREATED, ChangeKind.USER_CREATED]

    def test_with_a_person_who_cannot_be_there_is_no_container(self, world: World) -> None:
        before = dict(world.book.records)
        somebody = NewPerson(profile=a_profile(email="ada@example.com"), role=Role.MANAGER)
        assert refusal(world.make, somebody=somebody)[0] is ErrorCode.INVALID
        assert world.book.records == before


class TestChanging:
    def test_a_new_name_is_told(self, world: World) -> None:
        world.describe(31, "Rentals")
        assert (world.told.before, world.told.after) == ({"name": "Sales"}, {"name": "Rentals"})
        world.describe(31, None, "All of them")
        found = owned(31, a_caller(), ledger=world.book)
        assert (found.name, found.description, found.version) == ("Rentals", "All of them", 3)

    def test_what_is_so_already_writes_nothing(self, world: World) -> None:
        before = dict(world.book.records)
        world.describe(31, "Sales")
        world.switch(31, active=True)
        assert world.book.records == before

    def test_the_root_is_the_account_itself(self, world: World) -> None:
        for act in (lambda: world.describe(3, "New"), lambda: world.switch(3, active=False)):
            assert refusal(act) == (ErrorCode.CONFLICT, "container")

    @pytest.mark.parametrize("number", [32, 999])
    def test_a_foreign_one_is_an_unknown_one(self, world: World, number: int) -> None:
        world.book.commit(a_container(container_id=32, account_id=2))
        for act in (
            lambda: world.describe(number, "New"),
            lambda: world.switch(number, active=False),
        ):
            assert refusal(act) == (ErrorCode.NOT_FOUND, "container")

    def test_who_lost_a_race_looks_again(self, world: World) -> None:
        commit, done = world.book.commit, []

        def late(*records: Any) -> None:
            if not done:
                done.append(True)
                world.describe(31, "In between")
                raise Conflict("too late")
            commit(*records)

        world.book.commit = late  # type: ignore[method-assign]
        world.switch(31, active=False)
        found: Container = world.book.records[Container, 1, 31]
        assert (found.name, found.active) == ("In between", False)


class TestPlacing:
    @pytest.mark.parametrize("given", [None, 0])
    @pytest.mark.parametrize("own", [3, 31])
    def test_nothing_given_means_ones_own(self, world: World, own: int, given: int | None) -> None:
        found = placing(given, a_caller(container_id=own), ledger=world.book)
        assert isinstance(found, Container)
        assert (found.container_id, found.name) == (own, {3: "Example Ltd", 31: "Sales"}[own])

    @pytest.mark.parametrize("role", OTHERS)
    def test_ones_own_and_what_is_below_it(self, world: World, role: Role) -> None:
        first, second, third = chain(world, 3)
        sibling = world.make().container_id
        may = {first: [first, second, third], second: [second, third], sibling: [sibling]}
        for own, allowed in may.items():
            caller = a_caller(role=role, container_id=own)
            for wanted in (3, first, second, third, sibling):
                found = placing(wanted, caller, ledger=world.book)
                assert isinstance(found, Container) is (wanted in allowed)

    def test_an_administrator_may_use_every_one(self, world: World) -> None:
        for wanted in (3, 31, *chain(world, 2)):
            caller = a_caller(container_id=31)
            assert isinstance(placing(wanted, caller, ledger=world.book), Container)

    def test_what_cannot_be_used_is_refused_alike(self, world: World) -> None:
        first, second = chain(world, 2)
        world.switch(first, active=False)
        world.book.commit(a_container(container_id=32, account_id=2))
        caller = a_caller(role=Role.STANDARD_USER)
        told = {placing(number, caller, ledger=world.book) for number in (first, second, 32, 999)}
        told.add(placing(3, replace(caller, container_id=31), ledger=world.book))
        (flaw,) = told
        assert isinstance(flaw, Flaw)
        assert flaw.field == "container.id"

    def test_opening_a_container_opens_what_was_open_below_it(self, world: World) -> None:
        first, second, third = chain(world, 3)
        world.switch(third, active=False)
        world.switch(first, active=False)
        world.switch(first, active=True)
        found = [placing(n, a_caller(), ledger=world.book) for n in (first, second, third)]
        assert [isinstance(each, Container) for each in found] == [True, True, False]


def test_a_container_is_its_account_owners_alone(world: World) -> None:
    with pytest.raises(VouchsafeError) as refused:
        owned(31, a_caller(account_id=2), ledger=world.book)
    assert refused.value.code is ErrorCode.NOT_FOUND
