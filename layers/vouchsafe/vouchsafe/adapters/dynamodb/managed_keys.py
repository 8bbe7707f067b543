"""Managed keys over DynamoDB: apart from their order, so that nobody else comes to read them."""

from __future__ import annotations

from ...domain.managed_keys import ManagedKey
from .attributes import decode_fields
from .keys import Key
from .table import Table
from .writes import Write, write


def managed_key(certificate_id: int) -> Key:
    """The key of a certificate id, encrypted."""
    return f"MANAGEDKEY#{certificate_id}", "KEY"


class DynamoManagedKeys:
    """Port ManagedKeys."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def managed_key(self, certificate_id: int) -> ManagedKey | None:
        """The key of a certificate id, if the service made it. Strongly consistent."""
        item = self._table.get(managed_key(certificate_id))
        return None if item is None else decode_fields(ManagedKey, item)


def managed_key_writes(key: ManagedKey) -> tuple[Write, ...]:
    """The key, on condition that there is none."""
    return (write("managed_key", managed_key(key.certificate_id), key),)
