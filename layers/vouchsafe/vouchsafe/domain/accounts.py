"""Who is calling: accounts, their people and keys, and what a caller may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .metadata import MetadataField


class Role(StrEnum):
    """A person's role in an account; `operator` stands outside every account."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    FINANCE_MANAGER = "finance_manager"
    STANDARD_USER = "standard_user"
    LIMITED_USER = "limited_user"
    OPERATOR = "operator"


class Restriction(StrEnum):
    """What a key is limited to, beyond its owner's role."""

    NONE = "none"
    ORDERS = "orders"
    ORDERS_DOMAINS_ORGANIZATIONS = "orders_domains_organizations"
    VIEW_ONLY = "view_only"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAcceptance:
    """An account's acceptance of the subscriber agreement (BR 9.6.3): which, when, by whom."""

    version: str
    accepted_at: datetime
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A customer. The flags are the account's own rules about approvals."""

    account_id: int
    name: str
    created_at: datetime
    root_container_id: int
    orders_need_approval: bool = False
    two_person: bool = False
    may_skip_approval: bool = True
    metadata: tuple[MetadataField, ...] = ()  # the custom fields of its orders
    last_metadata_id: int = 0
    agreement: AgreementAcceptance | None = None  # the newest acceptance
    mails_off: tuple[str, ...] = ()  # values of MailChoice: mails that it does without
    version: int = 1


class UserStatus(StrEnum):
    """Whether a person takes part; who is deleted stays on record and never comes back."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of an account. `username` is a label; nobody signs in with it."""

    user_id: int
    account_id: int
    first_name: str
    last_name: str
    email: str
    username: str = ""
    job_title: str = ""
    telephone: str = ""
    role: Role
    container_id: int
    status: UserStatus = UserStatus.ACTIVE
    created_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEmail:
    """An address as taken. `email` is folded; `version` counts the people who had it, from 1."""

    account_id: int
    email: str
    user_id: int
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as stored: its SHA-256, never itself. One read of it decides about a call."""

    key_id: int
    sha256: str  # hex
    account_id: int  # 0 for an operator
    user_id: int
    container_id: int
    role: Role
    restriction: Restriction = Restriction.NONE
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked: bool = False
    suspended: bool = False  # its owner was deactivated
    source_ranges: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The caller of one request, as the key's record says.

    `own_only` is for the call at hand: what it does may be done with the caller's own orders alone.
    """

    account_id: int
    user_id: int
    container_id: int
    role: Role
    restriction: Restriction
    key_id: int
    expires_at: datetime | None = None
    source_ranges: tuple[str, ...] = ()
    own_only: bool = False
