"""What the services need from the outside. Fakes and adapters pass the same contract tests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from .account_ports import Accounts, EvidenceStore, Policies, RateLimits, Reviews
from .ceremony_ports import CeremonyKeys, RootKey
from .domain_ports import DomainChecker, Domains
from .key_ports import KeyBook
from .record import Record

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.audit import Head
    from .domain.blocked_keys import BlockedKey
    from .domain.certificate_name import CertificateName
    from .domain.changes import Change, NumberedChange
    from .domain.dossier import Allocation, Dossier, IdempotencyRecord, LookRecord, Work
    from .domain.drafting import LintedCrl, LintedDraft
    from .domain.issuers import Issuer
    from .domain.linting import Finding
    from .domain.looking import LookReport, LookRequest
    from .domain.notices import Mail
    from .domain.proofs import Standing
    from .domain.requests import Request, RequestStatus
    from .domain.revocation import CrlLine, CrlState, RevokedSerial


class Clock(Protocol):
    """The time now, timezone-aware UTC."""

    def now(self) -> datetime: ...


class Entropy(Protocol):
    """Unpredictable bytes."""

    def bytes(self, count: int) -> bytes: ...


class Ledger(Protocol):
    """The order book. Reads are strongly consistent; `commit` is all or nothing."""

    def commit(self, *records: Record) -> None:
        """Write all records or none. Raises Conflict when any condition fails."""

    def order(self, order_id: int) -> Dossier | None: ...
    def order_of_certificate(self, certificate_id: int) -> Dossier | None: ...
    def order_of_request(self, request_id: int) -> Dossier | None: ...
    def order_of_serial(self, serial: int) -> Dossier | None: ...
    def order_of_thumbprint(self, digest: str) -> Dossier | None: ...

    def requests_of(
        self, account_id: int, *, status: RequestStatus | None, limit: int
    ) -> Sequence[Request]:
        """An account's requests, all or those of one status, newest first; may lag by seconds."""

    def standing(
        self,
        account_id: int,
        domains: Collection[str] = (),
        *,
        organization_id: int | None = None,
        container_id: int | None = None,
        key: str = "",
    ) -> Standing:
        """The account's rules, its newest proof for each of the authorization domains, one of its
        organizations, one of its containers with all that is above it, and the block of a key.

        One call for as many as 97 domains, and one for each further hundred; one more for a
        container that is neither the root nor right below it.
        """

    def blocked_key(self, spki_sha256: str) -> BlockedKey | None: ...

    def certificate_name(self, account_id: int, name: str) -> CertificateName | None:
        """Which order took a certificate name (folded) last, if one ever did."""

    def idempotency(self, account_id: int, key: str) -> IdempotencyRecord | None: ...

    def allocate(
        self,
        *,
        orders: int = 0,
        certificates: int = 0,
        requests: int = 0,
        accounts: int = 0,
        users: int = 0,
        keys: int = 0,
        organizations: int = 0,
        reviews: int = 0,
        domains: int = 0,
    ) -> Allocation:
        """Fresh ids of each kind, in one call."""

    def next_run(self, order_id: int, certificate_id: int) -> int:
        """A run number never given before for this certificate; the first is 1."""

    def last_run(self, order_id: int, certificate_id: int) -> int:
        """The run number given last for this certificate; 0 before the first."""


class Looks(Protocol):
    """What was seen, look by look."""

    def add(self, look: LookRecord) -> None: ...
    def newest(self, certificate_id: int, limit: int) -> Sequence[LookRecord]: ...


class Issuers(Protocol):
    """The issuing CAs on record."""

    def get(self, issuer_id: str) -> Issuer | None: ...
    def all(self) -> Sequence[Issuer]: ...


class WorkList(Protocol):
    """Unfinished things, by due time."""

    def due(self, before: datetime, limit: int) -> Sequence[Work]: ...


