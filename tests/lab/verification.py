"""Checks of a certificate by programs that are not ours: OpenSSL, and cryptography's verifier."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import PolicyBuilder, Store

from tests.lab.client import Response, send


@dataclass(frozen=True, slots=True)
class Chain:
    """A downloaded chain: the certificate, what stands between, and the root."""

    leaf: x509.Certificate
    between: tuple[x509.Certificate, ...]
    root: x509.Certificate

    @classmethod
    def parse(cls, pem: bytes) -> Chain:
        """From pem_all: leaf first, root last. Raises ValueError for anything else."""
        found = x509.load_pem_x509_certificates(pem)
        if len(found) < 3 or found[-1].subject != found[-1].issuer:
            raise ValueError("pem_all must hold the certificate, its issuer and the root")
        return cls(found[0], tuple(found[1:-1]), found[-1])

    @property
    def names(self) -> list[str]:
        """The DNS names of the certificate."""
        extension = self.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return extension.value.get_values_for_type(x509.DNSName)

    @property
    def crl_url(self) -> str:
        """Where the certificate says its revocation list is (RFC 5280 4.2.1.13)."""
        points = self.leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        names = points[0].full_name or []
        return str(names[0].value)

    def verify_with_cryptography(self, name: str) -> None:
        """Raises cryptography's VerificationError unless the chain is good for `name` now."""
        verifier = (
            PolicyBuilder()
            .store(Store([self.root]))
            .time(datetime.now(UTC))
            .build_server_verifier(x509.DNSName(name))
        )
        verifier.verify(self.leaf, list(self.between))


@dataclass(frozen=True, slots=True)
class OpenSsl:
    """`openssl verify` with files below `folder`."""

    folder: Path

    def verify(self, chain: Chain, *options: str, crl: bytes | None = None) -> tuple[bool, str]:
        """Whether OpenSSL accepts the chain under RFC 5280's strict rules, and what it said."""
        files = {
            "root.pem": [chain.root],
            "between.pem": list(chain.between),
            "certificate.pem": [chain.leaf],
        }
        for name, certificates in files.items():
            self._write(name, *(one.public_bytes(Encoding.PEM) for one in certificates))
        arguments = ["-x509_strict", *options]
        if crl is not None:
            self._write("list.pem", x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM))
            arguments += ["-crl_check", "-CRLfile", str(self.folder / "list.pem")]
        return self._run(arguments)

    def _write(self, name: str, *parts: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(b"".join(parts))

    def _run(self, arguments: Sequence[str]) -> tuple[bool, str]:
        command = ["openssl", "verify", *arguments]
        for option, name in (("-CAfile", "root.pem"), ("-untrusted", "between.pem")):
            command += [option, str(self.folder / name)]
        command.append(str(self.folder / "certificate.pem"))
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        return ended.returncode == 0, (ended.stdout + ended.stderr).strip()


def make_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def make_csr(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    """A PEM certificate request for `name`."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return request.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def same_key(chain: Chain, key: ec.EllipticCurvePrivateKey) -> bool:
    """Whether the certificate holds this key's public half."""
    halves = (
        one.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        for one in (chain.leaf.public_key(), key.public_key())
    )
    return len(set(halves)) == 1


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The private key as an unencrypted PKCS #8 PEM."""
    plain = serialization.NoEncryption()
    return key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def fetch_crl(chain: Chain) -> tuple[Response, x509.CertificateRevocationList | None]:
    """The list the certificate points to, fetched over plain http; None when there is none."""
    response = send("GET", chain.crl_url)
    found = x509.load_der_x509_crl(response.body) if response.status == 200 else None
    return response, found


def revoked_in(crl: x509.CertificateRevocationList, chain: Chain) -> bool:
    """Whether the list is signed by the certificate's issuer and names the certificate."""
    signed = crl.is_signature_valid(chain.between[0].public_key())  # type: ignore[arg-type]
    entry = crl.get_revoked_certificate_by_serial_number(chain.leaf.serial_number)
    return signed and entry is not None
