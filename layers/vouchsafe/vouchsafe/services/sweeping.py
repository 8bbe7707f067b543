"""The compromise sweep: every certificate with a blocked key, of all accounts, is revoked.

Driven by a schedule, so that a sweep cut off anywhere goes on with its next pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.blocked_keys import USES_AT_ONCE, BlockedKey, BlockReason, KeyUse
from ..domain.certificate import CertificateStatus
from ..domain.revocation import RevocationReason
from ..ports import KeyBook
from .on_record import order_on_record
from .passes import one_by_one
from .withdrawing import Withdrawal, WithdrawalPorts, withdraw_certificate

#: When a sweep is looked at again that could not be finished: something was just being issued.
_AGAIN = timedelta(minutes=1)
_MOST_KEYS = 20
_COMPROMISED = Withdrawal(
    reason=RevocationReason.KEY_COMPROMISE,
    comments="The key of this certificate was reported compromised.",
    actor="system",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What one pass did: certificates whose revocation it started, and what it could not do."""

    revoked: int
    troubles: tuple[Exception, ...] = ()


def sweep_blocked_keys(
    *, keys: KeyBook, ports: WithdrawalPorts, most_keys: int = _MOST_KEYS
) -> Swept:
    """One pass over the keys whose sweep is due: a batch of certificates of each.

    Trouble with one key stops no other; it is the caller's to raise.
    """
    now = ports.clock.now()
    due = keys.open_sweeps(now + timedelta(seconds=1), most_keys)
    revoked, troubles = one_by_one(due, lambda block: _sweep(block, keys, ports, now))
    return Swept(revoked=sum(revoked), troubles=troubles)


def _sweep(block: BlockedKey, keys: KeyBook, ports: WithdrawalPorts, now: datetime) -> int:
    """Attend to the next uses of the key; how far that went is written down at the end."""
    if block.reason is not BlockReason.KEY_COMPROMISE:
        return 0
    uses = keys.uses_of_key(block.spki_sha256, block.swept_to, USES_AT_ONCE)
    swept_to, revoked, waiting = block.swept_to, 0, False
    for use in uses:
        if _being_issued(use, ports):
            waiting = True  # those behind it are attended to, and once more with it
            continue
        revoked += withdraw_certificate(use.order_id, use.certificate_id, _COMPROMISED, ports)
        if not waiting:
            swept_to = use.certificate_id
    finished = not waiting and len(uses) < USES_AT_ONCE
    due = None if finished else now + (_AGAIN if waiting else timedelta(0))
    ports.ledger.commit(
        replace(
            block,
            swept_to=swept_to,
            revoked=block.revoked + revoked,
            sweep_due=due,
            version=block.version + 1,
        )
    )
    return revoked


def _being_issued(use: KeyUse, ports: WithdrawalPorts) -> bool:
    """Whether the certificate was claimed and may have been signed before the key was blocked."""
    dossier = order_on_record(use.order_id, ledger=ports.ledger)
    return dossier.certificate(use.certificate_id).status is CertificateStatus.PROCESSING
