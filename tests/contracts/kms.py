"""moto's key service put right: digests are not hashed again, and it makes pairs."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.core import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends

from tests.fake_managed_keys import a_pair
from vouchsafe.domain.managed_keys import public_part
from vouchsafe.domain.products import ManagedKeyType

_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


class DigestingKms:
    """A client of moto's service whose Sign treats MessageType as the real one does."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sign(self, **request: Any) -> dict[str, Any]:
        """The request goes to moto, too, so that its form, key and algorithm are checked."""
        answer: dict[str, Any] = self._client.sign(**request)
        assert request["MessageType"] == "DIGEST"
        region = self._client.meta.region_name
        key_id = request["KeyId"].rsplit("/", 1)[-1]
        key = kms_backends[DEFAULT_ACCOUNT_ID][region].keys[key_id].private_key.private_key
        digest = Prehashed(_HASHES[request["SigningAlgorithm"][-3:]])
        if request["SigningAlgorithm"].startswith("ECDSA"):
            signature = key.sign(request["Message"], ec.ECDSA(digest))
        else:
            signature = key.sign(request["Message"], padding.PKCS1v15(), digest)
        return answer | {"Signature": signature}


_KINDS = {"ECC_NIST_P256": ManagedKeyType.EC_P256, "ECC_NIST_P384": ManagedKeyType.EC_P384}


def teach_pairs(client: Any) -> None:
    """Let a client of moto's service answer GenerateDataKeyPair: a pair made here, and moto's own
    Encrypt with its encryption context.
    """

    def pair(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        asked = json.loads(params["body"])
        spec = asked["KeyPairSpec"]
        private = a_pair(_KINDS.get(spec) or ManagedKeyType(spec.lower()))
        answer = client.encrypt(
            KeyId=asked["KeyId"], Plaintext=private, EncryptionContext=asked["EncryptionContext"]
        )
        parsed = {
            "KeyId": answer["KeyId"],
            "KeyPairSpec": spec,
            "PrivateKeyPlaintext": private,
            "PrivateKeyCiphertextBlob": answer["CiphertextBlob"],
            "PublicKey": public_part(private),
        }
        return SimpleNamespace(status_code=200), parsed

    client.meta.events.register("before-call.kms.GenerateDataKeyPair", pair)
