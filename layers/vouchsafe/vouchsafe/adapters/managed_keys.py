"""Managed keys by AWS KMS: pairs that it makes and encrypts in one call, and opens again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.managed_keys import ManagedKey, ManagedKeyType, NewKey, context_of
from .sdk import patiently

_SPECS = {
    ManagedKeyType.EC_P256: "ECC_NIST_P256",
    ManagedKeyType.EC_P384: "ECC_NIST_P384",
    ManagedKeyType.RSA_2048: "RSA_2048",
    ManagedKeyType.RSA_3072: "RSA_3072",
}


class KmsKeyMaker:
    """Port KeyMaker: `key_ref` is the id or ARN of a symmetric key."""

    def __init__(self, client: Any, key_ref: str, kind: ManagedKeyType) -> None:
        self._client = client
        self._key_ref = key_ref
        self._kind = kind

    def make(self, context: Mapping[str, str]) -> NewKey:
        """A new pair, its private part encrypted under that context. Raises Unavailable.

        A call whose answer is lost leaves nothing behind: the key service keeps no pairs.
        """
        answer = patiently(
            lambda: self._client.generate_data_key_pair(
                KeyId=self._key_ref,
                KeyPairSpec=_SPECS[self._kind],
                EncryptionContext=dict(context),
            )
        )
        return NewKey(
            private=bytes(answer["PrivateKeyPlaintext"]),
            wrapped=bytes(answer["PrivateKeyCiphertextBlob"]),
            key_ref=str(answer["KeyId"]),
        )


class KmsKeyOpener:
    """Port KeyOpener."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def open(self, key: ManagedKey) -> bytes:
        """The private key, PKCS #8 in DER. Raises Unavailable, ClientError for another context."""
        answer = patiently(
            lambda: self._client.decrypt(
                KeyId=key.key_ref,
                CiphertextBlob=key.wrapped,
                EncryptionContext=dict(context_of(key.order_id, key.certificate_id)),
            )
        )
        return bytes(answer["Plaintext"])
