"""One attempt at placing an order: from a wish and what was read to one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.authorization import AuthorizationStatus
from ..domain.changes import NOISE_BYTES, Change, ChangeKind
from ..domain.containers import Container
from ..domain.dossier import Allocation, Dossier
from ..domain.errors import Flaw, invalid
from ..domain.metadata import judge
from ..domain.products import Product
from ..domain.proofs import Standing, domains_to_ask
from ..domain.traces import traced
from ..domain.wishes import CSR, OrderPlan, OrderWish, plan_order
from ..mail_ports import ContactFinder
from ..ports import Accounts, Clock, Entropy, Ledger, Reviews, Workflow
from .asking import created, skips
from .blocking import refuse_blocked
from .containers import placed_in
from .idempotency import OnceOnly
from .naming import commit_named
from .new_orders import Placement, RegistrationPolicy, new_dossier, new_records, order_change
from .opening import Opened, opened
from .order_organizations import Chosen, settle


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPorts:
    """Where orders and reissues are placed, and what they are placed with."""

    ledger: Ledger
    workflow: Workflow
    accounts: Accounts
    reviews: Reviews
    clock: Clock
    entropy: Entropy
    contacts: ContactFinder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be placed, by whom, when, and the organization it is for."""

    wish: OrderWish
    product: Product
    principal: Principal
    chosen: Chosen
    now: datetime


def place(
    wanted: Wanted,
    *,
    once: OnceOnly[Dossier] | None,
    policy: RegistrationPolicy,
    ports: RegistrationPorts,
) -> Dossier:
    """The order as committed, with its organization handed to operators where that is needed.

    Raises VouchsafeError(INVALID) with every flaw, and Conflict when anything it rests on moved on.
    """
    wish, principal, now = wanted.wish, wanted.principal, wanted.now
    ledger, entropy = ports.ledger, ports.entropy
    plan = plan_order(wish, wanted.product, now=now, issuer_keys=policy.issuer_keys)
    standing = _standing(wanted, plan, ledger)
    refuse_blocked(standing.blocked, CSR)
    account = standing.account
    approval = account is not None and account.orders_need_approval
    skipped, remark = skips(wish.skip_approval and approval, principal, account)
    opening = _opening(wanted, plan, standing, policy=policy, entropy=entropy)
    container, words = _judged(wish, standing, principal)
    ids = _numbers(wanted.chosen, ledger, approval=approval)
    organization, beside = settle(
        wanted.chosen, ids, principal, container.container_id, now=now, entropy=entropy
    )
    placement = Placement(
        wish=wish,
        plan=replace(plan, warnings=(*plan.warnings, *filter(None, [remark]), *words)),
        product_id=wanted.product.product_id,
        standing=replace(standing, organization=organization or standing.organization),
        container=container,
        principal=principal,
        ids=ids,
        opening=opening if skipped or not approval else None,
        approval=approval,
        skipped=skipped,
        now=now,
    )
    dossier = new_dossier(placement)
    records = new_records(dossier, _placed_changes(dossier, principal, entropy), once)
    commit_named(dossier.order, (*records, *beside), once=once, ledger=ledger)
    return dossier


def _standing(wanted: Wanted, plan: OrderPlan, ledger: Ledger) -> Standing:
    """What the account stands for, in one call."""
    wish, principal = wanted.wish, wanted.principal
    return ledger.standing(
        principal.account_id,
        domains_to_ask(plan.identifiers),
        organization_id=wish.organization_id,
        container_id=wish.container_id or principal.container_id,
        key=plan.key,
    )


def _numbers(chosen: Chosen, ledger: Ledger, *, approval: bool) -> Allocation:
    return ledger.allocate(
        orders=1,
        certificates=1,
        requests=int(approval),
        organizations=int(chosen.is_new),
        reviews=int(chosen.opens_review),
    )


def _opening(
    wanted: Wanted,
    plan: OrderPlan,
    standing: Standing,
    *,
    policy: RegistrationPolicy,
    entropy: Entropy,
) -> Opened:
    """How the validation begins; a method that is not there is no matter for proven names."""
    opening = opened(
        plan.identifiers,
        plan.method.method,
        wanted.product,
        proofs=standing.proofs,
        times=policy.times,
        entropy=entropy,
        now=wanted.now,
        contacts=plan.method.contacts,
    )
    pending = any(one.status is not AuthorizationStatus.VALID for one in opening.authorizations)
    if plan.method_flaw is not None and pending:
        raise invalid(plan.method_flaw)
    return opening


def _judged(
    wish: OrderWish, standing: Standing, principal: Principal
) -> tuple[Container, list[str]]:
    """What the account has to say: the order's container, and remarks on its custom fields.

    Raises VouchsafeError(INVALID) for a container or for fields that its rules do not allow.
    """
    fields = () if standing.account is None else standing.account.metadata
    flaws, remarks = judge(fields, wish.details.extras.get("custom_fields"))
    container = placed_in(standing, principal)
    if isinstance(container, Flaw):
        raise invalid(container, *flaws)
    if flaws:
        raise invalid(*flaws)
    return container, remarks


def _placed_changes(dossier: Dossier, principal: Principal, entropy: Entropy) -> tuple[Change, ...]:
    order, now = dossier.order, dossier.order.created_at
    noise = entropy.bytes(NOISE_BYTES)
    placed = traced(
        order_change(order, ChangeKind.ORDER_PLACED, principal, now, noise), None, order
    )
    return placed, *(created(each, principal, now, entropy) for each in dossier.requests)
