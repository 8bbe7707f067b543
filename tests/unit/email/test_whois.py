"""Contacts that registries name: found on port 43, for private products, where the switch is on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from pytest_socket import socket_allow_hosts

from tests.builders import MOMENT
from tests.lab.whois import LabWhois
from tests.unit.api.test_orders_of_organizations import DESCRIBED
from tests.unit.email.test_ordering import entry
from tests.unit.email.world import World
from tests.unit.validation.internet import QUICK, Internet
from tests.unit.validation.name_servers import NET, NameServers
from vouchsafe.adapters.whois import WhoisClient
from vouchsafe.domain.authorization import Contact, ContactSource
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.whois import contact_addresses, referral, whois_contact
from vouchsafe.services.email_contacts import find_registered
from vouchsafe.settings import Settings, SettingsError

IANA, REGISTRY, REGISTRAR = f"{NET}91", f"{NET}92", f"{NET}93"
BOX = "owner@registrant.example.org"
RECORD = f"""\
Domain Name: EXAMPLE.COM
Registrar Abuse Contact Email: abuse@registrar.example.net
Registrant Email: {BOX}
Admin Email: Admin@registrant.example.org
Tech Email: {BOX}
Tech Email: REDACTED FOR PRIVACY
>>> Last update: Registrant Email: late@evil.example <<<
"""
KOREAN = """\
등록인(Registrant)         : Example
Administrative Contact(AC) : Kim
AC E-Mail                  : kim@registrant.example.org
"""


class Registries:
    """IANA, a registry and a registrar on loopback, as whois.*.example.com; root is IANA."""

    def __init__(self, internet: Internet) -> None:
        self.internet = internet
        self.running: dict[str, LabWhois] = {}
        self.port = 0

    def stand(self, name: str, address: str, says: Callable[[str], bytes]) -> LabWhois:
        self.internet.publish(f"{name}.example.com.", "A", address)
        server = LabWhois(address, self.port, says)
        self.port = int(server.server_address[1])
        self.running[name] = server
        return server

    def client(self, seconds: float = 5.0) -> WhoisClient:
        return WhoisClient(
            self.internet.resolver(QUICK),
            root="iana.example.com",
            port=self.port,
            loopback=True,
            seconds=seconds,
            ipv6=lambda: False,
        )

    def close(self) -> None:
        for server in self.running.values():
            server.shutdown()
            server.server_close()


@pytest.fixture
def registries() -> Iterator[Registries]:
    socket_allow_hosts(["127.0.0.0/8"], allow_unix_socket=True)
    servers = NameServers()
    made = Registries(Internet(servers))
    yield made
    made.close()
    servers.close()


def _text(text: str) -> Callable[[str], bytes]:
    return lambda _: text.encode()


def test_iana_leads_to_the_registry_and_that_to_the_registrar_who_names_the_contacts(
    registries: Registries,
) -> None:
    iana = registries.stand("iana", IANA, _text("domain: COM\nwhois:  registry.example.com\n"))
    registry = registries.stand(
        "registry", REGISTRY, _text("   Registrar WHOIS Server: registrar.example.com\r\n")
    )
    registrar = registries.stand("registrar", REGISTRAR, _text(RECORD))
    assert registries.client().contacts("example.com") == (
        (BOX, "registrar.example.com"),
        ("Admin@registrant.example.org", "registrar.example.com"),
    )
    assert [one.asked for one in (iana, registry, registrar)] == [
        ["com"],
        ["example.com"],
        ["example.com"],
    ]


def test_what_the_registry_named_stands_where_the_registrar_says_nothing(
    registries: Registries,
) -> None:
    registries.stand("iana", IANA, _text("refer: registry.example.com\n"))
    more = "Registrar WHOIS Server: registrar.example.com\n"
    registries.stand("registry", REGISTRY, _text(RECORD + more))
    assert registries.client().contacts("example.com")[0] == (BOX, "registry.example.com")


@pytest.mark.parametrize(
    "where",
    [
        "127.0.0.1",
        "[::1]",
        "localhost",
        "2130706433",
        "private.example.com",
        "registry.example.com:25",
        "user@registry.example.com",
        "iana.example.com",  # round and round
        "nowhere.example.com",
    ],
)
def test_a_server_cannot_send_us_anywhere_else(registries: Registries, where: str) -> None:
    registries.internet.publish("private.example.com.", "A", "10.0.0.1")
    iana = registries.stand("iana", IANA, _text(f"refer: {where}\n{RECORD}"))
    assert registries.client(seconds=4.0).contacts("example.com") == ()
    assert len(iana.asked) == 1


def test_three_servers_are_asked_and_no_more(registries: Registries) -> None:
    registries.stand("iana", IANA, _text("refer: registry.example.com\n"))
    registries.stand("registry", REGISTRY, _text("refer: registrar.example.com\n"))
    registries.stand("registrar", REGISTRAR, _text("refer: fourth.example.com\n"))
    fourth = registries.stand("fourth", f"{NET}94", _text(RECORD))
    assert registries.client().contacts("example.com") == ()
    assert fourth.asked == []


def _stalling(_: str) -> bytes:
    time.sleep(3)
    return RECORD.encode()


@pytest.mark.parametrize(
    "says", [_stalling, lambda _: b"x" * 5_000_000, lambda _: b"\xff\xfe\x00", lambda _: b""]
)
def test_no_server_can_keep_or_flood_us(
    registries: Registries, says: Callable[[str], bytes]
) -> None:
    registries.stand("iana", IANA, _text("refer: registry.example.com\n"))
    registries.stand("registry", REGISTRY, says)
    began = time.monotonic()
    assert registries.client(seconds=0.7).contacts("example.com") == ()
    assert time.monotonic() - began < 2.5


def test_only_lines_that_say_whose_address_it_is_count() -> None:
    assert contact_addresses(RECORD) == (BOX, "Admin@registrant.example.org")
    assert contact_addresses(KOREAN) == ("kim@registrant.example.org",)
    assert contact_addresses("Registrant Email: a@b.example, c@d.example\n") == ()
    assert referral("% refer: inside\nrefer:  whois.example.net\n") == "whois.example.net"


@dataclass
class Known:
    """Port Registries that knows one domain; `asked` keeps the rest, too."""

    asked: list[str] = field(default_factory=list)

    def contacts(self, domain: str) -> tuple[tuple[str, str], ...]:
        self.asked.append(domain)
        return ((BOX, "whois.example.net"),) if domain == "example.com" else ()


def test_registries_are_asked_about_registered_domains_alone() -> None:
    known = Known()
    domains = ("www.example.com", "example.com", "example.com", "com", "example.net", "example.org")
    (found,) = find_registered(domains, known, MOMENT)
    assert known.asked == ["example.com", "example.net"]
    assert found == whois_contact("example.com", BOX, "whois.example.net", MOMENT)


def _wish() -> dict[str, str]:
    return entry(dns_name="example.com", email_domain="example.com", email=BOX)


def _world() -> World:
    world = World()
    world.api.contacts.published.append(
        Contact(
            address=BOX,
            authorization_domain="example.com",
            source=ContactSource.WHOIS,
            found_at="whois.example.net",
            looked_at=MOMENT,
        )
    )
    return world


def test_an_order_for_a_public_product_never_takes_a_contact_of_whois() -> None:
    world = _world()
    body = {"certificate__common_name": "example.com", "certificate__dns_names": []}
    with pytest.raises(AssertionError, match=r"dcv_emails\[0\]\.email"):
        world.place_one(dcv_emails=[_wish()], **body)


def test_an_order_for_a_private_product_takes_it_and_its_proof_serves_no_other_order() -> None:
    world = _world()
    names = {"certificate__common_name": "example.com", "certificate__dns_names": []}
    placed = world.place("private_ssl_plus", dcv_emails=[_wish()], organization=DESCRIBED, **names)
    (mail,) = world.deliver()
    assert mail.address == BOX
    assert world.enter(mail.value).status == 200
    (item,) = world.dossier(placed["id"]).authorizations.popitem()[1]
    assert item.proof is not None
    assert (item.proof.br_section, item.proof.address) == ("3.2.2.4.2", BOX)
    assert not [key for key in world.book.records if key[0] is DomainProof]
    other = world.place_one()
    (row,) = world.info(other)["validations"]
    assert row["validation_status"] != "Succeeded"


@pytest.mark.parametrize(
    ("environment", "asks"),
    [
        ({}, False),
        ({"WHOIS_CONTACTS": "off"}, False),
        ({"WHOIS_CONTACTS": "on"}, True),
        ({"WHOIS_CONTACTS": "on", "ISSUER_TRUST": "private"}, True),
        ({"WHOIS_CONTACTS": "on", "ISSUER_TRUST": "public"}, False),
    ],
)
def test_registries_are_asked_where_the_switch_is_on_and_no_issuer_is_public(
    environment: dict[str, str], asks: bool
) -> None:
    assert Settings.from_environment(environment).asks_registries is asks


def test_the_switch_is_on_or_off() -> None:
    with pytest.raises(SettingsError, match="WHOIS_CONTACTS"):
        Settings.from_environment({"WHOIS_CONTACTS": "true"})
