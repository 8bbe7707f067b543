"""Ordering again what came to nothing: a new order with new values, over the same data."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, VouchsafeError
from ..domain.mailings import FIELD as MAILS_FIELD
from ..domain.method_wishes import MethodWish
from ..domain.order import OrderStatus
from ..domain.products import PRODUCTS, KeySource
from ..domain.validity import DurationWish
from ..domain.wishes import OrderWish

_AGAIN = frozenset({OrderStatus.INVALID, OrderStatus.CANCELLED})
_TERM_YEARS = (1, 2, 3)


def wish_again(
    dossier: Dossier, *, skip_approval: bool = False, warnings: tuple[str, ...] = ()
) -> OrderWish:
    """What an ended order was placed with, as a wish for a new one. Names proven stay proven.

    Raises VouchsafeError(CONFLICT) for an order that did not end without a certificate.
    """
    order, certificate = dossier.order, dossier.newest
    if refused := refused_again(dossier):
        raise refused
    extras = order.details.extras
    managed = PRODUCTS[order.product_id].key_source is KeySource.MANAGED
    return OrderWish(
        common_name=certificate.common_name,
        dns_names=tuple(name.value for name in certificate.identifiers[1:]),
        csr="" if managed else base64.b64encode(certificate.csr).decode("ascii"),
        method=MethodWish(
            method=certificate.dcv_method, given=False, emails=extras.get(MAILS_FIELD)
        ),
        certificate_name=order.certificate_name or "",
        organization_id=order.organization_id,
        container_id=order.container_id,
        signature_hash=certificate.signature_hash,
        skip_approval=skip_approval or bool(extras.get("skip_approval")),
        order_validity=_term(extras.get("order_validity")),
        details=replace(order.details, warnings=()),
        warnings=warnings,
    )


def refused_again(dossier: Dossier) -> VouchsafeError | None:
    """The refusal of an order that did not end without a certificate."""
    if dossier.order.status in _AGAIN:
        return None
    detail = "Only an order that ended without a certificate can be placed again."
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="order")


def _term(given: Any) -> DurationWish:
    wish: dict[str, Any] = given if isinstance(given, dict) else {"years": 1}
    return DurationWish(
        years=wish.get("years"),
        days=wish.get("days"),
        custom_expiration_date=wish.get("custom_expiration_date"),
        years_field="order_validity.years",
        days_field="order_validity.days",
        date_field="order_validity.custom_expiration_date",
        years_allowed=_TERM_YEARS,
    )
