"""The registration authority: takes orders, answers for them, cancels them, wakes them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.accounts import Account, Principal
from ..domain.authorization import AuthorizationStatus
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, Change, ChangeKind
from ..domain.dossier import Dossier
from ..domain.errors import Unavailable, invalid
from ..domain.gates import Verdict, assess
from ..domain.metadata import judge
from ..domain.products import Product
from ..domain.proofs import Standing, domains_to_ask
from ..domain.wishes import OrderPlan, OrderWish, plan_order
from ..ports import Clock, Entropy, Ledger, Workflow
from .asking import created, skips
from .idempotency import OnceOnly
from .naming import commit_named
from .new_orders import (
    Placement,
    RegistrationPolicy,
    new_dossier,
    new_records,
    order_change,
)
from .opening import Opened, opened
from .ownership import owned
from .runs import FIRST_RUN, start_next_run

_ATTEMPTS = 5
_CANCELLABLE = {CertificateStatus.AWAITING_APPROVAL, CertificateStatus.PENDING}
#: How long a wake-up waits for its look, and how often it asks.
PATIENCE = timedelta(seconds=20)
_INTERVAL = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A placed order, and whether its first run started."""

    dossier: Dossier
    started: bool = True  # False: starting its run failed, and is left to the reconciler


def place_order(
    wish: OrderWish,
    product: Product,
    principal: Principal,
    *,
    once: OnceOnly[Dossier] | None,
    policy: RegistrationPolicy,
    ledger: Ledger,
    workflow: Workflow,
    clock: Clock,
    entropy: Entropy,
) -> Placed:
    """Turn a wish into an order whose validation runs: one commit, or nothing.

    Raises VouchsafeError(INVALID) with every flaw, Conflict when a twin under one key was faster.
    """
    now = clock.now()
    plan = plan_order(wish, product, now=now, issuer_keys=policy.issuer_keys)
    asked = domains_to_ask(plan.identifiers)
    standing = ledger.standing(principal.account_id, asked, organization_id=wish.organization_id)
    account = standing.account
    approval = account is not None and account.orders_need_approval
    skipped, remark = skips(wish.skip_approval and approval, principal, account)
    opening = _opening(plan, wish, product, standing, now, policy=policy, entropy=entropy)
    remarks = [*filter(None, [remark]), *_check_fields(wish, account)]
    placement = Placement(
        wish=wish,
        plan=replace(plan, warnings=(*plan.warnings, *remarks)),
        product_id=product.product_id,
        standing=standing,
        principal=principal,
        ids=ledger.allocate(orders=1, certificates=1, requests=int(approval)),
        opening=opening if skipped or not approval else None,
        approval=approval,
        skipped=skipped,
        now=now,
    )
    dossier = new_dossier(placement)
    records = new_records(dossier, _placed_changes(dossier, principal, entropy), once)
    commit_named(dossier.order, records, once=once, ledger=ledger)
    return Placed(dossier=dossier, started=_start(dossier.newest, workflow))


def _opening(
    plan: OrderPlan,
    wish: OrderWish,
    product: Product,
    standing: Standing,
    now: datetime,
    *,
    policy: RegistrationPolicy,
    entropy: Entropy,
) -> Opened:
    """How the validation begins; a method that is not there is no matter for proven names."""
    opening = opened(
        plan.identifiers,
        wish.method,
        product,
        proofs=standing.proofs,
        times=policy.times,
        entropy=entropy,
        now=now,
    )
    pending = any(one.status is not AuthorizationStatus.VALID for one in opening.authorizations)
    if plan.method_flaw is not None and pending:
        raise invalid(plan.method_flaw)
    return opening


def _check_fields(wish: OrderWish, account: Account | None) -> list[str]:
    """Refuse custom fields that the account's rules do not allow; what there is to remark."""
    fields = () if account is None else account.metadata
    flaws, remarks = judge(fields, wish.details.extras.get("custom_fields"))
    if flaws:
        raise invalid(*flaws)
    return remarks


def _placed_changes(dossier: Dossier, principal: Principal, entropy: Entropy) -> tuple[Change, ...]:
    order, now = dossier.order, dossier.order.created_at
    noise = entropy.bytes(NOISE_BYTES)
    placed = order_change(order, ChangeKind.ORDER_PLACED, principal, now, noise)
    return placed, *(created(each, principal, now, entropy) for each in dossier.requests)


def _start(certificate: Certificate, workflow: Workflow) -> bool:
    """Start the first run. The order stands even if that fails: the reconciler starts it then."""
    if certificate.status is not CertificateStatus.PENDING:
        return False
    try:
        workflow.start_order(certificate.order_id, certificate.certificate_id, FIRST_RUN)
    except Unavailable:
        return False
    return True


def read_order(order_id: int, principal: Principal, *, ledger: Ledger) -> Dossier:
    """Everything on record about one of the caller's orders. Raises not_found."""
    return owned(ledger.order(order_id), principal)


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
    before = dossier.under_way or dossier.newest
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
    certificate = dossier.certificate(before.certificate_id)
    if certificate.status is CertificateStatus.PROCESSING:
        return False
    if certificate.status is not CertificateStatus.PENDING:
        return True
    if certificate.run < run or certificate.looks <= before.looks:
        return False
    items = dossier.authorizations[certificate.certificate_id]
    return assess(certificate, items, now=clock.now()).verdict is not Verdict.READY
