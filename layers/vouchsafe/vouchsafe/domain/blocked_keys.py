"""Keys that are never certified (again), and which certificates hold a key (BR 4.9.12, 6.1.1.3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: So many certificates are listed in one read of a key's uses.
USES_AT_ONCE = 50


class BlockReason(StrEnum):
    """Why a key is blocked."""

    KEY_COMPROMISE = "key_compromise"  # reported, with proof or by its owner: BR 6.1.1.3 (4)
    CA_KEY = "ca_key"  # a key of ours: BR 6.1.1.3, no CA key in a subscriber's certificate


_WHY = {
    BlockReason.KEY_COMPROMISE: "it was reported compromised",
    BlockReason.CA_KEY: "it is one of the CA's own keys",
}
#: The rule that each reason stands for.
CLAUSES = {
    BlockReason.KEY_COMPROMISE: "BR 6.1.1.3 (4), 4.9.12",
    BlockReason.CA_KEY: "BR 6.1.1.3",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedKey:
    """A key that is blocked for all accounts, for good.

    While `sweep_due` is set, certificates with that key may still be valid: those up to the id
    `swept_to` were attended to. `actor` is who blocked it ("user 7", "operator 9", "system").
    """

    spki_sha256: str  # hex, over the DER SubjectPublicKeyInfo
    reason: BlockReason
    since: datetime
    actor: str
    account_id: int = 0  # whose report it was; 0 for operators
    note: str = ""
    sweep_due: datetime | None = None
    swept_to: int = 0
    revoked: int = 0  # certificates that the sweep had revoked
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """A certificate id that a key was claimed for, issued or about to be; written with the claim.

    A later claim for the same certificate id takes its place.
    """

    spki_sha256: str
    certificate_id: int
    order_id: int
    account_id: int
    issuer_id: str
    claimed_at: datetime


def key_hash(spki: bytes) -> str:
    """SHA-256 (hex) of a DER SubjectPublicKeyInfo: what a key is blocked and found by."""
    return hashlib.sha256(spki).hexdigest()


def refusal(blocked: BlockedKey) -> str:
    """Why a request with that key is refused, for people."""
    return f"its key is blocked: {_WHY[blocked.reason]}; make a new key"
