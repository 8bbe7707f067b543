"""What people add beside orders: notes, and values of the account's custom fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.changes import NOISE_BYTES, ChangeKind
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.metadata import MetadataField, value_of, why_not, with_value
from ..domain.notes import Note, OrderNotes
from ..domain.order import Order
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .attempts import attempted
from .custom_fields import account_of
from .idempotency import OnceOnly
from .new_orders import order_change
from .ownership import owned


def add_note(
    order_id: int,
    text: str,
    principal: Principal,
    *,
    once: OnceOnly[Note] | None = None,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> Note:
    """Write a note beside one of the caller's orders. Raises not_found, INVALID."""

    def attempt(now: datetime) -> tuple[Note, Sequence[Record]]:
        dossier = owned(ledger.order(order_id), principal)
        order = dossier.order
        none_yet = OrderNotes(order_id=order_id, account_id=order.account_id, version=0)
        notes = (dossier.notes or none_yet).with_note(text, principal.user_id, now)
        noise = entropy.bytes(NOISE_BYTES)
        change = replace(
            order_change(order, ChangeKind.ORDER_NOTED, principal, now, noise),
            before={"notes": len(notes.notes) - 1},
            after={"notes": len(notes.notes)},
        )
        return notes.notes[-1], (notes, change)

    what = f"what stands beside order {order_id}"
    return attempted(attempt, once=once, order_id=order_id, what=what, ledger=ledger, clock=clock)


def set_value(
    order_id: int,
    metadata_id: int,
    value: Any,
    principal: Principal,
    *,
    once: OnceOnly[Order] | None = None,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Set an order's value of a custom field. Raises not_found, or INVALID for field or value."""
    account = account_of(principal, accounts)
    field = next((f for f in account.metadata if f.metadata_id == metadata_id), None)

    def attempt(now: datetime) -> tuple[Order, Sequence[Record]]:
        order = owned(ledger.order(order_id), principal).order
        _check_value(field, value)
        before = order.details.extras.get("custom_fields")
        rows = with_value(before, metadata_id, value)
        details = replace(order.details, extras={**order.details.extras, "custom_fields": rows})
        changed = replace(order, details=details, version=order.version + 1)
        noise = entropy.bytes(NOISE_BYTES)
        change = order_change(order, ChangeKind.CUSTOM_FIELD_SET, principal, now, noise)
        told = replace(
            change,
            data={"metadata_id": metadata_id},
            before={"value": value_of(before, metadata_id)},
            after={"value": value},
        )
        return changed, (changed, told)

    what = f"order {order_id}"
    attempted(attempt, once=once, order_id=order_id, what=what, ledger=ledger, clock=clock)


def _check_value(field: MetadataField | None, value: Any) -> None:
    if field is None:
        raise invalid(Flaw("metadata_id", "the account has no such custom field"))
    reason = why_not(field, value)
    if reason is not None:
        raise VouchsafeError(
            ErrorCode.INVALID, f"value: {reason}", subject="invalid_custom_field_value"
        )
