"""The canary's zone, in Route 53."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..domain.errors import Unavailable
from .sdk import code_of, patiently

_TTL = 60  # seconds; nobody asks for a name twice


class Route53Zone:
    """Port CanaryZone over one hosted zone; the role lets TXT records of some names change."""

    def __init__(self, client: Any, zone_id: str) -> None:
        self._client, self._zone_id = client, zone_id

    def publish(self, name: str, value: str) -> None:
        """An UPSERT, which may be repeated."""
        self._change("UPSERT", name, value)

    def withdraw(self, name: str, value: str) -> None:
        """Route 53 calls it invalid to delete what is not there; to us that is as it should be."""
        self._change("DELETE", name, value, fine="InvalidChangeBatch")

    def _change(self, action: str, name: str, value: str, *, fine: str = "") -> None:
        """One change. Every refusal may pass: somebody may yet mend the zone or the right to it."""
        record = {
            "Name": f"{name}.",
            "Type": "TXT",
            "TTL": _TTL,
            "ResourceRecords": [{"Value": f'"{value}"'}],
        }
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        asked = {"HostedZoneId": self._zone_id, "ChangeBatch": batch}
        try:
            patiently(lambda: self._client.change_resource_record_sets(**asked))
        except ClientError as error:
            if code_of(error) != fine:
                raise Unavailable(f"zone {self._zone_id}: {error}") from error
