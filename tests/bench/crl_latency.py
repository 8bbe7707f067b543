"""From an approved revocation to a published list, simulated over the service's own code.

    python -m tests.bench.crl_latency [REVOKED] [ARRIVALS]

A ledger of REVOKED lines in 16 shards, and ARRIVALS more over an hour, one in three of them in
bursts. What AWS takes is a parameter below; publishers race, die, meet conflicts and failures, and
the state machine's own retries follow. Prints JSON, in seconds.
"""

from __future__ import annotations

import bisect
import json
import math
import random
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

from cryptography import x509

from tests.bench.virtual_time import VirtualTime
from tests.builders import MOMENT, a_hierarchy, an_issuer_record
from tests.fakes_pki import SoftwareCrlSigner
from vouchsafe.domain.crls import entries_of, revoked_entry
from vouchsafe.domain.errors import Conflict, Unavailable
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.linting import Finding
from vouchsafe.domain.revocation import CrlLine, CrlState, RevocationReason, RevokedSerial
from vouchsafe.services.publishing import Ports, publish_crl, publish_due

SHARDS = 16
HOUR = 3600.0
ISSUER = "test-ec-1"


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds that things take in AWS, and how often they go wrong: generous on purpose."""

    call: float = 0.010  # one call of the table, or a page of a query
    page_rows: int = 2600  # rows of 397 bytes in a megabyte
    row_cpu: float = 25e-6  # 12 µs measured on a whole core; the function has 0.6 of one
    object_call: float = 0.060  # get or put half a megabyte
    signature: float = 0.030
    lint_entry: float = 0.4e-3  # 0.2 ms measured on a whole core
    start: float = 0.4  # state machine and function, warm
    cold_start: float = 3.5
    cold: float = 0.2  # share of starts
    failed: float = 0.01  # of calls: trouble of AWS
    conflict: float = 0.02  # of conditional writes: refused for nothing
    died: float = 0.002  # of calls: the function is gone, without a word
    noticed: float = 5.0  # until the state machine knows


class Died(Exception):
    """The function was ended by its machine."""


@dataclass
class Cloud:
    """The table, the bucket, the key and the linter, with what they cost; ports of publishing."""

    time: VirtualTime
    dice: random.Random
    costs: Costs
    lists: list[list[int]] = field(default_factory=lambda: [[] for _ in range(SHARDS)])
    rows: dict[int, CrlLine] = field(default_factory=dict)
    states: dict[int, CrlState] = field(default_factory=dict)
    published: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    waiting: dict[int, dict[int, float]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    def spend(self, seconds: float) -> None:
        """A call: it takes its time, and may fail or be the worker's last."""
        self.time.sleep(seconds * self.dice.uniform(0.7, 1.6))
        fate = self.dice.random()
        if fate < self.costs.died:
            raise Died
        if fate < self.costs.died + self.costs.failed:
            raise Unavailable("injected")

    # Issuers

    def get(self, issuer_id: str) -> Issuer | None:
        self.spend(self.costs.call)
        return self.all()[0]

    def all(self) -> Sequence[Issuer]:
        return [replace(an_issuer_record(), shards=SHARDS)]

    # Ledger

    def commit(self, *records: Any) -> None:
        self.spend(self.costs.call)
        (record,) = records
        if isinstance(record, CrlState):
            standing = self.states.get(record.shard)
            moved = (standing.version if standing else 0) != record.version - 1
            if moved or self.dice.random() < self.costs.conflict:
                raise Conflict("not at that version")
            self.states[record.shard] = record
        else:
            self.add(record)

    def add(self, row: RevokedSerial) -> None:
        bisect.insort(self.lists[row.shard], row.serial)
        self.rows[row.serial] = CrlLine(serial=row.serial, entry=row.entry, not_after=row.not_after)

    # RevocationLedger

    def state(self, issuer_id: str, shard: int) -> CrlState | None:
        self.spend(self.costs.call)
        return self.states.get(shard)

    def lines(self, issuer_id: str, shard: int) -> Sequence[CrlLine]:
        found: list[CrlLine] = []
        after = -1
        while True:
            at = bisect.bisect_right(self.lists[shard], after)
            page = self.lists[shard][at : at + self.costs.page_rows]
            found += [self.rows[serial] for serial in page]
            self.spend(self.costs.call + len(page) * self.costs.row_cpu)
            if len(page) < self.costs.page_rows:
                return found
            after = page[-1]

    def line(self, issuer_id: str, shard: int, serial: int) -> RevokedSerial | None:
        raise AssertionError("nothing is spoilt here")

    # Publication

    def crl(self, issuer_id: str, shard: int) -> tuple[bytes, str] | None:
        self.spend(self.costs.object_call)
        return self.published.get(shard)

    def put_crl(self, issuer_id: str, shard: int, der: bytes, *, replaces: str | None) -> str:
        self.spend(self.costs.object_call)
        standing = self.published.get(shard)
        refused = self.dice.random() < self.costs.conflict
        if refused or (standing[1] if standing else None) != replaces:
            raise Conflict("something else stands there")
        number = _number(der)
        assert number > self.numbers.get(shard, 0), "numbers only rise"
        self.numbers[shard] = number
        etag = f"{self.time.seconds}-{len(der)}"
        self.published[shard] = (der, etag)
        self._look(shard, der)
        return etag

    def put_ca_certificate(self, issuer_id: str, der: bytes) -> None:
        raise AssertionError("no ceremony here")

    def _look(self, shard: int, der: bytes) -> None:
        """Who waits for this list stops waiting."""
        waiting = self.waiting.setdefault(shard, {})
        for serial in [x for x in waiting if x in self.rows and self.rows[x].entry in der]:
            self.latencies.append(self.time.seconds - waiting.pop(serial))

    # CrlSigner, Linter

    def sign(self, issuer: Issuer, crl: Any) -> bytes:
        self.spend(self.costs.signature)
        return SoftwareCrlSigner(a_hierarchy().issuing_key).sign(issuer, crl)

    def certificate(self, der: bytes) -> Sequence[Finding]:
        raise AssertionError("no certificate here")

    def linted(self, der: bytes) -> Sequence[Finding]:
        self.spend(len(entries_of(der)) * self.costs.lint_entry)
        return []


