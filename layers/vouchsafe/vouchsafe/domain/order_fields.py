"""What orders can be asked by, and what each of them answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from .order import Order
from .tallies import listed_status


class Standing(StrEnum):
    """What an order's status is to whoever lists orders."""

    AWAITING_APPROVAL = "awaiting_approval"
    PENDING = "pending"
    PROCESSING = "processing"
    VALID = "valid"
    REISSUING = "reissuing"
    INVALID = "invalid"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    EXPIRED = "expired"


def standing_of(order: Order, now: datetime) -> Standing:
    """How the order stands at `now` (aware); one past its certificate's end is expired."""
    standing = Standing(listed_status(order))
    over = order.issued is not None and order.issued.not_after < now
    return Standing.EXPIRED if standing is Standing.VALID and over else standing


class Field(StrEnum):
    """What orders can be asked by."""

    ORDER = "id"
    STATUS = "status"
    ORGANIZATION = "organization_id"
    PRODUCT = "product_name_id"
    ENDS = "valid_till"
    USER = "user_id"
    COMMON_NAME = "common_name"
    NAME = "domain_name"
    CREATED = "date_created"
    CONTAINER = "container_id"
    METADATA = "metadata_id"
    RENEWED = "is_renewed"
    QUIET = "disable_renewal_notifications"
    EMAIL = "email"
    CERTIFICATE = "certificate_id"
    ORIGIN = "origin"
    SERIAL = "serial_number"
    SEARCH = "search"


#: Every order here was placed here.
ORIGIN = "certcentral"


def _metadata(order: Order) -> tuple[int, ...]:
    given = order.details.extras.get("custom_fields")
    rows = given if isinstance(given, list) else []
    return tuple(
        row["metadata_id"] for row in rows if isinstance(row, dict) and "metadata_id" in row
    )


_VALUES: Mapping[Field, Callable[[Order, datetime], tuple[Any, ...]]] = {
    Field.ORDER: lambda order, _: (order.order_id,),
    Field.STATUS: lambda order, now: (standing_of(order, now),),
    Field.ORGANIZATION: lambda order, _: (order.organization_id,),
    Field.PRODUCT: lambda order, _: (order.product_id,),
    Field.ENDS: lambda order, _: (order.issued.not_after,) if order.issued else (),
    Field.USER: lambda order, _: (order.user_id,),
    Field.COMMON_NAME: lambda order, _: (order.common_name,),
    Field.NAME: lambda order, _: order.dns_names,
    Field.CREATED: lambda order, _: (order.created_at,),
    Field.CONTAINER: lambda order, _: (order.container_id,),
    Field.METADATA: lambda order, _: _metadata(order),
    Field.RENEWED: lambda order, _: (order.renewed_by is not None,),
    Field.QUIET: lambda order, _: (order.details.quiet,),
    Field.EMAIL: lambda order, _: tuple(address.lower() for address in order.details.notify),
    Field.CERTIFICATE: lambda order, _: _certificates(order),
    Field.ORIGIN: lambda _order, _: (ORIGIN,),
    Field.SERIAL: lambda order, _: (order.issued.serial,) if order.issued else (),
    Field.SEARCH: lambda order, _: (order.common_name, *map(str.lower, order.details.notify)),
}


def _certificates(order: Order) -> tuple[int, ...]:
    return (order.certificate_id, *([order.issued.certificate_id] if order.issued else ()))


def values_of(order: Order, field: Field, now: datetime) -> tuple[Any, ...]:
    """What the order answers to a field at `now`; several for names, nothing where it has none."""
    return _VALUES[field](order, now)
