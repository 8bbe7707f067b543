"""Which certificates wait for people, over DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.parking import ParkedCertificate
from . import account_keys
from .attributes import decode_fields
from .table import Table


class DynamoParkedList:
    """Port ParkedList: rows beside the certificates, written and taken away with them."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def parked(self, account_id: int) -> Iterator[ParkedCertificate]:
        """Those of the account, by certificate id."""
        for item in self._table.partition(account_keys.parked_partition(account_id)):
            yield decode_fields(ParkedCertificate, item)
