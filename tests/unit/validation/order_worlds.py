"""A world for each cause that takes more than one place's look at one name: an order under check.

Our own place and the six others look at real name servers; which of them a place reaches, the world
decides. The names' mails are the real ones, and so are the reports about them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dns.rdatatype import RdataType

from tests.builders import MOMENT, TOKEN, a_random_value
from tests.lab.signing import Signer
from tests.unit.email.test_ordering import contact, entry
from tests.unit.email.test_troubles import recorded, report
from tests.unit.email.world import World as MailWorld
from tests.unit.validation.checking import POLICY, Bench
from tests.unit.validation.eyes import SeeingLooker, SeeingPerspectives, World
from tests.unit.validation.internet import QUICK, Internet, a_zone
from tests.unit.validation.name_servers import NET, Manner, NameServer, refusing
from tests.unit.validation.worlds import HOST
from vouchsafe.adapters.dns_servers import Server
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.adapters.resolver import AuthoritativeResolver
from vouchsafe.domain.caa_causes import caa_telling
from vouchsafe.domain.cause import CauseCode
from vouchsafe.domain.corroboration import REGIONS, REMOTE_REGIONS
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.looking import LookReport, LookRequest
from vouchsafe.domain.schedule import Schedule
from vouchsafe.services.validation import check_order

ABROAD = 9  # the server that places abroad reach instead of the zone's own
LOOK = MOMENT + timedelta(minutes=1)


@dataclass
class Places:
    """Port Perspectives: six places that look for themselves, but for those `down`."""

    lookers: dict[str, NetworkLooker]
    down: set[str] = field(default_factory=set)

    def ask(self, request: LookRequest) -> Sequence[LookReport]:
        return tuple(self._one(place, request) for place in REMOTE_REGIONS)

    def _one(self, place: str, request: LookRequest) -> LookReport:
        if place in self.down:
            return LookReport(perspective=place, rir=REGIONS[place].rir, error="no answer in time")
        return self.lookers[place].look(request)


class Stage:
    """One order for HOST, whose value stands in the DNS where a world publishes it."""

    def __init__(self, internet: Internet) -> None:
        self.internet = internet
        self.bench = Bench(names=[HOST])
        self._open_eyes()

    def _open_eyes(self) -> None:
        fresh = self.internet.resolver
        self.places = Places({one: self._looker(fresh(), one) for one in REMOTE_REGIONS})
        self.bench.looker = self._looker(fresh(), "primary")  # type: ignore[assignment]
        self.bench.perspectives = self.places  # type: ignore[assignment]

    def _looker(self, resolver: AuthoritativeResolver, place: str, **more: float) -> NetworkLooker:
        rir = "ARIN" if place == "primary" else REGIONS[place].rir
        return NetworkLooker(resolver, perspective=place, rir=rir, **more)  # type: ignore[arg-type]

    def publish(self) -> None:
        self.internet.publish(f"{HOST}.", "TXT", f'"{TOKEN}"')

    def caa(self, *records: str) -> None:
        self.internet.publish("example.com.", "CAA", *records)

    def sign(self, example: Signer) -> None:
        """Sign the zone and those above it; from then on every place validates."""
        self.internet.sign(example=example)
        self._open_eyes()

    def abroad(self, count: int, *records: tuple[str, str], manner: Manner | None = None) -> None:
        """So many places reach another server: one with only these records, or of that manner."""
        zone = a_zone("example.com", {"ns1": ABROAD})
        for rdtype, text in records:
            zone.add("example.com." if rdtype == "CAA" else f"{HOST}.", rdtype, text)
        server: NameServer = self.internet.servers.add(ABROAD, [zone], manner)
        resolver = AuthoritativeResolver(
            roots=[],
            port=server.port,
            special_addresses=True,
            timings=QUICK,
            direct=Server("", f"{NET}{ABROAD}", server.port),
        )
        for place in REMOTE_REGIONS[:count]:
            self.places.lookers[place] = self._looker(resolver, place)

    def hurry(self) -> None:
        """No time is left for our own place's look."""
        resolver = self.internet.resolver()
        self.bench.looker = self._looker(resolver, "primary", seconds=0.0)  # type: ignore[assignment]

    def told(self) -> tuple[str, str]:
        """The cause that the check comes to, and its words: of CAA, if it got as far as that."""
        self.bench.check_at(LOOK)
        check = self.bench.certificate.caa
        if check is not None:
            telling = caa_telling(check.findings[0])
            assert telling is not None, "CAA permits"
            return telling.cause, telling.explanation + telling.advice
        summary = self.bench.names[HOST].last_look
        assert summary is not None
        return summary.cause, summary.explanation + summary.advice


@dataclass(frozen=True, slots=True)
class OrderWorld:
    """A world of an order, the cause that must come out, and words of its text."""

    cause: CauseCode
    make: Callable[[Stage], None]
    words: str


@dataclass(frozen=True, slots=True)
class MailingWorld:
    """The same where mails are the method; `make` gives the order's id."""

    cause: CauseCode
    make: Callable[[MailWorld], int]
    words: str


def _published(stage: Stage) -> None:
    stage.publish()
    stage.caa('0 issue ";"')  # so that the order goes on waiting


