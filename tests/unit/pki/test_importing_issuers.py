"""An issuing CA signed elsewhere: requested here, checked, taken in, or refused by name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from tests.builders_pki import NOW, a_key
from tests.ceremony_world import World, a_world
from tests.fakes_pki import PrivateKey
from vouchsafe.domain.hierarchy import ca_name
from vouchsafe.domain.issuers import IssuerState, Trust
from vouchsafe.domain.profiles import key_usage

NAME = ca_name("KR", "Example", "Example Issuing")
ROOT_NAME = ca_name("NL", "Elsewhere", "Elsewhere Root")
BETWEEN_NAME = ca_name("NL", "Elsewhere", "Elsewhere Policy CA")
ROOT, BETWEEN, OURS = (a_key("p384", each) for each in ("elsewhere", "between", "brought in"))
REQUEST = {"KeyRef": "key-x", "IssuingName": "Example Issuing", "Organization": "Example"}
CA_USAGES = frozenset({"key_cert_sign", "crl_sign"})


def _ca(
    subject: x509.Name,
    key: PrivateKey,
    issuer: x509.Name,
    signer: PrivateKey,
    *,
    path: int | None = None,
    usages: frozenset[str] = CA_USAGES,
    critical: bool = True,
    start: datetime = NOW - timedelta(hours=1),
    end: datetime = NOW + timedelta(days=365, seconds=-1),
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    aki: PrivateKey | None = None,
    ca: bool = True,
    digest: Any = None,
) -> x509.Certificate:
    """A CA certificate as another CA's software makes it; each keyword changes one thing."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(0x0102030405060708090A)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca, path if ca else None), critical=critical)
        .add_extension(key_usage(usages), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if subject != issuer or aki:
        above = (aki or signer).public_key()
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(above)
        builder = builder.add_extension(identifier, critical=False)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        for extension in _pointers():
            builder = builder.add_extension(extension, critical=False)
    return builder.sign(signer, digest or hashes.SHA384())


def _pointers() -> list[x509.ExtensionType]:
    url = x509.UniformResourceIdentifier
    point = x509.DistributionPoint([url("http://pki.example.net/r.crl")], None, None, None)
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, url("http://pki.example.net/r.cer")
    )
    policy = x509.PolicyInformation(x509.ObjectIdentifier("2.5.29.32.0"), None)
    return [
        x509.CRLDistributionPoints([point]),
        x509.AuthorityInformationAccess([access]),
        x509.CertificatePolicies([policy]),
    ]


def _root(**changed: Any) -> x509.Certificate:
    end = NOW + timedelta(days=3650, seconds=-1)
    return _ca(ROOT_NAME, ROOT, ROOT_NAME, ROOT, **({"end": end} | changed))


def _issuing(**changed: Any) -> x509.Certificate:
    given: dict[str, Any] = {
        "subject": NAME,
        "key": OURS,
        "issuer": ROOT_NAME,
        "signer": ROOT,
        "path": 0,
        "purposes": (ExtendedKeyUsageOID.SERVER_AUTH,),
    }
    return _ca(**(given | changed))


def _pem(*certificates: x509.Certificate) -> str:
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)


def _world(key: PrivateKey = OURS) -> World:
    world = a_world()
    world.keys.add("key-x", key)
    return world


def _import(
    world: World, certificate: str, chain: str, *, trust: str = "public", issuer_id: str = "x1"
) -> dict[str, Any]:
    return world.ask(
        "import",
        IssuerId=issuer_id,
        KeyRef="key-x",
        Certificate=certificate,
        Chain=chain,
        Trust=trust,
    )


