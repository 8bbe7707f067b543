"""Dry runs: the whole way of an order or a further certificate, with nothing written.

What would be refused is decided by the very functions that place it.
"""

from __future__ import annotations

from dataclasses import replace

from ..domain.accounts import Principal
from ..domain.dossier import Allocation
from ..domain.errors import ErrorCode, Unavailable, VouchsafeError, invalid
from ..domain.products import PRODUCTS, Product
from ..domain.wishes import OrderWish
from ..mail_ports import ContactFinder
from ..trial_ports import TrialPorts
from . import placing, reissues
from .contact_wishes import looked_up
from .following_trials import followed_up
from .new_orders import RegistrationPolicy
from .outlooks import Outlook, Part, Prospect, Undone
from .ownership import owned
from .placing import RegistrationPorts, Wanted
from .registration import wanted_now
from .reissue_records import AgainWish, with_draft

#: What would be numbered has the number 0.
_UNNUMBERED = Allocation(
    orders=(0,), certificates=(0,), requests=(0,), organizations=(0,), reviews=(0,)
)
_REFUSALS = frozenset({ErrorCode.INVALID, ErrorCode.CONFLICT})


def try_order(
    wish: OrderWish,
    product: Product,
    principal: Principal,
    *,
    policy: RegistrationPolicy,
    ports: RegistrationPorts,
    trial: TrialPorts,
) -> Outlook:
    """What placing that order would come to. Writes nothing, numbers nothing, starts nothing."""
    started = ports.clock.now()
    wish, undone = _looked_up(wish, trial.contacts)
    wanted = wanted_now(wish, product, principal, started, ports=ports)
    prospect = _order(wanted, policy=policy, ports=ports)
    prospect = replace(prospect, undone=undone)
    return followed_up(prospect, started, ports=ports, trial=trial)


def try_again(
    order_id: int,
    again: AgainWish,
    principal: Principal,
    *,
    policy: RegistrationPolicy,
    ports: RegistrationPorts,
    trial: TrialPorts,
) -> Outlook:
    """What that reissue or duplicate would come to, in the same way. Raises not_found."""
    started = ports.clock.now()
    dossier = owned(ports.ledger.order(order_id), principal)
    product = PRODUCTS[dossier.order.product_id]
    try:
        decision = reissues.decide_again(
            dossier, again, principal, started, policy=policy, ports=ports
        )
    except VouchsafeError as refused:
        return refused_outlook(refused, product, principal)
    prospect = _again(decision, product, ports)
    return followed_up(prospect, started, ports=ports, trial=trial)


def refused_outlook(refused: VouchsafeError, product: Product, principal: Principal) -> Outlook:
    """The outlook of what is refused as a whole, before its details are looked at.

    Raises `refused` itself where it says nothing of what was asked for.
    """
    if refused.code not in _REFUSALS:
        raise refused
    return Outlook(
        prospect=Prospect(product=product, account_id=principal.account_id, refusal=refused),
        undone=tuple(
            Undone(part=part, reason="it would be refused as it is")
            for part in (Part.FIRST_LOOK, Part.CAA, Part.LINT)
        ),
    )


def _looked_up(
    wish: OrderWish, contacts: ContactFinder | None
) -> tuple[OrderWish, tuple[Undone, ...]]:
    """The wish with the contacts it depends on; without its addresses when no answer comes."""
    try:
        return replace(wish, method=looked_up(wish.method, contacts)), ()
    except Unavailable as trouble:
        reason = f"the addresses of dcv_emails were not judged: {trouble}"
        without = replace(wish, method=replace(wish.method, emails=None))
        return without, (Undone(part=Part.CONTACTS, reason=reason),)


def _order(wanted: Wanted, *, policy: RegistrationPolicy, ports: RegistrationPorts) -> Prospect:
    decision = placing.decide(wanted, policy=policy, ports=ports)
    flaws = placing.all_flaws(wanted, decision, ports.ledger)
    judged, opening, container = decision.judged, decision.opening, decision.container
    organization = wanted.chosen.organization
    prospect = Prospect(
        product=wanted.product,
        account_id=wanted.principal.account_id,
        refusal=invalid(*flaws) if flaws else None,
        identifiers=judged.identifiers,
        csr=judged.csr,
        method=judged.method,
        planned=judged.plan is not None,
        authorizations=opening.authorizations if opening else (),
        standing=replace(decision.standing, organization=organization),
        organization=organization,
        container=(container.container_id, container.name) if container else None,
        approval=decision.approval,
        skipped=decision.skipped,
        warnings=decision.remarks,
    )
    if flaws:
        return prospect
    dossier, _ = placing.drawn_up(wanted, decision, _UNNUMBERED, ports.entropy)
    return replace(prospect, dossier=dossier, certificate=dossier.newest)


def _again(
    decision: reissues.AgainDecision, product: Product, ports: RegistrationPorts
) -> Prospect:
    judged, opening, order = decision.judged, decision.opening, decision.dossier.order
    organization = decision.chosen.organization
    prospect = Prospect(
        product=product,
        account_id=order.account_id,
        refusal=invalid(*decision.flaws) if decision.flaws else None,
        identifiers=judged.identifiers,
        csr=judged.csr,
        method=judged.method,
        planned=judged.plan is not None,
        authorizations=opening.authorizations if opening else (),
        standing=replace(decision.standing, organization=organization),
        organization=organization,
        container=(order.container_id, order.container_name),
        approval=True,
        skipped=decision.skipped,
        warnings=decision.remarks,
    )
    if decision.flaws:
        return prospect
    draft = reissues.drawn_up(decision, _UNNUMBERED, ports.entropy)
    dossier = with_draft(decision.dossier, draft)
    return replace(prospect, dossier=dossier, certificate=draft.certificate)


__all__ = ["Outlook", "refused_outlook", "try_again", "try_order"]
