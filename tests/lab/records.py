"""Records in the lab's zones, set the way a customer's tools do: RFC 2136 updates.

python -m tests.lab.records NAME TYPE VALUE…     with no VALUE: delete; asks the stack of `make up`
"""

from __future__ import annotations

import argparse
import json
import sys

import dns.query
import dns.rcode
import dns.update

from tests.lab.build import ROOT
from tests.lab.topology import FIRST, LAB_ZONES

TTL = 5
_SECONDS = 5.0


def publish(port: int, name: str, rdtype: str, *values: str, server: str = FIRST) -> None:
    """Add records. `values` are in presentation form: quote the text of a TXT record."""
    update = dns.update.UpdateMessage(zone_of(name))
    update.add(_absolute(name), TTL, rdtype, *values)
    _send(update, port, server)


def publish_txt(port: int, name: str, value: str) -> None:
    """Add one TXT record."""
    publish(port, name, "TXT", f'"{value}"')


def publish_cname(port: int, name: str, target: str) -> None:
    """Make `name` a CNAME to `target`, a full name with or without its final dot."""
    publish(port, name, "CNAME", _absolute(target))


def withdraw(port: int, name: str, *rdtype: str, server: str = FIRST) -> None:
    """Delete one type at a name, or the whole name."""
    update = dns.update.UpdateMessage(zone_of(name))
    update.delete(_absolute(name), *rdtype)
    _send(update, port, server)


def zone_of(name: str) -> str:
    """The lab zone a name lies in. Raises ValueError for a name outside."""
    plain = name.rstrip(".")
    for zone in LAB_ZONES:
        if plain == zone or plain.endswith(f".{zone}"):
            return zone
    raise ValueError(f"{name} is in none of the lab's zones")


def _absolute(name: str) -> str:
    return name.rstrip(".") + "."


def _send(update: dns.update.UpdateMessage, port: int, server: str) -> None:
    code = dns.query.tcp(update, server, timeout=_SECONDS, port=port).rcode()
    if code != dns.rcode.NOERROR:
        raise RuntimeError(f"the lab DNS refused the update: {dns.rcode.to_text(code)}")


def main() -> int:
    """Set or delete one RRset in the DNS of the running stack."""
    parser = argparse.ArgumentParser(description="Change a record in the lab DNS")
    parser.add_argument("name")
    parser.add_argument("type", type=str.upper)
    parser.add_argument("value", nargs="*")
    chosen = parser.parse_args()
    described = ROOT / ".local" / "stack.json"
    if not described.exists():
        print("There is no running stack; start one with: make up")
        return 1
    lab = json.loads(described.read_text())["dns"]
    port, server = int(lab["port"]), str(lab["host"])
    if not chosen.value:
        withdraw(port, chosen.name, chosen.type, server=server)
    elif chosen.type == "TXT":
        quoted = [one if one.startswith('"') else f'"{one}"' for one in chosen.value]
        publish(port, chosen.name, "TXT", *quoted, server=server)
    elif chosen.type == "CNAME":
        publish(port, chosen.name, "CNAME", *map(_absolute, chosen.value), server=server)
    else:
        publish(port, chosen.name, chosen.type, *chosen.value, server=server)
    return 0


if __name__ == "__main__":
    sys.exit(main())
