"""Which changes everybody in an account may follow, and what of each is shown.

The audit log shows its administrators everything. The feed of changes, webhooks and the event bus
show what this table names: no addresses of people, no free text, nothing of operators' own work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .audit import moment_text
from .changes import Change, ChangeKind, NumberedChange

#: Changes that are told, and the members of `data` that go with each.
SHARED: Mapping[ChangeKind, tuple[str, ...]] = {
    ChangeKind.ORDER_PLACED: (),
    ChangeKind.ORDER_CANCELLED: ("kind", "reason"),
    ChangeKind.ORDER_TIMED_OUT: ("kind", "reason"),
    ChangeKind.ORDER_REJECTED: ("kind", "reason", "cause"),
    ChangeKind.ORDER_NOTED: (),
    ChangeKind.CUSTOM_FIELD_SET: ("metadata_id",),
    ChangeKind.VALUE_RENEWED: (),
    ChangeKind.NAME_PROVEN: ("names",),
    ChangeKind.CAA_REFUSED: ("names",),
    ChangeKind.MAILS_RESENT: (),
    ChangeKind.MAIL_BOUNCED: ("names", "trouble"),
    ChangeKind.CERTIFICATE_ISSUED: ("serial", "not_after"),
    ChangeKind.CERTIFICATE_REVOKED: ("reason", "revoked_at"),
    ChangeKind.REQUEST_CREATED: ("kind",),
    ChangeKind.REQUEST_APPROVED: ("kind",),
    ChangeKind.REQUEST_REJECTED: ("kind",),
    ChangeKind.REQUEST_LAPSED: ("kind",),
    ChangeKind.REQUEST_VOIDED: ("kind",),
    ChangeKind.REQUEST_REMINDER_DUE: ("kind",),
    ChangeKind.REISSUE_PLACED: ("kind",),
    ChangeKind.REISSUE_ENDED: ("kind", "reason", "cause"),
    ChangeKind.CSR_REPLACED: (),
    ChangeKind.VALIDATION_BEGUN: ("reason",),
    ChangeKind.PROOF_REMINDER_DUE: ("hours", "names"),
    ChangeKind.EXPIRY_REMINDER_DUE: ("days",),
    ChangeKind.MANAGED_KEY_MADE: (),
    ChangeKind.KEY_EXPORTED: ("format",),
    ChangeKind.CONTAINER_CREATED: (),
    ChangeKind.CONTAINER_CHANGED: (),
    ChangeKind.CONTAINER_ACTIVATED: (),
    ChangeKind.CONTAINER_DEACTIVATED: (),
    ChangeKind.DOMAIN_ADDED: ("domain_id", "name"),
    ChangeKind.DOMAIN_CHANGED: ("domain_id", "name"),
    ChangeKind.DOMAIN_PROVEN: ("domain_id", "name"),
    ChangeKind.DOMAIN_ACTIVATED: ("domain_id", "name"),
    ChangeKind.DOMAIN_DEACTIVATED: ("domain_id", "name"),
    ChangeKind.DOMAIN_REMOVED: ("domain_id", "name"),
    ChangeKind.DOMAIN_EXPIRING: ("domain_id", "domain", "proven_until"),
    ChangeKind.DOMAIN_EXPIRED: ("domain_id", "domain", "proven_until"),
    ChangeKind.ORGANIZATION_CREATED: ("organization_id",),
    ChangeKind.ORGANIZATION_CHANGED: ("organization_id",),
    ChangeKind.ORGANIZATION_SUBMITTED: ("organization_id", "check"),
    ChangeKind.ORGANIZATION_VALIDATED: ("organization_id", "check", "validated_until"),
    ChangeKind.ORGANIZATION_REJECTED: ("organization_id", "check"),
    ChangeKind.ORGANIZATION_EXPIRING: ("organization_id", "check", "validated_until"),
    ChangeKind.ORGANIZATION_EXPIRED: ("organization_id", "check", "validated_until"),
    ChangeKind.AGREEMENT_ACCEPTED: ("version",),
}

#: About people, keys and settings, or operators' own: for the audit log alone.
KEPT_BACK: frozenset[ChangeKind] = frozenset(
    {
        ChangeKind.KEY_REPORTED,
        ChangeKind.KEY_BLOCKED,
        ChangeKind.BULK_REVOCATION,
        ChangeKind.INTENT_GIVEN_UP,
        ChangeKind.ACCOUNT_CREATED,
        ChangeKind.ACCOUNT_CHANGED,
        ChangeKind.KEY_CREATED,
        ChangeKind.KEY_REVOKED,
        ChangeKind.KEY_ACTIVATED,
        ChangeKind.USER_CREATED,
        ChangeKind.USER_CHANGED,
        ChangeKind.USER_ROLE_CHANGED,
        ChangeKind.USER_ACTIVATED,
        ChangeKind.USER_DEACTIVATED,
        ChangeKind.USER_DELETED,
        ChangeKind.AUDIT_LOG_READ,
        ChangeKind.REVIEW_WORKED_ON,
        ChangeKind.POLICY_LISTS_SET,
        ChangeKind.CLEARANCE_GIVEN,
        ChangeKind.CLEARANCE_WITHDRAWN,
        ChangeKind.REAUDIT_FOUND,
        ChangeKind.WEBHOOK_CREATED,
        ChangeKind.WEBHOOK_CHANGED,
        ChangeKind.WEBHOOK_REMOVED,
        ChangeKind.PROBLEM_REPORTED,
        ChangeKind.PROBLEM_CHANGED,
        ChangeKind.ISSUER_CHANGED,
    }
)


def is_shared(change: Change) -> bool:
    """Whether everybody in the account may learn of the change."""
    return change.kind in SHARED


def told(entry: NumberedChange) -> dict[str, Any]:
    """A change as the feed, webhooks and the event bus tell it: plain JSON values, no secrets.

    KeyError for a change that is kept back.
    """
    change = entry.change
    shown = SHARED[change.kind]
    return {
        "cursor": entry.number,
        "id": change.change_id,
        "type": change.kind.value,
        "date": moment_text(change.at),
        "actor": change.actor.partition(" ")[0],
        "order_id": change.order_id,
        "certificate_id": change.certificate_id,
        "request_id": change.request_id,
        "object": change.subject,
        "data": {name: change.data[name] for name in shown if name in change.data},
    }
