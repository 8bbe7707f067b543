"""What every signer must do, shown for keys in memory and for the key service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from cryptography import x509
from moto import mock_aws

from tests.builders_pki import NOW, a_config, a_key, an_issuance_request
from tests.contracts.kms import DigestingKms
from tests.fakes_pki import (
    SoftwareCeremonyKeys,
    SoftwareCertificateSigner,
    SoftwareCrlSigner,
)
from vouchsafe.adapters.kms import KmsCeremonyKeys, KmsCertificateSigner, KmsCrlSigner
from vouchsafe.domain.ca_requests import request_info, request_of
from vouchsafe.domain.drafting import CrlRequest, prepare, prepare_crl
from vouchsafe.domain.errors import VouchsafeError
from vouchsafe.domain.hierarchy import CaKey, ca_name, canonical_key, issuing_tbs, root_tbs
from vouchsafe.domain.issuers import Issuer, KeyType, Trust
from vouchsafe.domain.keys import describe_key
from vouchsafe.domain.linting import Finding
from vouchsafe.domain.signatures import assemble
from vouchsafe.ports import CeremonyKeys, CertificateSigner, CrlSigner, RootKey

_SPECS = {
    KeyType.EC_P256: "ECC_NIST_P256",
    KeyType.EC_P384: "ECC_NIST_P384",
    KeyType.RSA_3072: "RSA_3072",
}
_KINDS = {KeyType.EC_P256: "p256", KeyType.EC_P384: "p384", KeyType.RSA_3072: "rsa3072"}


def _content(_: bytes) -> Sequence[Finding]:
    return ()


@dataclass
class Bench:
    """Ceremony keys, a way to make another key, and signers for a key."""

    keys: CeremonyKeys
    make_key: Callable[[KeyType, str], str]
    certificates: Callable[[str], CertificateSigner]
    crls: Callable[[str], CrlSigner]

    def issuer(self, kind: KeyType) -> Issuer:
        """An issuer whose certificates were signed by these very keys."""
        root_key = self.keys.describe(self.make_key(KeyType.EC_P384, "root"))
        key = self.keys.describe(self.make_key(kind, "issuing"))
        config = a_config()
        root_ca, ca = _ca_key(root_key), _ca_key(key)
        tbs = root_tbs(config, root_ca, serial=1 << 100, now=NOW)
        root = assemble(tbs, self.keys.sign(root_key, tbs))
        parsed = x509.load_der_x509_certificate(root)
        tbs = issuing_tbs(config, ca, parsed, root_ca, serial=1 << 101)
        certificate = assemble(tbs, self.keys.sign(root_key, tbs))
        return Issuer(
            issuer_id="e1",
            trust=Trust.PRIVATE,
            key_type=kind,
            key_ref=key.key_ref,
            certificate=certificate,
            root=root,
            shards=1,
            not_after=x509.load_der_x509_certificate(certificate).not_valid_after_utc,
            created_at=NOW,
        )


def _ca_key(key: RootKey) -> CaKey:
    return CaKey(key_type=key.key_type, public_key=canonical_key(key.public_key))


def _software() -> Bench:
    keys = SoftwareCeremonyKeys({})

    def make_key(kind: KeyType, label: str) -> str:
        return keys.add(label, a_key(_KINDS[kind], label))

    return Bench(
        keys=keys,
        make_key=make_key,
        certificates=lambda ref: SoftwareCertificateSigner(keys.private(ref)),
        crls=lambda ref: SoftwareCrlSigner(keys.private(ref)),
    )


def _kms() -> Bench:
    client = DigestingKms(boto3.client("kms"))

    def make_key(kind: KeyType, label: str) -> str:
        spec: Any = _SPECS[kind]
        answer = client.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY", Description=label)
        return str(answer["KeyMetadata"]["Arn"])

    return Bench(
        keys=KmsCeremonyKeys(client),
        make_key=make_key,
        certificates=lambda _: KmsCertificateSigner(client),
        crls=lambda _: KmsCrlSigner(client),
    )


@pytest.fixture(params=["software", "kms"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "software":
        yield _software()
        return
    with mock_aws():
        yield _kms()


@pytest.mark.parametrize("kind", list(_SPECS))
def test_a_signed_certificate_holds_the_draft_and_chains_to_its_issuer(
    bench: Bench, kind: KeyType
) -> None:
    issuer = bench.issuer(kind)
    draft = prepare(an_issuance_request(issuer=issuer), lint=_content)
    signed = bench.certificates(issuer.key_ref).sign(issuer, draft)
    parsed = x509.load_der_x509_certificate(signed)
    assert parsed.tbs_certificate_bytes == draft.tbs
    parsed.verify_directly_issued_by(x509.load_der_x509_certificate(issuer.certificate))


@pytest.mark.parametrize("wish", ["sha256", "sha384", "sha512"])
def test_under_rsa_the_wished_hash_is_used(bench: Bench, wish: str) -> None:
    issuer = bench.issuer(KeyType.RSA_3072)
    request = an_issuance_request(issuer=issuer, signature_hash=wish)
    signed = bench.certificates(issuer.key_ref).sign(issuer, prepare(request, lint=_content))
    algorithm = x509.load_der_x509_certificate(signed).signature_hash_algorithm
    assert algorithm is not None
    assert algorithm.name == wish


@pytest.mark.parametrize("kind", list(_SPECS))
def test_a_signed_list_holds_the_draft_and_verifies(bench: Bench, kind: KeyType) -> None:
    issuer = bench.issuer(kind)
    linted = prepare_crl(_a_crl_request(issuer), lint=_content)
    signed = x509.load_der_x509_crl(bench.crls(issuer.key_ref).sign(issuer, linted))
    issuing = x509.load_der_x509_certificate(issuer.certificate)
    assert signed.tbs_certlist_bytes == linted.tbs
    assert signed.is_signature_valid(issuing.public_key())  # type: ignore[arg-type]


def _a_crl_request(issuer: Issuer) -> CrlRequest:
    return CrlRequest(
        issuer=issuer,
        shard=0,
        number=1,
        this_update=NOW,
        next_update=NOW + timedelta(days=4),
        url="http://ca.example.org/crl/e1/0.crl",
    )


def test_a_key_that_is_not_the_issuers_never_makes_anything(bench: Bench) -> None:
    issuer = bench.issuer(KeyType.EC_P256)
    other = replace(issuer, key_ref=bench.make_key(KeyType.EC_P256, "another"))
    draft = prepare(an_issuance_request(issuer=issuer), lint=_content)
    linted = prepare_crl(_a_crl_request(issuer), lint=_content)
    with pytest.raises(ValueError, match="not that of issuer"):
        bench.certificates(other.key_ref).sign(other, draft)
    with pytest.raises(ValueError, match="not that of issuer"):
        bench.crls(other.key_ref).sign(other, linted)


def test_a_draft_of_another_issuer_is_not_signed(bench: Bench) -> None:
    issuer = bench.issuer(KeyType.EC_P256)
    draft = prepare(an_issuance_request(issuer=issuer), lint=_content)
    elsewhere = replace(issuer, issuer_id="e2")
    with pytest.raises(ValueError, match="linted for issuer e1"):
        bench.certificates(issuer.key_ref).sign(elsewhere, draft)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (KeyType.EC_P256, "EC P-256"),
        (KeyType.EC_P384, "EC P-384"),
        (KeyType.RSA_3072, "RSA 3072"),
    ],
)
def test_a_key_is_described_by_type_and_public_half(
    bench: Bench, kind: KeyType, words: str
) -> None:
    described = bench.keys.describe(bench.make_key(kind, "some"))
    assert described.key_type is kind
    assert describe_key(described.public_key) == words


@pytest.mark.parametrize("kind", list(_SPECS))
def test_a_key_proves_that_it_asks_for_a_certificate_itself(bench: Bench, kind: KeyType) -> None:
    key = bench.keys.describe(bench.make_key(kind, "asking"))
    info = request_info(ca_name("KR", "Example", "Example Issuing"), _ca_key(key))
    request = request_of(info, bench.keys.prove(key, info), _ca_key(key))
    assert request.is_signature_valid
    assert request.tbs_certrequest_bytes == info


@pytest.mark.parametrize("kind", ["rsa2048", "p521"])
def test_a_key_of_another_type_is_no_ca_key(kind: str) -> None:
    with pytest.raises(ValueError, match="no CA key"):
        SoftwareCeremonyKeys({"key": a_key(kind)}).describe("key")
    spec: Any = {"rsa2048": "RSA_2048", "p521": "ECC_NIST_P521"}[kind]
    with mock_aws():
        client = boto3.client("kms")
        key = client.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        with pytest.raises(ValueError, match="no CA key"):
            KmsCeremonyKeys(client).describe(key["KeyMetadata"]["Arn"])


@mock_aws
def test_a_key_that_is_not_there_is_named_and_not_hidden_as_passing_trouble() -> None:
    with pytest.raises(VouchsafeError, match="0000 is no key that this function may use"):
        KmsCeremonyKeys(boto3.client("kms")).describe("00000000-0000-0000-0000-000000000000")
