"""People: created with an address of their own, given roles, deactivated, deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, an_api_key
from tests.unit.people.world import ADA, World, a_caller
from vouchsafe.domain.accounts import ApiKey, Restriction, Role, User, UserStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import ErrorCode, VouchsafeError
from vouchsafe.services.accounts import create_key
from vouchsafe.services.api_keys import KeyWish, make_key, set_key_status
from vouchsafe.services.key_rules import MOST_KEYS

CUSTOMERS = [role for role in Role if role is not Role.OPERATOR]


@pytest.fixture
def world() -> World:
    return World()


def refusal(call: Any, *given: Any, **named: Any) -> tuple[ErrorCode, str]:
    """What a call is refused with; nothing is written."""
    with pytest.raises(VouchsafeError) as refused:
        call(*given, **named)
    return refused.value.code, refused.value.subject


def key_for(world: World, user_id: int, secret: str = "theirs", **changed: Any) -> ApiKey:
    owner = world.user(user_id)
    fields = {"key_id": 99, "role": owner.role, "container_id": owner.container_id}
    key = an_api_key(secret, **(fields | {"user_id": user_id} | changed))
    world.book.commit(key)
    return key


class TestCreating:
    def test_a_person_is_as_was_asked_for(self, world: World) -> None:
        made = world.create(job_title="Engineer", container_id=31, role=Role.MANAGER)
        assert world.user(made.user_id) == made
        assert (made.role, made.container_id, made.status) == (Role.MANAGER, 31, UserStatus.ACTIVE)
        assert world.told.subject == f"user {made.user_id}"
        assert (world.told.actor, world.told.before) == ("user 7", {})
        assert world.told.after["email"] == "jill@example.com"

    @pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.com"])
    def test_an_address_is_one_persons(self, world: World, email: str) -> None:
        before = dict(world.book.records)
        assert refusal(world.create, email=email) == (ErrorCode.INVALID, "")
        assert world.book.records == before

    def test_an_address_of_another_account_is_free(self, world: World) -> None:
        caller = a_caller(account_id=2)
        assert world.create(caller, email="ada@example.com").account_id == 2

    def test_an_address_is_handed_over_by_whoever_has_it_no_more(self, world: World) -> None:
        world.edit(12, email="grace@example.org")
        first = world.create(email="grace@example.com")
        world.set(first.user_id, UserStatus.DELETED)
        second = world.create(email="Grace@example.com")
        taken = world.book.user_email(1, "grace@example.com")
        assert taken is not None
        assert (taken.user_id, taken.version) == (second.user_id, 3)

    def test_an_inactive_person_keeps_the_address(self, world: World) -> None:
        world.set(12, UserStatus.INACTIVE)
        assert refusal(world.create, email="grace@example.com")[0] is ErrorCode.INVALID

    @pytest.mark.parametrize("role", CUSTOMERS)
    @pytest.mark.parametrize("caller", CUSTOMERS)
    def test_nobody_makes_somebody_who_may_do_more(
        self, world: World, caller: Role, role: Role
    ) -> None:
        if caller in {role, Role.ADMINISTRATOR}:
            assert world.create(a_caller(role=caller), role=role).role is role
        elif role is Role.ADMINISTRATOR:
            refused = refusal(world.create, a_caller(role=caller), role=role)
            assert refused[0] is ErrorCode.FORBIDDEN

    @pytest.mark.parametrize("restriction", sorted(set(Restriction) - {Restriction.NONE}))
    def test_a_limited_key_makes_nobody(self, world: World, restriction: Restriction) -> None:
        caller = a_caller(restriction=restriction)
        assert refusal(world.create, caller)[0] is ErrorCode.FORBIDDEN


class TestEditing:
    def test_what_changed_is_told_and_nothing_else(self, world: World) -> None:
        world.edit(12, first_name="Grace", email="grace@example.com", job_title="Admiral")
        assert (world.told.kind, world.told.before) == (ChangeKind.USER_CHANGED, {"job_title": ""})
        assert world.told.after == {"job_title": "Admiral"}

    def test_nothing_new_writes_nothing(self, world: World) -> None:
        world.edit(12, first_name="Grace", email="grace@example.com")
        assert not [r for r in world.book.records.values() if isinstance(r, Change)]

    def test_names_stay_where_none_are_given_but_a_title_goes(self, world: World) -> None:
        world.edit(12, email="grace@example.com", job_title="Admiral")
        world.edit(12, first_name="", last_name="", email="grace@example.com")
        assert (world.user(12).first_name, world.user(12).job_title) == ("Jill", "")

    def test_a_persons_own_address_may_change_its_case(self, world: World) -> None:
        world.edit(12, email="Grace@example.com")
        assert world.user(12).email == "Grace@example.com"

    def test_somebody_elses_address_is_refused(self, world: World) -> None:
        assert refusal(world.edit, 12, email="ada@example.com")[0] is ErrorCode.INVALID

    def test_an_address_given_up_can_be_taken_back(self, world: World) -> None:
        world.edit(12, email="grace@example.org")
        world.edit(12, email="grace@example.com")
        assert world.user(12).email == "grace@example.com"

    @pytest.mark.parametrize("role", CUSTOMERS)
    def test_everybody_edits_himself(self, world: World, role: Role) -> None:
        made = world.create(role=role)
        caller = a_caller(user_id=made.user_id, role=role)
        world.edit(made.user_id, caller, email="new@example.com")
        assert world.user(made.user_id).email == "new@example.com"

    @pytest.mark.parametrize(
        ("standing", "theirs", "allowed"),
        [(3, 31, True), (31, 31, True), (31, 3, False), (32, 31, False)],
    )
    def test_a_manager_edits_people_of_his_own_containers(
        self, world: World, standing: int, theirs: int, allowed: bool
    ) -> None:
        made = world.create(container_id=theirs)
        caller = a_caller(user_id=500, role=Role.MANAGER, container_id=standing)
        if allowed:
            world.edit(made.user_id, caller, telephone="+44 1")
            assert world.user(made.user_id).telephone == "+44 1"
        else:
            assert refusal(world.edit, made.user_id, caller)[0] is ErrorCode.FORBIDDEN

    def test_a_manager_edits_no_administrator(self, world: World) -> None:
        caller = a_caller(user_id=500, role=Role.MANAGER)
        assert refusal(world.edit, 12, caller)[0] is ErrorCode.FORBIDDEN

    @pytest.mark.parametrize("role", [Role.STANDARD_USER, Role.LIMITED_USER, Role.FINANCE_MANAGER])
    def test_others_edit_nobody_else(self, world: World, role: Role) -> None:
        made = world.create(role=role)
        caller = a_caller(user_id=500, role=role)
        assert refusal(world.edit, made.user_id, caller)[0] is ErrorCode.FORBIDDEN

    def test_a_foreign_person_is_an_unknown_one(self, world: World) -> None:
        caller = a_caller(account_id=2)
        assert (
            refusal(world.edit, 12, caller)
            == refusal(world.edit, 999)
            == (
                ErrorCode.NOT_FOUND,
                "user",
            )
        )


class TestRoles:
    def test_keys_have_the_new_role_with_the_same_commit(self, world: World) -> None:
        made = world.create()
        key_for(world, made.user_id)
        world.give(made.user_id, Role.MANAGER)
        assert world.caller("theirs").role is Role.MANAGER
        assert (world.told.before, world.told.after) == (
            {"role": "standard_user"},
            {"role": "manager"},
        )

    def test_revoked_and_ended_keys_are_left_alone(self, world: World) -> None:
        made = world.create()
        key_for(world, made.user_id, "revoked", revoked=True)
        key_for(world, made.user_id, "ended", key_id=98, expires_at=MOMENT)
        world.give(made.user_id, Role.MANAGER)
        assert {key.role for key in world.keys(made.user_id)} == {Role.STANDARD_USER}

    def test_a_revoked_key_comes_back_with_todays_role(self, world: World) -> None:
        made = world.create(role=Role.MANAGER)
        key_for(world, made.user_id, revoked=True)
        world.give(made.user_id, Role.LIMITED_USER)
        set_key_status(99, ADA, active=True, accounts=world.book, **world.ports)
        assert world.caller("theirs").role is Role.LIMITED_USER

    def test_the_last_administrator_stays_one(self, world: World) -> None:
        world.give(12, Role.MANAGER)
        assert refusal(world.give, 7, Role.MANAGER) == (ErrorCode.CONFLICT, "user")
        assert refusal(world.set, 7, UserStatus.INACTIVE) == (ErrorCode.CONFLICT, "user")
        assert refusal(world.set, 7, UserStatus.DELETED) == (ErrorCode.CONFLICT, "user")

    def test_an_inactive_administrator_is_none(self, world: World) -> None:
        world.set(12, UserStatus.INACTIVE)
        assert refusal(world.give, 7, Role.MANAGER) == (ErrorCode.CONFLICT, "user")
        world.give(12, Role.MANAGER)  # who is out of use may lose the role

    @pytest.mark.parametrize(
        "changed",
        [
            {"restriction": Restriction.ORDERS},
            {"revoked": True},
            {"expires_at": MOMENT},
        ],
    )
    def test_the_last_unlimited_key_stays_in_use(
        self, world: World, changed: dict[str, Any]
    ) -> None:
        (key,) = world.keys(12)
        world.book.commit(replace(key, version=2, **changed))
        for act in (lambda: world.give(7, Role.MANAGER), lambda: world.set(7, UserStatus.DELETED)):
            assert refusal(act) == (ErrorCode.CONFLICT, "user")

    def test_who_is_no_administrator_changes_none(self, world: World) -> None:
        for role in set(CUSTOMERS) - {Role.ADMINISTRATOR}:
            caller = a_caller(user_id=500, role=role)
            assert refusal(world.give, 12, role, caller)[0] is ErrorCode.FORBIDDEN
            assert refusal(world.set, 12, UserStatus.INACTIVE, caller)[0] is ErrorCode.FORBIDDEN

    def test_nobody_raises_himself(self, world: World) -> None:
        for role in set(CUSTOMERS) - {Role.ADMINISTRATOR}:
            made = world.create(email=f"{role}@example.com", role=role)
            caller = a_caller(user_id=made.user_id, role=role)
            refused = refusal(world.give, made.user_id, Role.ADMINISTRATOR, caller)
            assert refused[0] is ErrorCode.FORBIDDEN


class TestStatus:
    def test_an_inactive_persons_keys_stop_at_once_and_come_back(self, world: World) -> None:
        key_for(world, 12)
        world.set(12, UserStatus.INACTIVE)
        assert refusal(world.caller, "theirs")[0] is ErrorCode.UNAUTHENTICATED
        assert refusal(world.caller, "grace")[0] is ErrorCode.UNAUTHENTICATED
        world.set(12, UserStatus.ACTIVE)
        assert world.caller("theirs").user_id == world.caller("grace").user_id == 12

    def test_a_key_revoked_before_stays_revoked(self, world: World) -> None:
        key_for(world, 12, revoked=True)
        world.set(12, UserStatus.INACTIVE)
        world.set(12, UserStatus.ACTIVE)
        assert refusal(world.caller, "theirs")[0] is ErrorCode.UNAUTHENTICATED

    @pytest.mark.parametrize("status", [UserStatus.INACTIVE, UserStatus.DELETED])
    def test_no_key_is_made_or_taken_up_for_who_is_out_of_use(
        self, world: World, status: UserStatus
    ) -> None:
        key_for(world, 12, revoked=True)
        world.set(12, status)
        make: dict[str, Any] = {"accounts": world.book, **world.ports}
        codes = {
            refusal(make_key, 12, KeyWish(name="x"), ADA, **make)[0],
            refusal(create_key, 1, 12, name="x", **make)[0],
            refusal(set_key_status, 99, ADA, active=True, **make)[0],
        }
        gone = status is UserStatus.DELETED
        assert codes == {ErrorCode.NOT_FOUND if gone else ErrorCode.CONFLICT}

    def test_who_is_deleted_is_unknown_but_on_record(self, world: World) -> None:
        world.set(12, UserStatus.DELETED)
        assert world.user(12).first_name == "Grace"
        assert all(key.revoked for key in world.keys(12))
        for act in (
            lambda: world.set(12, UserStatus.ACTIVE),
            lambda: world.give(12, Role.MANAGER),
            lambda: world.edit(12),
        ):
            assert refusal(act) == (ErrorCode.NOT_FOUND, "user")

    def test_what_is_so_already_writes_nothing(self, world: World) -> None:
        before = dict(world.book.records)
        world.set(12, UserStatus.ACTIVE)
        world.give(12, Role.ADMINISTRATOR)
        assert world.book.records == before


class TestKeysOfAPerson:
    def test_a_person_has_so_many_keys_and_a_change_carries_them_all(self, world: World) -> None:
        made = world.create()
        ports: dict[str, Any] = {"accounts": world.book, **world.ports}
        for _ in range(MOST_KEYS):
            make_key(made.user_id, KeyWish(name="x"), ADA, **ports)
        refused = refusal(make_key, made.user_id, KeyWish(name="x"), ADA, **ports)
        assert refused == (ErrorCode.CONFLICT, "user")
        world.set(made.user_id, UserStatus.INACTIVE)
        assert all(key.suspended for key in world.keys(made.user_id))
        set_key_status(world.keys(made.user_id)[0].key_id, ADA, active=False, **ports)
        world.set(made.user_id, UserStatus.ACTIVE)
        make_key(made.user_id, KeyWish(name="x"), ADA, **ports)

    def test_a_key_made_in_a_child_container_stands_there(self, world: World) -> None:
        made = world.create(container_id=31)
        ports: dict[str, Any] = {"accounts": world.book, **world.ports}
        key = make_key(made.user_id, KeyWish(name="x"), ADA, **ports)
        assert world.caller(key.secret).container_id == 31


class TestInTheMeantime:
    """Two who act at once: each order of events ends as one of the two one after the other."""

    def test_a_key_made_while_its_owner_is_deactivated_is_suspended_too(self) -> None:
        world = World()
        made = world.create()
        ports: dict[str, Any] = {"accounts": world.book, **world.ports}
        keys_of, done = world.book.keys_of, []

        def late(account_id: int) -> Any:
            found = keys_of(account_id)
            if not done:
                done.append(True)
                make_key(made.user_id, KeyWish(name="late"), ADA, **ports)
            return found

        world.book.keys_of = late  # type: ignore[method-assign]
        world.set(made.user_id, UserStatus.INACTIVE)
        (key,) = world.keys(made.user_id)
        assert key.suspended

    def test_of_two_administrators_who_depose_each_other_one_remains(self) -> None:
        world = World()
        users_of, done = world.book.users_of, []
        grace = a_caller(user_id=12, container_id=31)

        def late(account_id: int) -> Any:
            found = users_of(account_id)
            if not done:
                done.append(True)
                world.give(7, Role.MANAGER, grace)
            return found

        world.book.users_of = late  # type: ignore[method-assign]
        assert refusal(world.give, 12, Role.MANAGER) == (ErrorCode.CONFLICT, "user")
        roles = {number: world.user(number).role for number in (7, 12)}
        assert roles == {7: Role.MANAGER, 12: Role.ADMINISTRATOR}

    def test_of_two_who_revoke_each_others_last_key_one_is_refused(self) -> None:
        world = World()
        keys_of, done = world.book.keys_of, []
        ports: dict[str, Any] = {"accounts": world.book, **world.ports}
        grace = a_caller(user_id=12, container_id=31, key_id=46)

        def late(account_id: int) -> Any:
            found = keys_of(account_id)
            if not done:
                done.append(True)
                set_key_status(41, grace, active=False, **ports)
            return found

        world.book.keys_of = late  # type: ignore[method-assign]
        refused = refusal(set_key_status, 46, ADA, active=False, **ports)
        assert refused == (ErrorCode.CONFLICT, "key")
        assert [key.revoked for key in keys_of(1)] == [True, False]

    def test_an_edit_in_between_is_not_lost(self) -> None:
        world = World()
        user, done = world.book.user, []

        def late(account_id: int, user_id: int) -> User | None:
            found = user(account_id, user_id)
            if not done and user_id == 12:
                done.append(True)
                world.edit(12, email="grace@example.com", telephone="+44 1")
            return found

        world.book.user = late  # type: ignore[method-assign]
        world.give(12, Role.MANAGER)
        assert (world.user(12).role, world.user(12).telephone) == (Role.MANAGER, "+44 1")

    def test_time_ends_keys_without_a_word(self) -> None:
        world = World()
        key_for(world, 12, expires_at=MOMENT + timedelta(seconds=1))
        world.clock.advance(timedelta(seconds=1))
        world.set(12, UserStatus.INACTIVE)
        assert not next(key for key in world.keys(12) if key.key_id == 99).suspended
