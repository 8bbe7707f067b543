"""When each scheduled duty was last done with, over DynamoDB: one small item a duty."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from ...domain.duties import Duty, DutyDone
from ...domain.errors import Conflict
from . import keys
from .attributes import Item, decode_fields, encode, encode_fields
from .table import Table
from .writes import ENTITY

_PARTITION = "DUTY"


class DynamoDuties:
    """Port Duties. Written by the functions that do them, each in one call, read by the watch."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def done(self, duty: Duty, at: datetime) -> None:
        """Note that the duty was done; of two at once either may stand.

        Before the watch has begun there is nothing to be late for, and nothing is noted.
        """
        with suppress(Conflict):
            self._table.set((_PARTITION, duty.value), "done_at", encode(at))

    def all(self, expected: Sequence[Duty], now: datetime) -> Sequence[DutyDone]:
        """One for each expected duty, in their order. One never noted begins to count now."""
        noted = {
            each.duty: each
            for each in (
                decode_fields(DutyDone, item) for item in self._table.partition(_PARTITION)
            )
            if each.duty in expected
        }
        return [noted.get(duty) or self._begun(duty, now) for duty in expected]

    def _begun(self, duty: Duty, now: datetime) -> DutyDone:
        with suppress(Conflict):  # another watch began just now
            self._table.put(_item(duty, now), "attribute_not_exists(pk)")
        return DutyDone(duty=duty, done_at=now)


def _item(duty: Duty, at: datetime) -> Item:
    about = {ENTITY: {"S": "duty"}}
    return (
        keys.primary((_PARTITION, duty.value))
        | about
        | encode_fields(DutyDone(duty=duty, done_at=at))
    )
