"""What tells records apart, and how they come back from storage."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from vouchsafe.domain.accounts import Account, ApiKey, User, UserEmail
from vouchsafe.domain.blocked_keys import BlockedKey, KeyUse
from vouchsafe.domain.bulk_revocation import BulkRevocation
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.certificate_name import CertificateName
from vouchsafe.domain.changes import Change
from vouchsafe.domain.containers import Container
from vouchsafe.domain.domains import Domain, DomainListing, DomainRemoval, ProofHold
from vouchsafe.domain.dossier import (
    Authorizations,
    IdempotencyRecord,
    SerialClaim,
    Thumbprint,
)
from vouchsafe.domain.email_approval import ApprovalMessage
from vouchsafe.domain.expiry import LadderCursor, Reminded
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.key_challenges import KeyChallenge
from vouchsafe.domain.mail_marks import MailMark
from vouchsafe.domain.managed_keys import ManagedKey
from vouchsafe.domain.notes import OrderNotes
from vouchsafe.domain.order import Order
from vouchsafe.domain.organization import Organization, OrganizationPlace
from vouchsafe.domain.packets import IssuedListing
from vouchsafe.domain.policy_lists import Clearances, PolicyLists
from vouchsafe.domain.problem_reports import OpenCase, ProblemCase
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.reaudit import AuditCursor
from vouchsafe.domain.requests import Request
from vouchsafe.domain.reviews import OrganizationReview
from vouchsafe.domain.revocation import CrlState, RevokedSerial
from vouchsafe.domain.webhook_state import WebhookState
from vouchsafe.domain.webhooks import Webhook, WebhookSecret
from vouchsafe.ports import Record

type Key = tuple[Any, ...]

#: What tells one record of a kind from another.
_IDENTITY: dict[type, tuple[str, ...]] = {
    Order: ("order_id",),
    Certificate: ("certificate_id",),
    Authorizations: ("certificate_id",),
    Request: ("request_id",),
    OrderNotes: ("order_id",),
    IdempotencyRecord: ("account_id", "key"),
    SerialClaim: ("serial",),
    Thumbprint: ("sha1",),
    IssuedListing: ("certificate_id",),
    AuditCursor: (),
    RevokedSerial: ("issuer_id", "shard", "serial"),
    CrlState: ("issuer_id", "shard"),
    Issuer: ("issuer_id",),
    Account: ("account_id",),
    User: ("account_id", "user_id"),
    ApiKey: ("sha256",),
    Change: ("change_id",),
    Organization: ("account_id", "organization_id"),
    OrganizationPlace: ("account_id", "place"),
    OrganizationReview: ("review_id",),
    PolicyLists: (),
    Clearances: ("account_id",),
    CertificateName: ("account_id", "name"),
    DomainProof: ("account_id", "authorization_domain"),
    ProofHold: ("account_id", "authorization_domain"),
    Domain: ("account_id", "domain_id"),
    DomainListing: ("account_id", "place"),
    DomainRemoval: ("domain",),
    Container: ("account_id", "container_id"),
    ApprovalMessage: ("message_id",),
    UserEmail: ("account_id", "email"),
    MailMark: ("account_id", "email"),
    BlockedKey: ("spki_sha256",),
    KeyUse: ("spki_sha256", "certificate_id"),
    BulkRevocation: ("bulk_id",),
    ProblemCase: ("case_id",),
    OpenCase: ("serial",),
    KeyChallenge: ("challenge",),
    Webhook: ("account_id", "webhook_id"),
    WebhookSecret: ("webhook_id", "name"),
    WebhookState: ("account_id", "webhook_id"),
    LadderCursor: (),
    Reminded: ("certificate_id",),
    ManagedKey: ("certificate_id",),
}


def key_of(record: Record) -> Key:
    """What the record is found by: its kind and its ids."""
    kind = type(record)
    return (kind, *(getattr(record, name) for name in _IDENTITY[kind]))


def plain(value: Any) -> Any:
    """A copy as storage gives it back; TypeError for what is not plain JSON."""
    return json.loads(json.dumps(value))


def as_stored(record: Record) -> Record:
    """The record as it comes back; TypeError for values that are not plain JSON."""
    match record:
        case Order():
            details = replace(record.details, extras=plain(record.details.extras))
            return replace(record, details=details)
        case Change():
            said = {name: plain(getattr(record, name)) for name in ("data", "before", "after")}
            return replace(record, **said)
        case BulkRevocation():
            return replace(record, selection=plain(record.selection))
        case IdempotencyRecord():
            return replace(record, answer=plain(record.answer))
        case _:
            return record
