"""What the services need to know of accounts: who calls, how often, and whose things are whose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.accounts import Account, ApiKey, User
    from .domain.limits import Allowance, Limit
    from .domain.organization import Organization
    from .domain.proofs import DomainProof


class Accounts(Protocol):
    """Who may call, and what accounts have besides orders. Reads are strongly consistent."""

    def key(self, sha256: str) -> ApiKey | None: ...
    def account(self, account_id: int) -> Account | None: ...
    def user(self, account_id: int, user_id: int) -> User | None: ...

    def accounts_after(self, account_id: int, limit: int) -> Sequence[Account]:
        """At most `limit` accounts with greater ids, by id; may lag by seconds."""

    def users_of(self, account_id: int) -> Sequence[User]:
        """All people of an account, by id."""

    def keys_of(self, account_id: int) -> Sequence[ApiKey]:
        """All keys of an account, revoked ones too, by id."""

    def key_of(self, account_id: int, key_id: int) -> ApiKey | None: ...

    def organizations_of(self, account_id: int) -> Sequence[Organization]:
        """All organizations of an account, by id."""

    def organization(self, account_id: int, organization_id: int) -> Organization | None: ...

    def proofs_of(self, account_id: int) -> Sequence[DomainProof]:
        """The newest proof of every domain an account ever proved, by domain."""


class RateLimits(Protocol):
    """How often somebody called."""

    def take(self, caller: str, limits: Sequence[Limit], now: datetime) -> Allowance:
        """Take one call from every limit, or from none. Raises Unavailable."""