class RevocationLedger(Protocol):
    """The lines and the state of CRL shards, strongly consistent."""

    def lines(self, issuer_id: str, shard: int) -> Sequence[CrlLine]: ...
    def line(self, issuer_id: str, shard: int, serial: int) -> RevokedSerial | None: ...
    def state(self, issuer_id: str, shard: int) -> CrlState | None: ...


class Feed(Protocol):
    """The numbered changes of each account."""

    def number(self, change: Change) -> NumberedChange:
        """Give the change the next number of its account; one already numbered keeps its number."""

    def after(self, account_id: int, cursor: int, limit: int) -> Sequence[NumberedChange]: ...

    def head(self, account_id: int) -> Head:
        """How far the account's feed goes; number 0 before its first change."""

    def pass_on(self, change: Change) -> None:
        """Note that a numbered change was queued: it is not `left_behind` any more."""

    def left_behind(self, before: datetime, limit: int) -> Sequence[Change]: ...


class NoticeQueue(Protocol):
    """Where numbered changes go to be told; order is kept per order id."""

    def send(self, numbered: NumberedChange) -> None: ...


class Claims(Protocol):
    """Leases on things that must be done once, by name."""

    def take(self, name: str, now: datetime, until: datetime) -> bool:
        """True when the caller holds the lease; False when it is done, or held beyond now."""

    def finish(self, name: str, outcome: str) -> None:
        """It is done for good. Raises Conflict for a name that was never taken."""

    def outcome(self, name: str) -> str | None:
        """What `finish` was told; None while it is not done."""

    def release(self, name: str) -> None:
        """Give up the lease, so that the next one may try at once; nothing when it is done."""


class Mailer(Protocol):
    def send(self, mail: Mail) -> str:
        """Hand the mail over; the carrier's message id.

        Raises Unavailable for what may pass, and MailRefused for a mail it will never carry.
        """


class CertificateStore(Protocol):
    """Certificates, written once each."""

    def put(self, certificate_id: int, der: bytes) -> bytes:
        """Store under that id unless something stands there; what stands there now, read back."""

    def get(self, certificate_id: int) -> bytes | None: ...


class Publication(Protocol):
    """What anybody may fetch over plain http: CA certificates and CRLs."""

    def put_ca_certificate(self, issuer_id: str, der: bytes) -> None: ...

    def put_crl(self, issuer_id: str, shard: int, der: bytes, *, replaces: str | None) -> str:
        """Publish if the ETag there is `replaces` (None: nothing). New ETag. Raises Conflict."""

    def crl(self, issuer_id: str, shard: int) -> tuple[bytes, str] | None:
        """The CRL that stands there now and its ETag."""


class CertificateSigner(Protocol):
    def sign(self, issuer: Issuer, draft: LintedDraft) -> bytes:
        """The DER certificate over exactly `draft.tbs`."""


class CrlSigner(Protocol):
    def sign(self, issuer: Issuer, crl: LintedCrl) -> bytes:
        """The DER CRL over exactly `crl.tbs`."""


class Linter(Protocol):
    """A third-party linter. Findings at ERROR and above refuse; warnings too unless reviewed."""

    def certificate(self, der: bytes) -> Sequence[Finding]: ...
    def crl(self, der: bytes) -> Sequence[Finding]: ...


class Looker(Protocol):
    """The primary perspective: looks itself."""

    def look(self, request: LookRequest) -> LookReport: ...


class Perspectives(Protocol):
    """The remote perspectives, all asked at once; one report each, also from those that failed."""

    def ask(self, request: LookRequest) -> Sequence[LookReport]: ...


class Workflow(Protocol):
    """Executions of the two state machines. Starting under a used name is not an error."""

    def start_order(self, order_id: int, certificate_id: int, run: int) -> None: ...
    def start_revocation(self, order_id: int, request_id: int, attempt: int) -> None: ...
    def order_running(self, order_id: int, certificate_id: int, run: int) -> bool: ...


__all__ = [
    "Accounts",
    "CeremonyKeys",
    "DomainChecker",
    "Domains",
    "EvidenceStore",
    "KeyBook",
    "Policies",
    "RateLimits",
    "Record",
    "Reviews",
    "RootKey",
]
