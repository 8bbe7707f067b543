"""The custom fields an account wants its orders to have: made, changed, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Account, Principal
from ..domain.changes import ChangeKind
from ..domain.dossier import IdempotencyRecord
from ..domain.errors import Conflict, Flaw, Unavailable, invalid, not_found
from ..domain.metadata import MOST_FIELDS, DataType, MetadataField
from ..domain.traces import traced
from ..ports import Accounts, Clock, Entropy, Ledger
from .account_changes import account_change
from .idempotency import OnceOnly, used

_ATTEMPTS = 5


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

    def added(account: Account) -> Account:
        first = account.last_metadata_id + 1
        made = tuple(_made(first + n, wish) for n, wish in enumerate(wishes))
        return replace(
            account,
            metadata=(*account.metadata, *made),
            last_metadata_id=account.last_metadata_id + len(wishes),
        )

    def key(account: Account, now: datetime) -> tuple[IdempotencyRecord, ...]:
        return used(once, account.metadata[-len(wishes) :], now)

    changed = _change(
        principal, added, accounts=accounts, ledger=ledger, clock=clock, entropy=entropy, key=key
    )
    return changed.metadata[-len(wishes) :]


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

    def changed(account: Account) -> Account:
        _check_known(account, metadata_id)
        fields = tuple(
            _merged(field, wish) if field.metadata_id == metadata_id else field
            for field in account.metadata
        )
        return replace(account, metadata=fields)

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

    def removed(account: Account) -> Account:
        _check_known(account, metadata_id)
        rest = tuple(f for f in account.metadata if f.metadata_id != metadata_id)
        return replace(account, metadata=rest)

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


def _change(
    principal: Principal,
    alter: Callable[[Account], Account],
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
    key: Callable[[Account, datetime], tuple[IdempotencyRecord, ...]] = lambda *_: (),
) -> Account:
    """The caller's account after `alter`, written. Raises INVALID for what cannot stand."""
    for _ in range(_ATTEMPTS):
        before = account_of(principal, accounts)
        after = replace(alter(before), version=before.version + 1)
        labels = {field.label.casefold() for field in after.metadata}
        if len(labels) != len(after.metadata):
            raise invalid(Flaw("label", "is taken by another custom field"))
        if len(after.metadata) > MOST_FIELDS:
            raise invalid(Flaw("metadata", f"there are {MOST_FIELDS} custom fields at most"))
        data: dict[str, object] = {"metadata": [field.metadata_id for field in after.metadata]}
        change = account_change(ChangeKind.ACCOUNT_CHANGED, principal, data, clock.now(), entropy)
        change = traced(change, before, after)
        try:
            ledger.commit(after, change, *key(after, change.at))
        except Conflict:
            continue
        return after
    raise Unavailable("the account is being changed by others")
