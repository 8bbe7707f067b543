"""A hosted zone of the emulator's Route 53, and what its name servers would do: serve it."""

from __future__ import annotations

from tests.lab import records
from tests.lab.emulator import Emulator

#: Below a lab zone, so that the lab's servers may answer for it.
NAME = "canary.lab.example.com"


def make(emulator: Emulator) -> str:
    """An empty hosted zone for NAME; its id."""
    made = emulator.client("route53").create_hosted_zone(Name=NAME, CallerReference=NAME)
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


def texts(emulator: Emulator, zone_id: str) -> dict[str, str]:
    """The TXT records of the zone: name (no dot at the end) to text."""
    pages = emulator.client("route53").get_paginator("list_resource_record_sets")
    return {
        str(row["Name"]).rstrip("."): str(row["ResourceRecords"][0]["Value"]).strip('"')
        for page in pages.paginate(HostedZoneId=zone_id)
        for row in page["ResourceRecordSets"]
        if row["Type"] == "TXT"
    }


def serve(emulator: Emulator, zone_id: str, dns_port: int) -> None:
    """Have the lab's servers answer with what stands in the zone now."""
    for name, text in texts(emulator, zone_id).items():
        records.withdraw(dns_port, name, "TXT")
        records.publish_txt(dns_port, name, text)
