"""Numbered changes for outsiders: an event bus of the deployment's own."""

from __future__ import annotations

import json
from typing import Any

from ..domain.changes import NumberedChange
from ..domain.errors import Unavailable
from ..domain.shared_changes import told
from .sdk import patiently

SOURCE = "vouchsafe"


class EventBusQueue:
    """Port NoticeQueue: one event a change, in no promised order, at least once.

    Only for changes that are shared; its detail is what the feed shows, and the account.
    """

    def __init__(self, client: Any, bus_name: str) -> None:
        self._client = client
        self._bus_name = bus_name

    def send(self, numbered: NumberedChange) -> None:
        """Put one event. Raises Unavailable for trouble that may pass, KeyError for a change that
        is kept back."""
        change = numbered.change
        entry = {
            "EventBusName": self._bus_name,
            "Source": SOURCE,
            "DetailType": change.kind.value,
            "Detail": json.dumps({"account_id": change.account_id} | told(numbered)),
            "Time": change.at,
        }
        answer = patiently(lambda: self._client.put_events(Entries=[entry]))
        if answer.get("FailedEntryCount"):
            raise Unavailable(f"the event bus took no event of change {change.change_id}")
