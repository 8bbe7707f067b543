"""Domains on the running service: proven ahead of any order, relied on, held back, forgotten."""

from __future__ import annotations

import time
from typing import Any

from tests.e2e.service import PRODUCT, Service, body, until
from tests.lab import records

METHOD = {"dcv_method": "dns-txt-token"}


def _add(service: Service, name: str) -> dict[str, Any]:
    added: dict[str, Any] = service.client.ask(
        "POST", "domain", METHOD | {"name": name}, expect=201
    )
    return added


def _publish(service: Service, added: dict[str, Any]) -> None:
    record = added["dcv_record"]
    assert record["type"] == "TXT"
    records.publish_txt(service.stack.ports["dns"], record["name"], record["value"])


def _check_until_active(service: Service, path: str) -> None:
    """Look again while a look is not conclusive: the first one wakes every place."""

    def active() -> bool:
        found = service.client.call("PUT", f"{path}/dcv/validate-token")
        assert found.status == 200, found.body
        return bool(found.json()["status"] == "active")

    until(active, 120, f"{path} is proven", every=1)


def test_a_domain_proven_ahead_is_relied_on_by_orders_as_long_as_it_is_on(
    service: Service, stranger: Service
) -> None:
    name = "ahead.lab.example.com"
    added = _add(service, name)
    path = f"domain/{added['id']}"
    assert stranger.client.call("GET", path).status == 404

    early = service.client.call("PUT", f"{path}/dcv/validate-token")
    assert (early.status, early.problem()[0]) == (400, "invalid_dns_txt")
    _publish(service, added)
    _check_until_active(service, path)
    info = service.client.ask("GET", f"{path}?include_dcv=true&include_validation=true")
    assert (info["status"], info["dcv_token"]["status"]) == ("approved", "active")
    assert info["last_look"]["cause"] == "proven"

    started = time.monotonic()
    placed = service.try_order(body(f"shop.{name}", f"*.{name}"), PRODUCT)
    assert placed.status == 201, placed.body
    assert time.monotonic() - started < 25
    assert len(placed.json()["certificate_chain"]) >= 2
    assert service.client.order(placed.json()["id"])["status"] == "issued"

    service.client.ask("PUT", f"{path}/deactivate", expect=204)
    held = service.place(f"shop.{name}")
    assert "certificate_chain" not in held
    assert service.client.order(held["id"])["status"] == "pending"
    service.client.ask("PUT", f"{path}/activate", expect=204)
    assert "certificate_chain" in service.place(f"shop.{name}")

    service.client.ask("DELETE", path, expect=204)
    assert service.client.call("GET", path).status == 404
    assert "certificate_chain" not in service.place(f"shop.{name}")
    assert service.client.order(placed.json()["id"])["status"] == "issued"


def test_what_an_order_proves_is_a_domain_from_then_on(service: Service) -> None:
    name = "behind.lab.example.com"
    order = service.issue(name)

    def found() -> list[dict[str, Any]]:
        listed = service.client.ask("GET", f"domain?filters[name]={name}&include_validation=true")
        rows: list[dict[str, Any]] = listed["domains"]
        return rows

    (row,) = until(found, 30, f"{name} is a domain")
    assert (row["name"], row["status"]) == (name, "approved")
    assert row["validations"][0]["dcv_status"] == "complete"
    total = service.client.ask("GET", "domain?limit=1")["page"]["total"]
    assert total >= 1
    assert service.client.order(order["id"])["status"] == "issued"


def test_a_domain_that_is_due_is_looked_at_without_being_asked_for(service: Service) -> None:
    name = "scheduled.lab.example.com"
    added = _add(service, name)
    _publish(service, added)

    def looked_at() -> bool:
        function = service.stack.outputs["CheckDomainFunction"]
        service.stack.emulator.client("lambda").invoke(FunctionName=function, Payload=b"{}")
        info = service.client.ask("GET", f"domain/{added['id']}")
        return bool(info["status"] == "approved")

    until(looked_at, 60, f"{name} is proven", every=2)
