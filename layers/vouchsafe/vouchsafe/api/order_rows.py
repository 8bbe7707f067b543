"""Orders as rows of a list: JSON objects, and lines of comma-separated values (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..domain.order import Order, OrderStatus
from ..domain.order_fields import Standing, standing_of
from ..domain.products import PRODUCTS
from ..domain.tallies import OrderMove
from .dialect import day, product_summary, timestamp
from .order_info import hexadecimal, whose

_WORDS = {
    Standing.AWAITING_APPROVAL: "needs_approval",
    Standing.PENDING: "pending",
    Standing.PROCESSING: "processing",
    Standing.VALID: "issued",
    Standing.REISSUING: "reissue_pending",
    Standing.INVALID: "rejected",
    Standing.CANCELLED: "canceled",
    Standing.REVOKED: "revoked",
    Standing.EXPIRED: "expired",
}
_PRODUCT_FIELDS = ("name_id", "name", "type")

#: The columns of the CSV form: their heading, and the way to their value in a row.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "order_id": ("id",),
    "status": ("status",),
    "date_created": ("date_created",),
    "common_name": ("certificate", "common_name"),
    "dns_names": ("certificate", "dns_names"),
    "certificate_id": ("certificate", "id"),
    "serial_number": ("certificate", "serial_number"),
    "valid_from": ("certificate", "valid_from"),
    "valid_till": ("certificate", "valid_till"),
    "days_remaining": ("certificate", "days_remaining"),
    "signature_hash": ("certificate", "signature_hash"),
    "organization_id": ("organization", "id"),
    "order_valid_till": ("order_valid_till",),
    "is_renewed": ("is_renewed",),
    "disable_renewal_notifications": ("disable_renewal_notifications",),
    "container_id": ("container", "id"),
    "product_name_id": ("product_name_id",),
    "product_name": ("product", "name"),
    "number_of_sans": ("number_of_sans",),
    "reissues_count": ("reissues_count",),
    "duplicates_count": ("duplicates_count",),
    "price": ("price",),
}
#: What spreadsheets take for a formula at the beginning of a cell.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def order_row(order: Order, now: datetime) -> dict[str, Any]:
    """An order in a list. Serial number and dates appear when a certificate is issued."""
    extras = order.details.extras
    validity = extras.get("order_validity") or {}
    row: dict[str, Any] = {
        "id": order.order_id,
        "certificate": _certificate(order, now),
        "status": _WORDS[standing_of(order, now)],
        "is_renewed": order.renewed_by is not None,
        "date_created": timestamp(order.created_at),
        "order_valid_till": day(order.term_ends_at),
        "validity_years": validity.get("years"),
        "order_validity": validity or None,
        "disable_renewal_notifications": order.details.quiet,
        **whose(order),
        "product": _product(order.product_id),
        "product_name_id": order.product_id,
        "duplicates_count": order.duplicates,
        "has_duplicates": order.duplicates > 0,
        "reissues_count": order.reissues,
        "has_reissues": order.reissues > 0,
        "price": 0,
        "number_of_sans": len(order.dns_names),
        "is_multi_year_plan": "1" if _years(order) > 1 else "0",
        "custom_fields": extras.get("custom_fields") or [],
    }
    return {name: value for name, value in row.items() if value is not None}


def _product(product_id: str) -> dict[str, str]:
    summary = product_summary(PRODUCTS[product_id])
    return {name: summary[name] for name in _PRODUCT_FIELDS}


def _years(order: Order) -> int:
    """Begun years of the order's term."""
    return -(-(order.term_ends_at - order.created_at).days // 366)


def _certificate(order: Order, now: datetime) -> dict[str, Any]:
    issued = order.issued
    shown: dict[str, Any] = {
        "id": order.certificate_id,
        "common_name": order.common_name,
        "dns_names": list(order.dns_names),
    }
    if order.signature_hash:
        shown["signature_hash"] = order.signature_hash
    if issued is not None:
        shown |= {
            "serial_number": hexadecimal(issued.serial),
            "valid_from": day(issued.not_before),
            "valid_till": day(issued.not_after),
            "days_remaining": (issued.not_after.date() - now.date()).days,
        }
    return shown


def move_row(move: OrderMove, now: datetime) -> dict[str, Any]:
    """An order among those whose status changed."""
    standing = Standing(move.status.value)
    over = move.not_after is not None and move.not_after < now
    if move.under_way:
        standing = Standing.REISSUING
    elif move.status is OrderStatus.VALID and over:
        standing = Standing.EXPIRED
    return {
        "order_id": move.order_id,
        "certificate_id": move.certificate_id,
        "status": _WORDS[standing],
    }


def to_csv(rows: Iterable[dict[str, Any]]) -> str:
    """The rows under one line of headings. No cell begins a formula: a quote mark comes first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180 2.1
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([_cell(row, path) for path in _COLUMNS.values()])
    return out.getvalue()


def _cell(row: dict[str, Any], path: tuple[str, ...]) -> str | int:
    value: Any = row
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    text = " ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
