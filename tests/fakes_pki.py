"""Signers and ceremony keys with keys in memory, under the contract of the key service's."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.tripwire import Tripwire
from vouchsafe.domain.drafting import LintedCrl, LintedDraft
from vouchsafe.domain.issuers import Issuer, KeyType
from vouchsafe.domain.signatures import (
    SignatureAlgorithm,
    algorithm_for,
    algorithm_of,
    assemble,
    ca_key_type,
    signature_fits,
)
from vouchsafe.ports import RootKey

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def key_type_of(key: PrivateKey) -> KeyType:
    """Our name of a key's type. Raises ValueError for one no CA may use."""
    return ca_key_type(spki_of(key))


def spki_of(key: PrivateKey) -> bytes:
    """The DER SubjectPublicKeyInfo of a private key's public half."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign_with(key: PrivateKey, tbs: bytes) -> bytes:
    """The signature over TBS bytes under the algorithm they name."""
    return signature_by(key, tbs, algorithm_of(tbs, key_type_of(key)))


def signature_by(key: PrivateKey, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
    """The signature over bytes under an algorithm that suits the key."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), algorithm.hash())
    return key.sign(data, ec.ECDSA(algorithm.hash()))


class _SoftwareSigner:
    def __init__(self, key: PrivateKey, tripwire: Tripwire | None = None) -> None:
        self._key = key
        self._tripwire = tripwire or Tripwire()
        self.signatures = 0

    def _signed(self, issuer: Issuer, linted: LintedDraft | LintedCrl) -> bytes:
        if linted.issuer_id != issuer.issuer_id:
            raise ValueError(f"linted for issuer {linted.issuer_id}, not {issuer.issuer_id}")
        with self._tripwire.crossing("signer.sign"):
            algorithm = algorithm_of(linted.tbs, issuer.key_type)
            signature = sign_with(self._key, linted.tbs)
            self.signatures += 1
            if not signature_fits(
                linted.tbs,
                signature,
                public_key=issuing_key_of(issuer),
                algorithm=algorithm,
            ):
                raise ValueError(f"the key is not that of issuer {issuer.issuer_id}")
            return assemble(linted.tbs, signature)


class SoftwareCertificateSigner(_SoftwareSigner):
    """Port CertificateSigner with one key in memory; counts its signatures."""

    def sign(self, issuer: Issuer, draft: LintedDraft) -> bytes:
        return self._signed(issuer, draft)


class SoftwareCrlSigner(_SoftwareSigner):
    """Port CrlSigner with one key in memory; counts its signatures."""

    def sign(self, issuer: Issuer, crl: LintedCrl) -> bytes:
        return self._signed(issuer, crl)


class SoftwareCeremonyKeys:
    """Port CeremonyKeys over named keys in memory; counts its signatures."""

    def __init__(self, keys: Mapping[str, PrivateKey], tripwire: Tripwire | None = None) -> None:
        self._keys = dict(keys)
        self._tripwire = tripwire or Tripwire()
        self.signatures = 0

    def add(self, key_ref: str, key: PrivateKey) -> str:
        """One more key under that name; the name."""
        self._keys[key_ref] = key
        return key_ref

    def private(self, key_ref: str) -> PrivateKey:
        """The key itself, which no real key service would give."""
        return self._keys[key_ref]

    def describe(self, key_ref: str) -> RootKey:
        key = self._keys[key_ref]
        return RootKey(key_ref=key_ref, key_type=key_type_of(key), public_key=spki_of(key))

    def sign(self, key: RootKey, tbs: bytes) -> bytes:
        with self._tripwire.crossing("ceremony.sign"):
            self.signatures += 1
            return sign_with(self._keys[key.key_ref], tbs)

    def prove(self, key: RootKey, info: bytes) -> bytes:
        with self._tripwire.crossing("ceremony.prove"):
            self.signatures += 1
            return signature_by(self._keys[key.key_ref], info, algorithm_for(key.key_type))


def issuing_key_of(issuer: Issuer) -> bytes:
    """The DER SubjectPublicKeyInfo in an issuer's certificate."""
    key = x509.load_der_x509_certificate(issuer.certificate).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
