"""What each function family is given: settings and ports, named as the services name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .order_ports import NameIndex, OrderLists
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
        RateLimits,
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
    looks: Looks
    lists: OrderLists
    workflow: Workflow
    issuers: Issuers
    store: CertificateStore


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CertificatesApi(Caller):
    issuers: Issuers
    store: CertificateStore


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RequestsApi(Caller):
    workflow: Workflow


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AccountsApi(Caller):
    """For accounts and for operators; neither needs more than any caller does."""


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
    feed: Feed
    queue: NoticeQueue


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SendingMail:
    settings: Settings
    clock: Clock
    ledger: Ledger
    accounts: Accounts
    store: CertificateStore
    claims: Claims
    mailer: Mailer


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Reconciling:
    settings: Settings
    clock: Clock
    entropy: Entropy
    ledger: Ledger
    work: WorkList
    feed: Feed
    names: NameIndex
    queue: NoticeQueue
    workflow: Workflow
