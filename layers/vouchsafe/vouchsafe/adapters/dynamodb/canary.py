"""What the canary remembers, over DynamoDB."""

from __future__ import annotations

from ...domain.canary import CanaryRun
from .attributes import decode_fields
from .clock_keys import CANARY
from .table import Table
from .writes import write


class DynamoCanaryMemory:
    """Port CanaryMemory: one item."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def canary(self) -> CanaryRun | None:
        """The item. Strongly consistent."""
        item = self._table.get(CANARY)
        return None if item is None else decode_fields(CanaryRun, item)

    def remember(self, run: CanaryRun) -> None:
        """Over exactly the version before. Raises Conflict, and Unavailable."""
        self._table.commit([write("canary", CANARY, run)])
