"""The registration authority: takes orders, answers for them, cancels them, wakes them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.accounts import Principal
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.errors import Conflict, Unavailable
from ..domain.gates import Verdict, assess
from ..domain.products import Product
from ..domain.wishes import OrderWish
from ..ports import Clock, Ledger, Workflow
from .attempts import ATTEMPTS
from .contact_wishes import looked_up
from .idempotency import OnceOnly, answered
from .new_orders import RegistrationPolicy
from .order_organizations import choose, judged
from .ownership import owned
from .placing import RegistrationPorts, Wanted, place
from .runs import start_first_run, start_next_run

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
    ports: RegistrationPorts,
) -> Placed:
    """Turn a wish into an order whose validation runs: one commit, or nothing.

    An organization that is not validated is handed to operators with it. Raises
    VouchsafeError(INVALID) with every flaw, Conflict when a twin under one key was faster.
    """
    now = ports.clock.now()
    wish = replace(wish, method=looked_up(wish.method, ports.contacts))
    for _ in range(ATTEMPTS):
        wanted = wanted_now(wish, product, principal, now, ports=ports)
        try:
            dossier = place(wanted, once=once, policy=policy, ports=ports)
        except Conflict:  # maybe another one handed the organization over, or operators moved on
            if wanted.chosen.check is None or answered(once, ledger=ports.ledger):
                raise
            continue
        return Placed(dossier=dossier, started=start_first_run(dossier.newest, ports.workflow))
    raise Unavailable("the organization is being changed by others")


def wanted_now(
    wish: OrderWish,
    product: Product,
    principal: Principal,
    now: datetime,
    *,
    ports: RegistrationPorts,
) -> Wanted:
    """The wish with the organization it is for, as that stands now."""
    chosen = choose(wish, product, principal, now, accounts=ports.accounts, reviews=ports.reviews)
    judged_wish = judged(wish, chosen, now)
    return Wanted(wish=judged_wish, product=product, principal=principal, chosen=chosen, now=now)


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
    if certificate.run >= run and certificate.waits_for_people:
        return True  # names are proven: there was nothing to look at
    if certificate.run < run or certificate.looks <= before.looks:
        return False
    items = dossier.authorizations[certificate.certificate_id]
    return assess(certificate, items, now=clock.now()).verdict is not Verdict.READY
