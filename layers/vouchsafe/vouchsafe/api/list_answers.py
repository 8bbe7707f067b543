"""The shapes of lists of orders, notes and custom fields; for documents and tests alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from .answers import ContainerName, NamedReference, Reference, Shape


class ListedCertificate(Shape):
    """The certificate of a listed order; serial and dates appear when one is issued."""

    id: int
    common_name: str
    dns_names: list[str]
    signature_hash: str | None = None
    serial_number: str | None = None
    valid_from: date | None = None
    valid_till: date | None = None
    days_remaining: int | None = None


class ListedProduct(Shape):
    name_id: str
    name: str
    type: str


class OrderRow(Shape):
    """An order in a list."""

    id: int
    certificate: ListedCertificate
    status: str
    is_renewed: bool
    date_created: datetime
    order_valid_till: date
    validity_years: int | None = None
    order_validity: dict[str, Any] | None = None
    disable_renewal_notifications: bool
    organization: NamedReference | None = None
    container: ContainerName
    product: ListedProduct
    product_name_id: str
    duplicates_count: int
    has_duplicates: bool
    reissues_count: int
    has_reissues: bool
    price: int
    number_of_sans: int
    is_multi_year_plan: str
    custom_fields: list[Any]


class PageInfo(Shape):
    """Where the page stands among all that meet the filters; `total` is exact."""

    total: int
    limit: int
    offset: int


class OrderList(Shape):
    orders: list[OrderRow]
    page: PageInfo


class StatusChange(Shape):
    order_id: int
    certificate_id: int
    status: str


class StatusChanges(Shape):
    """Orders whose status changed; an empty object when there are none."""

    orders: list[StatusChange] | None = None


class ExpiringOrders(Shape):
    days_expiring: int
    order_count: int


class ExpiryReport(Shape):
    """How many orders end within so many days; a negative number looks back."""

    expiring_orders: list[ExpiringOrders]


class NoteRow(Shape):
    id: int
    text: str
    user: Reference
    date_created: datetime


class NoteList(Shape):
    notes: list[NoteRow]


class MetadataRow(Shape):
    """A custom field that orders of the account may or must carry."""

    id: int
    label: str
    is_required: bool
    is_active: bool
    data_type: str
    description: str | None = None


class MadeMetadata(MetadataRow):
    """A custom field just made."""

    warnings: list[str] = Field(default_factory=list)


class MetadataList(Shape):
    metadata: list[MetadataRow] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
