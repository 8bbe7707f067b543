"""From a plan that passed every rule to the records of a new order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..domain.accounts import Principal
from ..domain.authorization import Authorization, RandomValue
from ..domain.certificate import Certificate, CertificateStatus, Window
from ..domain.changes import Change, ChangeKind, new_change_id
from ..domain.dossier import Allocation, Authorizations, Dossier, IdempotencyRecord
from ..domain.issuers import KeyType
from ..domain.order import Order, OrderStatus
from ..domain.wishes import OrderPlan, OrderWish


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPolicy:
    """What a deployment sets: the time names have to be proven, the first look, the CA's keys."""

    window: timedelta
    first_gap: timedelta
    issuer_keys: KeyType


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceOnly:
    """A client's `Idempotency-Key` and the fingerprint of the request it came with.

    `render` makes the answer that is recorded, and given again, from what was placed.
    """

    key: str
    fingerprint: str
    render: Callable[[Dossier], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Everything a new order is made of. `value` is the random value that all its names share."""

    wish: OrderWish
    plan: OrderPlan
    product_id: str
    principal: Principal
    ids: Allocation
    value: RandomValue
    now: datetime


def new_dossier(placement: Placement, policy: RegistrationPolicy) -> Dossier:
    """The order, its first certificate with its window open, and one authorization per name."""
    order = _order(placement)
    certificate = _certificate(placement, order, policy)
    items = tuple(
        Authorization(
            identifier=identifier, method=placement.wish.method, random_value=placement.value
        )
        for identifier in placement.plan.identifiers
    )
    return Dossier(
        order=order,
        certificates=(certificate,),
        authorizations={certificate.certificate_id: items},
    )


def new_records(
    dossier: Dossier, placed: Change, once: OnceOnly | None
) -> tuple[Order | Certificate | Authorizations | Change | IdempotencyRecord, ...]:
    """What one commit writes for a new order: itself, the change, and the key it came under."""
    order, certificate = dossier.order, dossier.newest
    authorizations = Authorizations(
        order_id=order.order_id,
        certificate_id=certificate.certificate_id,
        items=dossier.authorizations[certificate.certificate_id],
    )
    if once is None:
        return order, certificate, authorizations, placed
    record = IdempotencyRecord(
        account_id=order.account_id,
        key=once.key,
        fingerprint=once.fingerprint,
        order_id=order.order_id,
        status=201,
        answer=once.render(dossier),
        created_at=order.created_at,
    )
    return order, certificate, authorizations, placed, record


def order_change(
    order: Order, kind: ChangeKind, principal: Principal, now: datetime, noise: bytes
) -> Change:
    """The change record of what a person did to an order. `noise` is 10 unpredictable bytes."""
    return Change(
        change_id=new_change_id(now, noise),
        account_id=order.account_id,
        kind=kind,
        at=now,
        actor=f"user {principal.user_id}",
        order_id=order.order_id,
        certificate_id=order.certificate_id,
    )


def _order(placement: Placement) -> Order:
    principal, plan = placement.principal, placement.plan
    names = tuple(identifier.value for identifier in plan.identifiers)
    return Order(
        order_id=placement.ids.orders[0],
        account_id=principal.account_id,
        user_id=principal.user_id,
        container_id=principal.container_id,
        product_id=placement.product_id,
        status=OrderStatus.PENDING,
        common_name=names[0],
        dns_names=names,
        certificate_id=placement.ids.certificates[0],
        created_at=placement.now,
        term_ends_at=plan.term.term_ends_at,
        details=replace(placement.wish.details, warnings=plan.warnings),
    )


def _certificate(placement: Placement, order: Order, policy: RegistrationPolicy) -> Certificate:
    now, plan = placement.now, placement.plan
    return Certificate(
        certificate_id=order.certificate_id,
        order_id=order.order_id,
        account_id=order.account_id,
        status=CertificateStatus.PENDING,
        product_id=order.product_id,
        common_name=order.common_name,
        identifiers=plan.identifiers,
        csr=plan.csr.der,
        signature_hash=plan.signature_hash,
        dcv_method=placement.wish.method,
        random_value=placement.value,
        ends_at=plan.term.ends_at,
        created_at=now,
        window=Window(opened_at=now, deadline=now + policy.window),
        next_look_at=now + policy.first_gap,
    )
