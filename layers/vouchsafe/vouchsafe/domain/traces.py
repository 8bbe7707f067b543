"""What the audit log shows of a record that changed: plain facts, never a secret or free text.

Fields are named here one by one, so that a new field of a record is shown only on purpose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from .audit import moment_text
from .changes import Change

#: The fields shown of a record, by the name of its type; parts of records likewise.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "Account": (
        "name",
        "orders_need_approval",
        "two_person",
        "may_skip_approval",
        "metadata",
        "agreement",
        "mails_off",
    ),
    "AgreementAcceptance": ("version", "accepted_at", "user_id"),
    "ApiKey": ("user_id", "name", "role", "restriction", "expires_at", "source_ranges", "revoked"),
    "Container": ("parent_id", "name", "active"),
    "Certificate": (
        "status",
        "status_reason",
        "kind",
        "common_name",
        "dcv_method",
        "csr",
        "signature_hash",
        "ends_at",
    ),
    "MetadataField": ("metadata_id", "label", "required", "active", "data_type"),
    "Order": (
        "status",
        "status_reason",
        "product_id",
        "common_name",
        "certificate_name",
        "organization_id",
        "container_id",
        "certificate_id",
    ),
    "OrganizationValidation": (
        "check",
        "validated_at",
        "validated_until",
        "review_id",
        "operator_id",
        "second_operator_id",
        "identity",
    ),
    "Registration": (
        "number",
        "agency",
        "jurisdiction_country",
        "jurisdiction_state",
        "jurisdiction_locality",
        "business_category",
    ),
    "Request": (
        "status",
        "kind",
        "reason",
        "whole_order",
        "certificate_ids",
        "requester_id",
        "reviewer_id",
        "reminded",
    ),
    "User": (
        "first_name",
        "last_name",
        "email",
        "username",
        "job_title",
        "telephone",
        "role",
        "status",
        "container_id",
    ),
    "Webhook": (
        "address",
        "events",
        "settings",
        "status",
        "container_id",
        "signing_version",
        "key_version",
    ),
    "WebhookSettings": ("instant", "chain", "instant_chain", "days"),
    "ValidatedIdentity": (
        "name",
        "country",
        "state",
        "locality",
        "street",
        "postal_code",
        "registration",
    ),
}
#: What a record is called, and the field with its id.
_CALLED: Mapping[str, tuple[str, str]] = {
    "Account": ("account", "account_id"),
    "ApiKey": ("key", "key_id"),
    "Certificate": ("certificate", "certificate_id"),
    "Container": ("container", "container_id"),
    "Order": ("order", "order_id"),
    "Request": ("request", "request_id"),
    "User": ("user", "user_id"),
    "Webhook": ("webhook", "webhook_id"),
}


def shown(record: Any) -> dict[str, Any]:
    """The facts of a record that have a value, as plain JSON values. KeyError for other types."""
    facts = {name: _plain(getattr(record, name)) for name in SHOWN[type(record).__name__]}
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def difference(before: Any | None, after: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts of a record that differ, as they were and as they are; all of a new record's."""
    if before is None:
        return {}, shown(after)
    names = SHOWN[type(after).__name__]
    was = {name: _plain(getattr(before, name)) for name in names}
    now = {name: _plain(getattr(after, name)) for name in names}
    changed = [name for name in names if was[name] != now[name]]
    return {name: was[name] for name in changed}, {name: now[name] for name in changed}


def traced(change: Change, before: Any | None, after: Any) -> Change:
    """The change with what of a record it changed; `before` is None for a new record."""
    was, now = difference(before, after)
    return replace(change, subject=subject_of(after), before=was, after=now)


def subject_of(record: Any) -> str:
    """How changes name a record: "order 1001"."""
    kind, field = _CALLED[type(record).__name__]
    return f"{kind} {getattr(record, field)}"


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, bytes):
        return f"sha256 {hashlib.sha256(value).hexdigest()}"
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return shown(value) if is_dataclass(value) else value
