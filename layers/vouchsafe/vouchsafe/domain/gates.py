"""Which gates still stand between a certificate and its issue; the state machine obeys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .authorization import Authorization, AuthorizationStatus, CaaCheck, DcvMethodName
from .calendar import rules_at
from .certificate import Certificate, CertificateStatus
from .grounds import OPEN_GROUNDS, Grounds
from .parking import OPENED_BY_PEOPLE, Gate

__all__ = ["Assessment", "Gate", "Verdict", "assess", "caa_counts", "proof_counts"]


class Verdict(StrEnum):
    """What the state machine does next."""

    READY = "ready"  # issue
    WAITING = "waiting"  # look again later
    PARKED = "parked"  # end; somebody's decision starts the next run
    REFUSED = "refused"  # for good; whoever meets it ends the certificate, no machine hears of it
    DONE = "done"  # end; there is nothing left to do
    SUPERSEDED = "superseded"  # end; a newer run has taken over


_ENDED = frozenset(
    {
        CertificateStatus.VALID,
        CertificateStatus.INVALID,
        CertificateStatus.CANCELLED,
        CertificateStatus.REVOKED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The gates still closed, in the order in which they are opened, and what follows from them."""

    closed: tuple[Gate, ...]
    verdict: Verdict


def assess(
    certificate: Certificate,
    authorizations: Iterable[Authorization],
    *,
    now: datetime,
    grounds: Grounds = OPEN_GROUNDS,
) -> Assessment:
    """What `certificate` still waits for at `now`. `grounds` are what people decided."""
    if certificate.status in _ENDED:
        return Assessment(closed=(), verdict=Verdict.DONE)
    if certificate.status is CertificateStatus.PROCESSING:
        return Assessment(closed=(), verdict=Verdict.READY)
    opened = {
        Gate.APPROVAL: certificate.status is not CertificateStatus.AWAITING_APPROVAL,
        Gate.DOMAINS: all(proof_counts(one, now) for one in authorizations),
        Gate.CAA: caa_counts(certificate.caa, now),
    }
    shut = grounds.closed | {gate for gate, is_open in opened.items() if not is_open}
    closed = tuple(gate for gate in Gate if gate in shut)
    if grounds.denied and Gate.APPROVAL not in shut:
        return Assessment(closed=closed, verdict=Verdict.REFUSED)
    stopped = certificate.waits_for_people
    return Assessment(closed=closed, verdict=_verdict(frozenset(closed), stopped=stopped))


def _verdict(closed: frozenset[Gate], *, stopped: bool) -> Verdict:
    """`stopped`: all names were proven once, and only people were waited for since."""
    if not closed:
        return Verdict.READY
    if Gate.APPROVAL in closed:
        return Verdict.PARKED  # values are not even shown before approval
    by_people = bool(closed & OPENED_BY_PEOPLE)
    if Gate.DOMAINS in closed:
        return Verdict.PARKED if stopped and by_people else Verdict.WAITING
    # CAA is looked at last, so that its short life is not spent waiting for people.
    return Verdict.PARKED if by_people else Verdict.WAITING


def proof_counts(authorization: Authorization, now: datetime) -> bool:
    """Whether a name's proof may be used for an issue at `now` (BR 4.2.1, 3.2.2.4.4)."""
    proof = authorization.proof
    if authorization.status is not AuthorizationStatus.VALID or proof is None:
        return False
    rules = rules_at(now)
    if proof.method is DcvMethodName.EMAIL and not rules.email_methods:
        return False
    return now < proof.proven_at + timedelta(days=rules.reuse_days)


def caa_counts(check: CaaCheck | None, now: datetime) -> bool:
    """Whether a CAA check permits issuing at `now` (BR 4.2.2.1)."""
    return check is not None and check.permitted and now < check.good_until
