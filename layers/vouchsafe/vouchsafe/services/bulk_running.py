"""Carrying out bulk revocations, batch by batch, wherever the pass before was cut off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ..domain.bulk_revocation import BulkRevocation, BulkStatus
from ..domain.changes import Change, ChangeKind
from ..ports import Entropy, KeyBook
from .change_records import operators_change
from .passes import one_by_one
from .sweeping import Swept
from .withdrawing import Withdrawal, WithdrawalPorts, withdraw_certificate

#: So many certificates of one bulk revocation are attended to in one pass.
_BATCH = 200
_MOST_BULKS = 5


def run_bulk_revocations(*, keys: KeyBook, ports: WithdrawalPorts, batch: int = _BATCH) -> Swept:
    """One pass over the bulk revocations under way: the next batch of each.

    Trouble with one stops no other; it is the caller's to raise.
    """
    now = ports.clock.now()
    under_way = keys.open_bulks(now + timedelta(seconds=1), _MOST_BULKS)
    revoked, troubles = one_by_one(under_way, lambda bulk: _run(bulk, ports, now, batch))
    return Swept(revoked=sum(revoked), troubles=troubles)


def _run(bulk: BulkRevocation, ports: WithdrawalPorts, now: datetime, batch: int) -> int:
    """The next certificates, exactly those of the preview; how far it went is written at the end.

    What a pass that was cut off had revoked already is found so, and left alone.
    """
    wish = Withdrawal(
        reason=bulk.reason, comments=bulk.comments, actor=f"operator {bulk.operator_id}"
    )
    todo = bulk.chosen[bulk.position : bulk.position + batch]
    revoked = sum(withdraw_certificate(order, number, wish, ports) for order, number in todo)
    position = bulk.position + len(todo)
    done = position >= len(bulk.chosen)
    after = replace(
        bulk,
        position=position,
        revoked=bulk.revoked + revoked,
        status=BulkStatus.DONE if done else BulkStatus.RUNNING,
        due_at=None if done else now,
        version=bulk.version + 1,
    )
    told = (bulk_change(after, now, ports.entropy),) if done else ()
    ports.ledger.commit(after, *told)
    return revoked


def bulk_change(bulk: BulkRevocation, now: datetime, entropy: Entropy) -> Change:
    """The change record of a bulk revocation as it stands now."""
    facts = {
        "bulk_id": bulk.bulk_id,
        "status": bulk.status.value,
        "reason": bulk.reason.value,
        "certificates": len(bulk.chosen),
        "revoked": bulk.revoked,
    }
    return operators_change(
        ChangeKind.BULK_REVOCATION,
        f"bulk_revocation {bulk.bulk_id}",
        facts,
        actor=f"operator {bulk.operator_id}",
        now=now,
        entropy=entropy,
        after=facts | {"selection": bulk.selection},
    )
