"""open-mpic-core's checks of the same names, measured the same way; run by its own interpreter.

    PYTHON theirs.py ADDRESS DNS_PORT HTTP_PORT

Its checkers as they come. Set from outside: the name server that they ask, and, since it fetches
from port 80 only and asks the system for addresses, where aiohttp finds a host: told, or looked up
by the resolver that it uses for everything else.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time

import aiohttp.abc
import aiohttp.connector
import dns.asyncresolver
from open_mpic_core import CaaCheckRequest, DcvCheckRequest
from open_mpic_core.mpic_caa_checker.mpic_caa_checker import MpicCaaChecker
from open_mpic_core.mpic_dcv_checker.mpic_dcv_checker import MpicDcvChecker

NAMES = 50
VALUE = "_abcdefghijklmnopqrstuvwxyz"
ADDRESS, DNS_PORT, HTTP_PORT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


class Hosts(aiohttp.abc.AbstractResolver):
    """Every host is the bench's web server; asked for or known."""

    asking = False

    def __init__(self, *, loop: object = None) -> None:
        del loop

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        if Hosts.asking:
            await RESOLVER.resolve(host, "A")
        return [
            {
                "hostname": host,
                "host": ADDRESS,
                "port": HTTP_PORT,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    async def close(self) -> None:
        return None


aiohttp.connector.DefaultResolver = Hosts
RESOLVER = dns.asyncresolver.Resolver(configure=False)
RESOLVER.nameservers, RESOLVER.port = [ADDRESS], DNS_PORT
DCV, CAA = MpicDcvChecker(), MpicCaaChecker(["ca.example.net"])
DCV.resolver = CAA.resolver = RESOLVER


async def dcv(name: str, parameters: dict[str, object]) -> None:
    wanted = {"domain_or_ip_target": name, "dcv_check_parameters": parameters}
    answer = await DCV.check_dcv(DcvCheckRequest.model_validate(wanted))
    assert answer.check_passed, answer


async def txt(number: int) -> None:
    parameters = {
        "validation_method": "dns-change",
        "dns_record_type": "TXT",
        "challenge_value": VALUE,
        "require_exact_match": True,
    }
    await dcv(f"h{number}.bench.example.com", parameters)


async def http(number: int) -> None:
    parameters = {
        "validation_method": "website-change",
        "challenge_value": VALUE,
        "http_token_path": "fileauth.txt",
        "url_scheme": "http",
    }
    await dcv(f"h{number}.bench.example.com", parameters)


async def http_dns(number: int) -> None:
    Hosts.asking = True
    await http(number)
    Hosts.asking = False


async def caa(number: int) -> None:
    wanted = {"domain_or_ip_target": f"a.b.c.h{number}.bench.example.com"}
    answer = await CAA.check_caa(CaaCheckRequest.model_validate(wanted))
    assert answer.check_passed and answer.details.found_at == "bench.example.com", answer


async def main() -> None:
    known = {"txt": txt, "caa": caa, "http": http, "http_dns": http_dns}
    for line in sys.stdin:
        kind, count = line.split()
        check = known[kind]
        cpu, wall = time.process_time(), time.perf_counter()
        for number in range(int(count)):
            await check(number % NAMES)
        spent = time.process_time() - cpu, time.perf_counter() - wall
        each = [one / int(count) * 1000 for one in spent]
        print(json.dumps({"cpu": each[0], "wall": each[1]}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
