"""Managed keys in memory: made, kept and opened without a key service."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.tripwire import Tripwire
from vouchsafe.domain.managed_keys import ManagedKey, NewKey, context_of
from vouchsafe.domain.products import ManagedKeyType

KEY_REF = "arn:aws:kms:us-east-1:123456789012:key/managed"


def a_pair(kind: ManagedKeyType = ManagedKeyType.EC_P256) -> bytes:
    """A new private key, PKCS #8 in DER."""
    key: Any
    if kind.value.startswith("rsa"):
        key = rsa.generate_private_key(65537, int(kind.value[-4:]))
    else:
        curve = ec.SECP256R1() if kind is ManagedKeyType.EC_P256 else ec.SECP384R1()
        key = ec.generate_private_key(curve)
    return bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


class WrongContext(Exception):
    """What was encrypted for one certificate was to be opened for another."""


class FakeKeyService:
    """Ports KeyMaker and KeyOpener. `made` are all private keys, in the order they were made."""

    def __init__(
        self,
        tripwire: Tripwire | None = None,
        kind: ManagedKeyType = ManagedKeyType.EC_P256,
    ) -> None:
        self._tripwire = tripwire or Tripwire()
        self._kind = kind
        self.made: list[bytes] = []

    def make(self, context: Mapping[str, str]) -> NewKey:
        with self._tripwire.crossing("keys.make"):
            private = a_pair(self._kind)
            self.made.append(private)
            return NewKey(private=private, wrapped=self.wrap(private, context), key_ref=KEY_REF)

    def wrap(self, private: bytes, context: Mapping[str, str]) -> bytes:
        """A private key as it is kept for a context."""
        return _masked(private, context)

    def open(self, key: ManagedKey) -> bytes:
        with self._tripwire.crossing("keys.open"):
            context = context_of(key.order_id, key.certificate_id)
            private = _masked(key.wrapped, context)
            if private not in self.made:
                raise WrongContext
            return private


def _masked(data: bytes, context: Mapping[str, str]) -> bytes:
    """The data under a stream that depends on the context; twice is as it was."""
    seed = repr(sorted(context.items())).encode()
    stream = hashlib.shake_256(seed).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))


class FakeManagedKeys:
    """Port ManagedKeys over the `records` of the book."""

    _tripwire: Tripwire
    _lock: threading.RLock
    records: dict[Any, Any]

    def managed_key(self, certificate_id: int) -> ManagedKey | None:
        with self._tripwire.crossing("managed.managed_key"), self._lock:
            return self.records.get((ManagedKey, certificate_id))
