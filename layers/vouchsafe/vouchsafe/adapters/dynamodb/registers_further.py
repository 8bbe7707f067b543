"""Accounts, organizations, domains, webhooks and what else few functions write, as items.

Loaded when one of them is written: a look at an order does not wait for the words of a re-audit.
"""

from __future__ import annotations

from ...domain.accounts import Account, ApiKey, User, UserEmail
from ...domain.blocked_keys import BlockedKey, KeyUse
from ...domain.bulk_revocation import BulkRevocation
from ...domain.containers import Container
from ...domain.domains import Domain, DomainListing, DomainRemoval, ProofHold
from ...domain.email_approval import ApprovalMessage
from ...domain.expiry import LadderCursor, Reminded
from ...domain.key_challenges import KeyChallenge
from ...domain.mail_marks import MailMark
from ...domain.managed_keys import ManagedKey
from ...domain.organization import Organization, OrganizationPlace
from ...domain.policy_lists import Clearances, PolicyLists
from ...domain.problem_reports import OpenCase, ProblemCase
from ...domain.reaudit import AuditCursor
from ...domain.reviews import OrganizationReview
from ...domain.webhook_state import WebhookState
from ...domain.webhooks import Webhook, WebhookSecret
from . import account_keys, issued_keys, keys
from .attributes import encode_fields
from .cases import case_writes, challenge_writes, open_case_writes
from .domain_writes import domain_writes, hold_writes, listing_writes, removal_writes
from .expiries import ladder_writes, reminded_writes
from .key_book import blocked_key_writes, bulk_writes, key_use_writes
from .managed_keys import managed_key_writes
from .messages import message_writes
from .vetting import clearances_writes, organization_writes, policy_lists_writes, review_writes
from .webhooks import secret_writes, state_writes, webhook_writes
from .writes import Write, Writer, follower, write


def _audit_cursor(cursor: AuditCursor) -> tuple[Write, ...]:
    return (write("audit_cursor", issued_keys.AUDIT_CURSOR, cursor),)


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


def _organization_place(taken: OrganizationPlace) -> tuple[Write, ...]:
    key = account_keys.organization_place(taken.account_id, taken.place)
    return (write("organization_place", key, taken),)


def _container(container: Container) -> tuple[Write, ...]:
    key = account_keys.container(container.account_id, container.container_id)
    return (write("container", key, container),)


def _user_email(taken: UserEmail) -> tuple[Write, ...]:
    return (write("user_email", account_keys.user_email(taken.account_id, taken.email), taken),)


def _mail_mark(mark: MailMark) -> tuple[Write, ...]:
    return (write("mail_mark", account_keys.mail_mark(mark.account_id, mark.email), mark),)


WRITERS: dict[type, Writer] = {
    AuditCursor: _audit_cursor,
    Account: _account,
    User: _user,
    ApiKey: _api_key,
    Organization: organization_writes,
    OrganizationPlace: _organization_place,
    OrganizationReview: review_writes,
    PolicyLists: policy_lists_writes,
    Clearances: clearances_writes,
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
