"""From a plan that passed every rule to the records of a new order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.accounts import Principal
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import Change, ChangeKind, new_change_id
from ..domain.containers import Container
from ..domain.dossier import Allocation, Authorizations, Dossier
from ..domain.issuers import KeyType
from ..domain.order import Order, OrderStatus
from ..domain.order_plans import OrderPlan
from ..domain.profile_rules import NO_RULES, ProfileRules
from ..domain.proofs import Standing
from ..domain.requests import Request
from ..domain.traces import subject_of
from ..domain.wishes import OrderWish
from ..ports import Record
from .asking import asked
from .idempotency import OnceOnly, used
from .opening import Opened, ValidationTimes, closed, with_opening


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPolicy:
    """What a deployment sets: the time names have to be proven, the first look, the CA's keys, and
    what it narrows of the profiles."""

    window: timedelta
    first_gap: timedelta
    issuer_keys: KeyType
    rules: ProfileRules = NO_RULES

    @property
    def times(self) -> ValidationTimes:
        """The part that decides how a validation runs."""
        return ValidationTimes(window=self.window, first_gap=self.first_gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Everything a new order is made of.

    `opening` is missing where the account asks for an approval first; `approval` says that the
    order comes with a request, `skipped` that placing it was the approval.
    """

    wish: OrderWish
    plan: OrderPlan
    product_id: str
    standing: Standing  # of the account; the organization is its own
    container: Container
    principal: Principal
    ids: Allocation
    opening: Opened | None
    approval: bool = False
    skipped: bool = False
    now: datetime


def new_dossier(placement: Placement) -> Dossier:
    """The order, its first certificate, one authorization per name, and its request if any."""
    order = _order(placement)
    certificate = _certificate(placement, order)
    opening, wish = placement.opening, placement.wish
    method = placement.plan.method
    items = closed(certificate.identifiers, method.method, method.contacts)
    items = opening.authorizations if opening else items
    requests: tuple[Request, ...] = ()
    if placement.approval:
        request = asked(
            certificate,
            placement.ids.requests[0],
            placement.principal,
            approved=placement.skipped,
            comments=str(wish.details.extras.get("comments") or ""),
            now=placement.now,
        )
        requests = (request,)
    return Dossier(
        order=order,
        certificates=(certificate,),
        authorizations={certificate.certificate_id: items},
        requests=requests,
    )


def new_records(
    dossier: Dossier, changes: tuple[Change, ...], once: OnceOnly[Dossier] | None
) -> tuple[Record, ...]:
    """What one commit writes for a new order: itself, the changes, and the key it came under."""
    order, certificate = dossier.order, dossier.newest
    authorizations = Authorizations(
        order_id=order.order_id,
        certificate_id=certificate.certificate_id,
        items=dossier.authorizations[certificate.certificate_id],
    )
    key = used(once, dossier, order.created_at, order_id=order.order_id)
    return order, certificate, authorizations, *dossier.requests, *changes, *key


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
        subject=subject_of(order),
    )


def _order(placement: Placement) -> Order:
    principal, plan, standing = placement.principal, placement.plan, placement.standing
    organization = standing.organization
    names = tuple(identifier.value for identifier in plan.identifiers)
    return Order(
        order_id=placement.ids.orders[0],
        account_id=principal.account_id,
        user_id=principal.user_id,
        container_id=placement.container.container_id,
        container_name=placement.container.name,
        product_id=placement.product_id,
        status=OrderStatus.PENDING if placement.opening else OrderStatus.AWAITING_APPROVAL,
        common_name=names[0],
        dns_names=names,
        certificate_id=placement.ids.certificates[0],
        certificate_name=plan.certificate_name,
        organization_id=organization.organization_id if organization else None,
        organization_name=organization.name if organization else "",
        created_at=placement.now,
        term_ends_at=plan.term.term_ends_at,
        signature_hash=plan.signature_hash,
        details=replace(placement.wish.details, warnings=plan.warnings),
    )


def _certificate(placement: Placement, order: Order) -> Certificate:
    plan, opening = placement.plan, placement.opening
    waits = CertificateStatus.PENDING if opening else CertificateStatus.AWAITING_APPROVAL
    certificate = Certificate(
        certificate_id=order.certificate_id,
        order_id=order.order_id,
        account_id=order.account_id,
        status=waits,
        product_id=order.product_id,
        common_name=order.common_name,
        identifiers=plan.identifiers,
        csr=plan.csr.der if plan.csr else b"",
        signature_hash=plan.signature_hash,
        dcv_method=plan.method.method,
        ends_at=plan.term.ends_at,
        created_at=placement.now,
    )
    return with_opening(certificate, opening) if opening else certificate
