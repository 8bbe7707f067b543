"""The watch over the clockwork: what is late, what was given up on, how old the oldest CRL is.

It is told by metrics, and what anybody may know of it on a public page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.duties import Duty, DutyDone, late, on_time
from ..domain.numbers import SPAN, Numbers, to_json
from ..domain.numbers_html import DATA, PAGES, to_html
from ..ports import Clock, Issuers, RevocationLedger
from ..watch_ports import Duties, Measurements, NumbersPage, ParkedMessages

_HTML, _JSON = "text/html; charset=utf-8", "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What watching needs."""

    duties: Duties
    parked: ParkedMessages
    issuers: Issuers
    revocations: RevocationLedger
    measurements: Measurements
    page: NumbersPage
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What stands at one moment. `on_time` is in percent, `oldest_crl` in seconds."""

    duties: tuple[DutyDone, ...]
    late: tuple[Duty, ...]
    on_time: float
    parked: Mapping[str, int]
    crls: int
    oldest_crl: float | None
    unpublished: tuple[str, ...]  # CRLs that were never published


def watch(*, ports: Ports) -> Watched:
    """Look at everything that has to be there all the time."""
    now = ports.clock.now()
    duties = tuple(ports.duties.all(tuple(Duty), now))
    ages: list[float] = []
    missing: list[str] = []
    for issuer in ports.issuers.all():
        if issuer.not_after <= now:
            continue  # its last lists say so, and nobody needs newer ones
        for shard in range(issuer.shards):
            state = ports.revocations.state(issuer.issuer_id, shard)
            if state is None or state.published_at is None:
                missing.append(f"{issuer.issuer_id}/{shard}")
            else:
                ages.append((now - state.published_at).total_seconds())
    return Watched(
        duties=duties,
        late=late(duties, now),
        on_time=on_time(duties, now),
        parked=ports.parked.depths(),
        crls=len(ages),
        oldest_crl=max(ages, default=None),
        unpublished=tuple(missing),
    )


def publish_numbers(watched: Watched, *, ports: Ports) -> None:
    """Put the public numbers where anybody may read them, for programs and for people."""
    now = ports.clock.now()
    numbers = Numbers(
        at=now,
        measured=ports.measurements.measured(now - SPAN, now),
        oldest_crl=watched.oldest_crl,
        crls=watched.crls,
        duties=watched.duties,
    )
    data = json.dumps(to_json(numbers), indent=2) + "\n"
    ports.page.publish(DATA, data.encode(), _JSON)
    for language, (name, _) in PAGES.items():
        ports.page.publish(name, to_html(numbers, language).encode(), _HTML)
