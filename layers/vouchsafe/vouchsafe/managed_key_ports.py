"""What making, keeping and handing out managed keys needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.managed_keys import ManagedKey, NewKey


class KeyMaker(Protocol):
    """Makes key pairs; it can open none that was made before."""

    def make(self, context: Mapping[str, str]) -> NewKey:
        """A new pair, its private part encrypted under that context. Raises Unavailable."""


class KeyOpener(Protocol):
    """Opens private keys; it can make none."""

    def open(self, key: ManagedKey) -> bytes:
        """The private key, PKCS #8 in DER. Raises Unavailable."""


class ManagedKeys(Protocol):
    """The keys that are kept; they are written by a commit of the ledger."""

    def managed_key(self, certificate_id: int) -> ManagedKey | None:
        """The key of a certificate id, if the service made it. Strongly consistent."""
