"""Ending what was asked for before it is issued: a new order, or a reissue alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.certificate import CertificateStatus
from ..domain.changes import NOISE_BYTES
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.lifecycle import end_told, followed, moved
from ..domain.order import OrderStatus
from ..domain.traces import traced
from ..ports import Clock, Entropy, Ledger, Record
from .asking import void_changes, voided
from .attempts import attempted
from .new_orders import order_change
from .ownership import owned

_CANCELLABLE = {CertificateStatus.AWAITING_APPROVAL, CertificateStatus.PENDING}


def cancel_order(
    order_id: int,
    principal: Principal,
    *,
    note: str,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """End an order that was not issued yet, or a reissue or duplicate of one that was.

    Its loop finds it ended at the next check; the requests for it are void. Cancelling a cancelled
    order changes nothing. Raises not_found, or CONFLICT when it is too late.
    """

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        dossier = owned(ledger.order(order_id), principal)
        if dossier.order.status is OrderStatus.CANCELLED:
            return None, ()
        return None, _cancelled(dossier, principal, note, now, entropy)

    attempted(attempt, what=f"order {order_id}", ledger=ledger, clock=clock)


def _cancelled(
    dossier: Dossier, principal: Principal, note: str, now: datetime, entropy: Entropy
) -> tuple[Record, ...]:
    certificate = dossier.under_way
    if certificate is None or certificate.status not in _CANCELLABLE:
        raise VouchsafeError(
            ErrorCode.CONFLICT,
            "Only a pending order, or the pending reissue of one, can be canceled.",
            subject="order",
        )
    ended = replace(moved(certificate, CertificateStatus.CANCELLED), next_look_at=None)
    noise = entropy.bytes(NOISE_BYTES)
    change = order_change(dossier.order, end_told(ended), principal, now, noise)
    told = replace(
        change,
        certificate_id=ended.certificate_id,
        data={"noted": bool(note), "kind": str(ended.kind), "reason": "cancelled"},
    )
    requests = voided(dossier, ended.certificate_id, now)
    return (
        ended,
        *followed(dossier.order, ended),
        traced(told, certificate, ended),
        *requests,
        *void_changes(requests, principal, now, entropy),
    )