def _number(der: bytes) -> int:
    extensions = x509.load_der_x509_crl(der).extensions
    return extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


class _Linter:
    def __init__(self, cloud: Cloud) -> None:
        self.crl = cloud.linted
        self.certificate = cloud.certificate


def _ports(cloud: Cloud) -> Ports:
    return Ports(
        ledger=cloud,  # type: ignore[arg-type]
        issuers=cloud,
        revocations=cloud,
        publication=cloud,
        signer=cloud,
        linter=_Linter(cloud),
        clock=cloud.time,
        pause=cloud.time.sleep,
        publication_url="http://ca.example.com",
    )


def _row(serial: int, now: Any) -> RevokedSerial:
    reason = RevocationReason.KEY_COMPROMISE
    return RevokedSerial(
        issuer_id=ISSUER,
        shard=serial % SHARDS,
        serial=serial,
        revoked_at=now,
        reason=reason,
        not_after=MOMENT + timedelta(days=100),
        certificate_id=1,
        entry=revoked_entry(serial, now, reason),
    )


def _withdraw(cloud: Cloud, serial: int) -> None:
    """The state machine of one approved request: recorded, then published."""
    shard, costs = serial % SHARDS, cloud.costs
    row = _row(serial, cloud.time.now())
    cloud.waiting.setdefault(shard, {})[serial] = cloud.time.seconds
    _persist(cloud, lambda: cloud.add(row) if serial not in cloud.rows else None, costs.call * 3)
    ports = _ports(cloud)
    _persist(cloud, lambda: publish_crl(ISSUER, shard, ports=ports), 0)


def _persist(cloud: Cloud, task: Any, before: float) -> None:
    """One task as the machine runs it: four retries that double, then a pause of two minutes."""
    costs = cloud.costs
    while True:
        for attempt in range(5):
            cold = cloud.dice.random() < costs.cold
            cloud.time.sleep(costs.cold_start if cold else costs.start)
            try:
                if before:
                    cloud.spend(before)
                task()
            except Died:
                cloud.time.sleep(costs.noticed)
            except (Unavailable, Conflict):
                pass
            else:
                return
            cloud.time.sleep(cloud.dice.uniform(0, 2 * 2**attempt))
        cloud.time.sleep(120)


def _refresh(cloud: Cloud) -> None:
    """What the schedule does, beside everybody else."""
    try:
        publish_due(ports=_ports(cloud))
    except (Died, Unavailable, ExceptionGroup):
        return


def simulate(revoked: int, arrivals: int, *, seed: int = 7, costs: Costs | None = None) -> Cloud:
    """The cloud after an hour of it. Every list's number rises, and nothing stays unpublished."""
    dice, time = random.Random(seed), VirtualTime(MOMENT)
    cloud = Cloud(time, dice, costs or Costs())
    for _ in range(revoked):
        cloud.add(_row(dice.getrandbits(126) | 1 << 126, MOMENT))
    for moment in _moments(arrivals, dice):
        time.at(moment, partial(_withdraw, cloud, dice.getrandbits(126) | 1 << 126))
    for minute in range(0, 60, 15):
        time.at(minute * 60.0, partial(_refresh, cloud))
    time.run()
    return cloud


def _moments(arrivals: int, dice: random.Random) -> list[float]:
    """One in three comes in bursts of a hundred, the rest evenly."""
    single = [dice.uniform(0, HOUR) for _ in range(arrivals - arrivals // 3)]
    bursts = [dice.uniform(0, HOUR) for _ in range(math.ceil(arrivals / 300))]
    return single + [bursts[n % len(bursts)] + dice.uniform(0, 0.5) for n in range(arrivals // 3)]


def figures(cloud: Cloud) -> dict[str, Any]:
    """Median, 99th percentile and worst in seconds; how many lists it took."""
    taken = sorted(cloud.latencies)
    return {
        "revoked": len(cloud.rows),
        "arrivals": len(taken),
        "median": statistics.median(taken),
        "p99": taken[math.ceil(0.99 * len(taken)) - 1],
        "worst": taken[-1],
        "numbers": sum(state.number for state in cloud.states.values()),
    }


def main() -> None:
    revoked, arrivals = (int(each) for each in (*sys.argv[1:3], "200000", "1200")[:2])
    print(json.dumps(figures(simulate(revoked, arrivals))))


if __name__ == "__main__":
    main()
