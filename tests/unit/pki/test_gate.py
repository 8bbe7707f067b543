"""Each check of the gate, shown with a draft that breaks it and that a library would build."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from tests.builders_organizations import an_identity
from tests.builders_pki import (
    NOW,
    PUBLICATION_URL,
    a_key,
    an_issuer,
    issuing_key,
    root_key,
)
from tests.fakes_pki import PrivateKey
from vouchsafe.domain import der
from vouchsafe.domain.drafts import Draft
from vouchsafe.domain.gate import CHECKS_OF_EACH, CHECKS_OF_TERMS, pass_gate
from vouchsafe.domain.products import ValidationLevel
from vouchsafe.domain.profiles import POLICY_OIDS, key_usage
from vouchsafe.domain.subjects import organization_subject

ISSUER = an_issuer()
ISSUING = x509.load_der_x509_certificate(ISSUER.certificate)
_AKI = ISSUING.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
_DV = x509.ObjectIdentifier("2.23.140.1.2.1")
_OIDS = {level: x509.ObjectIdentifier(oid) for level, oid in POLICY_OIDS.items()}


def _uri(path: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(f"{PUBLICATION_URL}/{path}")


def _point(*uris: x509.UniformResourceIdentifier) -> x509.DistributionPoint:
    return x509.DistributionPoint(list(uris), None, None, None)


def _access(method: x509.ObjectIdentifier) -> x509.AuthorityInformationAccess:
    return x509.AuthorityInformationAccess([x509.AccessDescription(method, _uri("ca/e1.cer"))])


def _policies(*oids: x509.ObjectIdentifier, text: str = "") -> x509.CertificatePolicies:
    qualifiers: list[Any] | None = [text] if text else None
    return x509.CertificatePolicies([x509.PolicyInformation(oid, qualifiers) for oid in oids])


def _san(*names: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(name) for name in names])


def _good() -> dict[str, Any]:
    """Extension values by what they are for, each with its criticality."""
    return {
        "ku": (key_usage(frozenset({"digital_signature"})), True),
        "eku": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        "bc": (x509.BasicConstraints(ca=False, path_length=None), True),
        "aki": (x509.AuthorityKeyIdentifier(_AKI, None, None), False),
        "aia": (_access(AuthorityInformationAccessOID.CA_ISSUERS), False),
        "san": (_san("www.example.com", "example.com"), False),
        "policies": (_policies(_DV), False),
        "cdp": (x509.CRLDistributionPoints([_point(_uri("crl/e1/0.crl"))]), False),
    }


def _draft(**changed: Any) -> Draft:
    """A draft by cryptography's builder. Extensions by name (None: left out); the rest as named."""
    key: PrivateKey = changed.pop("key", None) or a_key()
    signer: PrivateKey = changed.pop("signer", None) or issuing_key()
    common_name = changed.pop("cn", "www.example.com")
    named = [x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)] if common_name else []
    subject = changed.pop("subject", None) or x509.Name(named)
    builder = x509.CertificateBuilder(
        issuer_name=changed.pop("issuer_name", ISSUING.subject),
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=changed.pop("serial", 1 << 126),
        not_valid_before=changed.pop("start", NOW),
        not_valid_after=changed.pop("end", NOW + timedelta(days=90, seconds=-1)),
    )
    digest = changed.pop("digest", hashes.SHA256())
    said = {name: changed.pop(name) for name in ("level", "identity") if name in changed}
    for value in (_good() | changed).values():
        if value is not None:
            builder = builder.add_extension(value[0], critical=value[1])
    encoded = builder.sign(signer, digest).public_bytes(Encoding.DER)
    return Draft.of(encoded, ISSUER, **said)


def _names_found(draft: Draft) -> set[str]:
    return {finding.code.removeprefix("vouchsafe.gate.") for finding in pass_gate(draft)}


def test_a_good_draft_passes_every_check() -> None:
    assert pass_gate(_draft()) == ()


def _named(level: str = "ov", **changed: Any) -> dict[str, Any]:
    """A good draft of a level that names an organization; its identity may say otherwise."""
    identity = changed.pop("identity", an_identity())
    subject = organization_subject(an_identity(), ValidationLevel(level), "www.example.com")
    given = {"level": level, "identity": identity, "subject": subject}
    return given | {"policies": (_policies(_OIDS[level]), False)} | changed


@pytest.mark.parametrize("level", ["ov", "ev"])
def test_a_good_draft_that_names_an_organization_passes_every_check(level: str) -> None:
    assert pass_gate(_draft(**_named(level))) == ()


