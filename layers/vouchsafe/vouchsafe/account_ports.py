"""What the services need to know of accounts: who calls, how often, and whose things are whose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.accounts import Account, ApiKey, User, UserEmail
    from .domain.containers import Container
    from .domain.limits import Allowance, Limit
    from .domain.mail_marks import MailMark
    from .domain.organization import Organization
    from .domain.policy_lists import Clearances, PolicyLists
    from .domain.reviews import OrganizationReview


class Accounts(Protocol):
    """Who may call, and what accounts have besides orders. Reads are strongly consistent."""

    def key(self, sha256: str) -> ApiKey | None: ...
    def account(self, account_id: int) -> Account | None: ...
    def user(self, account_id: int, user_id: int) -> User | None: ...

    def accounts_after(self, account_id: int, limit: int) -> Sequence[Account]:
        """At most `limit` accounts with greater ids, by id; may lag by seconds."""

    def users_of(self, account_id: int) -> Sequence[User]:
        """All people of an account, by id."""

    def user_email(self, account_id: int, email: str) -> UserEmail | None:
        """Which person of the account took an address (folded) last, if anybody did."""

    def mail_marks(self, account_id: int, emails: Collection[str]) -> Mapping[str, MailMark]:
        """The marks that the account has on these addresses (folded), cleared ones too.

        One call a hundred, none for none.
        """

    def containers_of(self, account_id: int) -> Sequence[Container]:
        """All containers of an account but its root, by id."""

    def keys_of(self, account_id: int) -> Sequence[ApiKey]:
        """All keys of an account, revoked ones too, by id."""

    def key_of(self, account_id: int, key_id: int) -> ApiKey | None: ...

    def organizations_of(self, account_id: int) -> Sequence[Organization]:
        """All organizations of an account, by id."""

    def organization(self, account_id: int, organization_id: int) -> Organization | None: ...

    def organizations_by_id(
        self, account_id: int, organization_ids: Collection[int]
    ) -> Sequence[Organization]:
        """Those of the organizations that are the account's. One call a hundred, none for none."""


class RateLimits(Protocol):
    """How often somebody called."""

    def take(self, caller: str, limits: Sequence[Limit], now: datetime) -> Allowance:
        """Take one call from every limit, or from none. Raises Unavailable."""


class Policies(Protocol):
    """What a deployment denies or holds back, and who was cleared. Strongly consistent reads."""

    def lists(self) -> PolicyLists:
        """The lists in force; empty ones of version 0 before anybody set any."""

    def lists_at(self, version: int) -> PolicyLists | None:
        """The lists as they stood at an earlier version, or None."""

    def clearances(self, account_id: int) -> Clearances:
        """The account's clearances; version 0 without any."""


class Reviews(Protocol):
    """Operators' reviews of organizations, over all accounts."""

    def review(self, review_id: int) -> OrganizationReview | None:
        """Strongly consistent."""

    def open_reviews(
        self, after: OrganizationReview | None, limit: int
    ) -> Sequence[OrganizationReview]:
        """At most `limit` open ones behind `after`, the longest waiting first; may lag."""

    def reviews_of(
        self, account_id: int, organization_id: int, limit: int
    ) -> Sequence[OrganizationReview]:
        """At most `limit` reviews of an organization, newest first; may lag by seconds."""

    def ageing(self, before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Account and organization ids with a notice about their age due up to `before`."""


class EvidenceStore(Protocol):
    """Files that show what was found about organizations: written once, never replaced."""

    def put(self, review_id: int, sha256: str, content: bytes, media_type: str) -> None:
        """Keep the file under its hash (hex); the same again changes nothing."""

    def get(self, review_id: int, sha256: str) -> bytes | None: ...
