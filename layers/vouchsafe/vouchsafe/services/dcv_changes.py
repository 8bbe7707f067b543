"""Changing how a pending order's names are to be proven: another value, another method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.authorization import Authorization, DcvMethodName, RandomValue
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, ChangeKind
from ..domain.dossier import Authorizations, Dossier
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.gates import proof_counts
from ..domain.mailings import addressed
from ..domain.method_wishes import MethodPlan, MethodWish, for_trust, plan_method
from ..domain.products import PRODUCTS
from ..domain.records import ENGINES, new_random_value
from ..domain.traces import traced
from ..mail_ports import ContactFinder
from ..ports import Clock, Entropy, Ledger, Record
from .attempts import attempted
from .contact_wishes import looked_up
from .new_orders import order_change
from .registration import read_order
from .resending import cool_down

_FIELD = "dcv_method"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodChanged:
    """What is to be published from now on, nothing by e-mail, and what there is to remark."""

    value: RandomValue | None
    warnings: tuple[str, ...] = ()


def current_value(
    order_id: int,
    principal: Principal,
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> RandomValue:
    """The value that all names of a pending order share; a new one if it is dead.

    Raises not_found, or CONFLICT for an order that is not pending or has a value for each name.
    """

    def renewed(dossier: Dossier, now: datetime) -> _Renewal:
        certificate = dossier.newest
        if not PRODUCTS[certificate.product_id].shares_value:
            raise _conflict("This product has a value for each name; see the order's validations.")
        if certificate.dcv_method is DcvMethodName.EMAIL:
            raise _conflict("The order is validated by e-mail; it has no value to publish.")
        value = certificate.random_value
        alive = value is not None and now < value.expires_at
        value = value if value and alive else new_random_value(entropy, now)
        return _Renewal(method=certificate.dcv_method, value=value)

    done = _changed(order_id, principal, renewed, ledger=ledger, clock=clock, entropy=entropy)
    assert done.value is not None, "only e-mail has no value"
    return done.value


def change_method(
    order_id: int,
    principal: Principal,
    wish: MethodWish,
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
    contacts: ContactFinder | None = None,
) -> MethodChanged:
    """Prove what is unproven another way, with a new value: the old one is void. By e-mail, new
    mails go out. The deadline stays.

    Raises not_found, CONFLICT for an order that is not pending, INVALID for a method that cannot be
    used, addresses that may not be, or a product whose method is final.
    """
    wish = looked_up(wish, contacts)

    def renewed(dossier: Dossier, now: datetime) -> _Renewal:
        certificate = dossier.newest
        product = PRODUCTS[certificate.product_id]
        if product.method_is_final:
            reason = f"the method of an order for {product.product_id} stays as it was ordered"
            raise invalid(Flaw(_FIELD, reason))
        if wish.method not in product.methods & ENGINES:
            raise invalid(Flaw(_FIELD, "is not available in this deployment yet"))
        plan = plan_method(for_trust(wish, product.trust), certificate.identifiers, now)
        if plan.flaws:
            raise invalid(*plan.flaws)
        by_mail = plan.method is DcvMethodName.EMAIL
        if by_mail:
            cool_down(certificate.mailed_again_at, now)
        value = None if by_mail else new_random_value(entropy, now)
        return _Renewal(method=plan.method, value=value, plan=plan)

    done = _changed(order_id, principal, renewed, ledger=ledger, clock=clock, entropy=entropy)
    return MethodChanged(value=done.value, warnings=done.plan.warnings if done.plan else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Renewal:
    """How the names are to be proven from now on; `plan` where the method was asked for anew."""

    method: DcvMethodName
    value: RandomValue | None
    plan: MethodPlan | None = None


def _changed(
    order_id: int,
    principal: Principal,
    renewed: Callable[[Dossier, datetime], _Renewal],
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> _Renewal:
    def attempt(now: datetime) -> tuple[_Renewal, Sequence[Record]]:
        dossier = read_order(order_id, principal, ledger=ledger)
        before = dossier.newest
        if before.status is not CertificateStatus.PENDING:
            raise _conflict("Only a pending order can be proven another way.")
        renewal = renewed(dossier, now)
        if renewal.plan is None and renewal.value == before.random_value:
            return renewal, ()
        after, pack = _renewed(dossier, renewal, now, entropy)
        noise = entropy.bytes(NOISE_BYTES)
        change = order_change(dossier.order, ChangeKind.VALUE_RENEWED, principal, now, noise)
        until = {"expires_at": str(renewal.value.expires_at)} if renewal.value else {}
        return renewal, (after, pack, replace(traced(change, before, after), data=until))

    return attempted(attempt, what=f"order {order_id}", ledger=ledger, clock=clock)


def _renewed(
    dossier: Dossier, renewal: _Renewal, now: datetime, entropy: Entropy
) -> tuple[Certificate, Authorizations]:
    before = dossier.newest
    value, method = renewal.value, renewal.method
    mailed = now if method is DcvMethodName.EMAIL else before.mailed_again_at
    after = replace(
        before,
        random_value=value,
        dcv_method=method,
        mailed_again_at=mailed,
        version=before.version + 1,
    )
    items = dossier.authorizations[before.certificate_id]
    items = tuple(_with_value(one, value, method, now) for one in items)
    contacts = renewal.plan.contacts if renewal.plan else {}
    pack = Authorizations(
        order_id=before.order_id,
        certificate_id=before.certificate_id,
        items=addressed(items, contacts, entropy),
    )
    return after, pack


def _with_value(
    one: Authorization, value: RandomValue | None, method: DcvMethodName, now: datetime
) -> Authorization:
    """With the new value; what was seen of the old one says nothing any more."""
    if proof_counts(one, now):
        return replace(one, random_value=value or one.random_value)
    return replace(one, random_value=value, method=method, proof=None, mailings=(), last_look=None)


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="order")
