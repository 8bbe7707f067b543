"""What we sign does not change by accident, and programs nobody here wrote accept it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from tests.builders_pki import (
    NOW,
    a_config,
    a_key,
    an_issuance_request,
    an_issuer,
    issuing_key,
    root_key,
)
from tests.fakes_pki import SoftwareCertificateSigner, SoftwareCrlSigner
from tests.golden.cases import CASES, in_lines, path_of
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.domain.drafting import (
    CrlRequest,
    IssuanceRequest,
    prepare,
    prepare_crl,
    revoked_entry,
)
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.revocation import RevocationReason

LINTER = PkilintLinter(waive_local_urls=False)
LATER = NOW + timedelta(days=30)


@pytest.mark.parametrize("name", CASES)
def test_the_bytes_to_be_signed_are_those_on_file(name: str) -> None:
    assert in_lines(CASES[name]()) == path_of(name).read_text()


@dataclass
class Files:
    """A chain and its lists as files, for programs."""

    folder: Path
    issuer: Issuer
    request: IssuanceRequest

    def write(self, name: str, *objects: x509.Certificate | x509.CertificateRevocationList) -> Path:
        path = self.folder / name
        path.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in objects))
        return path

    @property
    def root(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.issuer.root)

    @property
    def issuing(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.issuer.certificate)

    def leaf(self) -> x509.Certificate:
        signer = SoftwareCertificateSigner(issuing_key(KIND_OF[self.issuer.key_type]))
        draft = prepare(self.request, lint=LINTER.certificate)
        return x509.load_der_x509_certificate(signer.sign(self.issuer, draft))

    def crl(self, *entries: bytes) -> x509.CertificateRevocationList:
        request = CrlRequest(
            issuer=self.issuer,
            shard=3,
            number=2,
            this_update=NOW,
            next_update=NOW + timedelta(days=4),
            url=self.request.crl_url,
            entries=entries,
        )
        signer = SoftwareCrlSigner(issuing_key(KIND_OF[self.issuer.key_type]))
        signed = signer.sign(self.issuer, prepare_crl(request, lint=LINTER.crl))
        return x509.load_der_x509_crl(signed)

    def root_crl(self) -> x509.CertificateRevocationList:
        as_issuer = an_issuer("p384")
        request = CrlRequest(
            issuer=type(as_issuer)(
                issuer_id="root-e1",
                trust=self.issuer.trust,
                key_type=as_issuer.key_type,
                key_ref="",
                certificate=self.issuer.root,
                root=self.issuer.root,
                shards=1,
                not_after=self.issuer.not_after,
                created_at=NOW,
            ),
            shard=0,
            number=1,
            this_update=NOW,
            next_update=NOW + timedelta(days=300),
            url=a_config().root_crl_url,
            about_cas=True,
        )
        linted = prepare_crl(request, lint=LINTER.crl)
        return x509.load_der_x509_crl(SoftwareCrlSigner(root_key()).sign(request.issuer, linted))


KIND_OF = {"ec_p256": "p256", "ec_p384": "p384", "rsa_3072": "rsa3072"}
HIERARCHIES = [("p256", "p256"), ("p256", "rsa2048"), ("p384", "p384"), ("rsa3072", "p256")]


@pytest.fixture(params=HIERARCHIES, ids=str)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    issuer_kind, leaf_kind = request.param
    issuer = an_issuer(issuer_kind)
    return Files(tmp_path, issuer, an_issuance_request(issuer=issuer, key=a_key(leaf_kind)))


def _openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def _verify(files: Files, *more: str | Path, at: datetime = NOW) -> tuple[int, str]:
    root = files.write("root.pem", files.root)
    issuing = files.write("issuing.pem", files.issuing)
    leaf = files.write("leaf.pem", files.leaf())
    given = ["-x509_strict", "-purpose", "sslserver", "-attime", str(int(at.timestamp()))]
    chain = ["-CAfile", str(root), "-untrusted", str(issuing)]
    done = _openssl("verify", *given, *chain, *more, leaf)
    return done.returncode, done.stdout + done.stderr


def test_openssl_verifies_the_chain_strictly(files: Files) -> None:
    assert _verify(files)[0] == 0
    assert _verify(files, "-verify_hostname", "a.example.com")[0] == 0
    assert _verify(files, "-verify_hostname", "a.b.example.com")[0] != 0


def test_validity_is_exact_to_the_second_for_openssl(files: Files) -> None:
    start, end = files.request.not_before, files.request.not_after
    second = timedelta(seconds=1)
    assert _verify(files, at=start)[0] == 0
    assert _verify(files, at=end - second)[0] == 0  # it takes notAfter itself for too late
    assert "not yet valid" in _verify(files, at=start - second)[1]
    assert "expired" in _verify(files, at=end + second)[1]


def test_openssl_reads_our_lists_and_refuses_what_they_revoke(files: Files) -> None:
    root_crl = files.root_crl()
    clean = files.write("clean.pem", files.crl(), root_crl)
    assert _verify(files, "-crl_check_all", "-CRLfile", clean)[0] == 0
    serial = files.request.serial
    entry = revoked_entry(serial, NOW, RevocationReason.KEY_COMPROMISE)
    revoking = files.write("revoking.pem", files.crl(entry), root_crl)
    code, output = _verify(files, "-crl_check_all", "-CRLfile", revoking)
    assert code != 0
    assert "certificate revoked" in output
    printed = _openssl("crl", "-in", revoking, "-noout", "-text").stdout
    assert f"{serial:X}" in printed
    assert "Key Compromise" in printed


def test_a_list_of_another_shard_does_not_count(files: Files) -> None:
    files.request = an_issuance_request(
        issuer=files.issuer, crl_url="http://ca.example.org/crl/e1/4.crl"
    )
    other_shard = Files(files.folder, files.issuer, an_issuance_request(issuer=files.issuer)).crl()
    path = files.write("other.pem", other_shard, files.root_crl())
    assert _verify(files, "-crl_check", "-CRLfile", path)[0] != 0


def test_another_verifier_accepts_the_chain_for_its_names_alone(files: Files) -> None:
    leaf = files.leaf()

    def verify(name: str, at: datetime = LATER) -> list[x509.Certificate]:
        builder = PolicyBuilder().store(Store([files.root])).time(at)
        verifier = builder.build_server_verifier(x509.DNSName(name))
        return verifier.verify(leaf, [files.issuing])

    assert verify("www.example.com") == [leaf, files.issuing, files.root]
    assert verify("any.example.com", files.request.not_after)
    with pytest.raises(VerificationError):
        verify("example.net")
    with pytest.raises(VerificationError):
        verify("www.example.com", files.request.not_after + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (datetime(2026, 12, 15, tzinfo=NOW.tzinfo), 199),
        (datetime(2027, 3, 15, tzinfo=NOW.tzinfo), 99),
        (datetime(2028, 3, 15, tzinfo=NOW.tzinfo), 99),
        (datetime(2029, 3, 15, tzinfo=NOW.tzinfo), 46),
    ],
    ids=str,
)
def test_the_longest_certificate_of_each_season_passes_every_check(
    tmp_path: Path, today: datetime, days: int
) -> None:
    issuer = an_issuer(made_at=today)
    end = today + timedelta(days=days, seconds=-1)
    request = an_issuance_request(issuer=issuer, not_before=today, not_after=end)
    season = Files(tmp_path, issuer, request)
    assert _verify(season, at=end - timedelta(seconds=1))[0] == 0
