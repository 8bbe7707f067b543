"""In-memory stand-ins for the ports. They pass the same contract tests as the adapters.

Every fake takes an optional `Tripwire`; share one among them to cut a service at any port call.
"""

from __future__ import annotations

import hashlib
import random
from datetime import datetime, timedelta

from tests.fake_accounts import FakeRateLimits
from tests.fake_book import FakeBook
from tests.fake_domains import FakeDomainChecker
from tests.tripwire import Cut, Tripwire
from vouchsafe.domain.changes import NumberedChange
from vouchsafe.domain.errors import Conflict, MailRefused
from vouchsafe.domain.notices import Mail

__all__ = [
    "Cut",
    "FakeBook",
    "FakeDomainChecker",
    "FakeLedger",
    "FakeMailer",
    "FakeNoticeQueue",
    "FakePublication",
    "FakeRateLimits",
    "FakeStore",
    "FakeWorkflow",
    "FrozenClock",
    "SeededEntropy",
    "Tripwire",
]


#: The book under the name of its first port.
FakeLedger = FakeBook


class FrozenClock:
    """Port Clock: stands still until told to advance."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self._now += by


class SeededEntropy:
    """Port Entropy: bytes that look random and come again with the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)

    def bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)


class FakeStore:
    """Port CertificateStore: the first bytes under an id stay."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.objects: dict[int, bytes] = {}

    def put(self, certificate_id: int, der: bytes) -> bytes:
        with self._tripwire.crossing("store.put"):
            return self.objects.setdefault(certificate_id, der)

    def get(self, certificate_id: int) -> bytes | None:
        with self._tripwire.crossing("store.get"):
            return self.objects.get(certificate_id)


class FakePublication:
    """Port Publication: paths to bytes, with an ETag over the bytes."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.objects: dict[str, bytes] = {}

    def put_ca_certificate(self, issuer_id: str, der: bytes) -> None:
        with self._tripwire.crossing("publication.put_ca_certificate"):
            self.objects[f"ca/{issuer_id}.cer"] = der

    def put_crl(self, issuer_id: str, shard: int, der: bytes, *, replaces: str | None) -> str:
        path = f"crl/{issuer_id}/{shard}.crl"
        with self._tripwire.crossing("publication.put_crl"):
            standing = self.objects.get(path)
            if (None if standing is None else _etag(standing)) != replaces:
                raise Conflict(f"{path} is not what was to be replaced")
            self.objects[path] = der
            return _etag(der)

    def crl(self, issuer_id: str, shard: int) -> tuple[bytes, str] | None:
        with self._tripwire.crossing("publication.crl"):
            der = self.objects.get(f"crl/{issuer_id}/{shard}.crl")
            return None if der is None else (der, _etag(der))


def _etag(der: bytes) -> str:
    return f'"{hashlib.md5(der, usedforsecurity=False).hexdigest()}"'


class FakeMailer:
    """Port Mailer: keeps what was sent; raises the next of `failures`, if any, instead.

    A mail to any of the addresses in `refused` is never carried.
    """

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.sent: list[Mail] = []
        self.failures: list[Exception] = []
        self.refused: set[str] = set()

    def send(self, mail: Mail) -> str:
        with self._tripwire.crossing("mailer.send"):
            if self.failures:
                raise self.failures.pop(0)
            if self.refused & set(mail.to):
                raise MailRefused("an address is not taken")
            self.sent.append(mail)
            return f"mail-{len(self.sent)}"


class FakeNoticeQueue:
    """Port NoticeQueue: in the order sent, each change once."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.sent: list[NumberedChange] = []

    def send(self, numbered: NumberedChange) -> None:
        with self._tripwire.crossing("queue.send"):
            if all(other.change.change_id != numbered.change.change_id for other in self.sent):
                self.sent.append(numbered)


class FakeWorkflow:
    """Port Workflow: what was started, and what still runs until a test ends it."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.orders: list[tuple[int, int, int]] = []
        self.revocations: list[tuple[int, int, int]] = []
        self.running: set[tuple[int, int, int]] = set()

    def start_order(self, order_id: int, certificate_id: int, run: int) -> None:
        execution = (order_id, certificate_id, run)
        with self._tripwire.crossing("workflow.start_order"):
            if execution not in self.orders:
                self.orders.append(execution)
                self.running.add(execution)

    def start_revocation(self, order_id: int, request_id: int, attempt: int) -> None:
        execution = (order_id, request_id, attempt)
        with self._tripwire.crossing("workflow.start_revocation"):
            if execution not in self.revocations:
                self.revocations.append(execution)

    def order_running(self, order_id: int, certificate_id: int, run: int) -> bool:
        with self._tripwire.crossing("workflow.order_running"):
            return (order_id, certificate_id, run) in self.running

    def end(self, order_id: int, certificate_id: int, run: int) -> None:
        """The execution ended."""
        self.running.discard((order_id, certificate_id, run))
