"""Our looks, measured: takes "KIND COUNT" on each line of input, answers with milliseconds as JSON.

    python -m tests.bench.ours ADDRESS DNS_PORT HTTP_PORT

One name a look, as production looks: session, question, judging, evidence. CPU is this process's.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial

from tests.bench.server import ISSUER, NAMES, PATH, VALUE
from vouchsafe.adapters.dns_servers import Server
from vouchsafe.adapters.http_probe import HttpProbe
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.adapters.resolver import AuthoritativeResolver
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.looking import CaaQuestion, DcvQuestion, LookRequest
from vouchsafe.domain.resolution import Resolution, Said, ServerSaid, Status


class Given:
    """A resolver that knows every host's address without asking anybody."""

    def __init__(self, address: str) -> None:
        self._said = (ServerSaid(server="-", said=Said.ANSWER, records=((address,),)),)

    def session(self, seconds: float) -> Given:
        return self

    def ask(self, name: str, rdtype: str) -> Resolution:
        return Resolution(name=name, rdtype=rdtype, status=Status.ANSWER, said=self._said)


def checks(address: str, dns_port: int, http_port: int) -> dict[str, Callable[[int], None]]:
    """One check of each kind, by the number of the name."""
    probe = HttpProbe(loopback=True, ports={80: http_port}, ipv6=lambda: False)
    asking = AuthoritativeResolver(direct=Server("", address, dns_port))
    asks = NetworkLooker(asking, perspective="primary", rir="ARIN", probe=probe)
    knows = NetworkLooker(Given(address), perspective="primary", rir="ARIN", probe=probe)

    def look(looker: NetworkLooker, method: DcvMethodName, name: str, place: str) -> None:
        question = DcvQuestion(
            name=name, method=method, value=VALUE, authorization_domains=(place,)
        )
        assert looker.look(LookRequest(dcv=(question,))).dcv[0].passed

    def txt(number: int) -> None:
        name = f"h{number}.bench.example.com"
        look(asks, DcvMethodName.DNS_TXT, name, name)

    def caa(number: int) -> None:
        name = f"a.b.c.h{number}.bench.example.com"
        question = CaaQuestion(name=name, wildcard=False, issuer_domains=(ISSUER,))
        finding = asks.look(LookRequest(caa=(question,))).caa[0].finding
        assert finding.permitted and finding.deciding_name == "bench.example.com"

    def file(looker: NetworkLooker, number: int) -> None:
        name = f"h{number}.bench.example.com"
        look(looker, DcvMethodName.HTTP_FILE, name, f"http://{name}{PATH}")

    return {"txt": txt, "caa": caa, "http": partial(file, knows), "http_dns": partial(file, asks)}


def main() -> None:
    address, dns_port, http_port = sys.argv[1:4]
    known = checks(address, int(dns_port), int(http_port))
    for line in sys.stdin:
        kind, count = line.split()
        check = known[kind]
        cpu, wall = time.process_time(), time.perf_counter()
        for number in range(int(count)):
            check(number % NAMES)
        spent = time.process_time() - cpu, time.perf_counter() - wall
        each = [one / int(count) * 1000 for one in spent]
        print(json.dumps({"cpu": each[0], "wall": each[1]}), flush=True)


if __name__ == "__main__":
    main()
