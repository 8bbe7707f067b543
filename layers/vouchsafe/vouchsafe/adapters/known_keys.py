"""The operator's list of known keys in S3, read when the first key is looked up."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..domain.errors import Unavailable
from ..domain.known_keys import KeyList
from .sdk import code_of, patiently

#: What a container holds in memory at most: eight million keys. The function for orders has 512 MB.
MOST_BYTES = 128 * 1024 * 1024
_MISSING = frozenset({"NoSuchKey", "404", "AccessDenied"})


class S3KnownKeys:
    """Port KnownKeys: one object, read once in a container's life.

    A list that was asked for and cannot be used stops the issue: Unavailable, and an alarm.
    """

    def __init__(self, client: Any, bucket: str, key: str, *, most_bytes: int = MOST_BYTES) -> None:
        self._client = client
        self._object = {"Bucket": bucket, "Key": key}
        self._most_bytes = most_bytes
        self._list: KeyList | None = None

    def collection_of(self, spki: bytes) -> int | None:
        """The number of the collection that the key is from, or None. Raises Unavailable."""
        if self._list is None:
            self._list = self._read()
        return self._list.collection_of(spki)

    def _read(self) -> KeyList:
        try:
            return KeyList(patiently(self._content))
        except ValueError as error:
            raise Unavailable(f"the list of known keys cannot be used: {error}") from error
        except ClientError as error:
            if code_of(error) not in _MISSING:
                raise
            raise Unavailable("the list of known keys is not where the stack says") from error

    def _content(self) -> bytes:
        answer = self._client.get_object(**self._object)
        with answer["Body"] as body:
            if answer["ContentLength"] > self._most_bytes:
                raise ValueError(f"it is larger than {self._most_bytes} bytes")
            return bytes(body.read())
