"""What one commit may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.accounts import Account, ApiKey, User, UserEmail
    from .domain.blocked_keys import BlockedKey, KeyUse
    from .domain.bulk_revocation import BulkRevocation
    from .domain.certificate import Certificate
    from .domain.certificate_name import CertificateName
    from .domain.changes import Change
    from .domain.containers import Container
    from .domain.domains import Domain, DomainListing, DomainRemoval, ProofHold
    from .domain.dossier import Authorizations, IdempotencyRecord, SerialClaim, Thumbprint
    from .domain.email_approval import ApprovalMessage
    from .domain.expiry import LadderCursor, Reminded
    from .domain.issuers import Issuer
    from .domain.key_challenges import KeyChallenge
    from .domain.mail_marks import MailMark
    from .domain.managed_keys import ManagedKey
    from .domain.notes import OrderNotes
    from .domain.order import Order
    from .domain.organization import Organization, OrganizationPlace
    from .domain.packets import IssuedListing
    from .domain.policy_lists import Clearances, PolicyLists
    from .domain.problem_reports import OpenCase, ProblemCase
    from .domain.proofs import DomainProof
    from .domain.reaudit import AuditCursor
    from .domain.requests import Request
    from .domain.reviews import OrganizationReview
    from .domain.revocation import CrlState, RevokedSerial
    from .domain.webhook_state import WebhookState
    from .domain.webhooks import Webhook, WebhookSecret

#: What one commit may hold. Records with a `version` replace exactly the version before (1: must
#: not exist); the others are written once and must not exist, except Authorizations, which follow
#: their Certificate, and DomainProof, ProofHold, DomainListing and KeyUse, which always replace
#: what stood there, KeyUse unless its key is blocked. DomainRemoval takes a domain away at the
#: version it was read.
type Record = (
    Order
    | Certificate
    | Authorizations
    | OrderNotes
    | Request
    | IdempotencyRecord
    | SerialClaim
    | Thumbprint
    | IssuedListing
    | AuditCursor
    | RevokedSerial
    | CrlState
    | Issuer
    | Account
    | User
    | ApiKey
    | Organization
    | OrganizationPlace
    | OrganizationReview
    | PolicyLists
    | Clearances
    | Change
    | DomainProof
    | ProofHold
    | Domain
    | DomainListing
    | DomainRemoval
    | CertificateName
    | Container
    | ApprovalMessage
    | UserEmail
    | MailMark
    | BlockedKey
    | KeyUse
    | BulkRevocation
    | ProblemCase
    | OpenCase
    | KeyChallenge
    | Webhook
    | WebhookSecret
    | WebhookState
    | LadderCursor
    | Reminded
    | ManagedKey
)
