"""What happened, written in the transaction in which it happened; later numbered, fed and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    ORDER_PLACED = "order_placed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_TIMED_OUT = "order_timed_out"
    ORDER_REJECTED = "order_rejected"
    VALUE_RENEWED = "value_renewed"
    NAME_PROVEN = "name_proven"
    CAA_REFUSED = "caa_refused"  # names, and the records that do not permit us
    MAILS_RESENT = "mails_resent"  # approvals by e-mail asked for again
    MAIL_BOUNCED = "mail_bounced"  # a mailbox will not answer: refused, bounced, complained
    ORDER_NOTED = "order_noted"
    CUSTOM_FIELD_SET = "custom_field_set"
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_REVOKED = "certificate_revoked"
    KEY_REPORTED = "key_reported"  # as compromised, by a customer: for operators to look at
    KEY_BLOCKED = "key_blocked"  # a subscriber's: no certificate is made for it any more
    BULK_REVOCATION = "bulk_revocation"  # previewed, begun or done: operators' own
    INTENT_GIVEN_UP = "intent_given_up"  # its serial is on the CRL, the order goes on
    REQUEST_CREATED = "request_created"
    REQUEST_APPROVED = "request_approved"
    REQUEST_REJECTED = "request_rejected"
    REQUEST_LAPSED = "request_lapsed"
    REQUEST_VOIDED = "request_voided"
    REQUEST_REMINDER_DUE = "request_reminder_due"
    REISSUE_PLACED = "reissue_placed"  # or a duplicate: data["kind"] says which
    REISSUE_ENDED = "reissue_ended"  # without a certificate; the order stays as it was
    CSR_REPLACED = "csr_replaced"
    VALIDATION_BEGUN = "validation_begun"  # by an approval: values are there to be published
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CHANGED = "account_changed"
    KEY_CREATED = "key_created"
    KEY_REVOKED = "key_revoked"
    KEY_ACTIVATED = "key_activated"
    USER_CREATED = "user_created"
    USER_CHANGED = "user_changed"
    USER_ROLE_CHANGED = "user_role_changed"
    USER_ACTIVATED = "user_activated"
    USER_DEACTIVATED = "user_deactivated"
    USER_DELETED = "user_deleted"
    CONTAINER_CREATED = "container_created"
    CONTAINER_CHANGED = "container_changed"
    CONTAINER_ACTIVATED = "container_activated"
    CONTAINER_DEACTIVATED = "container_deactivated"
    DOMAIN_ADDED = "domain_added"
    DOMAIN_CHANGED = "domain_changed"  # its value, method, kinds of validation
    DOMAIN_PROVEN = "domain_proven"
    DOMAIN_ACTIVATED = "domain_activated"
    DOMAIN_DEACTIVATED = "domain_deactivated"
    DOMAIN_REMOVED = "domain_removed"
    ORGANIZATION_CREATED = "organization_created"
    ORGANIZATION_VALIDATED = "organization_validated"
    AUDIT_LOG_READ = "audit_log_read"  # exported, or read by an operator
    ORGANIZATION_CHANGED = "organization_changed"  # (de)activated, contacts
    ORGANIZATION_SUBMITTED = "organization_submitted"
    ORGANIZATION_REJECTED = "organization_rejected"
    ORGANIZATION_EXPIRING = "organization_expiring"  # 30 days before the end of a validation
    ORGANIZATION_EXPIRED = "organization_expired"
    REVIEW_WORKED_ON = "review_worked_on"  # evidence, notes …: operators' own, told no customer
    AGREEMENT_ACCEPTED = "agreement_accepted"
    POLICY_LISTS_SET = "policy_lists_set"
    CLEARANCE_GIVEN = "clearance_given"
    CLEARANCE_WITHDRAWN = "clearance_withdrawn"
    REAUDIT_FOUND = "reaudit_found"  # faults of an issued certificate: operators' own
    PROOF_REMINDER_DUE = "proof_reminder_due"  # data: hours since validation began, names
    EXPIRY_REMINDER_DUE = "expiry_reminder_due"  # data: days to the end (-1: over), audience
    DOMAIN_EXPIRING = "domain_expiring"  # data: domain, proven_until
    DOMAIN_EXPIRED = "domain_expired"
    MANAGED_KEY_MADE = "managed_key_made"  # by the service, for one certificate id
    KEY_EXPORTED = "key_exported"  # a managed key left the service
    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_CHANGED = "webhook_changed"  # edited, activated, deactivated, opened by its breaker
    WEBHOOK_REMOVED = "webhook_removed"
    PROBLEM_REPORTED = "problem_reported"  # by anybody, about a certificate: operators' own
    PROBLEM_CHANGED = "problem_changed"  # acknowledged, decided: operators' own
    ISSUER_CHANGED = "issuer_changed"  # made, brought in, activated, retired: operators' own


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change record. `change_id` is unique and sorts by time (26 characters, ULID form).

    `subject` names the object that changed ("organization 12"; "" where an id above says it);
    `before` and `after` hold what of it changed, plain JSON values without secrets.
    """

    change_id: str
    account_id: int
    kind: ChangeKind
    at: datetime
    actor: str  # "user 7", "system"
    order_id: int | None = None
    certificate_id: int | None = None
    request_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    subject: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedChange:
    """A change with its place in its account's feed; the cursor is this number.

    `previous` and `hash` chain it to the entry before (domain.audit); `format` says which fields
    were hashed. Changes numbered before there were hashes have neither: "", "" and 0.
    """

    number: int
    change: Change
    previous: str = ""
    hash: str = ""
    format: int = 0


#: How much noise makes a change id unique beside others of the same millisecond.
NOISE_BYTES = 10

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_change_id(at: datetime, noise: bytes) -> str:
    """A change id: 48 bits of milliseconds and 80 random bits, 26 characters that sort by time.

    `noise` is NOISE_BYTES unpredictable bytes.
    """
    number = (int(at.timestamp() * 1000) << 80) | int.from_bytes(noise[:NOISE_BYTES])
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
