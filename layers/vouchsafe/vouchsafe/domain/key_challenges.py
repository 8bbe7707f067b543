"""Proof that somebody holds a certificate's private key: a request signed with it (BR 4.9.12).

The request's common name is a challenge that we gave out for that certificate a moment ago. A
request made for any other purpose has another name, so a copied one proves nothing.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from .csr import Csr, inspect_csr
from .errors import Flaw, invalid

#: Long enough to type two commands, and for nothing else.
CHALLENGE_LIFE = timedelta(minutes=30)
CHALLENGE_BYTES = 16
_PREFIX = "vouchsafe-proof-"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChallenge:
    """A challenge for one serial number, whether there is such a certificate or not.

    `used_for` says what it was spent on: the very same call may be repeated, no other.
    """

    challenge: str
    serial: int
    expires_at: datetime
    used_for: str = ""
    version: int = 1


def new_challenge(serial: int, now: datetime, noise: bytes) -> KeyChallenge:
    """A challenge out of CHALLENGE_BYTES unpredictable bytes; at most 64 characters (RFC 5280)."""
    word = base64.b32encode(noise[:CHALLENGE_BYTES]).decode("ascii").rstrip("=").lower()
    return KeyChallenge(challenge=_PREFIX + word, serial=serial, expires_at=now + CHALLENGE_LIFE)


def read_proof(text: str, field: str) -> Csr:
    """The signed request in `text`. Raises VouchsafeError(INVALID) about `field`.

    Only its form and its own signature count: a weak key is compromised, not unable to prove it.
    """
    reading = inspect_csr(text)
    unproven = [each for each in reading.findings if each.field in {"csr", "signature"}]
    if reading.csr is None or unproven:
        raise invalid(*(Flaw(field, each.message) for each in unproven))
    return reading.csr


def challenge_in(proof: Csr) -> str:
    """The challenge that a request answers; "" where its subject is not exactly one."""
    values = proof.subject_values("CN")
    alone = len(proof.subject) == 1 and len(values) == 1
    return values[0] if alone and values[0].startswith(_PREFIX) else ""


def purpose(proof: Csr, what: str) -> str:
    """What a challenge was spent on: this request, for that."""
    return hashlib.sha256(proof.der + what.encode()).hexdigest()


def answers(challenge: KeyChallenge | None, serial: int, now: datetime, used_for: str) -> bool:
    """Whether a challenge is good for that serial and that purpose now."""
    if challenge is None or challenge.serial != serial or now >= challenge.expires_at:
        return False
    return challenge.used_for in ("", used_for)
