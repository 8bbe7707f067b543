"""Orders in a world at fault: each name is told its own cause, and proves once that is mended.

Every name of the DNS order lies in a zone of its own, delegated from a lab zone to two name servers
that misbehave in one way; every name of the file order is a host treated badly in one way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.e2e.service import Service, until
from tests.lab import records, topology
from tests.lab.dns import respond
from tests.lab.signing import Key, Signer, ds_of, sign
from tests.lab.web import behave, mend
from tests.lab.zones import Zone
from tests.unit.validation.internet import a_zone
from tests.unit.validation.name_servers import (
    NET,
    Manner,
    NameServer,
    NameServers,
    refusing,
    silent,
)
from vouchsafe.domain.causes import CauseCode as C

UNSIGNED, SIGNED, FILES = "lab.example.org", "lab.example.com", "shop.example.net"
OLD = "_" + "2" * 26
LATE = 1.0  # seconds: before our resolver asks again
#: The first of the addresses of misbehaving servers; two for each world.
FIRST_ADDRESS = 100

type Rows = Mapping[str, dict[str, Any]]


@dataclass
class Site:
    """A zone of its own below a lab zone, and its two servers. `name` is the name to prove."""

    origin: str
    servers: tuple[NameServer, NameServer]
    numbers: Mapping[str, int]
    value: str = ""
    key: Key = field(default_factory=Key.make)

    @property
    def name(self) -> str:
        return f"www.{self.origin}"

    @property
    def is_signed(self) -> bool:
        return self.origin.endswith(SIGNED)

    def serve(self, text: str, second: str | None = None, signer: Signer | None = None) -> None:
        """From now on both servers answer well, with this TXT record if it is one; the second
        server with one of its own if that is given.
        """
        zones = [a_zone(self.origin, self.numbers) for _ in self.servers]
        for zone, shown in zip(zones, (text, text if second is None else second), strict=True):
            if shown:
                zone.add("www", "TXT", f'"{shown}"')
        for zone in zones:
            if self.is_signed:
                sign(zone, signer or Signer(key=self.key))
        self.answer_from(zones)

    def answer_from(self, zones: Sequence[Zone]) -> None:
        for server, zone in zip(self.servers, zones, strict=True):
            server.manner = _honest(zone)

    def treat(self, *manners: Manner) -> None:
        """Another manner of the last servers, as many as are given."""
        for server, manner in zip(self.servers[-len(manners) :], manners, strict=True):
            server.manner = manner

    def vouched(self, port: int, key: Key) -> None:
        """Make the lab zone above name this key, and no other."""
        zone = a_zone(self.origin, self.numbers)
        sign(zone, Signer(key=key))
        records.withdraw(port, self.origin, "DS")
        records.publish(port, self.origin, "DS", ds_of(zone).to_text())


def _honest(zone: Zone) -> Manner:
    return lambda wire, tcp: respond([zone], wire, tcp=tcp)


def _lies(site: Site) -> None:
    site.serve("v=spf1 -all")


def _keeps_the_old(site: Site) -> None:
    site.serve(OLD)


def _lags_behind(site: Site) -> None:
    site.serve(site.value, OLD)


def _disagrees(site: Site) -> None:
    site.serve(site.value, "")


def _is_lame(site: Site) -> None:
    site.treat(refusing, refusing)


def _is_silent(site: Site) -> None:
    site.treat(silent, silent)


def _is_half_silent(site: Site) -> None:
    site.serve(site.value)
    site.treat(silent)


def _is_late(site: Site) -> None:
    site.serve(site.value)
    for server in site.servers:
        server.delay = LATE


def _has_no_such_name(site: Site) -> None:
    site.serve("")


def _has_no_such_record(site: Site) -> None:
    zones = [a_zone(site.origin, site.numbers) for _ in site.servers]
    for zone in zones:
        zone.add("www", "MX", "10 mail.example.com.")
    site.answer_from(zones)


def _has_expired(site: Site) -> None:
    site.serve(site.value, signer=Signer(key=site.key, begins=-7200, ends=-3600))


def _does_not_sign(site: Site) -> None:
    site.serve(site.value, signer=Signer(key=site.key, signs=False))


def _spoils(site: Site) -> None:
    def spoilt(signature: bytes) -> bytes:
        return signature[:-1] + bytes((signature[-1] ^ 1,))

    site.serve(site.value, signer=Signer(key=site.key, spoil=spoilt))


def _has_another_key(site: Site) -> None:
    site.serve(site.value, signer=Signer(key=Key.make()))


#: Name of the zone, lab zone above it, what is wrong, the cause told, words of its explanation.
DNS_WORLDS: Sequence[tuple[str, str, Callable[[Site], None], C, str]] = (
    ("another-key", SIGNED, _has_another_key, C.DNSSEC_NO_KEY, "parent's DS names"),
    ("disagreeing", UNSIGNED, _disagrees, C.SERVERS_DISAGREE, "Without: ns2.disagreeing"),
    ("expired", SIGNED, _has_expired, C.DNSSEC_EXPIRED, "expired at"),
    ("half-silent", UNSIGNED, _is_half_silent, C.PROVEN, ""),
    ("lagging", UNSIGNED, _lags_behind, C.OLD_VALUE_SERVED, "served by ns2.lagging"),
    ("lame", UNSIGNED, _is_lame, C.SERVERS_FAIL, "REFUSED"),
    ("late", UNSIGNED, _is_late, C.PROVEN, ""),
    ("lying", UNSIGNED, _lies, C.VALUE_DIFFERS, '"v=spf1 -all"'),
    ("no-name", UNSIGNED, _has_no_such_name, C.NAME_DOES_NOT_EXIST, "NXDOMAIN"),
    ("no-record", UNSIGNED, _has_no_such_record, C.NOTHING_AT_THE_NAME, "has no TXT record"),
    ("no-signature", SIGNED, _does_not_sign, C.DNSSEC_UNSIGNED, "has no signature (RRSIG)"),
    ("old", UNSIGNED, _keeps_the_old, C.OLD_VALUE_SERVED, OLD),
    ("silent", UNSIGNED, _is_silent, C.TIME_OUT, "in time"),
    ("spoilt", SIGNED, _spoils, C.DNSSEC_BOGUS, "does not fit the records"),
)
#: Host, its manner (see `tests.lab.manners`; none is a server without the file) and that one's
#: text, the cause told, words of its explanation.
WEB_WORLDS: Sequence[tuple[str, tuple[str, ...], C, str]] = (
    ("broken", ("refuse", "503"), C.WEB_STATUS, "status 503"),
    ("elsewhere", ("redirect", f"http://{FILES}:8081/"), C.REDIRECT_FORBIDDEN, "port 8081"),
    ("empty", (), C.FILE_NOT_FOUND, "status 404"),
    ("flooding", ("flood",), C.FILE_DIFFERS, "xxx' and more"),
    ("login", ("login",), C.LOGIN_PAGE, "Sign in"),
    ("looping", ("count",), C.REDIRECT_FORBIDDEN, "10th in a row"),
    ("stalling", ("stall",), C.WEB_TIME_OUT, "in time"),
)


def _site(servers: NameServers, number: int, origin: str) -> Site:
    """Two servers for a zone, and its delegation from the lab zone above."""
    numbers = {"ns1": number, "ns2": number + 1}
    blank = a_zone(origin, numbers)
    first, second = (servers.add(last, [blank]) for last in numbers.values())
    site = Site(origin, (first, second), numbers)
    for host, last in numbers.items():
        records.publish(servers.port, f"{host}.{origin}", "A", f"{NET}{last}")
        records.publish(servers.port, origin, "NS", f"{host}.{origin}.")
    if site.is_signed:
        site.vouched(servers.port, site.key)
    return site


@dataclass(frozen=True, slots=True)
class Orders:
    """The two orders, the zones of the first, and what each name was told."""

    records: int
    files: int
    sites: Sequence[Site]
    told: Rows


def _rows(service: Service, *orders: int) -> Rows:
    found = [row for order in orders for row in service.client.order(order)["validations"]]
    return {row["dns_name"]: row for row in found}


def _told(service: Service, wanted: Mapping[str, C], *orders: int) -> Rows:
    """What each name is told once all are told what is wanted, or after all patience.

    The first look on a busy machine may tell of trouble of our own instead.
    """
    rows: Rows = {}

    def all_told() -> bool:
        nonlocal rows
        rows = _rows(service, *orders)
        return all(rows[name].get("cause") == cause for name, cause in wanted.items())

    try:
        until(all_told, 110, "every name has its cause", every=1)
    except AssertionError:
        return rows  # the tests say which
    return rows


@pytest.fixture(scope="module")
def orders(service: Service) -> Iterator[Orders]:
    """Two orders, looked at in the worlds at fault."""
    servers, webroot = NameServers(service.stack.ports["dns"]), service.stack.webroot
    sites = [
        _site(servers, FIRST_ADDRESS + 2 * number, f"{label}.{above}")
        for number, (label, above, *_) in enumerate(DNS_WORLDS)
    ]
    hosts = [f"{label}.{FILES}" for label, *_ in WEB_WORLDS]
    for host, (_, manner, *_) in zip(hosts, WEB_WORLDS, strict=True):
        if manner:
            behave(webroot, host, *manner)
    try:
        by_record = service.place(*(site.name for site in sites))["id"]
        for name, row in _rows(service, by_record).items():
            number = next(n for n, site in enumerate(sites) if site.name == name)
            sites[number].value = row["record_value"]
            DNS_WORLDS[number][2](sites[number])
        by_file = service.place(*hosts, method="http-token")["id"]
        wanted = {site.name: cause for site, (*_, cause, _) in zip(sites, DNS_WORLDS, strict=True)}
        wanted |= {host: cause for host, (*_, cause, _) in zip(hosts, WEB_WORLDS, strict=True)}
        told = _told(service, wanted, by_record, by_file)
        yield Orders(by_record, by_file, sites, told)
    finally:
        mend(webroot, *hosts)
        servers.close()


@pytest.mark.parametrize(
    ("name", "cause", "words"),
    [
        *((f"www.{label}.{above}", cause, words) for label, above, _, cause, words in DNS_WORLDS),
        *((f"{label}.{FILES}", cause, words) for label, _, cause, words in WEB_WORLDS),
    ],
)
def test_a_name_is_told_exactly_what_stands_in_its_way(
    orders: Orders, name: str, cause: C, words: str
) -> None:
    row = orders.told[name]
    assert row.get("cause") == cause, row
    assert words in row["explanation"]
    succeeded = cause is C.PROVEN
    assert (row["validation_status"] == "Succeeded") is succeeded
    if not succeeded:
        assert row["advice"]
        server = topology.WEB if name.endswith(FILES) else NET
        assert any(server in str(line) for line in row["observations"]), row["observations"]


def test_once_the_world_is_mended_every_name_proves_and_both_are_issued(
    service: Service, orders: Orders
) -> None:
    """Late and half-silent servers stay as they are; they hold nobody up."""
    for site, (*_, cause, _) in zip(orders.sites, DNS_WORLDS, strict=True):
        if cause is not C.PROVEN:
            site.serve(site.value)
    mend(service.stack.webroot, *(f"{label}.{FILES}" for label, *_ in WEB_WORLDS))
    service.prove(orders.files)
    for order, count in ((orders.records, len(DNS_WORLDS)), (orders.files, len(WEB_WORLDS))):
        issued = service.until_status(order, "issued", within=150)
        rows = issued["validations"]
        assert [row["validation_status"] for row in rows] == ["Succeeded"] * count
        chain = service.chain(issued["certificate"]["id"])
        assert sorted(chain.names) == sorted(row["dns_name"] for row in rows)