def _value_too_old(stage: Stage) -> None:
    stage.publish()
    old = a_random_value()
    old = replace(old, expires_at=LOOK)
    dossier = stage.bench.dossier
    items = tuple(replace(one, random_value=old) for one in dossier.authorizations[5001])
    certificate = stage.bench.certificate
    stage.bench.book.commit(
        replace(certificate, version=certificate.version + 1),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
    )


def _no_time(stage: Stage) -> None:
    stage.publish()
    stage.hurry()


def _not_seen_abroad(stage: Stage) -> None:
    stage.publish()
    stage.abroad(3)


def _shut_out_abroad(stage: Stage) -> None:
    stage.publish()
    stage.abroad(3, manner=refusing)


def _places_down(stage: Stage) -> None:
    stage.publish()
    stage.places.down = set(REMOTE_REGIONS[:3])


def _forbidden(stage: Stage) -> None:
    stage.publish()
    stage.caa('0 issue "other.example"')


def _caa_refused_by_servers(stage: Stage) -> None:
    """Servers that answer everything but CAA, as some load balancers do."""
    stage.publish()
    honest = stage.internet.first.manner

    def deaf(wire: bytes, tcp: bool) -> bytes | None:
        return refusing(wire, tcp) if b"\x01\x01\x00\x01" in wire else honest(wire, tcp)

    stage.internet.first.manner = stage.internet.second.manner = deaf


def _caa_without_signature(stage: Stage) -> None:
    stage.publish()
    stage.caa('0 issue "other.example"')
    stage.sign(Signer(unsigned=frozenset({RdataType.CAA})))


def _forbidden_abroad(stage: Stage) -> None:
    stage.publish()
    value = ("TXT", f'"{TOKEN}"')
    stage.abroad(3, value, ("CAA", '0 issue "other.example"'))


def _caa_unknown_abroad(stage: Stage) -> None:
    stage.publish()

    ask = stage.places.ask

    class Failing:
        """Places that are there for the names, and gone for CAA."""

        def ask(self, request: LookRequest) -> Sequence[LookReport]:
            stage.places.down = set(REMOTE_REGIONS[:3]) if request.caa else set()
            return ask(request)

    stage.bench.perspectives = Failing()  # type: ignore[assignment]


C = CauseCode
ORDER_WORLDS: Sequence[OrderWorld] = (
    OrderWorld(C.VALUE_EXPIRED, _value_too_old, "older than 30 days"),
    OrderWorld(C.OWN_TROUBLE, _no_time, "trouble on our side"),
    OrderWorld(C.PERSPECTIVES_DISAGREE, _not_seen_abroad, REMOTE_REGIONS[0]),
    OrderWorld(C.PERSPECTIVES_BLOCKED, _shut_out_abroad, "whole countries"),
    OrderWorld(C.TOO_FEW_PERSPECTIVES, _places_down, REMOTE_REGIONS[2]),
    OrderWorld(C.CAA_FORBIDS, _forbidden, "CAA example.com does not permit"),
    OrderWorld(C.CAA_FORBIDS, _published, "permits nobody"),
    OrderWorld(C.CAA_LOOKUP_FAILED, _caa_refused_by_servers, f"CAA {HOST}: ns1.example.com"),
    OrderWorld(C.CAA_BOGUS, _caa_without_signature, "CAA example.com has no signature"),
    OrderWorld(
        *(C.CAA_FORBIDS_ELSEWHERE, _forbidden_abroad),
        'CAA example.com 0 issue "other.example", read from ' + ", ".join(REMOTE_REGIONS[:3]),
    ),
    OrderWorld(C.CAA_TOO_FEW_PERSPECTIVES, _caa_unknown_abroad, REMOTE_REGIONS[1]),
)


def _sent(world: MailWorld) -> int:
    """The mails are out; a minute later the order's first look is due."""
    order_id = world.place_one()
    world.deliver()
    world.api.clock.advance(timedelta(minutes=1))
    eyes, book = World(), world.book
    check_order(
        order_id,
        world.dossier(order_id).order.certificate_id,
        1,
        ledger=book,
        looks=book,
        looker=SeeingLooker(eyes),
        perspectives=SeeingPerspectives(eyes),
        policies=book,
        clock=world.api.clock,
        entropy=world.api.entropy,
        schedule=Schedule(),
        policy=POLICY,
    )
    return order_id


def _bounced(world: MailWorld) -> int:
    order_id = world.place_one()
    report(world, recorded("bounce", world.deliver()[2]))
    return order_id


def _left_too_late(world: MailWorld) -> int:
    """The contact was found more than two days before the mail could leave."""
    world.api.contacts.published.append(contact(authorization_domain="example.com"))
    asked = entry(dns_name="example.com", email="Security.Team@contact.example.org")
    order_id = world.place_one(dcv_emails=[asked])
    world.api.clock.advance(timedelta(hours=49))
    world.deliver()
    return order_id


MAIL_WORLDS: Sequence[MailingWorld] = (
    MailingWorld(C.MAIL_AWAITED, _sent, "admin@example.com"),
    MailingWorld(C.MAIL_BOUNCED, _bounced, "550 5.1.1 user unknown"),
    MailingWorld(C.MAIL_NOT_SENT, _left_too_late, "too long before"),
)
