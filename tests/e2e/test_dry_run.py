"""Dry runs on the running service: the real look, the real linter, and nothing left behind."""

from __future__ import annotations

import time
from typing import Any

from tests.e2e.service import PRODUCT, Service, body, until
from tests.lab import records

#: Seconds within which a dry run is answered. Held against complete answers: while functions of the
#: emulator are starting, a busy machine's own delay is added to what is waited for.
PROMISE = 20


def _try(service: Service, path: str, sent: Any, *, warm: bool = True) -> dict[str, Any]:
    """The answer to a dry run, in time; tried again while functions are still starting."""

    def answered() -> dict[str, Any] | None:
        started = time.monotonic()
        answer = service.client.call("POST", f"{path}?dry_run=true", sent)
        assert answer.status == 200, answer.body
        took = time.monotonic() - started
        told: dict[str, Any] = answer.json()
        parts = {one["reason"] for one in told["not_done"]}
        if warm and parts & {"it took too long", "it did not answer"}:
            return None
        assert took < PROMISE
        return told

    return until(answered, 240, f"a dry run of {path} is complete", every=5)


def _kept(service: Service) -> dict[tuple[str, str], Any]:
    """Every item of the service's account; other accounts' orders go on meanwhile."""
    pages = (
        service.stack.emulator.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=service.stack.outputs["TableName"], ConsistentRead=True)
    )
    own = str(service.account.account_id)
    items = [one for page in pages for one in page["Items"]]
    return {
        (one["pk"]["S"], one["sk"]["S"]): one
        for one in items
        if one.get("account_id", {}).get("N") == own or own in one["pk"]["S"].split("#")[1:2]
    }


def _errors(answer: dict[str, Any]) -> list[dict[str, str]]:
    refusals = [one for one in answer["refusals"] if one["stage"] == "order"]
    return [{"code": one["code"], "message": one["message"]} for one in refusals]


ORDER = f"order/certificate/{PRODUCT}"


def test_a_dry_run_leaves_nothing_and_the_order_does_as_it_said(service: Service) -> None:
    name = "rehearsed.lab.example.com"
    sent = body(name)
    _try(service, ORDER, sent)  # everything has started, and the account's making is numbered
    before = _kept(service)
    answer = _try(service, ORDER, sent)
    assert _kept(service) == before
    assert (answer["complete"], answer["refusals"]) == (True, []), answer
    assert answer["would_be_accepted"]
    assert answer["gates_closed"] == ["domains"]
    (row,) = answer["names"]
    assert (row["proven"], row["caa"]["status"]) == (False, "permitted")
    assert row["cause"] not in {"proven", ""}
    assert any("common_name" in one["code"] for one in answer["lint"])
    assert not any(one["refuses"] for one in answer["lint"])

    added = service.client.ask(
        "POST", "domain", {"name": name, "dcv_method": "dns-txt-token"}, expect=201
    )
    record = added["dcv_record"]
    records.publish_txt(service.stack.ports["dns"], record["name"], record["value"])
    path = f"domain/{added['id']}/dcv/validate-token"
    until(
        lambda: service.client.call("PUT", path).json().get("status") == "active",
        120,
        f"{name} is proven",
        every=1,
    )
    proven = _try(service, ORDER, sent)
    assert (proven["names"][0]["proven"], proven["gates_closed"]) == (True, [])

    placed = service.try_order(sent, PRODUCT)
    assert placed.status == 201, placed.body
    order = service.until_status(placed.json()["id"], "issued")
    assert order["order_valid_till"] == answer["order_valid_till"]
    assert order["certificate"]["ca_cert"]["id"] == answer["certificate"]["issuer"]["id"]
    assert order["certificate"]["valid_till"] == proven["certificate"]["valid_till"][:10]


def test_caa_that_forbids_is_seen_before_anything_is_ordered(service: Service) -> None:
    name = "forbidden-dry.lab.example.com"
    records.publish(service.stack.ports["dns"], name, "CAA", '0 issue "other.example.net"')
    answer = _try(service, ORDER, body(name))
    assert answer["would_be_accepted"]
    (refusal,) = answer["refusals"]
    assert (refusal["stage"], refusal["code"]) == ("issue", "refused_by_caa")
    assert answer["gates_closed"] == ["domains", "caa"]
    assert "other.example.net" in answer["names"][0]["caa"]["record"]


def test_both_refuse_alike(service: Service) -> None:
    sent = body("fine.lab.example.com", "mail.corp.local") | {
        "order_validity": {"years": 9},
        "container": {"id": 424242},
    }
    before = service.holdings()
    answer = _try(service, ORDER, sent, warm=False)
    real = service.try_order(sent, PRODUCT)
    assert service.holdings() == before
    assert (real.status, answer["would_be_accepted"]) == (400, False)
    assert _errors(answer) == real.json()["errors"]
    assert len(_errors(answer)) == 3


def test_a_reissue_is_rehearsed_as_well(service: Service) -> None:
    name = "again-dry.lab.example.com"
    order = service.issue(name)
    path = f"order/certificate/{order['id']}/reissue"
    missing = _try(service, path, {}, warm=False)
    assert _errors(missing) == service.client.call("POST", path, {}).json()["errors"]
    part = body(name)["certificate"] | {"server_platform": {"id": 45}}
    answer = _try(service, path, {"certificate": part})
    assert answer["complete"], answer
    assert answer["approval"] == {"required": True, "granted": False}
    assert answer["gates_closed"] == ["approval"]
    assert answer["names"][0]["proven"]
    assert service.client.order(order["id"])["status"] == "issued"
