"""What the ceremony needs of keys, and nothing else may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .domain.issuers import KeyType


@dataclass(frozen=True, slots=True, kw_only=True)
class RootKey:
    """A CA key to be: where it is and what it is."""

    key_ref: str
    key_type: KeyType
    public_key: bytes  # DER SubjectPublicKeyInfo


class CeremonyKeys(Protocol):
    """Keys of root and issuing CAs, for the ceremony alone."""

    def describe(self, key_ref: str) -> RootKey: ...

    def sign(self, key: RootKey, tbs: bytes) -> bytes:
        """The signature bytes (DER for ECDSA) over `tbs`."""

    def prove(self, key: RootKey, info: bytes) -> bytes:
        """The signature bytes over a certificate request's info; under RSA with SHA-256."""
