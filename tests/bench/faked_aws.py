"""AWS as the issuing function meets it, answered inside the process: no socket, no other program.

The SDK does all it does in production but the sending: requests are built, signed and taken apart
here, answers are parsed by it. What is written is not kept, so that the same certificate can be
issued again and again; an object alone is, since it is read back.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

type Item = dict[str, Any]


class _Raw(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


class FakedAws:
    """A table of `items`, a bucket and one signing key, for one session."""

    def __init__(self, items: Iterable[Item], key: ec.EllipticCurvePrivateKey) -> None:
        self._items = json.loads(json.dumps(list(items), default=_as_base64))
        self._key = key
        self._objects: dict[str, bytes] = {}
        self.calls: Counter[str] = Counter()
        self.clients = 0

    def serve(self, session: Any) -> None:
        """Answer all that clients of this botocore session send, and count them."""
        events = session.get_component("event_emitter")
        events.register("before-send", self._answer)
        events.register("creating-client-class", self._client_made)

    @property
    def stored(self) -> bytes:
        """The object that was put last."""
        return list(self._objects.values())[-1]

    def _client_made(self, **_: Any) -> None:
        self.clients += 1

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        service, operation = event_name.split(".")[1:]
        self.calls[f"{service} {operation}"] += 1
        if service == "s3":
            content = self._object(request, operation)
        else:
            asked = json.loads(request.body)
            content = json.dumps(getattr(self, f"_{operation.lower()}")(asked)).encode()
        headers = HTTPHeaders.from_dict({"Content-Length": str(len(content)), "ETag": '"0"'})
        if "x-amz-checksum-sha256" in request.headers:  # S3 then says what it holds
            digest = hashlib.sha256(self.stored).digest()
            headers["x-amz-checksum-sha256"] = base64.b64encode(digest).decode()
        return AWSResponse(request.url, 200, headers, _Raw(content))

    def _object(self, request: Any, operation: str) -> bytes:
        path = request.url.partition("?")[0]
        if operation == "GetObject":
            return self._objects[path]
        self._objects[path] = _content(request)
        return b""

    def _query(self, asked: Any) -> Any:
        values = asked["ExpressionAttributeValues"]
        partition, prefix = values[":pk"]["S"], values.get(":prefix", {"S": ""})["S"]
        found = [
            item
            for item in self._items
            if item["pk"]["S"] == partition and item["sk"]["S"].startswith(prefix)
        ]
        found.sort(key=lambda item: str(item["sk"]["S"]))
        return {"Items": found, "Count": len(found)}

    def _one(self, key: Any) -> list[Item]:
        return [item for item in self._items if all(item[n] == v for n, v in key.items())]

    def _getitem(self, asked: Any) -> Any:
        found = self._one(asked["Key"])
        return {"Item": found[0]} if found else {}

    def _batchgetitem(self, asked: Any) -> Any:
        ((table, request),) = asked["RequestItems"].items()
        found = [item for key in request["Keys"] for item in self._one(key)]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}

    def _transactwriteitems(self, asked: Any) -> Any:
        return {}

    def _sign(self, asked: Any) -> Any:
        digest = base64.b64decode(asked["Message"])
        signature = self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        return {"KeyId": asked["KeyId"], "Signature": base64.b64encode(signature).decode()}


def _as_base64(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()


def _content(request: Any) -> bytes:
    """The body of a put: as it is, or out of the SDK's chunks with a checksum at the end."""
    body = request.body
    read = body if isinstance(body, bytes) else body.read()
    if "aws-chunked" not in str(request.headers.get("Content-Encoding", "")):
        return bytes(read)
    size, _, rest = bytes(read).partition(b"\r\n")
    return rest[: int(size, 16)]
