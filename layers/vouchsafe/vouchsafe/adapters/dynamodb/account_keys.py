"""The keys of what an account has besides orders, and of the list of accounts."""

from __future__ import annotations

from .keys import Key

#: What the sort keys of an account's things start with.
USERS = "USER#"
API_KEYS = "KEY#"
ORGANIZATIONS = "ORG#"
PROOFS = "PROOF#"

#: Index 1, in which `keys.all_accounts` puts every account.
ACCOUNTS = "ACCOUNTS"
_LAST = "9999999999"


def partition(account_id: int) -> str:
    """Where an account, its people, keys, organizations and proofs stand."""
    return f"ACCOUNT#{account_id}"


def organization(account_id: int, organization_id: int) -> Key:
    """An organization of the account."""
    return partition(account_id), f"{ORGANIZATIONS}{organization_id}"


def certificate_name(account_id: int, name: str) -> Key:
    """A certificate name of the account, folded."""
    return partition(account_id), f"CERTNAME#{name}"


def after(account_id: int) -> tuple[str, str]:
    """The span of all accounts with greater ids."""
    return f"{account_id + 1:010}", _LAST
