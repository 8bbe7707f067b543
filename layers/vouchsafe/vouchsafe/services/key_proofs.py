"""Challenges, their proofs, and what a proof does to a certificate: no account, no approval
(RFC 8555 7.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ..domain.certificate import Certificate
from ..domain.errors import Conflict, ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.key_challenges import (
    CHALLENGE_BYTES,
    KeyChallenge,
    answers,
    challenge_in,
    new_challenge,
    purpose,
    read_proof,
)
from ..domain.revocation import RevocationReason, outranks
from ..intake_ports import Cases
from ..ports import Clock, Entropy, Ledger, Workflow
from .blocking import block_key_for, key_hash_of, key_of
from .withdrawing import Withdrawal, WithdrawalPorts, is_revocable, withdraw_certificate

#: Whose name stands on what is done for a proof.
HOLDER = "key_holder"
_PROVEN = "Whoever reported it showed that he holds the key."
_NO_CHALLENGE = "its subject is not one challenge alone that is open for this certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePorts:
    """What strangers' calls work with."""

    cases: Cases
    ledger: Ledger
    workflow: Workflow
    clock: Clock
    entropy: Entropy

    @property
    def withdrawing(self) -> WithdrawalPorts:
        """Those that revoking needs."""
        return WithdrawalPorts(
            ledger=self.ledger, workflow=self.workflow, clock=self.clock, entropy=self.entropy
        )


class Standing(StrEnum):
    """How a certificate stands after a call."""

    REVOKING = "revoking"  # begun; on the CRL within minutes
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a call; `at` and `reason` of a certificate that was revoked before."""

    standing: Standing
    at: datetime | None = None
    reason: RevocationReason | None = None


def give_challenge(serial: int, ports: IntakePorts) -> KeyChallenge:
    """A fresh challenge for a serial number. It says nothing of whether there is such one."""
    made = new_challenge(serial, ports.clock.now(), ports.entropy.bytes(CHALLENGE_BYTES))
    ports.ledger.commit(made)
    return made


def check_proof(
    text: str, certificate: Certificate, serial: int, what: str, *, field: str, ports: IntakePorts
) -> KeyChallenge:
    """The challenge that a request in `text`, signed by the certificate's key, answers.

    It is to be spent on `what` once that is done. Raises VouchsafeError(INVALID) about `field`.
    """
    proof = read_proof(text, field)
    if proof.public_key != key_of(certificate):
        raise invalid(Flaw(field, "it is not signed by the key of the certificate"))
    challenge = ports.cases.challenge(challenge_in(proof))
    used_for = purpose(proof, what)
    if challenge is None or not answers(challenge, serial, ports.clock.now(), used_for):
        raise invalid(Flaw(field, _NO_CHALLENGE))
    return replace(challenge, used_for=used_for, version=challenge.version + 1)


def spend(challenge: KeyChallenge, ports: IntakePorts) -> None:
    """Note what a challenge was used for; a repeat of the same call finds it so."""
    try:
        ports.ledger.commit(challenge)
    except Conflict as lost:
        standing = ports.cases.challenge(challenge.challenge)
        if standing is None or standing.used_for != challenge.used_for:
            detail = "The challenge was used for something else; ask for another one."
            raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="challenge") from lost


def withdraw_proven(
    certificate: Certificate, reason: RevocationReason, comments: str, ports: IntakePorts
) -> Outcome:
    """Revoke, and block the key where it is compromised. Doing it again changes nothing."""
    if reason is RevocationReason.KEY_COMPROMISE:
        block_key_for(
            key_hash_of(certificate),
            _PROVEN,
            HOLDER,
            ledger=ports.ledger,
            clock=ports.clock,
            entropy=ports.entropy,
        )
    revoked = certificate.revoked
    if revoked is not None and not outranks(reason, revoked.reason):
        return Outcome(standing=Standing.REVOKED, at=revoked.revoked_at, reason=revoked.reason)
    wish = Withdrawal(reason=reason, comments=comments, actor=HOLDER)
    if withdraw_certificate(
        certificate.order_id, certificate.certificate_id, wish, ports.withdrawing
    ):
        return Outcome(standing=Standing.REVOKING)
    live = is_revocable(certificate, ports.clock.now()) or revoked is not None
    if live:  # a twin was faster
        return Outcome(standing=Standing.REVOKED)
    return Outcome(standing=Standing.EXPIRED)
