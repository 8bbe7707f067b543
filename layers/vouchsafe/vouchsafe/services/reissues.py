"""Certificates after an order's first one: reissues and duplicates, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Allocation, Authorizations, Dossier
from ..domain.errors import Flaw, invalid
from ..domain.order_plans import JudgedWish, OrderPlan
from ..domain.products import PRODUCTS
from ..domain.proofs import Standing, domains_to_ask
from ..domain.repeats import check_state, judge_again
from ..domain.wishes import CSR
from ..ports import Entropy, Record
from .asking import asked, skips
from .attempts import attempted
from .blocking import blocked_flaws
from .idempotency import OnceOnly
from .known_keys import known_flaws
from .new_orders import RegistrationPolicy
from .opening import Opened, closed, opening_of, with_opening
from .order_organizations import Chosen, choose_again, settle
from .order_organizations import judged as judged_for
from .ownership import owned
from .placing import RegistrationPorts, missing_method
from .reissue_records import (
    AgainDraft,
    AgainWish,
    PlacedAgain,
    again_records,
    certificate_again,
    pointing,
    with_draft,
)
from .runs import start_first_run
from .signing_keys import signing_keys


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

    def attempt(now: datetime) -> tuple[PlacedAgain, Sequence[Record]]:
        dossier = owned(ports.ledger.order(order_id), principal)
        decision = decide_again(dossier, again, principal, now, policy=policy, ports=ports)
        if decision.flaws:
            raise invalid(*decision.flaws)
        ids = ports.ledger.allocate(
            certificates=1, requests=1, reviews=int(decision.chosen.opens_review)
        )
        draft = drawn_up(decision, ids, ports.entropy)
        placed = PlacedAgain(
            dossier=with_draft(dossier, draft),
            certificate_id=draft.certificate.certificate_id,
            warnings=draft.warnings,
        )
        return placed, again_records(draft, principal, now, ports.entropy)

    what, clock = f"order {order_id}", ports.clock
    placed = attempted(
        attempt, once=once, order_id=order_id, what=what, ledger=ports.ledger, clock=clock
    )
    certificate = placed.dossier.certificate(placed.certificate_id)
    return replace(placed, started=start_first_run(certificate, ports.workflow))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainDecision:
    """What a further certificate comes to before anything is numbered or written.

    `opening` is missing where the names are; it is there also where an approval comes first.
    """

    dossier: Dossier
    again: AgainWish
    principal: Principal
    now: datetime
    chosen: Chosen
    judged: JudgedWish
    standing: Standing
    opening: Opened | None
    skipped: bool
    flaws: tuple[Flaw, ...]
    remarks: tuple[str, ...]


def decide_again(
    dossier: Dossier,
    again: AgainWish,
    principal: Principal,
    now: datetime,
    *,
    policy: RegistrationPolicy,
    ports: RegistrationPorts,
) -> AgainDecision:
    """Judge a further certificate by every rule there is; nothing is written.

    Raises VouchsafeError(CONFLICT) for an order that cannot have another one now.
    """
    check_state(dossier, now)
    order, product = dossier.order, PRODUCTS[dossier.order.product_id]
    chosen = choose_again(order, principal, now, accounts=ports.accounts, reviews=ports.reviews)
    wish = judged_for(again.wish, chosen, now)
    keys = signing_keys(product, now, configured=policy.issuer_keys, issuers=ports.issuers)
    judged = judge_again(
        dossier, again.kind, wish, product, now=now, issuer_keys=keys, rules=policy.rules
    )
    domains = domains_to_ask(judged.identifiers)
    standing = ports.ledger.standing(principal.account_id, domains, key=judged.key)
    skipped, remark = skips(again.wish.skip_approval, principal, standing.account)
    times, entropy, proofs = policy.times, ports.entropy, standing.proofs
    opening = opening_of(judged, product, proofs, times=times, entropy=entropy, now=now)
    return AgainDecision(
        dossier=dossier,
        again=again,
        principal=principal,
        now=now,
        chosen=chosen,
        judged=judged,
        standing=standing,
        opening=opening,
        skipped=skipped,
        flaws=(
            *judged.flaws,
            *blocked_flaws(standing.blocked, CSR),
            *known_flaws(judged.csr, ports.known_keys, CSR),
            *missing_method(judged.plan, opening),
        ),
        remarks=(*(judged.plan.warnings if judged.plan else ()), *filter(None, [remark])),
    )


def drawn_up(decision: AgainDecision, ids: Allocation, entropy: Entropy) -> AgainDraft:
    """The further certificate under the numbers `ids`; `decision` has no flaws."""
    dossier, again, now = decision.dossier, decision.again, decision.now
    order, principal, plan = dossier.order, decision.principal, decision.judged.plan
    assert plan is not None, "without flaws there is a plan"
    organization, beside = settle(
        decision.chosen, ids, principal, order.container_id, now=now, entropy=entropy
    )
    certificate = certificate_again(dossier, again, plan, ids.certificates[0], now)
    opening = decision.opening if decision.skipped else None
    certificate, pack = _waiting(certificate, plan, opening)
    request = asked(
        certificate,
        ids.requests[0],
        principal,
        approved=decision.skipped,
        comments=again.comments,
        now=now,
    )
    return AgainDraft(
        order=pointing(order, certificate),
        certificate=certificate,
        authorizations=pack,
        request=request,
        organization=organization,
        beside=beside,
        warnings=decision.remarks,
    )


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


__all__ = ["AgainWish", "PlacedAgain", "place_again"]
