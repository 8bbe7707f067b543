"""The canary: an order of our own, placed again and again, that shows that the whole path works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from .accounts import Principal, Restriction, Role

#: The account of the canary's orders, its container and its person: the greatest id there can be,
#: which the counters never reach. By it all that is the canary's can be told from customers'.
ACCOUNT = 2**31 - 1
#: What it is called where accounts are listed.
ACCOUNT_NAME = "Canary"
#: DV for any mix of names: no person and no organization is waited for.
PRODUCT = "ssl_dv_geotrust_flex"
#: Days for which it is ordered: its line leaves the CRL with the next list after its end.
LIFE_DAYS = 1
#: A healthy order is through in minutes; then a CRL has to list it within its cache's life.
PATIENCE = timedelta(minutes=40)
#: How much noise makes a label that was never there.
NOISE_BYTES = 8

#: Who orders. There is no such person and no API key: nobody calls or signs in as the canary, and
#: no notice finds an address.
PRINCIPAL = Principal(
    account_id=ACCOUNT,
    user_id=ACCOUNT,
    container_id=ACCOUNT,
    role=Role.ADMINISTRATOR,
    restriction=Restriction.NONE,
    key_id=0,
)


class CanaryPhase(StrEnum):
    """What is to be done next."""

    ORDERING = "ordering"  # to be placed, unless that was done and only not written down
    PROVING = "proving"  # its record is to be shown and seen
    REVOKING = "revoking"  # issued and in order
    LISTING = "listing"  # revoked: it is to stand on the public CRL, and its evidence in the store
    CLEARING = "clearing"  # failed: what it leaves is to be cleared away
    OVER = "over"


class CanaryRefused(Exception):
    """Something on the way is not as it must be; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryRun:
    """One order of the canary. `version` counts its writes over all runs, from 1.

    `name` is new each time: one that was proven needs no proof for months. `after_failure`: the run
    before this one did not reach its end.
    """

    run: int
    name: str
    began_at: datetime
    phase: CanaryPhase = CanaryPhase.ORDERING
    after_failure: bool = False
    order_id: int | None = None
    certificate_id: int | None = None
    record_name: str = ""
    record_value: str = ""
    shown_at: datetime | None = None  # when the record was first there to be seen
    issued_at: datetime | None = None
    failure: str = ""
    version: int = 1

    def changed(self, **changed: Any) -> Self:
        """The run with that changed, to be written over this one."""
        return replace(self, version=self.version + 1, **changed)

    @property
    def is_over(self) -> bool:
        """Whether the next one may begin."""
        return self.phase is CanaryPhase.OVER

    @property
    def alarming(self) -> bool:
        """Whether it failed, or nothing since the last failure has reached its end."""
        return bool(self.failure) or (self.after_failure and not self.is_over)

    @property
    def seconds(self) -> float | None:
        """From the record being there to the issue; None before that."""
        if self.shown_at is None or self.issued_at is None:
            return None
        return max(0.0, (self.issued_at - self.shown_at).total_seconds())


def next_run(last: CanaryRun | None, noise: bytes, zone_name: str, now: datetime) -> CanaryRun:
    """The run after `last`, which is over, below `zone_name`. `noise` is NOISE_BYTES long."""
    return CanaryRun(
        run=last.run + 1 if last else 1,
        name=f"c{noise[:NOISE_BYTES].hex()}.{zone_name}",
        began_at=now,
        after_failure=last is not None and bool(last.failure),
        version=last.version + 1 if last else 1,
    )
