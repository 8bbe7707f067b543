"""What making and handing out evidence packets needs from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.changes import NumberedChange
    from .domain.packets import IssuedListing
    from .domain.reaudit import AuditCursor


class PacketStore(Protocol):
    """Evidence packets, written once each."""

    def put(self, certificate_id: int, content: bytes) -> bytes:
        """Store under that id unless something stands there; what stands there now."""

    def get(self, certificate_id: int) -> bytes | None: ...


class PacketSigner(Protocol):
    """The one key that packets are signed with; it signs nothing else."""

    def public_key(self) -> bytes:
        """DER SubjectPublicKeyInfo."""

    def sign(self, content: bytes) -> bytes:
        """An ECDSA signature over the SHA-256 of `content`, in DER."""


class PacketKeyPublication(Protocol):
    """Where anybody finds the key that packets are signed with."""

    def publish(self, pem: bytes) -> None:
        """Put it there; nothing when the very same stands there."""


class IssuedList(Protocol):
    """Issued certificates by time, and which of them have no packet yet."""

    def unpacked(self, before: datetime, limit: int) -> Sequence[IssuedListing]:
        """At most `limit` issued before that moment and not `packed`, oldest first; may lag."""

    def packed(self, listing: IssuedListing) -> None:
        """Its packet stands in the store. Raises Conflict for one that was never listed."""

    def cursor(self) -> AuditCursor | None:
        """How far the re-audit got; None before its first run."""

    def since(
        self, cursor: AuditCursor, until: datetime, limit: int
    ) -> tuple[Sequence[IssuedListing], AuditCursor]:
        """At most `limit` issued after the cursor's place and before `until`, by time; and the
        place that is reached by them, which may be past hours in which nothing was issued.
        """


class OrderLog(Protocol):
    """The numbered changes by order."""

    def of_order(self, order_id: int) -> Sequence[NumberedChange]:
        """All of them, oldest first; may lag by seconds."""
