"""The reminders before a certificate's end, as a ladder, and how far the walk along it has got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from .certificate import Certificate, CertificateStatus
from .dossier import Dossier
from .order import OrderStatus

#: Days before the end at which people are reminded; -1 is the day after it.
RUNGS = (90, 60, 30, 14, 7, 3, 1, -1)
#: Of a longer outage, what fell due before that is not made up for; later rungs are.
MADE_UP_FOR = timedelta(days=30)
_DAY = timedelta(days=1)


class Audience(StrEnum):
    """How far a reminder reaches; each includes the ones before it."""

    OWNER = "owner"
    TEAM = "team"
    ADMINISTRATORS = "administrators"


_OWNER_ALONE, _NOT_YET_ADMINISTRATORS = 60, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A valid certificate that ends on a day asked for."""

    order_id: int
    certificate_id: int
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """The lowest rung that people were reminded at of a certificate; `version` counts from 1."""

    order_id: int
    certificate_id: int
    rung: int
    told_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderCursor:
    """How far the walk got: all days up to `done` (midnight, UTC), and the place in a round.

    A round begins on the day `round_of` and goes through `days_of_round`; `day` counts those it is
    done with, `place` is where in the next one it goes on. `round_of` is None between rounds.
    """

    done: datetime
    round_of: datetime | None = None
    day: int = 0
    place: str = ""
    version: int = 1


def day_of(moment: datetime) -> datetime:
    """The midnight (UTC) that a day begins with."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def audience_of(rung: int) -> Audience:
    """Who is reminded at that rung."""
    if rung >= _OWNER_ALONE:
        return Audience.OWNER
    return Audience.TEAM if rung >= _NOT_YET_ADMINISTRATORS else Audience.ADMINISTRATORS


def reached(not_after: datetime, today: datetime) -> int | None:
    """The lowest rung reached on the day `today`; None while all are ahead."""
    left = (day_of(not_after) - day_of(today)).days
    return min((rung for rung in RUNGS if left <= rung), default=None)


def was_there(certificate: Certificate, rung: int) -> bool:
    """Whether the certificate was issued before the day of that rung: there was something to say.

    Raises ValueError for a certificate that was not issued.
    """
    if certificate.issued is None:
        raise ValueError(f"certificate {certificate.certificate_id} was not issued")
    day = day_of(certificate.issued.not_after) - rung * _DAY
    return day_of(certificate.issued.issued_at) < day


def silenced(dossier: Dossier, certificate: Certificate) -> bool:
    """Whether nobody is to hear of this certificate's end: it is withdrawn, the customer wished so,
    or another one of its order takes its place. Of those that end together the newest is told of.
    """
    order = dossier.order
    valid = certificate.status is CertificateStatus.VALID and order.status is OrderStatus.VALID
    return not valid or order.details.quiet or outlived(certificate, dossier.certificates)


def outlived(certificate: Certificate, others: Iterable[Certificate]) -> bool:
    """Whether one of the others is valid for longer, or as long and newer."""
    own = _end(certificate)
    return any(
        other.certificate_id != certificate.certificate_id
        and other.status is CertificateStatus.VALID
        and _end(other) > own
        for other in others
    )


def _end(certificate: Certificate) -> tuple[datetime, int]:
    assert certificate.issued is not None, "only what was issued ends"
    return certificate.issued.not_after, certificate.certificate_id


def days_of_round(cursor: LadderCursor) -> tuple[datetime, ...]:
    """The days whose certificates a round looks at, the nearest first."""
    if cursor.round_of is None:
        return ()
    first = max(cursor.done + _DAY, cursor.round_of - MADE_UP_FOR)
    missed = [first + count * _DAY for count in range((cursor.round_of - first).days + 1)]
    return tuple(sorted({day + rung * _DAY for day in missed for rung in RUNGS}))


def begun(cursor: LadderCursor, now: datetime) -> LadderCursor | None:
    """The cursor of the round under way at `now`, or of the next one; None: today's is done."""
    if cursor.round_of is not None:
        return cursor
    today = day_of(now)
    return replace(cursor, round_of=today) if cursor.done < today else None


def moved_on(cursor: LadderCursor, place: str | None) -> LadderCursor:
    """The cursor after a page that ended at `place`; None: the day's last one."""
    after = replace(cursor, version=cursor.version + 1)
    if place is not None:
        return replace(after, place=place)
    if cursor.day + 1 < len(days_of_round(cursor)):
        return replace(after, day=cursor.day + 1, place="")
    assert cursor.round_of is not None, "only a round goes on"
    return replace(after, done=cursor.round_of, round_of=None, day=0, place="")
