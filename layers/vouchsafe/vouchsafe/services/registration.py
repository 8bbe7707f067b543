"""The registration authority: takes orders, answers for them, cancels them, wakes them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ..domain.accounts import Principal
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import ChangeKind
from ..domain.dossier import Dossier
from ..domain.errors import Conflict, ErrorCode, Unavailable, VouchsafeError, not_found
from ..domain.gates import Verdict, assess
from ..domain.lifecycle import followed, moved
from ..domain.order import OrderStatus
from ..domain.products import Product
from ..domain.records import new_random_value
from ..domain.wishes import OrderWish, plan_order
from ..ports import Clock, Entropy, Ledger, Workflow
from .new_orders import (
    OnceOnly,
    Placement,
    RegistrationPolicy,
    new_dossier,
    new_records,
    order_change,
)
from .runs import FIRST_RUN, start_next_run

_ATTEMPTS = 5
_CANCELLABLE = {CertificateStatus.AWAITING_APPROVAL, CertificateStatus.PENDING}
_NOISE_BYTES = 10
#: How long a wake-up waits for its look, and how often it asks.
PATIENCE = timedelta(seconds=20)
_INTERVAL = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A placed order, or the recorded answer of the first request under the same key."""

    dossier: Dossier | None = None
    replayed: dict[str, Any] | None = None
    started: bool = True  # False: starting its run failed, and is left to the reconciler


def place_order(
    wish: OrderWish,
    product: Product,
    principal: Principal,
    *,
    once: OnceOnly | None,
    policy: RegistrationPolicy,
    ledger: Ledger,
    workflow: Workflow,
    clock: Clock,
    entropy: Entropy,
) -> Placed:
    """Turn a wish into an order whose validation runs. Writes everything in one commit, or nothing.

    The same key and fingerprint again give the recorded answer, also to parallel twins. Raises
    VouchsafeError: INVALID with every flaw, or CONFLICT (subject idempotency_key) for a key that
    came with another request before.
    """
    if once is not None and (before := _recall(once, principal, ledger)) is not None:
        return Placed(replayed=before)
    now = clock.now()
    plan = plan_order(wish, product, now=now, issuer_keys=policy.issuer_keys)
    placement = Placement(
        wish=wish,
        plan=plan,
        product_id=product.product_id,
        principal=principal,
        ids=ledger.allocate(orders=1, certificates=1),
        value=new_random_value(entropy, now),
        now=now,
    )
    dossier = new_dossier(placement, policy)
    noise = entropy.bytes(_NOISE_BYTES)
    change = order_change(dossier.order, ChangeKind.ORDER_PLACED, principal, now, noise)
    try:
        ledger.commit(*new_records(dossier, change, once))
    except Conflict:
        twin = _recall(once, principal, ledger) if once is not None else None
        if twin is None:
            raise
        return Placed(replayed=twin)
    return Placed(dossier=dossier, started=_start(dossier.newest, workflow))


def _recall(once: OnceOnly, principal: Principal, ledger: Ledger) -> dict[str, Any] | None:
    """The recorded answer of the first request under this key, if there was one."""
    record = ledger.idempotency(principal.account_id, once.key)
    if record is None:
        return None
    if record.fingerprint != once.fingerprint:
        raise VouchsafeError(
            ErrorCode.CONFLICT,
            "This Idempotency-Key came with another request before.",
            subject="idempotency_key",
        )
    return record.answer


def _start(certificate: Certificate, workflow: Workflow) -> bool:
    """Start the first run. The order stands even if that fails: the reconciler starts it then."""
    try:
        workflow.start_order(certificate.order_id, certificate.certificate_id, FIRST_RUN)
    except Unavailable:
        return False
    return True


def owned(dossier: Dossier | None, principal: Principal, subject: str = "order") -> Dossier:
    """The dossier, if the caller's account owns it. Raises not_found, as for an unknown one."""
    if dossier is None or dossier.order.account_id != principal.account_id:
        raise not_found(subject)
    return dossier


def read_order(order_id: int, principal: Principal, *, ledger: Ledger) -> Dossier:
    """Everything on record about one of the caller's orders. Raises not_found."""
    return owned(ledger.order(order_id), principal)


def cancel_order(
    order_id: int,
    principal: Principal,
    *,
    note: str,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """End an order that was not issued yet; its loop finds it ended at the next check.

    Cancelling a cancelled order changes nothing. Raises not_found, or CONFLICT when it is too late.
    """
    for _ in range(_ATTEMPTS):
        dossier = read_order(order_id, principal, ledger=ledger)
        if dossier.order.status is OrderStatus.CANCELLED:
            return
        if dossier.newest.status not in _CANCELLABLE:
            raise VouchsafeError(
                ErrorCode.CONFLICT, "Only a pending order can be canceled.", subject="order"
            )
        ended = replace(moved(dossier.newest, CertificateStatus.CANCELLED), next_look_at=None)
        noise = entropy.bytes(_NOISE_BYTES)
        change = order_change(
            dossier.order, ChangeKind.ORDER_CANCELLED, principal, clock.now(), noise
        )
        try:
            ledger.commit(
                ended, *followed(dossier.order, ended), replace(change, data={"note": note})
            )
        except Conflict:
            continue
        return
    raise Unavailable(f"order {order_id} is being changed by others")


def request_check(
    dossier: Dossier,
    principal: Principal,
    *,
    ledger: Ledger,
    workflow: Workflow,
    clock: Clock,
    pause: Callable[[float], None],
) -> Dossier:
    """Wake a pending order and wait, for PATIENCE at most, until that look is done; the order then.

    `dossier` is the caller's order as just read; one that is not pending any more comes back as it
    is. `pause` sleeps for seconds. A look that proves the last name is followed up to the
    certificate, if that comes in time.
    """
    before = dossier.newest
    if before.status is not CertificateStatus.PENDING:
        return dossier
    run = start_next_run(before, ledger=ledger, workflow=workflow)
    for _ in range(PATIENCE // _INTERVAL):
        pause(_INTERVAL.total_seconds())
        dossier = read_order(before.order_id, principal, ledger=ledger)
        if _is_answered(dossier, run, before, clock):
            break
    return dossier


def _is_answered(dossier: Dossier, run: int, before: Certificate, clock: Clock) -> bool:
    certificate = dossier.newest
    if certificate.certificate_id != before.certificate_id:
        return True
    if certificate.status is CertificateStatus.PROCESSING:
        return False
    if certificate.status is not CertificateStatus.PENDING:
        return True
    if certificate.run < run or certificate.looks <= before.looks:
        return False
    items = dossier.authorizations[certificate.certificate_id]
    return assess(certificate, items, now=clock.now()).verdict is not Verdict.READY
