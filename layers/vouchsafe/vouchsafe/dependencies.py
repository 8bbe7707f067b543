"""What each function family is given: settings and ports, named as the services name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .mail_ports import ApprovalMessages, ContactFinder
    from .order_ports import NameIndex, OrderLists, ParkedList
    from .packet_ports import PacketStore
    from .ports import (
        Accounts,
        CeremonyKeys,
        CertificateStore,
        Claims,
        Clock,
        DomainChecker,
        Domains,
        Entropy,
        EvidenceStore,
        Feed,
        Issuers,
        Ledger,
        Linter,
        Looker,
        Looks,
        Mailer,
        NoticeQueue,
        Perspectives,
        Policies,
        Publication,
        RateLimits,
        Reviews,
        Workflow,
        WorkList,
    )
    from .settings import Settings


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Caller:
    """Common to the functions behind the API: who calls, when, and where things are kept."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    accounts: Accounts
    ledger: Ledger
    limits: RateLimits | None = None  # None: nobody is limited


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OrdersApi(Caller):
    reviews: Reviews
    looks: Looks
    lists: OrderLists
    workflow: Workflow
    issuers: Issuers
    store: CertificateStore
    messages: ApprovalMessages
    domains: Domains
    contacts: ContactFinder | None = None  # None: nobody looks up whom DNS names


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CertificatesApi(Caller):
    issuers: Issuers
    store: CertificateStore
    packets: PacketStore


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RequestsApi(Caller):
    workflow: Workflow
    policies: Policies


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AccountsApi(Caller):
    """For accounts and for operators."""

    feed: Feed


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OrganizationsApi(AccountsApi):
    """For organizations and the agreement: what waits for them is woken."""

    reviews: Reviews
    parked: ParkedList
    workflow: Workflow


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OperatorsApi(OrganizationsApi):
    """For operators: reviews with their files, and the deployment's lists."""

    policies: Policies
    evidence: EvidenceStore


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DomainsApi(OrganizationsApi):
    """For what accounts have besides orders, domains among it."""

    domains: Domains
    checker: DomainChecker


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AccountMaking(Caller):
    """For the operator's function that makes accounts, users and keys."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Checking:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    looks: Looks
    looker: Looker
    perspectives: Perspectives
    policies: Policies


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CheckingDomains:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    domains: Domains
    looker: Looker
    perspectives: Perspectives


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RecordingRevocation:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AnnouncingRevocation:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ceremony:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    issuers: Issuers
    keys: CeremonyKeys
    publication: Publication
    linter: Linter


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NumberingChanges:
    settings: Settings
    clock: Clock
    ledger: Ledger
    names: NameIndex
    domains: Domains
    feed: Feed
    queue: NoticeQueue
    parked: ParkedList
    workflow: Workflow


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SendingMail:
    settings: Settings
    clock: Clock
    ledger: Ledger
    accounts: Accounts
    store: CertificateStore
    claims: Claims
    mailer: Mailer
    entropy: Entropy
    messages: ApprovalMessages
    domains: Domains


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Reconciling:
    settings: Settings
    clock: Clock
    entropy: Entropy
    accounts: Accounts
    reviews: Reviews
    ledger: Ledger
    work: WorkList
    feed: Feed
    names: NameIndex
    domains: Domains
    queue: NoticeQueue
    parked: ParkedList
    workflow: Workflow


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ApprovalPage:
    settings: Settings
    clock: Clock
    entropy: Entropy
    accounts: Accounts
    ledger: Ledger
    messages: ApprovalMessages
    domains: Domains
    workflow: Workflow
    limits: RateLimits | None = None  # None: nobody is limited


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MailEvents:
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    messages: ApprovalMessages
    domains: Domains
