"""Measuring what must not grow old: CRLs, the re-audit, revocations that nobody decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..clock_ports import UndecidedRevocations
from ..domain.issuers import Issuer
from ..packet_ports import IssuedList
from ..ports import Clock, Issuers, RevocationLedger

#: More than that is not counted: one is too many.
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How things stand: the age of the CRL that was published longest ago, how far the re-audit
    lags behind, and how many revocation requests all reminders were given of in vain.
    """

    oldest_crl: timedelta
    audit_lag: timedelta
    undecided_revocations: int


def watch(
    *,
    issuers: Issuers,
    revocations: RevocationLedger,
    issued: IssuedList,
    requests: UndecidedRevocations,
    clock: Clock,
) -> Watched:
    """Look at each; nothing is changed. One read a shard, and three more."""
    now = clock.now()
    cursor = issued.cursor()
    known = issuers.all()
    ages = _crl_ages([each for each in known if each.not_after > now], revocations, now)
    began = cursor.at if cursor else min((each.created_at for each in known), default=now)
    return Watched(
        oldest_crl=max(ages, default=timedelta()),
        audit_lag=now - began,
        undecided_revocations=len(requests.undecided(_MOST)),
    )


def _crl_ages(
    issuers: Sequence[Issuer], revocations: RevocationLedger, now: datetime
) -> list[timedelta]:
    """The age of every shard's CRL; of one never published, the age of its issuer."""
    ages = []
    for issuer in issuers:
        for shard in range(issuer.shards):
            state = revocations.state(issuer.issuer_id, shard)
            published = state.published_at if state else None
            ages.append(now - (published or issuer.created_at))
    return ages
