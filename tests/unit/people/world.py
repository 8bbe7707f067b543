"""An account with people, keys and containers, and the services over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.builders import MOMENT, a_user, an_account, an_api_key
from tests.builders_people import a_colleague, a_container, an_address
from tests.fakes import FakeBook, FrozenClock, SeededEntropy
from vouchsafe.domain.accounts import ApiKey, Principal, Restriction, Role, User, UserStatus
from vouchsafe.domain.changes import Change
from vouchsafe.domain.containers import Container
from vouchsafe.services import container_changes, users
from vouchsafe.services.keys import authenticate
from vouchsafe.services.people import Profile

ADA = Principal(
    account_id=1,
    user_id=7,
    container_id=3,
    role=Role.ADMINISTRATOR,
    restriction=Restriction.NONE,
    key_id=41,
)


def a_caller(**changed: Any) -> Principal:
    """Ada, the administrator in the root, or somebody else."""
    fields = {name: getattr(ADA, name) for name in ADA.__slots__}
    return Principal(**(fields | changed))


def a_profile(**changed: Any) -> Profile:
    fields = {"first_name": "Jill", "last_name": "Example", "email": "jill@example.com"}
    return Profile(**(fields | changed))


@dataclass
class World:
    """Ada (7) in the root and Grace (12) in Sales (31), administrators with a key each."""

    book: FakeBook = field(default_factory=FakeBook)
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(MOMENT))
    entropy: SeededEntropy = field(default_factory=SeededEntropy)

    def __post_init__(self) -> None:
        ada, grace = a_user(), a_colleague()
        self.book.commit(an_account(), ada, grace, an_address(ada), an_address(grace))
        self.book.commit(
            a_container(),
            an_api_key("ada"),
            an_api_key("grace", key_id=46, user_id=12, container_id=31),
        )
        self.book.allocate(accounts=100, users=100, keys=100)

    @property
    def ports(self) -> dict[str, Any]:
        return {"ledger": self.book, "clock": self.clock, "entropy": self.entropy}

    def create(self, caller: Principal = ADA, **changed: Any) -> User:
        role = changed.pop("role", Role.STANDARD_USER)
        container = changed.pop("container_id", 3)
        profile = a_profile(**changed)
        return users.create_user(profile, role, container, caller, accounts=self.book, **self.ports)

    def edit(self, user_id: int, caller: Principal = ADA, **changed: Any) -> None:
        profile = a_profile(**changed)
        users.edit_user(user_id, profile, caller, accounts=self.book, **self.ports)

    def give(self, user_id: int, role: Role, caller: Principal = ADA) -> None:
        users.set_role(user_id, role, caller, accounts=self.book, **self.ports)

    def set(self, user_id: int, status: UserStatus, caller: Principal = ADA) -> None:
        users.set_status(user_id, status, caller, accounts=self.book, **self.ports)

    def make(self, parent: int = 3, name: str = "History", **more: Any) -> Container:
        return container_changes.create_container(
            parent, name, "", ADA, accounts=self.book, **more, **self.ports
        )

    def switch(self, container_id: int, *, active: bool) -> None:
        container_changes.switch_container(container_id, ADA, active=active, **self.ports)

    def describe(self, container_id: int, name: str | None, text: str | None = None) -> None:
        container_changes.describe_container(container_id, name, text, ADA, **self.ports)

    def user(self, user_id: int) -> User:
        found: User = self.book.records[User, 1, user_id]
        return found

    def keys(self, user_id: int) -> list[ApiKey]:
        return [key for key in self.book.keys_of(1) if key.user_id == user_id]

    def caller(self, secret: str) -> Principal:
        return authenticate(secret, "192.0.2.7", accounts=self.book, clock=self.clock)

    @property
    def told(self) -> Change:
        """The change that was written last."""
        changes = [r for r in self.book.records.values() if isinstance(r, Change)]
        return changes[-1]
