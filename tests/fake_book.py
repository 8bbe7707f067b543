"""The order book in memory.

Ledger, Looks, Accounts, Issuers, WorkList, RevocationLedger, Feed and Claims in one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.fake_accounts import FakeAccounts
from tests.fake_cases import FakeCases
from tests.fake_clockwork import FakeExpiries
from tests.fake_domains import FakeDomains
from tests.fake_keys import FakeKeys
from tests.fake_lists import FakeLists
from tests.fake_managed_keys import FakeManagedKeys
from tests.fake_messages import FakeMessages
from tests.fake_packets import FakeIssuedList
from tests.fake_records import Key, as_stored, key_of, plain
from tests.fake_vetting import FakeVetting
from tests.fake_webhooks import FakeWebhooks
from tests.tripwire import Tripwire
from vouchsafe.domain.accounts import Account
from vouchsafe.domain.audit import Head, chained
from vouchsafe.domain.blocked_keys import BlockedKey, KeyUse
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.changes import Change, NumberedChange
from vouchsafe.domain.desk import Desk, Hint
from vouchsafe.domain.domains import Domain, DomainListing, DomainRemoval, ProofHold
from vouchsafe.domain.dossier import (
    Allocation,
    Authorizations,
    Dossier,
    IdempotencyRecord,
    LookRecord,
    SerialClaim,
    Thumbprint,
    Work,
)
from vouchsafe.domain.due import certificate_due, request_due, undecided_since
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.notes import OrderNotes
from vouchsafe.domain.order import Order
from vouchsafe.domain.organization import Organization
from vouchsafe.domain.policy_lists import PolicyLists
from vouchsafe.domain.proofs import DomainProof, Standing
from vouchsafe.domain.requests import Request, RequestStatus
from vouchsafe.domain.revocation import CrlLine, CrlState, RevokedSerial
from vouchsafe.domain.webhooks import Delivery
from vouchsafe.ports import Clock, Record


class FakeBook(
    FakeKeys,
    FakeLists,
    FakeVetting,
    FakeAccounts,
    FakeMessages,
    FakeDomains,
    FakeIssuedList,
    FakeCases,
    FakeWebhooks,
    FakeExpiries,
    FakeManagedKeys,
):
    """Every storage port over one dictionary. `records` is open for a test to look at."""

    def __init__(self, tripwire: Tripwire | None = None, clock: Clock | None = None) -> None:
        super().__init__()
        self._clock = clock  # None: changes are numbered the moment they are made
        self._tripwire = tripwire or Tripwire()
        self._lock = threading.RLock()
        self._counters: dict[Key, int] = {}
        self._claims: dict[str, tuple[datetime, str | None]] = {}
        self._feeds: dict[int, list[NumberedChange]] = {}
        self._passed_on: set[str] = set()
        self._packed: set[int] = set()
        self._looks: dict[Key, LookRecord] = {}
        self.records: dict[Key, Any] = {}
        self.deliveries: list[Delivery] = []
        self._older_lists: dict[int, PolicyLists] = {}
        self.spoilt: set[int] = set()  # serials whose rows nobody can read

    # Ledger

    def commit(self, *records: Record) -> None:
        with self._tripwire.crossing("ledger.commit"), self._lock:
            written = {key_of(record): as_stored(record) for record in records}
            if len(written) != len(records):
                raise ValueError("one commit writes each record once")
            for key, record in written.items():
                self._check(key, record, written)
            self._watch(written)
            self.records.update(written)
            for key in [each for each in written if each[0] is DomainRemoval]:
                self._remove(self.records.pop(key))
            if lists := written.get((PolicyLists,)):
                self._older_lists[lists.version] = lists

    def _check(self, key: Key, record: Record, written: dict[Key, Record]) -> None:
        if isinstance(record, Authorizations):
            if (Certificate, record.certificate_id) not in written:
                raise ValueError("authorizations are written together with their certificate")
            return
        if isinstance(record, KeyUse) and (BlockedKey, record.spki_sha256) in self.records:
            raise Conflict(f"key {record.spki_sha256} is blocked")
        if isinstance(record, DomainProof | ProofHold | KeyUse) or type(record) is DomainListing:
            return  # always replaces
        if isinstance(record, DomainRemoval):
            self._check_removal(record)
            return
        if isinstance(record, Domain):
            self._check_name(record)
        standing = self.records.get(key)
        before = getattr(record, "version", 1) - 1
        if (getattr(standing, "version", 1) if standing is not None else 0) != before:
            raise Conflict(f"{key[0].__name__} {key[1:]} is not at version {before}")

    def order(self, order_id: int) -> Dossier | None:
        with self._tripwire.crossing("ledger.order"), self._lock:
            return self._dossier(order_id)

    def desk(self, order_id: int, certificate_id: int, hint: Hint) -> Desk | None:
        with self._tripwire.crossing("ledger.desk"), self._lock:
            found = self._dossier(order_id)
            own = (
                [c for c in found.certificates if c.certificate_id == certificate_id]
                if found
                else ()
            )
            if found is None or not own:
                return None
            items = found.authorizations.get(certificate_id)
            authorizations = {} if items is None else {certificate_id: items}
            account_id, named = found.order.account_id, found.order.organization_id
            return Desk(
                dossier=Dossier(
                    order=found.order, certificates=tuple(own), authorizations=authorizations
                ),
                standing=Standing(
                    account=self.records.get((Account, account_id)),
                    proofs={},
                    organization=self.records.get((Organization, account_id, named)),
                ),
                lists=self.records.get((PolicyLists,), PolicyLists()),
            )

    def order_of_certificate(self, certificate_id: int) -> Dossier | None:
        return self._follow("certificate", (Certificate, certificate_id))

    def order_of_request(self, request_id: int) -> Dossier | None:
        return self._follow("request", (Request, request_id))

    def order_of_serial(self, serial: int) -> Dossier | None:
        return self._follow("serial", (SerialClaim, serial))

    def order_of_thumbprint(self, digest: str) -> Dossier | None:
        every = [each for key, each in self.records.items() if key[0] is Thumbprint]
        sha1 = next((each.sha1 for each in every if each.sha256 == digest), digest)
        return self._follow("thumbprint", (Thumbprint, sha1))

    def _follow(self, what: str, key: Key) -> Dossier | None:
        with self._tripwire.crossing(f"ledger.order_of_{what}"), self._lock:
            record = self.records.get(key)
            return None if record is None else self._dossier(record.order_id)

    def _dossier(self, order_id: int) -> Dossier | None:
        order = self.records.get((Order, order_id))
        if order is None:
            return None
        certificates = [c for c in self._all(Certificate) if c.order_id == order_id]
        requests = [r for r in self._all(Request) if r.order_id == order_id]
        packs = [a for a in self._all(Authorizations) if a.order_id == order_id]
        return Dossier(
            order=order,
            certificates=tuple(sorted(certificates, key=lambda c: c.certificate_id)),
            authorizations={pack.certificate_id: pack.items for pack in packs},
            requests=tuple(sorted(requests, key=lambda r: r.request_id)),
            notes=self.records.get((OrderNotes, order_id)),
        )

    def _all[T](self, kind: type[T]) -> list[T]:
        return [record for key, record in self.records.items() if key[0] is kind]

    def requests_of(
        self, account_id: int, *, status: RequestStatus | None, limit: int
    ) -> Sequence[Request]:
        with self._tripwire.crossing("ledger.requests_of"), self._lock:
            own = [r for r in self._all(Request) if r.account_id == account_id]
            meant = [r for r in own if status is None or r.status is status]
            return sorted(meant, key=lambda r: r.request_id, reverse=True)[:limit]

    def idempotency(self, account_id: int, key: str) -> IdempotencyRecord | None:
        return self._get("ledger.idempotency", (IdempotencyRecord, account_id, key))

    def allocate(self, **counts: int) -> Allocation:
        with self._tripwire.crossing("ledger.allocate"), self._lock:
            ids = {
                kind: tuple(self._next("id", kind) for _ in range(n)) for kind, n in counts.items()
            }
            return Allocation(**ids)

    def next_run(self, order_id: int, certificate_id: int) -> int:
        with self._tripwire.crossing("ledger.next_run"), self._lock:
            return self._next("run", order_id, certificate_id)

    def last_run(self, order_id: int, certificate_id: int) -> int:
        with self._tripwire.crossing("ledger.last_run"), self._lock:
            return self._counters.get(("run", order_id, certificate_id), 0)

    def _next(self, *counter: Any) -> int:
        self._counters[counter] = self._counters.get(counter, 0) + 1
        return self._counters[counter]

    def _get(self, call: str, key: Key) -> Any:
        with self._tripwire.crossing(call), self._lock:
            return self.records.get(key)

    # Looks

    def add(self, look: LookRecord) -> None:
        with self._tripwire.crossing("looks.add"), self._lock:
            key = (look.certificate_id, look.number, look.run)
            self._looks.setdefault(key, replace(look, results=tuple(plain(list(look.results)))))

    def newest(self, certificate_id: int, limit: int) -> Sequence[LookRecord]:
        with self._tripwire.crossing("looks.newest"), self._lock:
            keys = sorted((k for k in self._looks if k[0] == certificate_id), reverse=True)
            return [self._looks[key] for key in keys[:limit]]

    # Issuers

    def get(self, issuer_id: str) -> Issuer | None:
        return self._get("issuers.get", (Issuer, issuer_id))

    def all(self) -> Sequence[Issuer]:
        with self._tripwire.crossing("issuers.all"), self._lock:
            return sorted(self._all(Issuer), key=lambda issuer: issuer.issuer_id)

    # WorkList

    def due(self, before: datetime, limit: int) -> Sequence[Work]:
        with self._tripwire.crossing("worklist.due"), self._lock:
            work = [w for w in self._work() if w.due_at < before]
            return sorted(work, key=lambda w: w.due_at)[:limit]

    def _work(self) -> Iterable[Work]:
        for c in self._all(Certificate):
            if due := certificate_due(c):
                yield _work(c.order_id, c.certificate_id, None, due)
        for r in self._all(Request):
            if due := request_due(r):
                yield _work(r.order_id, None, r.request_id, due)

    def undecided(self, limit: int) -> Sequence[Work]:
        with self._tripwire.crossing("worklist.undecided"), self._lock:
            every = [(undecided_since(r), r) for r in self._all(Request)]
            waiting = [_work(r.order_id, None, r.request_id, at) for at, r in every if at]
            return sorted(waiting, key=lambda w: w.due_at)[:limit]

    # RevocationLedger

    def revoked(self, issuer_id: str, shard: int) -> Sequence[RevokedSerial]:
        """Every line of a shard, whole; for assertions."""
        lines = [line for line in self._all(RevokedSerial) if line.issuer_id == issuer_id]
        return sorted((x for x in lines if x.shard == shard), key=lambda x: f"{x.serial:040x}")

    def lines(self, issuer_id: str, shard: int) -> Sequence[CrlLine]:
        with self._tripwire.crossing("revocations.lines"), self._lock:
            return [self._crl_line(line) for line in self.revoked(issuer_id, shard)]

    def _crl_line(self, line: RevokedSerial) -> CrlLine:
        if line.serial in self.spoilt:
            return CrlLine(serial=line.serial, entry=b"", not_after=None)
        return CrlLine(serial=line.serial, entry=line.entry, not_after=line.not_after)

    def line(self, issuer_id: str, shard: int, serial: int) -> RevokedSerial | None:
        line = self._get("revocations.line", (RevokedSerial, issuer_id, shard, serial))
        return None if serial in self.spoilt else line

    def state(self, issuer_id: str, shard: int) -> CrlState | None:
        return self._get("revocations.state", (CrlState, issuer_id, shard))

    # Feed

    def number(self, change: Change) -> NumberedChange:
        with self._tripwire.crossing("feed.number"), self._lock:
            stored = self.records[(Change, change.change_id)]
            feed = self._feeds.setdefault(stored.account_id, [])
            for numbered in feed:
                if numbered.change.change_id == stored.change_id:
                    return numbered
            feed.append(chained(stored, len(feed) + 1, feed[-1].hash if feed else ""))
            self._arrived(stored, self._clock.now() if self._clock else stored.at)
            return feed[-1]

    def head(self, account_id: int) -> Head:
        with self._tripwire.crossing("feed.head"), self._lock:
            feed = self._feeds.get(account_id, [])
            return Head(number=len(feed), hash=feed[-1].hash if feed else "")

    def after(self, account_id: int, cursor: int, limit: int) -> Sequence[NumberedChange]:
        with self._tripwire.crossing("feed.after"), self._lock:
            return self._feeds.get(account_id, [])[cursor : cursor + limit]

    def of_order(self, order_id: int) -> Sequence[NumberedChange]:
        with self._tripwire.crossing("feed.of_order"), self._lock:
            rows = [row for feed in self._feeds.values() for row in feed]
            return [row for row in rows if row.change.order_id == order_id]

    def pass_on(self, change: Change) -> None:
        with self._tripwire.crossing("feed.pass_on"):
            self._passed_on.add(change.change_id)

    def left_behind(self, before: datetime, limit: int) -> Sequence[Change]:
        with self._tripwire.crossing("feed.left_behind"), self._lock:
            rest = [c for c in self._all(Change) if c.change_id not in self._passed_on]
            early = [c for c in rest if c.at < before]
            return sorted(early, key=lambda c: (c.at, c.change_id))[:limit]

    # Claims

    def take(self, name: str, now: datetime, until: datetime) -> bool:
        with self._tripwire.crossing("claims.take"), self._lock:
            held_until, outcome = self._claims.get(name, (now, None))
            if outcome is not None or held_until > now:
                return False
            self._claims[name] = (until, None)
            return True

    def finish(self, name: str, outcome: str) -> None:
        with self._tripwire.crossing("claims.finish"), self._lock:
            if name not in self._claims:
                raise Conflict(f"{name} was never taken")
            self._claims[name] = (self._claims[name][0], outcome)

    def outcome(self, name: str) -> str | None:
        with self._tripwire.crossing("claims.outcome"), self._lock:
            return self._claims[name][1] if name in self._claims else None

    def serials(self) -> set[int]:
        """Every serial ever claimed; for assertions."""
        return {claim.serial for claim in self._all(SerialClaim)}

    def release(self, name: str) -> None:
        with self._tripwire.crossing("claims.release"), self._lock:
            if name in self._claims and self._claims[name][1] is None:
                del self._claims[name]


def _work(order: int, certificate: int | None, request: int | None, due: datetime) -> Work:
    return Work(order_id=order, certificate_id=certificate, request_id=request, due_at=due)
