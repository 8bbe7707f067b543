"""Changing how a pending order's names are to be proven: another value, another method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.authorization import Authorization, DcvMethodName, RandomValue
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, ChangeKind
from ..domain.dossier import Authorizations, Dossier
from ..domain.errors import Conflict, ErrorCode, Flaw, Unavailable, VouchsafeError, invalid
from ..domain.gates import proof_counts
from ..domain.products import PRODUCTS
from ..domain.records import ENGINES, new_random_value
from ..ports import Clock, Entropy, Ledger
from .new_orders import order_change
from .registration import read_order

_ATTEMPTS = 5
_FIELD = "dcv_method"


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

    def value_of(certificate: Certificate, now: datetime) -> RandomValue:
        if not PRODUCTS[certificate.product_id].shares_value:
            raise _conflict("This product has a value for each name; see the order's validations.")
        if certificate.dcv_method is DcvMethodName.EMAIL:
            raise _conflict("The order is validated by e-mail; it has no value to publish.")
        value = certificate.random_value
        alive = value is not None and now < value.expires_at
        return value if value and alive else new_random_value(entropy, now)

    return _changed(order_id, principal, value_of, ledger=ledger, clock=clock, entropy=entropy)


def change_method(
    order_id: int,
    principal: Principal,
    method: DcvMethodName,
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> RandomValue:
    """Prove what is unproven by `method`, with a new value: the old one is void. The deadline
    stays.

    Raises not_found, CONFLICT for an order that is not pending, INVALID for a method that cannot be
    used, or a product whose method is final.
    """

    def value_of(certificate: Certificate, now: datetime) -> RandomValue:
        product = PRODUCTS[certificate.product_id]
        if product.method_is_final:
            reason = f"the method of a {product.product_id} order stays as it was ordered"
            raise invalid(Flaw(_FIELD, reason))
        if method not in product.methods & ENGINES:
            raise invalid(Flaw(_FIELD, "is not available in this deployment yet"))
        return new_random_value(entropy, now)

    return _changed(
        order_id, principal, value_of, method, ledger=ledger, clock=clock, entropy=entropy
    )


def _changed(
    order_id: int,
    principal: Principal,
    value_of: Callable[[Certificate, datetime], RandomValue],
    method: DcvMethodName | None = None,
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> RandomValue:
    for _ in range(_ATTEMPTS):
        dossier, now = read_order(order_id, principal, ledger=ledger), clock.now()
        before = dossier.newest
        if before.status is not CertificateStatus.PENDING:
            raise _conflict("Only a pending order can be proven another way.")
        value = value_of(before, now)
        if value == before.random_value:
            return value
        noise = entropy.bytes(NOISE_BYTES)
        change = order_change(dossier.order, ChangeKind.VALUE_RENEWED, principal, now, noise)
        try:
            ledger.commit(*_renewed(dossier, value, method or before.dcv_method, now), change)
        except Conflict:
            continue
        return value
    raise Unavailable(f"order {order_id} is being changed by others")


def _renewed(
    dossier: Dossier, value: RandomValue, method: DcvMethodName, now: datetime
) -> tuple[Certificate, Authorizations]:
    before = dossier.newest
    items = dossier.authorizations[before.certificate_id]
    after = replace(before, random_value=value, dcv_method=method, version=before.version + 1)
    pack = Authorizations(
        order_id=before.order_id,
        certificate_id=before.certificate_id,
        items=tuple(_with_value(one, value, method, now) for one in items),
    )
    return after, pack


def _with_value(
    one: Authorization, value: RandomValue, method: DcvMethodName, now: datetime
) -> Authorization:
    """With the new value; what was seen of the old one says nothing any more."""
    if proof_counts(one, now):
        return replace(one, random_value=value)
    return replace(one, random_value=value, method=method, last_look=None)


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="order")
