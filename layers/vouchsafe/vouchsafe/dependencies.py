"""What each function family is given: settings and ports, named as the services name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .account_ports import Accounts, EvidenceStore, Policies, RateLimits, Reviews
    from .intake_ports import Cases
    from .key_ports import KnownKeys
    from .mail_ports import ApprovalMessages, ContactFinder
    from .order_ports import NameIndex, OrderLists, ParkedList
    from .packet_ports import PacketStore
    from .ports import (
        CeremonyKeys,
        CertificateStore,
        Claims,
        Clock,
        DomainChecker,
        Domains,
        Entropy,
        Feed,
        Issuers,
        KeyBook,
        Ledger,
        Linter,
        Looker,
        Looks,
        Mailer,
        NoticeQueue,
        Perspectives,
        Publication,
        Workflow,
        WorkList,
    )
    from .settings import Settings
    from .trial_ports import TrialPorts
    from .webhook_ports import Webhooks


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
    """For orders, from placing to proving."""

    reviews: Reviews
    looks: Looks
    lists: OrderLists
    workflow: Workflow
    issuers: Issuers
    store: CertificateStore
    messages: ApprovalMessages
    domains: Domains
    trial: TrialPorts
    contacts: ContactFinder | None = None  # None: nobody looks up whom DNS names
    known_keys: KnownKeys | None = None  # None: the operator provides no list


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CertificatesApi(Caller):
    """For downloads and what is done to certificates."""

    issuers: Issuers
    store: CertificateStore
    packets: PacketStore


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RequestsApi(Caller):
    """For requests that somebody has to approve."""

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
    """For operators: reviews with their files, the deployment's lists, keys and revocations."""

    policies: Policies
    evidence: EvidenceStore
    keys: KeyBook
    issuers: Issuers
    cases: Cases


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DomainsApi(OrganizationsApi):
    """For what accounts have besides orders, domains among it."""

    domains: Domains
    checker: DomainChecker
    webhooks: Webhooks


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AccountMaking(Caller):
    """For the operator's function that makes accounts, users and keys."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Checking:
    """For a look at an order's names."""

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
    """For a look at an account's domain."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    domains: Domains
    looker: Looker
    perspectives: Perspectives


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Revoking:
    """For the steps of a revocation that sign nothing."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ceremony:
    """For making the hierarchy of CAs."""

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
    """For what follows from a change in the table."""

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
    """For mails."""

    settings: Settings
    clock: Clock
    ledger: Ledger
    accounts: Accounts
    store: CertificateStore
    cases: Cases
    claims: Claims
    mailer: Mailer
    entropy: Entropy
    messages: ApprovalMessages
    domains: Domains


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Reconciling:
    """For the rounds that find what was left behind."""

    settings: Settings
    clock: Clock
    entropy: Entropy
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
    """For the page behind the links in mails."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    accounts: Accounts
    ledger: Ledger
    messages: ApprovalMessages
    domains: Domains
    workflow: Workflow
    limits: RateLimits | None = None  # None: nobody is limited
