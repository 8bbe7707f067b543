"""What a reissue or duplicate is made of, and the records that one commit writes for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.certificate import Certificate, CertificateKind, CertificateStatus
from ..domain.changes import NOISE_BYTES, ChangeKind
from ..domain.dossier import Authorizations, Dossier
from ..domain.order import Order
from ..domain.order_plans import OrderPlan
from ..domain.organization import Organization
from ..domain.requests import Request
from ..domain.traces import traced
from ..domain.wishes import OrderWish
from ..ports import Entropy, Record
from .asking import created
from .new_orders import order_change


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainWish:
    """A reissue or duplicate as the client put it. Empty names of a duplicate mean the same ones.

    `platform` is the number of the server software, which decides the form of downloads alone.
    """

    kind: CertificateKind
    wish: OrderWish
    platform: int | None = None
    comments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedAgain:
    """The order with its new certificate id, and what there is to remark."""

    dossier: Dossier
    certificate_id: int
    warnings: tuple[str, ...] = ()
    started: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainDraft:
    """What one attempt at placing writes."""

    order: Order
    certificate: Certificate
    authorizations: Authorizations
    request: Request
    organization: Organization | None = None
    beside: tuple[Record, ...] = ()  # the organization, where it is handed to operators
    warnings: tuple[str, ...] = ()


def certificate_again(
    dossier: Dossier, again: AgainWish, plan: OrderPlan, certificate_id: int, now: datetime
) -> Certificate:
    """The new certificate id before any approval."""
    order = dossier.order
    return Certificate(
        certificate_id=certificate_id,
        order_id=order.order_id,
        account_id=order.account_id,
        kind=again.kind,
        status=CertificateStatus.AWAITING_APPROVAL,
        product_id=order.product_id,
        common_name=plan.identifiers[0].value,
        identifiers=plan.identifiers,
        csr=plan.csr.der if plan.csr else b"",
        signature_hash=plan.signature_hash,
        dcv_method=plan.method.method,
        ends_at=plan.term.ends_at,
        created_at=now,
        follows=order.certificate_id,
        platform=again.platform,
    )


def pointing(order: Order, certificate: Certificate) -> Order:
    """The order one version on, so that there is one of these at a time; a duplicate stays beside.

    A reissue is what the order points at from now on.
    """
    if certificate.kind is CertificateKind.DUPLICATE:
        return replace(order, duplicates=order.duplicates + 1, version=order.version + 1)
    return replace(
        order,
        certificate_id=certificate.certificate_id,
        reissues=order.reissues + 1,
        version=order.version + 1,
    )


def again_records(
    draft: AgainDraft, principal: Principal, now: datetime, entropy: Entropy
) -> tuple[Record, ...]:
    """What one commit writes, besides a client's key."""
    noise = entropy.bytes(NOISE_BYTES)
    placed = order_change(draft.order, ChangeKind.REISSUE_PLACED, principal, now, noise)
    told = replace(
        placed,
        certificate_id=draft.certificate.certificate_id,
        data={"kind": str(draft.certificate.kind)},
    )
    return (
        draft.order,
        draft.certificate,
        draft.authorizations,
        draft.request,
        traced(told, None, draft.certificate),
        created(draft.request, principal, now, entropy),
        *draft.beside,
    )


def with_draft(dossier: Dossier, draft: AgainDraft) -> Dossier:
    """The order's dossier as it stands after that commit."""
    certificate = draft.certificate
    items = {certificate.certificate_id: draft.authorizations.items}
    return replace(
        dossier,
        order=draft.order,
        certificates=(*dossier.certificates, certificate),
        authorizations={**dossier.authorizations, **items},
        requests=(*dossier.requests, draft.request),
    )
