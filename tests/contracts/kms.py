"""moto's key service with one thing put right: what is said to be a digest is not hashed again."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.core import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends

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
