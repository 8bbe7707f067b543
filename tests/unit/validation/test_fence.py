"""Where a customer's server may not send us: every spelling of it we know."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.unit.validation.answers import TOKEN, agreed, nothing
from tests.unit.validation.spellings import FORBIDDEN, SPECIAL
from vouchsafe.adapters.http_exchange import Answer
from vouchsafe.adapters.http_probe import HttpProbe
from vouchsafe.domain.methods import METHODS, DcvMethodName
from vouchsafe.domain.resolution import Resolution
from vouchsafe.domain.special_addresses import SPECIAL_RANGES, objection_to
from vouchsafe.domain.web import Ended, Fetched
from vouchsafe.domain.web_targets import redirected, web_target
from vouchsafe.settings import Settings, SettingsError

HOST = "www.example.com"
FILE = METHODS[DcvMethodName.HTTP_FILE].records(HOST, TOKEN)[0].name
PUBLIC = "93.184.215.14"


@dataclass
class Names:
    """A Session that knows addresses; it counts what is asked."""

    addresses: dict[str, list[str]]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, name: str, rdtype: str) -> Resolution:
        self.asked.append((name, rdtype))
        of_type = [a for a in self.addresses.get(name, []) if (":" in a) == (rdtype == "AAAA")]
        if not of_type:
            return nothing(name, rdtype=rdtype)
        return agreed(name, *((one,) for one in of_type), rdtype=rdtype)


@dataclass
class Wire:
    """Stands where connections are made: nothing gets out, everything is noted."""

    answers: list[Answer]
    reached: list[tuple[str, int, str]] = field(default_factory=list)

    def __call__(self, target: Any, address: str, port: int, **_: Any) -> Answer:
        self.reached.append((address, port, target.host))
        return self.answers.pop(0) if self.answers else Answer(status=404)


def fetch(wire: Wire, names: Names, **options: Any) -> Fetched:
    probe = HttpProbe(exchange=wire, ipv6=lambda: True, **options)
    return probe.fetch(FILE, session=names, until=time.monotonic() + 5, secret=TOKEN)


def test_the_tables_are_long_enough_to_mean_something() -> None:
    assert len(set(SPECIAL)) >= 50
    assert len(set(FORBIDDEN)) >= 60
    assert all(row.rfc.startswith("RFC ") and row.purpose for row in SPECIAL_RANGES)


@pytest.mark.parametrize("address", SPECIAL)
def test_a_name_with_a_special_address_is_never_connected_to(address: str) -> None:
    assert objection_to(address) is not None
    wire = Wire([])
    fetched = fetch(wire, Names({HOST: [address]}))
    assert fetched.ended in {Ended.SPECIAL_ADDRESS, Ended.NO_ADDRESS}
    assert wire.reached == []


@pytest.mark.parametrize("row", SPECIAL_RANGES, ids=lambda row: str(row.network))
def test_both_ends_of_every_registered_range_are_refused(row: Any) -> None:
    for address in (row.network[0], row.network[-1]):
        assert objection_to(str(address)) is not None


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450::1"])
def test_public_addresses_are_connected_to_as_they_were_checked(address: str) -> None:
    names, wire = Names({HOST: [address]}), Wire([])
    fetch(wire, names)
    assert wire.reached == [(address, 80, HOST)]
    assert names.asked == [(HOST, "A"), (HOST, "AAAA")]  # once: nobody looks a second time


def test_a_special_address_beside_public_ones_is_left_out() -> None:
    wire = Wire([])
    fetch(wire, Names({HOST: ["10.0.0.1", PUBLIC]}))
    assert [address for address, _, _ in wire.reached] == [PUBLIC]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("location", FORBIDDEN)
def test_a_redirect_to_anywhere_forbidden_is_not_followed(location: str, status: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        redirected(web_target(FILE), status, location, TOKEN)
    wire = Wire([Answer(status=status, location=location)])
    names = Names({HOST: [PUBLIC], "example.com": ["10.0.0.1"]})
    assert fetch(wire, names).ended is Ended.BAD_REDIRECT
    assert wire.reached == [(PUBLIC, 80, HOST)]


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/other", f"http://{HOST}/other"),
        ("other?a=b", f"http://{HOST}/.well-known/pki-validation/other?a=b"),
        ("//example.net/x", "http://example.net/x"),
        ("HTTPS://EXAMPLE.NET:443/x", "https://example.net/x"),
        ("http://example.net:443/x", "http://example.net:443/x"),
        ("https://example.net", "https://example.net/"),
        ("https://example.net/a#part", "https://example.net/a"),
        ("/caf\u00e9", f"http://{HOST}/caf%E9"),
        ("/" + "../" * 5 + "x", f"http://{HOST}/x"),
    ],
)
def test_names_on_the_two_ports_are_followed(location: str, url: str) -> None:
    assert redirected(web_target(FILE), 302, location, TOKEN).url == url


@pytest.mark.parametrize("status", [300, 303, 304, 305, 306, 309, 399])
def test_other_statuses_lead_nowhere(status: int) -> None:
    wire = Wire([Answer(status=status, location="/other")])
    fetched = fetch(wire, Names({HOST: [PUBLIC]}))
    assert (fetched.ended, len(wire.reached)) == (Ended.BAD_REDIRECT, 1)
    assert f"status {status}" in fetched.detail


def test_every_hops_address_is_checked_anew() -> None:
    wire = Wire([Answer(status=302, location="http://inside.example.net/")])
    fetched = fetch(wire, Names({HOST: [PUBLIC], "inside.example.net": ["169.254.169.254"]}))
    assert fetched.ended is Ended.SPECIAL_ADDRESS
    assert "RFC 3927" in fetched.detail
    assert wire.reached == [(PUBLIC, 80, HOST)]


@pytest.mark.parametrize(("redirects", "ended"), [(10, Ended.ANSWERED), (11, Ended.BAD_REDIRECT)])
def test_ten_redirects_are_followed_and_no_more(redirects: int, ended: Ended) -> None:
    hops = [Answer(status=307, location=f"/{number}") for number in range(redirects)]
    wire = Wire([*hops, Answer(status=200, body=TOKEN.encode())])
    assert fetch(wire, Names({HOST: [PUBLIC]})).ended is ended
    assert len(wire.reached) == 11


def test_a_lab_may_ask_loopback_and_nothing_else_that_is_special() -> None:
    assert objection_to("127.20.53.80", loopback=True) is None
    refused = [one for one in SPECIAL if objection_to(one, loopback=True)]
    assert set(SPECIAL) - set(refused) == {"127.0.0.1", "127.255.255.254", "::1"}


def test_a_labs_port_stands_for_the_one_asked_for() -> None:
    wire = Wire([])
    fetch(wire, Names({HOST: ["127.20.53.80"]}), loopback=True, ports={80: 8080})
    assert wire.reached == [("127.20.53.80", 8080, HOST)]


@pytest.mark.parametrize("stage", ["staging", "production"])
@pytest.mark.parametrize("variable", [("LAB_LOOPBACK", "true"), ("LAB_HTTP_PORT", "8080")])
def test_what_opens_the_fence_is_refused_outside_the_lab(
    stage: str, variable: tuple[str, str]
) -> None:
    with pytest.raises(SettingsError, match=variable[0]):
        Settings.from_environment({"STAGE": stage, variable[0]: variable[1]})
