"""The canary on a service that really works: real services behind every step, fakes around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders import MOMENT, a_hierarchy, an_issuer_record
from tests.fake_packets import FakePacketStore
from tests.fakes import (
    FakeBook,
    FakePublication,
    FakeStore,
    FakeWorkflow,
    FrozenClock,
    SeededEntropy,
    Tripwire,
)
from tests.issuance_world import QuietLinter, TrippingSigner
from tests.unit.validation.eyes import SeeingLooker, SeeingPerspectives, World
from vouchsafe.adapters.one_time_keys import OneTimeKeys
from vouchsafe.canary_ports import RequestMaker
from vouchsafe.domain import drafting
from vouchsafe.domain.canary import CanaryRun
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Dossier
from vouchsafe.domain.errors import Conflict, Unavailable
from vouchsafe.domain.issuers import Issuer, KeyType
from vouchsafe.domain.order import Order
from vouchsafe.domain.schedule import Schedule
from vouchsafe.services import issuance_outcomes, publishing
from vouchsafe.services.announcing import announce_revocation
from vouchsafe.services.canary import CanaryPorts, CanarySeen, advance
from vouchsafe.services.canary_orders import OrderingPorts
from vouchsafe.services.issuance import issue_certificate
from vouchsafe.services.new_orders import RegistrationPolicy
from vouchsafe.services.placing import RegistrationPorts
from vouchsafe.services.publishing import publish_crl
from vouchsafe.services.reconciliation import reconcile
from vouchsafe.services.recording import record_revocation
from vouchsafe.services.validation import ValidationPolicy, check_order

STEP = timedelta(minutes=5)
ZONE = "canary.example.com"
AGREEMENT = "1"
_BASE = "http://ca.example.com"


class FakeCanaryMemory:
    """Port CanaryMemory."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.run: CanaryRun | None = None

    def canary(self) -> CanaryRun | None:
        with self._tripwire.crossing("memory.canary"):
            return self.run

    def remember(self, run: CanaryRun) -> None:
        with self._tripwire.crossing("memory.remember"):
            if run.version != (self.run.version + 1 if self.run else 1):
                raise Conflict("another version stands there")
            self.run = run


class FakeCanaryZone:
    """Port CanaryZone: what it shows, places see. `down`: it takes no change."""

    def __init__(self, tripwire: Tripwire, seen: World) -> None:
        self._tripwire, self._seen = tripwire, seen
        self.down = False

    @property
    def records(self) -> dict[str, list[str]]:
        return {name: values for name, values in self._seen.txt.items() if values}

    def publish(self, name: str, value: str) -> None:
        with self._tripwire.crossing("zone.publish"):
            self._check()
            self._seen.txt[name] = [value]

    def withdraw(self, name: str, value: str) -> None:
        with self._tripwire.crossing("zone.withdraw"):
            self._check()
            if self._seen.txt.get(name) == [value]:
                del self._seen.txt[name]

    def _check(self) -> None:
        if self.down:
            raise Unavailable("the zone takes no change")


@dataclass
class FakePublishedLists:
    """Port PublishedLists over what was published; `hidden`: it never comes out."""

    tripwire: Tripwire
    publication: FakePublication
    hidden: bool = False

    def fetch(self, url: str) -> bytes:
        with self.tripwire.crossing("lists.fetch"):
            found = self.publication.objects.get(urlsplit(url).path.lstrip("/"))
            if found is None or self.hidden:
                raise Unavailable(f"{url}: 404")
            return found


@dataclass
class FixedRequest:
    """Port RequestMaker that always gives the same request."""

    pem: str

    def request(self, name: str) -> str:
        return self.pem


@dataclass
class _CrlSigner:
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: a_hierarchy().issuing_key)

    def sign(self, issuer: Issuer, crl: drafting.LintedCrl) -> bytes:
        return drafting.assemble(crl.tbs, self.key.sign(crl.tbs, ec.ECDSA(hashes.SHA256())))


