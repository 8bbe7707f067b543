"""What the end-to-end tests do again and again, and what they look up behind the API."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.lab import records, verification
from tests.lab.accounts import Account
from tests.lab.client import Client, Response
from tests.lab.executions import Executions
from tests.lab.stack import Stack
from tests.lab.verification import Chain

PRODUCT = "ssl_dv_geotrust_flex"
#: First words of the sort keys of what an order is made of (docs/data-model.md).
_LASTING = frozenset(
    ("ORDER", "CERT", "AUTHZ", "REQUEST", "POINTER", "SERIAL", "THUMB", "IDEMPOTENCY")
)


def until[T](probe: Callable[[], T | None], within: float, what: str, every: float = 0.2) -> T:
    """The first true answer of `probe`. Fails when none comes within that many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        answer = probe()
        if answer:
            return answer
        time.sleep(every)
    raise AssertionError(f"not within {within:.0f} s: {what}")


def body(
    name: str, *others: str, csr: str | None = None, method: str = "dns-txt-token"
) -> dict[str, Any]:
    """The body of a good order; the key is thrown away unless a CSR is given."""
    return {
        "certificate": {
            "common_name": name,
            "dns_names": list(others),
            "csr": csr or verification.make_csr(verification.make_key(), name),
            "signature_hash": "sha256",
        },
        "order_validity": {"years": 1},
        "dcv_method": method,
    }


@dataclass(frozen=True, slots=True)
class Service:
    """The running service, seen with one account's key, and its insides with the root key."""

    stack: Stack
    account: Account

    @property
    def client(self) -> Client:
        return Client(f"{self.stack.front}/services/v2", self.account.key)

    def try_order(self, sent: Any, product: str = PRODUCT, key: str = "") -> Response:
        """POST an order, whatever comes of it."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.call("POST", f"order/certificate/{product}", sent, headers)

    def place(self, name: str, *others: str, method: str = "dns-txt-token") -> dict[str, Any]:
        """Place a good order; the answer."""
        answer = self.try_order(body(name, *others, method=method))
        assert answer.status == 201, answer.body
        return answer.json()  # type: ignore[no-any-return]

    def prove(self, order_id: int) -> None:
        """Publish what the order asks for."""
        for one in self.client.order(order_id)["validations"]:
            self.publish(one["record_type"], one["record_name"], one["record_value"])

    def publish(self, kind: str, name: str, value: str) -> None:
        """Publish one record, or a file at its URL, as order details name it."""
        if kind == "HTTP":
            url = urlsplit(name)
            path = self.stack.webroot / f"@{url.hostname}" / url.path.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{value}\n")
        elif kind == "CNAME":
            records.publish_cname(self.stack.ports["dns"], name, value)
        else:
            records.publish_txt(self.stack.ports["dns"], name, value)

    def check_now(self, order_id: int) -> Response:
        return self.client.call("PUT", f"order/certificate/{order_id}/check-dcv")

    def until_looked(self, order_id: int) -> dict[str, Any]:
        """Wait until every name of the order has been looked at."""

        def looked() -> dict[str, Any] | None:
            found = self.client.order(order_id)
            return found if all(one.get("last_look") for one in found["validations"]) else None

        return until(looked, 60, f"order {order_id} has been looked at")

    def until_status(self, order_id: int, status: str, within: float = 90) -> dict[str, Any]:
        """Wait until the order is called that."""

        def named() -> dict[str, Any] | None:
            found = self.client.order(order_id)
            return found if found["status"] == status else None

        return until(named, within, f"order {order_id} is {status}")

    def issue(self, name: str, *others: str) -> dict[str, Any]:
        """Order, prove and wait; the issued order."""
        order_id = self.place(name, *others)["id"]
        self.prove(order_id)
        self.check_now(order_id)
        return self.until_status(order_id, "issued")

    def chain(self, certificate_id: int) -> Chain:
        return Chain.parse(self.client.download(certificate_id))

    def executions(self, order_id: int) -> list[dict[str, Any]]:
        """The order machine's executions for one order."""
        machine = self.stack.outputs["OrderMachineArn"]
        found = Executions(self.stack).all(machine)
        return [one for one in found if one["name"].startswith(f"{order_id}-")]

    def abort(self, order_id: int) -> None:
        """Stop every running execution of an order, as an operator might by mistake."""
        for one in self.executions(order_id):
            if one["status"] == "RUNNING":
                Executions(self.stack).stop(one["executionArn"])

    def mails(self, *words: str) -> list[dict[str, Any]]:
        """Mails that contain all these words, in any case."""
        box = Client(self.stack.front, "").call("GET", "mail").json()
        return [one for one in box if all(word.lower() in str(one).lower() for word in words)]

    def objects(self, certificate_id: int) -> list[str]:
        """Every version of every certificate in the store that belongs to this id."""
        pages = (
            self.stack.emulator.client("s3")
            .get_paginator("list_object_versions")
            .paginate(Bucket=self.stack.outputs["StoreBucket"], Prefix="certificates/")
        )
        keys = [one["Key"] for page in pages for one in page.get("Versions", [])]
        return [key for key in keys if str(certificate_id) in key]

    def holdings(self) -> dict[str, set[str]]:
        """What an order leaves: its items, its executions, its objects. A refusal adds none."""
        pages = (
            self.stack.emulator.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=self.stack.outputs["TableName"], ConsistentRead=True)
        )
        keys = {(one["pk"]["S"], one["sk"]["S"]) for page in pages for one in page["Items"]}
        machine = self.stack.outputs["OrderMachineArn"]
        return {
            "items": {f"{pk} {sk}" for pk, sk in keys if sk.partition("#")[0] in _LASTING},
            "orders run": {one["name"].partition("-")[0] for one in self._all(machine)},
        }

    def _all(self, machine: str) -> list[dict[str, Any]]:
        return Executions(self.stack).all(machine)
