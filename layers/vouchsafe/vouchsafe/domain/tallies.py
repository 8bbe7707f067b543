"""Under what an order is counted and listed, and when its status was last seen to move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .order import Order, OrderStatus

#: The tally under which every order of an account is counted.
ALL = "all"


def status_tally(status: OrderStatus) -> str:
    """Orders listed under one status."""
    return f"status={status.value}"


def listed_status(order: Order) -> str:
    """The word an order is listed under: its status, or `reissuing` while a reissue is on."""
    return "reissuing" if under_way(order) else order.status.value


def product_tally(product_id: str) -> str:
    """Orders for one product."""
    return f"product={product_id}"


def container_tally(container_id: int) -> str:
    """Orders of one container."""
    return f"container={container_id}"


def organization_tally(organization_id: int) -> str:
    """Orders for one organization."""
    return f"organization={organization_id}"


def renewed_tally(renewed: bool) -> str:
    """Orders that another order renews, or those that none does."""
    return f"renewed={int(renewed)}"


def tallies_of(order: Order) -> frozenset[str]:
    """Everything an order counts under: `all` and one value of each bounded field."""
    found = {
        ALL,
        f"status={listed_status(order)}",
        product_tally(order.product_id),
        container_tally(order.container_id),
        renewed_tally(order.renewed_by is not None),
    }
    if order.organization_id is not None:
        found.add(organization_tally(order.organization_id))
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMove:
    """An order as it last moved: its status, its newest certificate, or that one's issue."""

    order_id: int
    account_id: int
    container_id: int
    certificate_id: int
    status: OrderStatus
    under_way: bool  # an issued order whose newest certificate is not the one issued last
    not_after: datetime | None
    moved_at: datetime


def under_way(order: Order) -> bool:
    """Whether an issued order waits for a certificate newer than the one issued last."""
    issued = order.issued
    waiting = issued is not None and issued.certificate_id != order.certificate_id
    return order.status is OrderStatus.VALID and waiting


def move_of(order: Order, at: datetime) -> OrderMove:
    """The order as it stands, moved at `at`."""
    return OrderMove(
        order_id=order.order_id,
        account_id=order.account_id,
        container_id=order.container_id,
        certificate_id=order.certificate_id,
        status=order.status,
        under_way=under_way(order),
        not_after=None if order.issued is None else order.issued.not_after,
        moved_at=at,
    )


def has_moved(before: Order | None, after: Order) -> bool:
    """Whether anything happened that a watcher of statuses wants to know."""
    if before is None:
        return True
    return (before.status, before.certificate_id, before.issued) != (
        after.status,
        after.certificate_id,
        after.issued,
    )