def _names(*names: str, **more: Any) -> dict[str, Any]:
    return {"san": (_san(*names), False), "cn": names[0], **more}


_IP = x509.SubjectAlternativeName(
    [x509.DNSName("www.example.com"), x509.RFC822Name("a@example.com")]
)
_OTHER_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Another CA")])

CLAUSES = [
    *((check.name, check.clause) for check in CHECKS_OF_EACH),
    *((check.name, check.clause) for check in CHECKS_OF_TERMS),
]
BROKEN: list[tuple[str, Callable[[], dict[str, Any]]]] = [
    ("names_canonical", lambda: _names("WWW.example.com")),
    ("names_canonical", lambda: _names("*.co.uk")),
    ("names_canonical", lambda: _names("a_b.example.com")),
    ("names_canonical", lambda: _names("server.corp")),
    ("names_canonical", lambda: _names("x.onion")),
    ("names_canonical", lambda: _names("www.example.com.")),
    ("names_unique", lambda: _names("www.example.com", "www.example.com")),
    ("only_dns_names", lambda: {"san": (_IP, False)}),
    ("only_dns_names", lambda: {"san": None, "cn": ""}),
    ("common_name_is_a_name", lambda: {"cn": "other.example.com"}),
    ("common_name_is_a_name", lambda: {"cn": "WWW.example.com"}),
    ("subject_as_validated", lambda: _named(identity=an_identity(name="Other Ltd"))),
    ("subject_as_validated", lambda: _named(identity=an_identity(locality="Leeds"))),
    ("subject_as_validated", lambda: _named(identity=None)),
    ("subject_as_validated", lambda: _named(subject=None)),
    ("subject_as_validated", lambda: _named("ev", subject=_named("ov")["subject"])),
    ("subject_as_validated", lambda: {"identity": an_identity()}),
    ("subject_as_validated", lambda: {"subject": _named()["subject"]}),
    (
        "no_wildcard_in_ev",
        lambda: _named("ev", san=(_san("www.example.com", "*.example.com"), False)),
    ),
    ("one_policy", lambda: _named("ev", policies=(_policies(_OIDS["ov"]), False))),
    ("one_policy", lambda: _named("ov", policies=(_policies(_OIDS["dv"]), False))),
    ("san_criticality", lambda: {"cn": ""}),
    ("san_criticality", lambda: {"san": (_san("www.example.com"), True)}),
    ("key_sound", lambda: {"key": a_key("rsa1024")}),
    ("key_not_ours", lambda: {"key": issuing_key()}),
    ("key_not_ours", lambda: {"key": root_key()}),
    ("serial_random", lambda: {"serial": 1234}),
    ("serial_random", lambda: {"serial": 2**159}),
    ("algorithm_exact", lambda: {"digest": hashes.SHA384()}),
    ("algorithm_exact", lambda: {"signer": a_key("rsa2048")}),
    ("issuer_identical", lambda: {"issuer_name": _OTHER_NAME}),
    ("issuer_identical", lambda: {"aki": (x509.AuthorityKeyIdentifier(b"x", None, None), False)}),
    ("validity_allowed", lambda: {"end": NOW + timedelta(days=199)}),
    (
        "validity_allowed",
        lambda: {"start": ISSUER.not_after, "end": ISSUER.not_after + timedelta(seconds=1)},
    ),
    (
        "purpose_server_only",
        lambda: {
            "eku": (
                x509.ExtendedKeyUsage(
                    [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
                ),
                False,
            )
        },
    ),
    ("purpose_server_only", lambda: {"eku": None}),
    (
        "usage_fits_key",
        lambda: {"ku": (key_usage(frozenset({"digital_signature", "key_encipherment"})), True)},
    ),
    ("one_policy", lambda: {"policies": None}),
    ("one_policy", lambda: {"policies": (_policies(_DV, x509.ObjectIdentifier("1.2.3")), False)}),
    ("one_policy", lambda: {"policies": (_policies(x509.ObjectIdentifier("1.2.3")), False)}),
    ("one_policy", lambda: {"policies": (_policies(_DV, text="http://cps"), False)}),
    ("crl_pointer", lambda: {"cdp": None}),
    (
        "crl_pointer",
        lambda: {
            "cdp": (x509.CRLDistributionPoints([_point(_uri("a")), _point(_uri("b"))]), False)
        },
    ),
    (
        "crl_pointer",
        lambda: {
            "cdp": (
                x509.CRLDistributionPoints(
                    [_point(x509.UniformResourceIdentifier("https://ca.example.org/0.crl"))]
                ),
                False,
            )
        },
    ),
    ("issuer_pointer", lambda: {"aia": None}),
    ("issuer_pointer", lambda: {"aia": (_access(AuthorityInformationAccessOID.OCSP), False)}),
    (
        "extensions_expected",
        lambda: {"ski": (x509.SubjectKeyIdentifier.from_public_key(a_key().public_key()), False)},
    ),
    ("extensions_expected", lambda: {"tls": (x509.OCSPNoCheck(), False)}),
    ("extensions_expected", lambda: {"ku": (_good()["ku"][0], False)}),
    ("not_a_ca", lambda: {"bc": (x509.BasicConstraints(ca=True, path_length=None), True)}),
]


@pytest.mark.parametrize(
    ("check", "changed"), BROKEN, ids=[f"{name}-{i}" for i, (name, _) in enumerate(BROKEN)]
)
def test_a_draft_that_breaks_a_rule_is_found_by_its_check(
    check: str, changed: Callable[[], dict[str, Any]]
) -> None:
    assert check in _names_found(_draft(**changed()))


def test_every_check_of_the_table_was_shown_to_find_something() -> None:
    assert {name for name, _ in CLAUSES} == {name for name, _ in BROKEN}


def test_every_check_names_its_clause() -> None:
    assert all(clause.startswith(("BR ", "RFC ", "EVG ")) for _, clause in CLAUSES)


def _with_extensions(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """The TBS bytes of a good draft whose extensions were changed as they stand there."""
    *before, listed = der.elements(_draft().certificate.tbs_certificate_bytes)
    (extensions,) = der.elements(listed)
    changed = change(der.elements(extensions))
    return der.sequence(*before, der.explicit(3, der.sequence(*changed)))


def _to_sign(tbs: bytes) -> Draft:
    return Draft.to_sign(tbs, ISSUER, level="dv", identity=None)


@pytest.mark.parametrize(
    ("check", "changed"), BROKEN, ids=[f"{name}-{i}" for i, (name, _) in enumerate(BROKEN)]
)
def test_what_was_found_of_one_draft_is_not_said_of_another(
    check: str, changed: Callable[[], dict[str, Any]]
) -> None:
    for _ in range(2):
        assert pass_gate(_draft()) == ()
        assert check in _names_found(_draft(**changed()))


def test_a_draft_on_the_same_terms_is_held_to_its_level_and_issuer() -> None:
    tbs = _draft().certificate.tbs_certificate_bytes
    other = an_issuer(issuer_id="e2")
    for _ in range(2):
        assert pass_gate(_to_sign(tbs)) == ()
        as_ov = Draft.to_sign(tbs, ISSUER, level="ov", identity=an_identity())
        assert "one_policy" in _names_found(as_ov)
        by_other = Draft.to_sign(tbs, other, level="dv", identity=None)
        assert "issuer_identical" in _names_found(by_other)


@pytest.mark.parametrize("place", range(8))
def test_an_extension_that_stands_there_twice_is_refused(place: int) -> None:
    assert pass_gate(_draft()) == ()
    twice = _to_sign(_with_extensions(lambda each: [*each, each[place]]))
    with pytest.raises(x509.DuplicateExtension):
        pass_gate(twice)


def test_an_extension_whose_identifier_holds_that_of_the_names_is_found() -> None:
    assert pass_gate(_draft()) == ()
    odd = der.extension("0.6.3.85.29.17", b"\x05\x00", critical=False)
    assert "extensions_expected" in _names_found(_to_sign(_with_extensions(lambda e: [*e, odd])))


@pytest.mark.parametrize("seed", range(100))
def test_terms_that_are_nearly_the_same_are_judged_by_themselves(seed: int) -> None:
    draw = random.Random(seed)
    assert pass_gate(_draft()) == ()

    def garbled(extensions: list[bytes]) -> list[bytes]:
        each = bytearray(extensions[(place := draw.randrange(len(extensions)))])
        each[draw.randrange(len(each))] ^= 1 << draw.randrange(8)
        return [*extensions[:place], bytes(each), *extensions[place + 1 :]]

    with suppress(ValueError):  # some cannot be read any more
        draft = _to_sign(_with_extensions(garbled))
        afresh = {check.name for check in CHECKS_OF_TERMS if list(check.faults(draft.terms))}
        assert _names_found(draft) & {check.name for check in CHECKS_OF_TERMS} == afresh
