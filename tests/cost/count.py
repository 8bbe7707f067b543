"""Counts what one order needs of AWS, from its placing to its end; prints JSON.

    python -m tests.cost.count STORY NAMES
    python -m tests.cost.count idle ERRAND…

STORY is `usual` (the proof is visible at the second look, the certificate is fetched) or `never`
(nobody publishes anything for 72 hours). `idle`: no order at all, each clock strikes twice;
an errand is a function and what it is given, as JSON, if that is not {}.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from moto import mock_aws

from tests.builders import a_user, an_account, an_api_key, an_issuer_record
from tests.cost.machine import walk
from tests.cost.world import ENVIRONMENT, CountedOutput, CountedWorld, Invocation
from tests.unit.api.driving import KEY, event_for
from tests.unit.api.material import PRODUCT, pem_csr

_ROOT = Path(__file__).resolve().parents[2]
_FUNCTIONS = {
    "CheckOrderFunctionArn": "check_order",
    "IssueCertificateFunctionArn": "issue_certificate",
}
#: A container that was idle longer may be gone: the next run pays for its start.
_KEPT_WARM = 300


class Story:
    """One account, one issuer, and the order."""

    def __init__(self, names: int) -> None:
        from vouchsafe.adapters import clock, looker

        self.world = CountedWorld()
        world = self.world
        clock.SystemClock.now = lambda _: world.now()  # type: ignore[method-assign]
        looker.network_looker = lambda _: world.looker  # type: ignore[assignment,return-value]
        self.names = [f"n{place}.example.com" for place in range(names)]
        self.entered: Counter[str] = Counter()
        self.requests = 0
        self.rounds: dict[str, list[Any]] = {}
        self._seed()

    def _seed(self) -> None:
        from vouchsafe import parts
        from vouchsafe.domain.accounts import AgreementAcceptance

        world = self.world
        agreed = AgreementAcceptance(version="1", accepted_at=world.now(), user_id=7)
        parts.table("DynamoLedger").commit(
            an_account(agreement=agreed),
            a_user(),
            an_api_key(KEY),
            an_issuer_record(key_ref="issuing-key", shards=16),
        )
        world.settle()
        for counted in (world.used, world.calls, world.invocations):
            counted.clear()

    def ask(self, method: str, path: str, body: Any = None, function: str = "orders_api") -> Any:
        """One request to the API."""
        content = None if body is None else json.dumps(body)
        event = event_for(method, f"/v2/{path}", body=content, headers={"X-DC-DEVKEY": KEY})
        answer = self.world.invoke(function, event)
        assert answer["statusCode"] < 300, answer["body"]
        self.requests += 1
        self.world.used["bytes_out"] += len(answer["body"])
        self.world.settle()
        return answer["body"]

    def place(self) -> dict[str, Any]:
        certificate = {
            "common_name": self.names[0],
            "dns_names": self.names[1:],
            "csr": pem_csr(self.names[0]),
        }
        body = {"certificate": certificate, "order_validity": {"years": 1}}
        body["dcv_method"] = "dns-txt-token"
        return json.loads(self.ask("POST", f"order/certificate/{PRODUCT}", body))  # type: ignore[no-any-return]

    def run(self) -> None:
        """Walk what was started."""
        machine = json.loads((_ROOT / "statemachines" / "order.asl.json").read_text())

        def work(placeholder: str, event: dict[str, Any]) -> Any:
            seen = len(self.world.looker.requests)
            result = self.world.invoke(_FUNCTIONS[placeholder], event)
            looked = len(self.world.looker.requests) > seen
            self.world.invocations[-1].names = len(self.names) if looked else 0
            self.world.settle()
            return result

        while self.world.started:
            given = self.world.started.popleft()
            walk(machine, given, work=work, wait=self._wait, entered=self.entered)

    def _wait(self, seconds: float) -> None:
        self.world.seconds += seconds

    def usual(self) -> None:
        placed = self.place()
        path = f"order/certificate/{placed['id']}"
        value = json.loads(self.ask("GET", path))["validations"][0]["record_value"]
        publish = partial(self.world.seen.publish, value, *self.names)
        self.world.looker.meanwhile = [lambda: None, publish]
        self.run()
        order = json.loads(self.ask("GET", path))
        assert order["status"] == "issued", order
        number = placed["certificate_id"]
        self.ask(
            "GET", f"certificate/{number}/download/format/pem_all", function="certificates_api"
        )

    def never(self) -> None:
        placed = self.place()
        path = f"order/certificate/{placed['id']}"
        self.ask("GET", path)
        self.run()
        order = json.loads(self.ask("GET", path))
        assert order["status_reason"] == "timed_out", order
        assert self.world.seconds >= 72 * 3600

    def idle(self, clocked: list[str]) -> None:
        """Each clock's first run, which finds all CRLs due, and the next, which finds nothing."""
        world = self.world
        for errand in clocked:
            function, _, given = errand.partition(" ")
            self.rounds[errand] = []
            for _ in range(2):
                for counted in (world.used, world.calls, world.invocations):
                    counted.clear()
                world.invoke(function, json.loads(given or "{}"))
                world.settle()
                self.rounds[errand].append(
                    {"used": dict(world.used), "functions": functions(world.invocations)}
                )
                world.seconds += 300

    def counts(self) -> dict[str, Any]:
        world = self.world
        world.used["sfn.transitions"] = sum(self.entered.values())
        world.used["api.requests"] = self.requests
        return {
            "names": len(self.names),
            "used": dict(sorted(world.used.items())),
            "calls": dict(sorted(world.calls.items())),
            "states": dict(sorted(self.entered.items())),
            "functions": dict(sorted(functions(world.invocations).items())),
            "mails": world.mails,
        }


def functions(invocations: list[Invocation]) -> dict[str, dict[str, Any]]:
    """What each function did: runs, cold starts, CPU, calls waited for, names looked at, output."""
    last: dict[str, float] = {}
    found: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for one in invocations:
        row = found[one.function]
        row["runs"] += 1
        gone = one.function not in last or one.at - last[one.function] > _KEPT_WARM
        row["cold"] += gone
        last[one.function] = one.at
        row["cpu_ms"] += one.cpu_ms
        row["log_bytes"] += one.log_bytes
        row["looks"] += one.names > 0
        row["names"] += one.names
        row["waited_ms"] += one.waited_ms
        for call, times in one.calls.items():
            row["waits"] = row["waits"] or defaultdict(int)
            row["waits"][call.partition(" ")[0]] += times
    return {name: {**row, "cpu_ms": round(row["cpu_ms"], 1)} for name, row in found.items()}


def _counted(story: str, *given: str) -> dict[str, Any]:
    if story == "idle":
        idle = Story(0)
        idle.idle(list(given))
        return {"rounds": idle.rounds}
    told = Story(int(given[0]))
    getattr(told, story)()
    return told.counts()


def main() -> None:
    os.environ.update(ENVIRONMENT)
    output, sys.stdout = sys.stdout, CountedOutput()
    with mock_aws():
        counted = _counted(*sys.argv[1:])
    print(json.dumps(counted), file=output)


if __name__ == "__main__":
    main()