def _why(answer: dict[str, Any]) -> str:
    return "; ".join(each["message"] for each in answer["errors"])


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa3072", "rsa4096"])
def test_a_request_is_made_for_a_key_of_any_type_and_proves_it(kind: str) -> None:
    key = a_key(kind, "brought in")
    world = _world(key)
    request = x509.load_pem_x509_csr(world.ask("request", **REQUEST)["Request"].encode())
    assert request.is_signature_valid
    assert request.public_key() == key.public_key()
    assert request.subject == NAME
    assert not list(request.extensions)
    (change,) = world.changes()
    assert change.data["action"] == "requested"
    assert "BEGIN" not in str(change)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"IssuingName": ""}, "IssuingName"),
        ({"Country": "Korea"}, "name"),
        ({"KeyType": "rsa_4096"}, "key_type"),
        ({"KeyRef": "issuing-key"}, "key_in_use"),
        ({"IssuingName": "Vouchsafe Issuing E1", "Organization": "Vouchsafe"}, "name_in_use"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(changed: dict[str, str], word: str) -> None:
    world = _world()
    world.ask("ensure")
    signatures = world.keys.signatures
    assert word in _why(world.ask("request", **(REQUEST | changed)))
    assert world.keys.signatures == signatures


@pytest.mark.parametrize("trust", ["private", "public"])
def test_what_came_back_signed_is_taken_in_staged_and_published(trust: str) -> None:
    world = _world()
    answer = _import(world, _pem(_issuing()), _pem(_root()), trust=trust)
    assert (answer["State"], answer["MadeNow"]) == ("staged", "true")
    issuer = world.issuer("x1")
    assert issuer.trust is Trust(trust)
    assert issuer.certificate == _issuing_der(world) == world.publication.objects["ca/x1.cer"]
    assert (issuer.root_id, issuer.root_key_ref, issuer.intermediates) == ("", "", ())
    world.publish_crls()
    world.ask("activate", IssuerId="x1")
    assert world.issuer("x1").state is IssuerState.ACTIVE
    assert world.ask("list")["Products"]["ssl_basic"] == "x1"


def _issuing_der(world: World) -> bytes:
    parsed = x509.load_der_x509_certificate(world.issuer("x1").certificate)
    assert parsed.subject == NAME
    return parsed.public_bytes(Encoding.DER)


def test_taking_it_in_again_changes_nothing() -> None:
    world = _world()
    given = (_pem(_issuing()), _pem(_root()))
    _import(world, *given)
    standing = world.issuer("x1")
    assert _import(world, *given)["MadeNow"] == "false"
    assert world.issuer("x1") == standing
    assert len(world.changes()) == 1
    other = _pem(_issuing(end=NOW + timedelta(days=100)))
    assert "another certificate" in _why(_import(world, other, given[1]))


def test_a_chain_in_any_order_with_a_ca_between_is_kept_in_order() -> None:
    world = _world()
    between = _ca(BETWEEN_NAME, BETWEEN, ROOT_NAME, ROOT, path=1)
    certificate = _issuing(issuer=BETWEEN_NAME, signer=BETWEEN)
    _import(world, _pem(certificate), _pem(_root(), between))
    issuer = world.issuer("x1")
    assert issuer.intermediates == (between.public_bytes(Encoding.DER),)
    assert x509.load_der_x509_certificate(issuer.root).subject == ROOT_NAME


_OTHER = a_key("p384", "another")
_BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "another key": ("key_matches", {"key": _OTHER}),
    "another signer": ("signature_chains", {"signer": _OTHER, "aki": ROOT}),
    "a name of nobody": ("signature_chains", {"issuer": BETWEEN_NAME}),
    "no ca": ("basic_constraints", {"ca": False, "usages": frozenset({"digital_signature"})}),
    "not critical": ("basic_constraints", {"critical": False}),
    "no path length": ("basic_constraints", {"path": None}),
    "no list signing": ("key_usage", {"usages": frozenset({"key_cert_sign"})}),
    "client certificates, too": (
        "purposes",
        {"purposes": (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)},
    ),
    "no purpose": ("purposes", {"purposes": ()}),
    "over": ("validity", {"start": NOW - timedelta(days=9), "end": NOW - timedelta(days=1)}),
    "not yet": ("validity", {"start": NOW + timedelta(days=1)}),
    "beyond its root": ("validity", {"end": NOW + timedelta(days=3651)}),
    "no organization": (
        "name",
        {"subject": x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Issuing")])},
    ),
    "another key identifier": ("key_identifiers", {"aki": _OTHER}),
}


@pytest.mark.parametrize("case", sorted(_BAD))
def test_a_certificate_that_does_not_fit_is_refused_by_the_name_of_the_check(case: str) -> None:
    name, changed = _BAD[case]
    world = _world()
    answer = _import(world, _pem(_issuing(**changed)), _pem(_root()))
    assert f"{name}: " in _why(answer)
    assert list(world.book.all()) == []
    assert world.publication.objects == {}


def test_a_root_that_allows_no_ca_below_it_is_refused() -> None:
    between = _ca(BETWEEN_NAME, BETWEEN, ROOT_NAME, ROOT, path=0)
    narrow = _root(path=0)
    certificate = _issuing(issuer=BETWEEN_NAME, signer=BETWEEN)
    answer = _import(_world(), _pem(certificate), _pem(between, narrow))
    assert "CN=Elsewhere Root,O=Elsewhere,C=NL allows a shorter path only" in _why(answer)


@pytest.mark.parametrize(
    ("certificate", "chain"), [("", "x"), ("hello", "x"), ("both", "x"), ("good", "hello")]
)
def test_what_is_no_certificate_is_refused(certificate: str, chain: str) -> None:
    texts = {"good": _pem(_issuing()), "both": _pem(_issuing(), _root())}
    answer = _import(_world(), texts.get(certificate, certificate), texts.get(chain, chain))
    assert "readable" in _why(answer) or "Certificate: is required" in _why(answer)


def test_a_chain_without_its_root_is_refused() -> None:
    between = _ca(BETWEEN_NAME, BETWEEN, ROOT_NAME, ROOT, path=0)
    certificate = _issuing(issuer=BETWEEN_NAME, signer=BETWEEN)
    assert "signature_chains" in _why(_import(_world(), _pem(certificate), _pem(between)))


def test_the_linter_refuses_a_public_one_and_is_heard_only_about_a_private_one() -> None:
    bare = _issuing(purposes=())
    assert "lint: " in _why(_import(_world(), _pem(bare), _pem(_root())))
    assert _import(_world(), _pem(bare), _pem(_root()), trust="private")["MadeNow"] == "true"


def test_a_key_has_one_issuer_and_a_name_has_one_issuer() -> None:
    world = _world()
    _import(world, _pem(_issuing()), _pem(_root()))
    answer = _import(world, _pem(_issuing()), _pem(_root()), issuer_id="x2")
    assert "key_in_use" in _why(answer)
    world.keys.add("key-x", _OTHER)
    again = _pem(_issuing(key=_OTHER))
    assert "name_in_use" in _why(_import(world, again, _pem(_root()), issuer_id="x2"))
