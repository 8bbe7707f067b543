"""The shapes of answers about orders; like `answers`, for documents and tests alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from .answers import ChainLink, ContainerName, NamedReference, Reference, RequestSummary, Shape
from .caa_answers import CaaStanding, Verdict
from .list_answers import NoteRow


class Token(Shape):
    """The value to publish for a name."""

    token: str
    status: str
    expiration_date: datetime


class PlacedDomain(Shape):
    """A name to prove; `id` counts within the order."""

    id: int
    name: str
    dns_name: str
    dcv_token: Token


class PlacedOrder(Shape):
    """A placed order, reissue or duplicate. `dcv_random_value` is to be published for every name.

    Before an approval there are no values and no certificate id; `certificate_chain` (leaf first)
    is there when the certificate came at once.
    """

    id: int
    requests: list[RequestSummary]
    certificate_id: int | None = None
    dcv_random_value: str | None = None
    organization: Reference | None = None
    domains: list[PlacedDomain] = Field(default_factory=list)
    certificate_chain: list[ChainLink] | None = None
    warnings: list[str] = Field(default_factory=list)


class DcvValue(Shape):
    """The value to publish for every name; nothing by e-mail."""

    dcv_random_value: str | None = None
    expiration_date: datetime | None = None
    warnings: list[str] = Field(default_factory=list)


class TokenApproved(Shape):
    """What came of a mailed value."""

    status: str


class Observation(Shape):
    question: str
    server: str
    answer: str
    dnssec: str


class Validation(Shape):
    """How one name stands: what to publish, what was seen, what happens next and until when."""

    dns_name: str
    method: str
    validation_status: str
    authorization_domain: str | None = None
    authorization_steps: list[str] | None = None
    record_type: str | None = None
    record_name: str | None = None
    record_value: str | None = None
    file_url: str | None = None
    addresses: list[str] | None = None
    approved_by: str | None = None
    expiration_date: datetime | None = None
    last_look: datetime | None = None
    unchanged_since: datetime | None = None
    cause: str | None = None
    explanation: str | None = None
    advice: str | None = None
    observations: list[Observation] = Field(default_factory=list)
    perspectives: list[Verdict]
    proven_at: datetime | None = None
    quorum: str | None = None
    caa: CaaStanding | None = None
    next_look: datetime | None = None
    deadline: datetime | None = None


class Waiting(Shape):
    """A gate that a certificate waits for: approval, domains, agreement, clearance, organization
    or caa; in words, since when, and when it will have been in vain.
    """

    gate: str
    what: str
    since: datetime
    until: datetime | None = None


class NamedIssuer(Shape):
    id: str
    name: str


class IssuedShape(Shape):
    """What a certificate shows once it is issued."""

    thumbprint: str | None = None
    serial_number: str | None = None
    date_issued: datetime | None = None
    valid_from: date | None = None
    valid_till: date | None = None
    days_remaining: int | None = None
    ca_cert: NamedIssuer | None = None


class OrderCertificate(IssuedShape):
    """The newest certificate of an order. Serial, thumbprint and dates appear when it is issued."""

    id: int
    common_name: str
    dns_names: list[str]
    date_created: datetime
    csr: str | None = None  # none where the service makes the key
    signature_hash: str
    key_size: int | None = None
    server_platform: NamedReference | None = None
    cert_validity: dict[str, Any] | None = None
    organization: NamedReference | None = None


class OrderProduct(Shape):
    name_id: str
    name: str
    type: str
    validation_type: str
    validation_name: str
    validation_description: str


class OrderInfo(Shape):
    """Everything about an order. Fields without a value are left out."""

    id: int
    certificate: OrderCertificate
    status: str
    status_reason: str | None = None
    certificate_status: str
    certificate_status_code: int | None = None
    validation_status: str | None = None
    certificate_name: str | None = None
    is_renewal: bool
    is_renewed: bool
    renewed_order_id: int | None = None
    date_created: datetime
    order_valid_till: date
    validity_years: int | None = None
    order_validity: dict[str, Any] | None = None
    disable_renewal_notifications: bool
    locale: str
    additional_emails: list[str] | None = None
    organization: NamedReference | None = None
    container: ContainerName
    allow_duplicates: bool
    product: OrderProduct
    user: Reference
    purchased_dns_names: int
    price: int
    requests: list[RequestSummary]
    dcv_method: str
    waiting_for: list[Waiting] | None = None
    validations: list[Validation]
    caa_status_message: dict[str, str] | None = None
    warnings: list[str]
    notes: list[NoteRow]
    comments: str | None = None
    custom_fields: Any = None
    payment_method: str | None = None
    auto_renew: Any = None
    auto_reissue: Any = None
    dcv_emails: Any = None
    processor_comment: str | None = None
    renewed_thumbprint: str | None = None
    cs_provisioning_method: Any = None
    custom_renewal_message: str | None = None
    alternative_order_id: str | None = None
    technical_contact: Any = None
    disable_ct: bool | None = None


class NameValidation(Shape):
    dns_name: str
    status: str


class CheckResult(Shape):
    """How an order and its names stand after a look."""

    order_status: str
    certificate_id: int
    dcv_status: str
    dns_name_validations: list[NameValidation]
    warnings: list[str] = Field(default_factory=list)


class AgainRow(IssuedShape):
    """A reissue or duplicate in a list; serial, thumbprint and dates once it is issued."""

    id: int
    sub_id: str
    public_id: str
    common_name: str
    dns_names: list[str]
    status: str
    status_reason: str | None = None
    date_created: datetime
    csr: str | None = None  # none where the service makes the key
    server_platform: NamedReference | None = None
    cert_validity: dict[str, Any] | None = None
    signature_hash: str
    key_size: int | None = None
    organization: NamedReference | None = None


class AgainList(Shape):
    """The reissues, or the duplicates, of an order, oldest first."""

    certificates: list[AgainRow]
