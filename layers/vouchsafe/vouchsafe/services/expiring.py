"""The ladder of reminders: every certificate that nears its end is told of, once at each rung.

Walks the days' buckets with a cursor, so that a run that is cut off, late or doubled leaves nothing
out and tells nothing twice. After days without a run only the lowest rung reached is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..clock_ports import Expiries
from ..domain.certificate import Certificate
from ..domain.changes import Change, ChangeKind
from ..domain.dossier import Dossier
from ..domain.errors import Conflict
from ..domain.expiry import (
    Ending,
    LadderCursor,
    Reminded,
    audience_of,
    begun,
    day_of,
    days_of_round,
    moved_on,
    outlived,
    reached,
    silenced,
    was_there,
)
from ..domain.traces import subject_of
from ..ports import Clock, Entropy, Ledger
from .change_records import certificate_change

_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderPorts:
    """What the walk needs."""

    expiries: Expiries
    ledger: Ledger
    clock: Clock
    entropy: Entropy


@dataclass(slots=True, kw_only=True)
class Climbed:
    """What a run came to. `days_behind`: whole days that no round has told of yet, beside today."""

    seen: int = 0
    told: int = 0
    days_behind: int = 0
    troubles: list[Exception] = field(default_factory=list)


def tell_expiry(
    limit: int, *, ports: LadderPorts, budget: timedelta = timedelta(minutes=3)
) -> Climbed:
    """Tell of about `limit` certificates at most, going on where the last run stopped, and begin no
    page when `budget` is used up.

    A change for each certificate and rung, in the commit that notes it. One that cannot be read
    stops none behind it; such trouble is the caller's to raise. Raises Unavailable for what may
    pass: the next run goes on from the same page.
    """
    climbed, until = Climbed(), ports.clock.now() + budget
    while climbed.seen < limit and ports.clock.now() < until:
        cursor = begun(ports.expiries.ladder() or _first(ports), ports.clock.now())
        if cursor is None:
            return climbed
        climbed.days_behind = max((day_of(ports.clock.now()) - cursor.done).days - 1, 0)
        day = days_of_round(cursor)[cursor.day]
        rows, place = ports.expiries.ending_on(day, cursor.place, _PAGE)
        _tell_page(rows, climbed, ports)
        try:
            ports.ledger.commit(moved_on(cursor, place))
        except Conflict:
            return climbed  # a twin is ahead
    return climbed


def _first(ports: LadderPorts) -> LadderCursor:
    """Before the first walk: yesterday is done with. Version 0: it is not on record."""
    return LadderCursor(done=day_of(ports.clock.now()) - timedelta(days=1), version=0)


def _tell_page(rows: Sequence[Ending], climbed: Climbed, ports: LadderPorts) -> None:
    known = ports.expiries.reminded(rows) if rows else {}
    for row in rows:
        climbed.seen += 1
        try:
            climbed.told += _tell(row, known.get(row.certificate_id), ports)
        except (LookupError, ValueError) as trouble:
            climbed.troubles.append(trouble)


def _tell(row: Ending, known: Reminded | None, ports: LadderPorts) -> bool:
    """Whether people were reminded of this certificate now."""
    now = ports.clock.now()
    rung = reached(row.not_after, now)
    if rung is None or (known is not None and known.rung <= rung):
        return False
    dossier = ports.ledger.order(row.order_id)
    if dossier is None:
        raise LookupError(f"order {row.order_id} cannot be read")
    certificate = dossier.certificate(row.certificate_id)
    if silenced(dossier, certificate) or not was_there(certificate, rung):
        return False
    if _renewed(dossier, certificate, ports.ledger):
        return False
    noted = Reminded(
        order_id=row.order_id,
        certificate_id=row.certificate_id,
        rung=rung,
        told_at=now,
        version=1 if known is None else known.version + 1,
    )
    try:
        ports.ledger.commit(noted, _change(certificate, rung, now, ports.entropy))
    except Conflict:
        return False  # a twin told it
    return True


def _renewed(dossier: Dossier, certificate: Certificate, ledger: Ledger) -> bool:
    """Whether the order that renews this one has brought a certificate that lasts longer."""
    number = dossier.order.renewed_by
    renewing = None if number is None else ledger.order(number)
    return renewing is not None and outlived(certificate, renewing.certificates)


def _change(certificate: Certificate, rung: int, now: datetime, entropy: Entropy) -> Change:
    assert certificate.issued is not None, "only what was issued ends"
    data = {
        "days": rung,
        "audience": str(audience_of(rung)),
        "not_after": certificate.issued.not_after.isoformat(),
    }
    return certificate_change(
        ChangeKind.EXPIRY_REMINDER_DUE,
        certificate,
        data,
        now=now,
        entropy=entropy,
        subject=subject_of(certificate),
    )
