"""The keys of what an account has besides orders, and of the list of accounts."""

from __future__ import annotations

from .keys import Key

#: What the sort keys of an account's things start with.
USERS = "USER#"
API_KEYS = "KEY#"
ORGANIZATIONS = "ORG#"
CONTAINERS = "CONTAINER#"

#: Index 1, in which `keys.all_accounts` puts every account.
ACCOUNTS = "ACCOUNTS"
_LAST = "9999999999"


def partition(account_id: int) -> str:
    """Where an account, its people, keys, organizations and proofs stand."""
    return f"ACCOUNT#{account_id}"


def organization(account_id: int, organization_id: int) -> Key:
    """An organization of the account."""
    return partition(account_id), f"{ORGANIZATIONS}{organization_id}"


def container(account_id: int, container_id: int) -> Key:
    """A container of the account below its root."""
    return partition(account_id), f"{CONTAINERS}{container_id}"


def user_email(account_id: int, email: str) -> Key:
    """An address of a person of the account, folded."""
    return partition(account_id), f"EMAIL#{email}"


def organization_place(account_id: int, place: int) -> Key:
    """The account's first, second, … organization."""
    return partition(account_id), f"NTHORG#{place:06}"


def mail_mark(account_id: int, email: str) -> Key:
    """What became of the account's mails to an address, folded."""
    return partition(account_id), f"MAILMARK#{email}"


def certificate_name(account_id: int, name: str) -> Key:
    """A certificate name of the account, folded."""
    return partition(account_id), f"CERTNAME#{name}"


def parked_partition(account_id: int) -> str:
    """Where the account's certificates that wait for people stand."""
    return f"PARKED#{account_id}"


def parked(account_id: int, certificate_id: int) -> Key:
    """One of them; the row is gone when the wait is over."""
    return parked_partition(account_id), f"{certificate_id:010}"


def after(account_id: int) -> tuple[str, str]:
    """The span of all accounts with greater ids."""
    return f"{account_id + 1:010}", _LAST
