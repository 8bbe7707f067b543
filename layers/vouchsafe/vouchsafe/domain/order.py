"""An order: what a customer asked for, over all its certificates (RFC 8555 7.1.3 words)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class OrderStatus(StrEnum):
    AWAITING_APPROVAL = "awaiting_approval"
    PENDING = "pending"
    PROCESSING = "processing"
    VALID = "valid"
    INVALID = "invalid"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    EXPIRED = "expired"


class StatusReason(StrEnum):
    """Why an order or certificate ended without success."""

    TIMED_OUT = "timed_out"
    VALIDATION_FAILED = "validation_failed"
    APPROVAL_REJECTED = "approval_rejected"
    APPROVAL_LAPSED = "approval_lapsed"
    ORGANIZATION_NOT_VALIDATED = "organization_not_validated"
    AGREEMENT_NOT_ACCEPTED = "agreement_not_accepted"
    REFUSED_BY_LINT = "refused_by_lint"
    REFUSED_BY_CAA = "refused_by_caa"
    REFUSED_BY_POLICY = "refused_by_policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetails:
    """What the customer said that decides nothing about the certificate but comes back in answers.

    `extras` holds the API dialect's own plain JSON values (comments …), opaque here.
    """

    notify: tuple[str, ...] = ()  # e-mail addresses told about this order
    locale: str = "en"
    quiet: bool = False  # disable_renewal_notifications
    warnings: tuple[str, ...] = ()
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a list of orders shows of the certificate that was issued last."""

    certificate_id: int
    serial: int
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. `certificate_id` is the newest certificate; `version` counts writes from 1.

    `renewed_by` is the order that renews this one. Names of container and organization are those of
    the day it was placed, so that reading an order reads nothing else.
    """

    order_id: int
    account_id: int
    user_id: int
    container_id: int
    container_name: str = ""
    product_id: str
    status: OrderStatus
    status_reason: StatusReason | None = None
    common_name: str
    dns_names: tuple[str, ...]  # all names, common name first, lower-case A-labels
    certificate_id: int
    certificate_name: str | None = None
    organization_id: int | None = None
    organization_name: str = ""
    created_at: datetime
    term_ends_at: datetime  # order_valid_till
    details: OrderDetails = field(default_factory=OrderDetails)
    signature_hash: str = ""
    issued: Glance | None = None
    renewed_by: int | None = None
    reissues: int = 0  # ever asked for
    duplicates: int = 0
    version: int = 1

    def moved(self, status: OrderStatus, reason: StatusReason | None = None) -> Order:
        """The order in another status, one version on."""
        return replace(self, status=status, status_reason=reason, version=self.version + 1)
