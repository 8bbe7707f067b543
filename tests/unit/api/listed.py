"""Orders of account 1 in every state that lists tell apart, and one of account 2."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, a_certificate, a_change, an_order
from tests.unit.api.driving import Api
from vouchsafe.domain.order import Glance, Order, OrderDetails, OrderStatus


def order_of_day(number: int, **changed: Any) -> Order:
    details = {
        "order_id": 1000 + number,
        "certificate_id": 5000 + number,
        "created_at": MOMENT - timedelta(days=30 - number),
        "signature_hash": "sha256",
    }
    return an_order(**(details | changed))


def _issued(order: Order, *, ends_in: int, serial: int = 0xABC) -> Order:
    seen = Glance(
        certificate_id=order.certificate_id,
        serial=serial,
        not_before=order.created_at,
        not_after=MOMENT + timedelta(days=ends_in),
    )
    return replace(order, status=OrderStatus.VALID, issued=seen)


def with_orders() -> Api:
    """Orders 1001 to 1006: two issued, one of them long over, one under reissue, others pending."""
    api = Api()
    reissued = replace(_issued(order_of_day(3), ends_in=50), certificate_id=5999)
    names = {"common_name": "shop.other.net", "dns_names": ("shop.other.net", "*.other.net")}
    whose = {"organization_name": "Example Holdings Ltd", "container_name": "Example Ltd"}
    over = order_of_day(2, product_id="ssl_basic", organization_id=12, **whose)
    quiet = OrderDetails(quiet=True, notify=("Al@Example.com",))
    marked = OrderDetails(extras={"custom_fields": [{"metadata_id": 4}]})
    orders = [
        _issued(order_of_day(1), ends_in=20),
        _issued(over, ends_in=-3, serial=0x7F),
        reissued,
        order_of_day(4, container_id=9, details=quiet),
        order_of_day(5, renewed_by=1006, user_id=8),
        order_of_day(6, **names, details=marked),
    ]
    for order in orders:
        placed = a_change(
            change_id=f"placed-{order.order_id}", at=order.created_at, order_id=order.order_id
        )
        api.book.commit(order, a_certificate(**_of(order)), placed)
        api.book.number(placed)
        api.book.note(order)
    api.book.commit(a_certificate(certificate_id=5003, order_id=1003))
    api.book.commit(order_of_day(90, account_id=2, container_id=4, details=OrderDetails()))
    return api


def _of(order: Order) -> dict[str, Any]:
    return {"certificate_id": order.certificate_id, "order_id": order.order_id}
