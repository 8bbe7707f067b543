"""Our verdicts beside libunbound's, about the same zones at the same servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from dns.dnssectypes import Algorithm, DSDigest
from pytest_socket import socket_allow_hosts

from tests.lab.signing import Key, Signer, ds_of, sign, vouch
from tests.lab.unbound import Unbound, library
from tests.unit.validation.internet import Internet, a_zone, delegate
from tests.unit.validation.name_servers import NET, NameServers

pytestmark = pytest.mark.skipif(library() is None, reason="libunbound is not installed")

DAY = 86_400  # seconds
_SPOILT: Callable[[bytes], bytes] = lambda one: one[:-1] + bytes((one[-1] ^ 1,))  # noqa: E731

#: Domains below com, each with a server of its own, by how they are signed.
SIGNERS: dict[str, Signer] = {
    "nsec": Signer(),
    "nsec3": Signer(nsec3=True),
    "salted": Signer(nsec3=True, salt=b"\xab\xcd", iterations=3),
    "optout": Signer(nsec3=True, opt_out=True),
    "rounds": Signer(nsec3=True, iterations=200),
    "rsa": Signer(key=Key.make(Algorithm.RSASHA256)),
    "rsa512": Signer(key=Key.make(Algorithm.RSASHA512)),
    "p384": Signer(key=Key.make(Algorithm.ECDSAP384SHA384)),
    "ed25519": Signer(key=Key.make(Algorithm.ED25519)),
    "ed448": Signer(key=Key.make(Algorithm.ED448)),
    "expired": Signer(begins=-9 * DAY, ends=-7 * DAY),
    "future": Signer(begins=7 * DAY, ends=9 * DAY),
    "missing": Signer(signs=False),
    "spoilt": Signer(spoil=_SPOILT),
    "stranger": Signer(signs_with=Key.make()),
    "proofless": Signer(proofs=False),
    "proofless3": Signer(nsec3=True, proofs=False),
    "moved": Signer(),  # its DS is another key's
    "island": Signer(),  # it has no DS
    "sha1": Signer(),  # its DS has a digest that counts no more
}
NAMES = (
    ("www", "TXT"),
    ("www", "CAA"),
    ("@", "CAA"),
    ("nowhere", "CAA"),
    ("deep.down.nowhere", "TXT"),
    ("between", "TXT"),
    ("x.wild", "TXT"),
    ("y.x.wild", "TXT"),
    ("x.wild", "CAA"),
    ("alias", "TXT"),
    ("x.there", "TXT"),
    ("www.child", "TXT"),
    ("nowhere.child", "CAA"),
)
#: libunbound is often built without Ed448, and takes SHA-1 as a digest, as all did until RFC 9905.
OTHERWISE = {"ed448": "secure", "sha1": "insecure"}


def _domain(label: str, internet: Internet, last: int) -> None:
    origin = f"{label}.com"
    zone = a_zone(origin, {"ns": last})
    child = a_zone(f"child.{origin}", {f"ns.{origin}.": last})
    for one in (zone, child):
        one.add("www", "TXT", '"value"')
    zone.add("*.wild", "TXT", '"anything"')
    zone.add("a.between", "TXT", '"below"')
    zone.add("alias", "CNAME", f"www.{origin}.")
    zone.add("there", "DNAME", f"between.{origin}.")
    zone.add("x.between", "TXT", '"moved"')
    delegate(zone, f"child.{origin}", {f"ns.{origin}.": last})
    delegate(internet.com, origin, {"ns": last})
    sign(zone, SIGNERS[label])
    if label == "moved":
        vouch(internet.com, zone, ds_of(zone, Key.make()))
    elif label == "sha1":
        vouch(internet.com, zone, ds_of(zone, digest=DSDigest.SHA1))
    elif label != "island":
        vouch(internet.com, zone)
    internet.servers.add(last, [zone, child])


@pytest.fixture(scope="module")
def internet() -> Iterator[Internet]:
    socket_allow_hosts(["127.0.0.0/8", "::1"], allow_unix_socket=True)
    servers = NameServers()
    made = Internet(servers)
    for number, label in enumerate(SIGNERS):
        _domain(label, made, 40 + number)
    made.sign(com=Signer(nsec3=True, opt_out=True))
    yield made
    servers.close()


@pytest.fixture(scope="module")
def unbound(internet: Internet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unbound]:
    stubs = {".": f"{NET}1", "com.": f"{NET}2"}
    for number, label in enumerate(SIGNERS):
        stubs[f"{label}.com."] = stubs[f"child.{label}.com."] = f"{NET}{40 + number}"
    anchor = ds_of(internet.root).to_text()
    made = Unbound(anchor, stubs, internet.servers.port, tmp_path_factory.mktemp("unbound"))
    yield made
    made.close()


@pytest.mark.parametrize("label", sorted(SIGNERS.keys() - OTHERWISE))
def test_two_validators_come_to_the_same_verdict(
    internet: Internet, unbound: Unbound, label: str
) -> None:
    session = internet.resolver().session(30)
    differing = []
    for name, rdtype in NAMES:
        full = f"{label}.com" if name == "@" else f"{name}.{label}.com"
        ours = session.ask(full, rdtype)
        theirs, why = unbound.verdict(full, rdtype)
        if ours.dnssec != theirs:
            differing.append((full, rdtype, str(ours.dnssec), ours.detail, theirs, why))
    assert not differing, "\n" + "\n".join(map(str, differing))


@pytest.mark.parametrize("label", sorted(OTHERWISE))
def test_where_the_other_differs_we_do_so_on_purpose(internet: Internet, label: str) -> None:
    found = internet.resolver().session(30).ask(f"www.{label}.com", "TXT")
    assert found.dnssec == OTHERWISE[label]
