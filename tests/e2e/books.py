"""What is counted when everything has come back: what may stand once, and what has no gap."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.e2e.service import Service

type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """How often each certificate id stands where it may stand once; serials by id.

    `told` counts by kind of change and certificate id; `numbers` are those of each account's feed
    in order, and `changes` says how often each change has one.
    """

    stored: Counter[int]
    told: Counter[tuple[str, int]]
    serials: dict[int, list[str]]
    numbers: dict[str, list[int]]
    changes: Counter[str]
    unnumbered: int

    @classmethod
    def read(cls, service: Service) -> Books:
        """As they are now."""
        every = _items(service)
        serials: dict[int, list[str]] = {}
        for one in every:
            if one["sk"]["S"] == "SERIAL":
                number = one["pk"]["S"].removeprefix("SERIAL#")
                serials.setdefault(int(one["certificate_id"]["N"]), []).append(number)
        rows = [one for one in every if one["pk"]["S"].startswith("FEED#") and "kind" in one]
        numbers: dict[str, list[int]] = {}
        for one in sorted(rows, key=lambda row: row["sk"]["S"]):
            numbers.setdefault(one["pk"]["S"], []).append(int(one["number"]["N"]))
        about = [one for one in rows if "certificate_id" in one]
        waiting = (one.get("gsi3pk", {}).get("S", "") for one in every)
        return cls(
            stored=stored(service),
            told=Counter((one["kind"]["S"], int(one["certificate_id"]["N"])) for one in about),
            serials=serials,
            numbers=numbers,
            changes=Counter(one["change_id"]["S"] for one in rows),
            unnumbered=sum(pk.startswith("UNNUMBERED#") for pk in waiting),
        )


def stored(service: Service, certificate_id: int | None = None) -> Counter[int]:
    """How many versions the store has of each certificate, or of that one."""
    prefix = "certificates/"
    pages = (
        service.stack.emulator.client("s3")
        .get_paginator("list_object_versions")
        .paginate(
            Bucket=service.stack.outputs["StoreBucket"],
            Prefix=f"{prefix}{'' if certificate_id is None else f'{certificate_id}.cer'}",
        )
    )
    keys = [one["Key"] for page in pages for one in page.get("Versions", [])]
    return Counter(int(key.removeprefix(prefix).removesuffix(".cer")) for key in keys)


def _items(service: Service) -> list[Item]:
    """Everything in the table."""
    pages = (
        service.stack.emulator.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=service.stack.outputs["TableName"], ConsistentRead=True)
    )
    return [one for page in pages for one in page["Items"]]
