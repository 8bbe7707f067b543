"""What packing evidence needs, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders import a_private_key
from tests.tripwire import Tripwire
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.packets import IssuedListing
from vouchsafe.domain.reaudit import AuditCursor


class FakeIssuedList:
    """Port IssuedList over the `records` of the book."""

    _tripwire: Tripwire
    _lock: Any
    _packed: set[int]
    records: dict[tuple[Any, ...], Any]

    def unpacked(self, before: datetime, limit: int) -> Sequence[IssuedListing]:
        with self._tripwire.crossing("issued.unpacked"), self._lock:
            every = [r for k, r in self.records.items() if k[0] is IssuedListing]
            rest = [
                r for r in every if r.issued_at < before and r.certificate_id not in self._packed
            ]
            return sorted(rest, key=lambda r: (r.issued_at, r.certificate_id))[:limit]

    def cursor(self) -> AuditCursor | None:
        with self._tripwire.crossing("issued.cursor"), self._lock:
            return self.records.get((AuditCursor,))

    def since(
        self, cursor: AuditCursor, until: datetime, limit: int
    ) -> tuple[Sequence[IssuedListing], AuditCursor]:
        with self._tripwire.crossing("issued.since"), self._lock:
            every = sorted(
                (r for k, r in self.records.items() if k[0] is IssuedListing), key=_place
            )
            after = (cursor.at, str(cursor.certificate_id))
            rows = [r for r in every if _place(r) > after and r.issued_at < until][:limit]
            if rows:
                last = rows[-1]
                at = {"at": last.issued_at, "certificate_id": last.certificate_id}
                return rows, replace(cursor, **at)
            if until <= cursor.at:
                return [], cursor
            return [], replace(cursor, at=until, certificate_id=0)

    def packed(self, listing: IssuedListing) -> None:
        with self._tripwire.crossing("issued.packed"), self._lock:
            if (IssuedListing, listing.certificate_id) not in self.records:
                raise Conflict(f"certificate {listing.certificate_id} was never listed")
            self._packed.add(listing.certificate_id)


def _place(listing: IssuedListing) -> tuple[datetime, str]:
    return listing.issued_at, str(listing.certificate_id)


class FakePacketStore:
    """Port PacketStore: the first bytes under an id stay."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.objects: dict[int, bytes] = {}

    def put(self, certificate_id: int, content: bytes) -> bytes:
        with self._tripwire.crossing("packets.put"):
            return self.objects.setdefault(certificate_id, content)

    def get(self, certificate_id: int) -> bytes | None:
        with self._tripwire.crossing("packets.get"):
            return self.objects.get(certificate_id)


class SoftwarePacketSigner:
    """Port PacketSigner with a key in memory, which makes another signature each time."""

    def __init__(self, tripwire: Tripwire | None = None, *, label: str = "evidence") -> None:
        self._tripwire = tripwire or Tripwire()
        self._key = a_private_key(label)

    def public_key(self) -> bytes:
        with self._tripwire.crossing("packet_signer.public_key"):
            key = self._key.public_key()
            return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, content: bytes) -> bytes:
        with self._tripwire.crossing("packet_signer.sign"):
            return self._key.sign(content, ec.ECDSA(hashes.SHA256()))


class FakePacketKeyPublication:
    """Port PacketKeyPublication: what stands there now, and how often it was put."""

    def __init__(self) -> None:
        self.pem: bytes | None = None
        self.puts = 0

    def publish(self, pem: bytes) -> None:
        if self.pem != pem:
            self.pem, self.puts = pem, self.puts + 1
