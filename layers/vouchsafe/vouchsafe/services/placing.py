"""One attempt at placing an order: from a wish and what was read to one commit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.authorization import AuthorizationStatus
from ..domain.certificate_name import FIELD as CERTIFICATE_NAME
from ..domain.changes import NOISE_BYTES, Change, ChangeKind
from ..domain.containers import Container
from ..domain.dossier import Allocation, Dossier
from ..domain.errors import Flaw, invalid
from ..domain.metadata import judge
from ..domain.order_plans import JudgedWish, OrderPlan
from ..domain.products import Product
from ..domain.proofs import Standing, domains_to_ask
from ..domain.traces import traced
from ..domain.wishes import CSR, OrderWish, judge_order
from ..key_ports import KnownKeys
from ..mail_ports import ContactFinder
from ..ports import Accounts, Clock, Entropy, Issuers, Ledger, Record, Reviews, Workflow
from .asking import created, skips
from .blocking import blocked_flaws
from .containers import placed_in
from .idempotency import OnceOnly
from .known_keys import known_flaws
from .naming import commit_named, taken_flaws
from .new_orders import Placement, RegistrationPolicy, new_dossier, new_records, order_change
from .opening import Opened, opening_of
from .order_organizations import Chosen, settle
from .signing_keys import signing_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPorts:
    """Where orders and reissues are placed, and what they are placed with."""

    ledger: Ledger
    workflow: Workflow
    accounts: Accounts
    reviews: Reviews
    issuers: Issuers
    clock: Clock
    entropy: Entropy
    contacts: ContactFinder | None = None
    known_keys: KnownKeys | None = None  # None: the operator provides no list


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be placed, by whom, when, and the organization it is for."""

    wish: OrderWish
    product: Product
    principal: Principal
    chosen: Chosen
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What placing comes to before anything is numbered or written: every flaw, or none.

    `opening` is missing where the names are; it is there also where an approval comes first.
    """

    judged: JudgedWish
    standing: Standing
    container: Container | None
    opening: Opened | None
    approval: bool
    skipped: bool
    flaws: tuple[Flaw, ...]
    remarks: tuple[str, ...]


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
    ledger, entropy = ports.ledger, ports.entropy
    decision = decide(wanted, policy=policy, ports=ports)
    if decision.flaws:
        raise invalid(*all_flaws(wanted, decision, ledger))
    ids = _numbers(wanted.chosen, ledger, approval=decision.approval)
    dossier, beside = drawn_up(wanted, decision, ids, entropy)
    records = new_records(dossier, _placed_changes(dossier, wanted.principal, entropy), once)
    commit_named(dossier.order, (*records, *beside), once=once, ledger=ledger)
    return dossier


def decide(wanted: Wanted, *, policy: RegistrationPolicy, ports: RegistrationPorts) -> Decision:
    """Judge what is wanted by every rule there is; one read, and nothing is written.

    What depends on something that is at fault itself is left out.
    """
    wish, principal = wanted.wish, wanted.principal
    product, now = wanted.product, wanted.now
    keys = signing_keys(product, now, configured=policy.issuer_keys, issuers=ports.issuers)
    judged = judge_order(wish, product, now=now, issuer_keys=keys, rules=policy.rules)
    standing = _standing(wanted, judged, ports.ledger)
    account = standing.account
    approval = account is not None and account.orders_need_approval
    skipped, remark = skips(wish.skip_approval and approval, principal, account)
    opening = opening_of(
        judged,
        wanted.product,
        standing.proofs,
        times=policy.times,
        entropy=ports.entropy,
        now=wanted.now,
    )
    container = placed_in(standing, principal)
    fields, words = judge(account.metadata if account else (), _custom_fields(wish))
    misplaced = [container] if isinstance(container, Flaw) else []
    remarks = (*(judged.plan.warnings if judged.plan else ()), *filter(None, [remark]), *words)
    return Decision(
        judged=judged,
        standing=standing,
        container=None if isinstance(container, Flaw) else container,
        opening=opening,
        approval=approval,
        skipped=skipped,
        flaws=(
            *judged.flaws,
            *blocked_flaws(standing.blocked, CSR),
            *known_flaws(judged.csr, ports.known_keys, CSR),
            *missing_method(judged.plan, opening),
            *misplaced,
            *fields,
        ),
        remarks=remarks,
    )


def all_flaws(wanted: Wanted, decision: Decision, ledger: Ledger) -> tuple[Flaw, ...]:
    """The flaws with that of a certificate name that is taken, which one more read tells.

    An order without other flaws needs no such read: its commit fails.
    """
    if any(flaw.field == CERTIFICATE_NAME for flaw in decision.flaws):
        return decision.flaws
    name = wanted.wish.certificate_name
    return (*decision.flaws, *taken_flaws(wanted.principal.account_id, name, ledger=ledger))


def drawn_up(
    wanted: Wanted, decision: Decision, ids: Allocation, entropy: Entropy
) -> tuple[Dossier, tuple[Record, ...]]:
    """The order under the numbers `ids`, and what is written of its organization beside it.

    `decision` has no flaws.
    """
    plan, container = decision.judged.plan, decision.container
    assert plan is not None, "without flaws there is a plan"
    assert container is not None, "without flaws there is a container"
    organization, beside = settle(
        wanted.chosen,
        ids,
        wanted.principal,
        container.container_id,
        now=wanted.now,
        entropy=entropy,
    )
    standing = decision.standing
    placement = Placement(
        wish=wanted.wish,
        plan=replace(plan, warnings=decision.remarks),
        product_id=wanted.product.product_id,
        standing=replace(standing, organization=organization or standing.organization),
        container=container,
        principal=wanted.principal,
        ids=ids,
        opening=decision.opening if decision.skipped or not decision.approval else None,
        approval=decision.approval,
        skipped=decision.skipped,
        now=wanted.now,
    )
    return new_dossier(placement), beside


def _standing(wanted: Wanted, judged: JudgedWish, ledger: Ledger) -> Standing:
    """What the account stands for, in one call."""
    wish, principal = wanted.wish, wanted.principal
    return ledger.standing(
        principal.account_id,
        domains_to_ask(judged.identifiers),
        organization_id=wish.organization_id,
        container_id=wish.container_id or principal.container_id,
        key=judged.key,
    )


def _numbers(chosen: Chosen, ledger: Ledger, *, approval: bool) -> Allocation:
    return ledger.allocate(
        orders=1,
        certificates=1,
        requests=int(approval),
        organizations=int(chosen.is_new),
        reviews=int(chosen.opens_review),
    )


def missing_method(plan: OrderPlan | None, opening: Opened | None) -> tuple[Flaw, ...]:
    """What is wrong with a method that proves nothing: no matter where all names are proven."""
    if plan is None or plan.method_flaw is None or opening is None:
        return ()
    pending = any(one.status is not AuthorizationStatus.VALID for one in opening.authorizations)
    return (plan.method_flaw,) if pending else ()


def _custom_fields(wish: OrderWish) -> Any:
    return wish.details.extras.get("custom_fields")


def _placed_changes(dossier: Dossier, principal: Principal, entropy: Entropy) -> tuple[Change, ...]:
    order, now = dossier.order, dossier.order.created_at
    noise = entropy.bytes(NOISE_BYTES)
    placed = traced(
        order_change(order, ChangeKind.ORDER_PLACED, principal, now, noise), None, order
    )
    return placed, *(created(each, principal, now, entropy) for each in dossier.requests)
