"""What each function family is given: settings and ports, named as the services name them."""

from __future__ import annotations

from dataclasses import dataclass

from .ports import (
    Accounts,
    CeremonyKeys,
    CertificateStore,
    Claims,
    Clock,
    Entropy,
    Feed,
    Issuers,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Common to the functions behind the API: who calls, when, and where things are kept."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    accounts: Accounts
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersApi(Caller):
    looks: Looks
    workflow: Workflow
    store: CertificateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesApi(Caller):
    issuers: Issuers
    store: CertificateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsApi(Caller):
    workflow: Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMaking(Caller):
    """For the operator's function that makes accounts, users and keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    looks: Looks
    looker: Looker
    perspectives: Perspectives


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRevocation:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncingRevocation:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    issuers: Issuers
    keys: CeremonyKeys
    publication: Publication
    linter: Linter


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingChanges:
    settings: Settings
    clock: Clock
    feed: Feed
    queue: NoticeQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingMail:
    settings: Settings
    clock: Clock
    ledger: Ledger
    accounts: Accounts
    store: CertificateStore
    claims: Claims
    mailer: Mailer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciling:
    settings: Settings
    clock: Clock
    ledger: Ledger
    work: WorkList
    feed: Feed
    queue: NoticeQueue
    workflow: Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    settings: Settings
    looker: Looker
