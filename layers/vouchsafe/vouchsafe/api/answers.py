"""The shapes of JSON answers (those about orders: `order_answers`), for documents and for tests.

Nothing that serves a request imports this module.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An object with these fields and no others; fields with a default may be missing."""

    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    """One thing wrong. Codes: `class|detail`, listed in docs/api.md."""

    code: str
    message: str


class Problems(Shape):
    """What every refusal looks like."""

    errors: list[Problem]


class Reference(Shape):
    id: int


class NamedReference(Shape):
    id: int
    name: str


class ContainerName(Shape):
    id: int
    name: str | None = None
    is_active: bool


class MadeNote(Shape):
    """A note just written."""

    id: int
    warnings: list[str] = Field(default_factory=list)


class RequestSummary(Shape):
    """A request inside an order, and as it is made."""

    id: int
    date: datetime
    type: str
    status: str
    requester: Reference
    comments: str


class AskedRevocation(RequestSummary):
    """A revocation that waits for an approver."""

    warnings: list[str] = Field(default_factory=list)


class RequestRow(RequestSummary):
    """A request in a list."""

    order: Reference


class Page(Shape):
    """Which part of a list this is; the total is exact."""

    total: int
    limit: int
    offset: int


class RequestList(Shape):
    requests: list[RequestRow]
    page: Page


class RequestedCertificate(Shape):
    id: int
    common_name: str
    dns_names: list[str]


class RequestedProduct(Shape):
    name_id: str


class RequestedOrder(Shape):
    id: int
    certificate: RequestedCertificate
    product: RequestedProduct
    container: NamedReference


class RequestInfo(RequestSummary):
    """Everything about a request."""

    order: RequestedOrder
    certificate_ids: list[int]
    revocation_reason: str | None = None
    revoke_by: datetime | None = None
    date_revoked: datetime | None = None
    date_lapses: datetime | None = None
    reminder_dates: list[datetime] = Field(default_factory=list)
    date_processed: datetime | None = None
    processor_comment: str | None = None
    reviewer: Reference | None = None
    processor: Reference | None = None


class ChainLink(Shape):
    subject_common_name: str
    pem: str


class ChainList(Shape):
    """Leaf first, then the issuing certificate, then the root."""

    intermediates: list[ChainLink]


class Intermediate(Shape):
    subject_common_name: str
    issuer_common_name: str
    pem: str


class IntermediateList(Shape):
    """The issuing certificates that certificates here may chain to."""

    intermediates: list[Intermediate]


class AccessRole(Shape):
    id: int
    name: str


class HashType(Shape):
    id: str
    name: str


class HashTypes(Shape):
    allowed_hash_types: list[HashType]
    default_hash_type_id: str


class ProductRow(Shape):
    group_name: str
    name_id: str
    name: str
    type: str
    validation_type: str
    additional_dns_names_allowed: bool
    wildcard_allowed: bool
    allowed_validity_years: list[int]
    csr_required: bool
    certificate_name_required: bool
    dcv_methods: list[str]
    server_platforms: list[NamedReference]
    signature_hash_types: HashTypes


class ProductList(Shape):
    products: list[ProductRow]
