"""Accounts, issuers, CRL lines and changes as items; and the table of what writes what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...domain.accounts import Account, ApiKey, User, UserEmail
from ...domain.blocked_keys import BlockedKey, KeyUse
from ...domain.bulk_revocation import BulkRevocation
from ...domain.certificate import Certificate
from ...domain.certificate_name import CertificateName
from ...domain.changes import Change
from ...domain.containers import Container
from ...domain.domains import Domain, DomainListing, DomainRemoval, ProofHold
from ...domain.dossier import Authorizations, IdempotencyRecord, SerialClaim, Thumbprint
from ...domain.email_approval import ApprovalMessage
from ...domain.expiry import LadderCursor, Reminded
from ...domain.issuers import Issuer
from ...domain.key_challenges import KeyChallenge
from ...domain.mail_marks import MailMark
from ...domain.managed_keys import ManagedKey
from ...domain.notes import OrderNotes
from ...domain.order import Order
from ...domain.organization import Organization, OrganizationPlace
from ...domain.packets import IssuedListing
from ...domain.policy_lists import Clearances, PolicyLists
from ...domain.problem_reports import OpenCase, ProblemCase
from ...domain.proofs import DomainProof
from ...domain.reaudit import AuditCursor
from ...domain.requests import Request
from ...domain.reviews import OrganizationReview
from ...domain.revocation import CrlState, RevokedSerial
from ...domain.webhook_state import WebhookState
from ...domain.webhooks import Webhook, WebhookSecret
from ...ports import Record
from . import account_keys, issued_keys, keys
from .attributes import encode, encode_fields
from .cases import case_writes, challenge_writes, open_case_writes
from .domain_writes import (
    domain_writes,
    hold_writes,
    listing_writes,
    proof_writes,
    removal_writes,
)
from .expiries import ladder_writes, reminded_writes
from .key_book import blocked_key_writes, bulk_writes, key_use_writes
from .managed_keys import managed_key_writes
from .messages import message_writes
from .orders import (
    authorization_writes,
    certificate_writes,
    idempotency_writes,
    notes_writes,
    order_writes,
    request_writes,
    serial_writes,
    thumbprint_writes,
)
from .vetting import (
    clearances_writes,
    organization_writes,
    policy_lists_writes,
    review_writes,
)
from .webhooks import secret_writes, state_writes, webhook_writes
from .writes import AUTHORIZED, Write, follower, write


def _account(account: Account) -> tuple[Write, ...]:
    listed = keys.all_accounts(account.account_id)
    return (write("account", keys.account(account.account_id), account, listed),)


def _user(user: User) -> tuple[Write, ...]:
    return (write("user", keys.user(user.account_id, user.user_id), user),)


def _api_key(key: ApiKey) -> tuple[Write, ...]:
    """The key under its hash, for the middleware; and under its account, for whoever lists keys."""
    listing = keys.key_listing(key.account_id, key.key_id)
    return (
        write("api_key", keys.api_key(key.sha256), key),
        follower("key_listing", listing, encode_fields(key)),
    )


def _issuer(issuer: Issuer) -> tuple[Write, ...]:
    return (write("issuer", keys.issuer(issuer.issuer_id), issuer),)


def _revoked(line: RevokedSerial) -> tuple[Write, ...]:
    return (write("revoked", keys.revoked(line.issuer_id, line.shard, line.serial), line),)


def _issued(listing: IssuedListing) -> tuple[Write, ...]:
    """The certificate among those issued in its hour, in the index of those without a packet."""
    at, number = listing.issued_at, listing.certificate_id
    waiting = issued_keys.unpacked(at, number)
    return (write("issued", issued_keys.issued(at, number), listing, waiting),)


def _audit_cursor(cursor: AuditCursor) -> tuple[Write, ...]:
    return (write("audit_cursor", issued_keys.AUDIT_CURSOR, cursor),)


def _crl_state(state: CrlState) -> tuple[Write, ...]:
    return (write("crl_state", keys.crl_state(state.issuer_id, state.shard), state),)


def _change(change: Change) -> tuple[Write, ...]:
    """The change, in the index of those that were not passed on yet."""
    waiting = keys.unnumbered(change.change_id, change.at)
    return (write("change", keys.change(change.change_id), change, waiting),)


def _certificate_name(taken: CertificateName) -> tuple[Write, ...]:
    key = account_keys.certificate_name(taken.account_id, taken.name)
    return (write("certificate_name", key, taken),)


def _container(container: Container) -> tuple[Write, ...]:
    key = account_keys.container(container.account_id, container.container_id)
    return (write("container", key, container),)


def _user_email(taken: UserEmail) -> tuple[Write, ...]:
    return (write("user_email", account_keys.user_email(taken.account_id, taken.email), taken),)


def _organization_place(taken: OrganizationPlace) -> tuple[Write, ...]:
    key = account_keys.organization_place(taken.account_id, taken.place)
    return (write("organization_place", key, taken),)


def _mail_mark(mark: MailMark) -> tuple[Write, ...]:
    return (write("mail_mark", account_keys.mail_mark(mark.account_id, mark.email), mark),)


_WRITERS: dict[type, Callable[[Any], tuple[Write, ...]]] = {
    Order: order_writes,
    Certificate: certificate_writes,
    Request: request_writes,
    OrderNotes: notes_writes,
    IdempotencyRecord: idempotency_writes,
    SerialClaim: serial_writes,
    Thumbprint: thumbprint_writes,
    IssuedListing: _issued,
    AuditCursor: _audit_cursor,
    RevokedSerial: _revoked,
    CrlState: _crl_state,
    Issuer: _issuer,
    Account: _account,
    User: _user,
    ApiKey: _api_key,
    Organization: organization_writes,
    OrganizationPlace: _organization_place,
    OrganizationReview: review_writes,
    PolicyLists: policy_lists_writes,
    Clearances: clearances_writes,
    Change: _change,
    CertificateName: _certificate_name,
    DomainProof: proof_writes,
    ProofHold: hold_writes,
    Domain: domain_writes,
    DomainListing: listing_writes,
    DomainRemoval: removal_writes,
    Container: _container,
    ApprovalMessage: message_writes,
    UserEmail: _user_email,
    MailMark: _mail_mark,
    BlockedKey: blocked_key_writes,
    KeyUse: key_use_writes,
    BulkRevocation: bulk_writes,
    ProblemCase: case_writes,
    OpenCase: open_case_writes,
    KeyChallenge: challenge_writes,
    Webhook: webhook_writes,
    WebhookSecret: secret_writes,
    WebhookState: state_writes,
    LadderCursor: ladder_writes,
    Reminded: reminded_writes,
    ManagedKey: managed_key_writes,
}


def to_writes(records: Sequence[Record]) -> list[Write]:
    """The items of one commit. Raises ValueError for authorizations without their certificate."""
    packs = {r.certificate_id: r for r in records if isinstance(r, Authorizations)}
    writes: list[Write] = []
    for record in records:
        if isinstance(record, Authorizations):
            continue
        first, *others = _WRITERS[type(record)](record)
        if isinstance(record, Certificate) and record.certificate_id in packs:
            version = {AUTHORIZED: encode(record.version)}
            first = replace(first, item=first.item | version)
            others += authorization_writes(packs.pop(record.certificate_id), record.version)
        writes += [first, *others]
    if packs:
        raise ValueError("authorizations are written together with their certificate")
    return writes
