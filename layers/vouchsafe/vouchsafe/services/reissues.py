"""Certificates after an order's first one: reissues and duplicates, one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.authorization import AuthorizationStatus
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Authorizations, Dossier
from ..domain.errors import Conflict, Flaw, Unavailable, invalid
from ..domain.products import PRODUCTS
from ..domain.proofs import Standing, domains_to_ask
from ..domain.repeats import check_names, check_state, plan_again
from ..domain.wishes import CSR, OrderPlan
from ..ports import Entropy, Ledger, Workflow
from .asking import asked, skips
from .blocking import refuse_blocked
from .idempotency import OnceOnly, used
from .new_orders import RegistrationPolicy
from .opening import Opened, closed, opened, with_opening
from .order_organizations import choose_again, judged, settle
from .ownership import owned
from .placing import RegistrationPorts
from .reissue_records import (
    AgainDraft,
    AgainWish,
    PlacedAgain,
    again_records,
    certificate_again,
    pointing,
    with_draft,
)
from .runs import FIRST_RUN

_ATTEMPTS = 5


def place_again(
    order_id: int,
    again: AgainWish,
    principal: Principal,
    *,
    once: OnceOnly[PlacedAgain] | None,
    policy: RegistrationPolicy,
    ports: RegistrationPorts,
) -> PlacedAgain:
    """Give an issued order a further certificate id, with its own request and its own window.

    It waits for an approver unless that step is skipped. Nothing that was issued is touched. An
    organization whose validation is over is handed to operators again. Raises not_found, INVALID
    with every flaw, or CONFLICT for an order that cannot have another one now.
    """
    for _ in range(_ATTEMPTS):
        dossier = owned(ports.ledger.order(order_id), principal)
        now = ports.clock.now()
        check_state(dossier, now)
        draft = _draft(dossier, again, principal, now, policy=policy, ports=ports)
        placed = PlacedAgain(
            dossier=with_draft(dossier, draft),
            certificate_id=draft.certificate.certificate_id,
            warnings=draft.warnings,
        )
        key = used(once, placed, now, order_id=order_id)
        try:
            ports.ledger.commit(*again_records(draft, principal, now, ports.entropy), *key)
        except Conflict:
            continue
        return replace(placed, started=_start(draft.certificate, ports.workflow))
    raise Unavailable(f"order {order_id} is being changed by others")


def _draft(
    dossier: Dossier,
    again: AgainWish,
    principal: Principal,
    now: datetime,
    *,
    policy: RegistrationPolicy,
    ports: RegistrationPorts,
) -> AgainDraft:
    order, product = dossier.order, PRODUCTS[dossier.order.product_id]
    check_names(dossier, again.kind, again.wish)
    chosen = choose_again(order, principal, now, accounts=ports.accounts, reviews=ports.reviews)
    wish = judged(again.wish, chosen, now)
    plan = plan_again(dossier, again.kind, wish, product, now=now, issuer_keys=policy.issuer_keys)
    standing = _standing(plan, principal, ports.ledger)
    skipped, remark = skips(again.wish.skip_approval, principal, standing.account)
    ids = ports.ledger.allocate(certificates=1, requests=1, reviews=int(chosen.opens_review))
    _, beside = settle(chosen, ids, principal, order.container_id, now=now, entropy=ports.entropy)
    certificate = certificate_again(dossier, again, plan, ids.certificates[0], now)
    opening = _opening(certificate, plan, standing, now, policy=policy, entropy=ports.entropy)
    certificate, pack = _waiting(certificate, plan, opening if skipped else None)
    request = asked(
        certificate,
        ids.requests[0],
        principal,
        approved=skipped,
        comments=again.comments,
        now=now,
    )
    return AgainDraft(
        order=pointing(order, certificate),
        certificate=certificate,
        authorizations=pack,
        request=request,
        beside=beside,
        warnings=(*plan.warnings, *filter(None, [remark])),
    )


def _standing(plan: OrderPlan, principal: Principal, ledger: Ledger) -> Standing:
    """What the account stands for, in one call. Raises INVALID for a key that is blocked."""
    asked_for = domains_to_ask(plan.identifiers)
    standing = ledger.standing(principal.account_id, asked_for, key=plan.key)
    refuse_blocked(standing.blocked, CSR)
    return standing


def _waiting(
    certificate: Certificate, plan: OrderPlan, opening: Opened | None
) -> tuple[Certificate, Authorizations]:
    """The certificate with its names: open for validation, or waiting for its approval."""
    items = closed(certificate.identifiers, certificate.dcv_method, plan.method.contacts)
    if opening is not None:
        items = opening.authorizations
        certificate = replace(with_opening(certificate, opening), status=CertificateStatus.PENDING)
    pack = Authorizations(
        order_id=certificate.order_id, certificate_id=certificate.certificate_id, items=items
    )
    return certificate, pack


def _opening(
    certificate: Certificate,
    plan: OrderPlan,
    standing: Standing,
    now: datetime,
    *,
    policy: RegistrationPolicy,
    entropy: Entropy,
) -> Opened:
    """How its validation would begin; a method that is not there is no matter for proven names."""
    opening = opened(
        certificate.identifiers,
        certificate.dcv_method,
        PRODUCTS[certificate.product_id],
        proofs=standing.proofs,
        times=policy.times,
        entropy=entropy,
        now=now,
        contacts=plan.method.contacts,
    )
    pending = any(one.status is not AuthorizationStatus.VALID for one in opening.authorizations)
    if plan.method_flaw is not None and pending:
        raise invalid(Flaw("dcv_method", plan.method_flaw.reason))
    return opening


def _start(certificate: Certificate, workflow: Workflow) -> bool:
    """Start the first run. The reissue stands even if that fails: the reconciler starts it then."""
    if certificate.status is not CertificateStatus.PENDING:
        return False
    try:
        workflow.start_order(certificate.order_id, certificate.certificate_id, FIRST_RUN)
    except Unavailable:
        return False
    return True


__all__ = ["AgainWish", "PlacedAgain", "place_again"]
