"""The custom fields an account wants its orders to have: made, changed, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Account, Principal
from ..domain.changes import ChangeKind
from ..domain.errors import Flaw, invalid, not_found
from ..domain.metadata import MOST_FIELDS, DataType, MetadataField
from ..domain.traces import traced
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .attempts import attempted
from .idempotency import OnceOnly


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWish:
    """A custom field as the client put it; None leaves what stands, or takes the default."""

    label: str | None = None
    required: bool | None = None
    active: bool | None = None
    data_type: DataType | None = None
    description: str | None = None


def fields_of(principal: Principal, *, accounts: Accounts) -> Sequence[MetadataField]:
    """The custom fields of the caller's account."""
    return account_of(principal, accounts).metadata


def add_fields(
    wishes: Sequence[FieldWish],
    principal: Principal,
    *,
    once: OnceOnly[Sequence[MetadataField]] | None = None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Sequence[MetadataField]:
    """Make custom fields, all or none. Raises INVALID when there are too many, or labels twice."""

    def added(account: Account) -> tuple[Account, Sequence[MetadataField]]:
        first = account.last_metadata_id + 1
        made = tuple(_made(first + n, wish) for n, wish in enumerate(wishes))
        after = replace(
            account,
            metadata=(*account.metadata, *made),
            last_metadata_id=account.last_metadata_id + len(wishes),
        )
        return after, made

    return _change(
        principal, added, once, accounts=accounts, ledger=ledger, clock=clock, entropy=entropy
    )


def _made(metadata_id: int, wish: FieldWish) -> MetadataField:
    return _merged(MetadataField(metadata_id=metadata_id, label=""), wish)


def _merged(field: MetadataField, wish: FieldWish) -> MetadataField:
    """The field with everything the wish names. Raises INVALID for one without a label."""
    merged = replace(
        field,
        label=field.label if wish.label is None else wish.label.strip(),
        required=field.required if wish.required is None else wish.required,
        active=field.active if wish.active is None else wish.active,
        data_type=wish.data_type or field.data_type,
        description=field.description if wish.description is None else wish.description,
    )
    if not merged.label:
        raise invalid(Flaw("label", "is required"))
    return merged


def change_field(
    metadata_id: int,
    wish: FieldWish,
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Change a custom field; values that orders have stay. Raises not_found, INVALID."""

    def changed(account: Account) -> tuple[Account, None]:
        _check_known(account, metadata_id)
        fields = tuple(
            _merged(field, wish) if field.metadata_id == metadata_id else field
            for field in account.metadata
        )
        return replace(account, metadata=fields), None

    _change(principal, changed, accounts=accounts, ledger=ledger, clock=clock, entropy=entropy)


def remove_field(
    metadata_id: int,
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Remove a custom field; its id is never given again. Raises not_found."""

    def removed(account: Account) -> tuple[Account, None]:
        _check_known(account, metadata_id)
        rest = tuple(f for f in account.metadata if f.metadata_id != metadata_id)
        return replace(account, metadata=rest), None

    _change(principal, removed, accounts=accounts, ledger=ledger, clock=clock, entropy=entropy)


def _check_known(account: Account, metadata_id: int) -> None:
    if all(field.metadata_id != metadata_id for field in account.metadata):
        raise not_found("metadata")


def account_of(principal: Principal, accounts: Accounts) -> Account:
    """The caller's account. Raises not_found."""
    account = accounts.account(principal.account_id)
    if account is None:
        raise not_found("account")
    return account


def _change[T](
    principal: Principal,
    alter: Callable[[Account], tuple[Account, T]],
    once: OnceOnly[T] | None = None,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> T:
    """Write the caller's account as `alter` makes it; what `alter` gives beside it.

    Raises INVALID for what cannot stand.
    """

    def attempt(now: datetime) -> tuple[T, Sequence[Record]]:
        before = account_of(principal, accounts)
        after, made = alter(before)
        _check_fields(after.metadata)
        after = replace(after, version=before.version + 1)
        data: dict[str, object] = {"metadata": [field.metadata_id for field in after.metadata]}
        change = account_change(ChangeKind.ACCOUNT_CHANGED, principal, data, now, entropy)
        return made, (after, traced(change, before, after))

    return attempted(attempt, once=once, what="the account", ledger=ledger, clock=clock)


def _check_fields(fields: Sequence[MetadataField]) -> None:
    if len({field.label.casefold() for field in fields}) != len(fields):
        raise invalid(Flaw("label", "is taken by another custom field"))
    if len(fields) > MOST_FIELDS:
        raise invalid(Flaw("metadata", f"there are {MOST_FIELDS} custom fields at most"))