class CanaryWorld:
    """A canary and its service. The canary's own calls cross `tripwire`, the service's do not."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self.tripwire = tripwire or Tripwire()
        self.clock = FrozenClock(MOMENT)
        self.entropy = SeededEntropy()
        self.seen = World()
        self.book, self.store = FakeBook(), FakeStore()
        self.packets, self.workflow = FakePacketStore(), FakeWorkflow()
        self.memory = FakeCanaryMemory(self.tripwire)
        self.zone = FakeCanaryZone(self.tripwire, self.seen)
        self.publication = FakePublication()
        self.lists = FakePublishedLists(self.tripwire, self.publication)
        self.works = True  # the machines
        self.publishes = self.packs = True
        self.agreement = AGREEMENT
        self.requests: RequestMaker = OneTimeKeys()
        self.book.commit(an_issuer_record())
        for part in (self.book, self.store, self.packets, self.workflow):
            part._tripwire = self.tripwire  # noqa: SLF001

    def ports(self) -> CanaryPorts:
        registration = RegistrationPorts(
            ledger=self.book,
            workflow=self.workflow,
            accounts=self.book,
            reviews=self.book,
            issuers=self.book,
            clock=self.clock,
            entropy=self.entropy,
        )
        policy = RegistrationPolicy(
            window=timedelta(hours=72),
            first_gap=timedelta(minutes=1),
            issuer_keys=KeyType.EC_P256,
        )
        ordering = OrderingPorts(
            registration=registration,
            policy=policy,
            store=self.store,
            packets=self.packets,
            lists=self.lists,
            requests=self.requests,
            agreement=self.agreement,
            dcv_domain="ca.example.net",
        )
        return CanaryPorts(
            memory=self.memory,
            zone=self.zone,
            ordering=ordering,
            zone_name=ZONE,
            every=timedelta(hours=1),
            clock=self.clock,
            entropy=self.entropy,
        )

    def step(self, after: timedelta = STEP, *, at_once: bool = False) -> CanarySeen:
        """The service works for as long, then the canary is called once."""
        self.clock.advance(after)
        self.serve()
        return advance(self.ports(), at_once=at_once)

    def until_over(self, steps: int = 20) -> CanarySeen:
        """Called again and again until the run at hand is over."""
        for _ in range(steps):
            seen = self.step()
            if seen.run.is_over:
                return seen
        raise AssertionError(f"not over: {self.memory.run}")

    def serve(self) -> None:
        """What machines, stream and reconciler do in that time, none of it on the tripwire."""
        if not self.works:
            return
        cut, self.tripwire.at = self.tripwire.at, 0
        calls = self.tripwire.calls[:]
        reconcile(
            work=self.book,
            ledger=self.book,
            workflow=self.workflow,
            clock=self.clock,
            entropy=self.entropy,
        )
        for order_id, certificate_id, run in list(self.workflow.orders):
            self._issue(order_id, certificate_id, run)
        for order_id, request_id, _ in list(self.workflow.revocations):
            self._revoke(order_id, request_id)
        self.tripwire.at, self.tripwire.calls[:] = cut, calls

    def orders(self) -> list[Order]:
        return [each for key, each in self.book.records.items() if key[0] is Order]

    def dossier(self, order_id: int) -> Dossier:
        found = self.book.order(order_id)
        assert found is not None
        return found

    def statuses(self) -> list[str]:
        return [self.dossier(each.order_id).newest.status.value for each in self.orders()]

    def _issue(self, order_id: int, certificate_id: int, run: int) -> None:
        if self.dossier(order_id).newest.status is not CertificateStatus.PENDING:
            return
        check_order(
            order_id,
            certificate_id,
            run,
            ledger=self.book,
            looks=self.book,
            looker=SeeingLooker(self.seen),
            perspectives=SeeingPerspectives(self.seen),
            policies=self.book,
            clock=self.clock,
            entropy=self.entropy,
            schedule=Schedule(),
            policy=ValidationPolicy(
                caa_domains=("ca.example.net",),
                dcv_domain="ca.example.net",
                agreement=self.agreement,
            ),
        )
        ports = issuance_outcomes.Ports(
            ledger=self.book,
            desks=self.book,
            policies=self.book,
            issuers=self.book,
            store=self.store,
            signer=TrippingSigner(Tripwire()),
            linter=QuietLinter(),
            clock=self.clock,
            entropy=self.entropy,
            publication_url=_BASE,
            agreement=self.agreement,
        )
        issue_certificate(order_id, certificate_id, run, ports=ports)
        if self.packs and self.dossier(order_id).newest.issued is not None:
            self.packets.put(certificate_id, b"{}")

    def _revoke(self, order_id: int, request_id: int) -> None:
        book, clock = self.book, self.clock
        recorded = record_revocation(order_id, request_id, ledger=book, clock=clock)
        for shard in recorded["shards"] if self.publishes else ():
            publish_crl(shard["issuer_id"], shard["shard"], ports=self._publishing())
        announce_revocation(order_id, request_id, ledger=book, clock=clock, entropy=self.entropy)

    def _publishing(self) -> publishing.Ports:
        return publishing.Ports(
            ledger=self.book,
            issuers=self.book,
            revocations=self.book,
            publication=self.publication,
            signer=_CrlSigner(),
            linter=QuietLinter(),
            clock=self.clock,
            pause=float,  # sleeps not at all
            publication_url=_BASE,
        )
