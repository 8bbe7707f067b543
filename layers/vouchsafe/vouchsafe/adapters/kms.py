"""Signatures by AWS KMS: a digest goes out, a signature comes back and is verified before use.

A signature of the wrong key must never become a certificate, however the wiring went wrong.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..domain.drafting import LintedCrl, LintedDraft
from ..domain.errors import Flaw, invalid
from ..domain.issuers import Issuer, KeyType
from ..domain.packets import packet_signature_fits
from ..domain.signatures import (
    SignatureAlgorithm,
    algorithm_for,
    algorithm_of,
    assemble,
    ca_key_type,
    signature_fits,
)
from ..ports import RootKey
from .sdk import code_of, patiently

#: What KMS answers for a key that is not there, not of this kind, or not for whoever asks.
_NO_KEY = frozenset({"AccessDeniedException", "NotFoundException", "UnsupportedOperationException"})


class KmsCertificateSigner:
    """The certificate signer port: `issuer.key_ref` is a KMS key id or ARN."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def sign(self, issuer: Issuer, draft: LintedDraft) -> bytes:
        """The DER certificate over exactly `draft.tbs`.

        Raises Unavailable for KMS's passing trouble, ValueError for a draft of another issuer and
        for a signature that does not verify under the issuer's certificate.
        """
        return _sign_for(self._client, issuer, draft)


class KmsCrlSigner:
    """The CRL signer port: `issuer.key_ref` is a KMS key id or ARN."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def sign(self, issuer: Issuer, crl: LintedCrl) -> bytes:
        """The DER CRL over exactly `crl.tbs`. Raises as the certificate signer does."""
        return _sign_for(self._client, issuer, crl)


class KmsCeremonyKeys:
    """The ceremony's keys: what they are, and signatures by them."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def describe(self, key_ref: str) -> RootKey:
        """The key behind an id or ARN.

        Raises ValueError for a type no CA may use, VouchsafeError(INVALID) where there is no such
        key, or none for us.
        """
        try:
            answer = patiently(lambda: self._client.get_public_key(KeyId=key_ref))
        except ClientError as error:
            if code_of(error) not in _NO_KEY:
                raise
            reason = f"{key_ref} is no key that this function may use ({code_of(error)})"
            raise invalid(Flaw("KeyRef", reason)) from error
        public_key = bytes(answer["PublicKey"])
        return RootKey(key_ref=key_ref, key_type=ca_key_type(public_key), public_key=public_key)

    def sign(self, key: RootKey, tbs: bytes) -> bytes:
        """The signature over `tbs` under the algorithm that `tbs` names."""
        algorithm = algorithm_of(tbs, key.key_type)
        return _sign(self._client, key.key_ref, key.key_type, tbs, algorithm)

    def prove(self, key: RootKey, info: bytes) -> bytes:
        """The signature over a certificate request's info, which names no algorithm itself."""
        algorithm = algorithm_for(key.key_type)
        return _sign(self._client, key.key_ref, key.key_type, info, algorithm)


def _sign_for(client: Any, issuer: Issuer, linted: LintedDraft | LintedCrl) -> bytes:
    if linted.issuer_id != issuer.issuer_id:
        raise ValueError(f"linted for issuer {linted.issuer_id}, not {issuer.issuer_id}")
    algorithm = algorithm_of(linted.tbs, issuer.key_type)
    signature = _sign(client, issuer.key_ref, issuer.key_type, linted.tbs, algorithm)
    public_key = _public_key(issuer.certificate)
    if not signature_fits(linted.tbs, signature, public_key=public_key, algorithm=algorithm):
        raise ValueError(f"the key {issuer.key_ref} is not that of issuer {issuer.issuer_id}")
    return assemble(linted.tbs, signature)


@cache
def _public_key(certificate: bytes) -> bytes:
    """An issuing certificate's DER SubjectPublicKeyInfo."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _sign(
    client: Any, key_ref: str, key_type: KeyType, tbs: bytes, algorithm: SignatureAlgorithm
) -> bytes:
    digest = Hash(algorithm.hash())
    digest.update(tbs)
    family = "RSASSA_PKCS1_V1_5" if key_type.value.startswith("rsa") else "ECDSA"
    name = f"{family}_{algorithm.hash_name.upper().replace('SHA', 'SHA_')}"
    answer = patiently(
        lambda: client.sign(
            KeyId=key_ref,
            Message=digest.finalize(),
            MessageType="DIGEST",
            SigningAlgorithm=name,
        )
    )
    return bytes(answer["Signature"])


class KmsPacketSigner:
    """Port PacketSigner: one P-256 key, which signs evidence packets and nothing else."""

    def __init__(self, client: Any, key_ref: str) -> None:
        self._client = client
        self._key_ref = key_ref
        self._public: bytes | None = None

    def public_key(self) -> bytes:
        """DER SubjectPublicKeyInfo; asked for once."""
        if self._public is None:
            answer = patiently(lambda: self._client.get_public_key(KeyId=self._key_ref))
            self._public = bytes(answer["PublicKey"])
        return self._public

    def sign(self, content: bytes) -> bytes:
        """An ECDSA signature over the SHA-256 of `content`, in DER, which verifies.

        Raises Unavailable for KMS's passing trouble, ValueError for a key of another type.
        """
        digest = Hash(SHA256())
        digest.update(content)
        answer = patiently(
            lambda: self._client.sign(
                KeyId=self._key_ref,
                Message=digest.finalize(),
                MessageType="DIGEST",
                SigningAlgorithm="ECDSA_SHA_256",
            )
        )
        signature = bytes(answer["Signature"])
        if not packet_signature_fits(content, signature, self.public_key()):
            raise ValueError(f"{self._key_ref} made a signature that does not verify")
        return signature
