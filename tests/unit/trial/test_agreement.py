"""A dry run and the call itself agree: on every refusal, and on what comes of what is taken."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.unit.api.driving import KEY, Api, Reply
from tests.unit.trial.corpus import (
    MANAGERS_KEY,
    a_body,
    a_world,
    an_again_body,
    ended,
    unsettle,
    with_taken_name,
)

ORDERS = 240
AGAIN = 80
_SAMPLE = 80


def _told(refusals: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["code"], one["message"]) for one in refusals]


def _both(api: Api, path: str, body: dict[str, Any], key: str) -> tuple[Reply, Reply]:
    """The dry run, which changes nothing at all, and then the call itself."""
    before = dict(api.book.records)
    started = (list(api.workflow.orders), dict(api.store.objects))
    dry = api.call("POST", path, body, key=key, query={"dry_run": "true"})
    assert api.book.records == before
    assert (list(api.workflow.orders), dict(api.store.objects)) == started
    return dry, api.call("POST", path, body, key=key)


def _assert_agreed(dry: Reply, real: Reply) -> None:
    if dry.status != 200:
        assert (dry.status, dry.content) == (real.status, real.content)
        return
    refusals = [one for one in dry.json["refusals"] if one["stage"] == "order"]
    assert dry.json["would_be_accepted"] == (real.status == 201) == (not refusals)
    if real.status != 201:
        assert real.status == 400
        assert _told(refusals) == _told(real.json["errors"])


def _assert_alike(api: Api, dry: dict[str, Any], real: dict[str, Any]) -> None:
    """What a taken order came to is what the dry run said."""
    assert dry.get("warnings", []) == real.get("warnings", [])
    order = api.call("GET", f"order/certificate/{real['id']}").json
    assert [one["dns_name"] for one in dry["names"]] == order["certificate"]["dns_names"]
    assert dry["order_valid_till"] == order["order_valid_till"]
    assert dry["signature_hash"] == order["certificate"]["signature_hash"]
    assert dry["dcv_method"] == order["dcv_method"]
    assert dry["container"]["id"] == order["container"]["id"]
    assert dry["approval"]["required"] == bool(real["requests"])
    waits = order["certificate"]["id"] != real.get("certificate_id")
    assert ("approval" in dry["gates_closed"]) == waits
    proven = {one["dns_name"]: one["validation_status"] for one in order["validations"]}
    if not waits:
        assert {one["dns_name"]: one["proven"] for one in dry["names"]} == {
            name: status == "Succeeded" for name, status in proven.items()
        }


@pytest.mark.parametrize("seed", range(ORDERS))
def test_a_dry_run_of_an_order_agrees_with_the_order(seed: int) -> None:
    dice = random.Random(seed)
    api = a_world(dice)
    with_taken_name(api)
    product, body = a_body(dice)
    key = dice.choice([KEY, KEY, MANAGERS_KEY])
    dry, real = _both(api, f"order/certificate/{product}", body, key)
    _assert_agreed(dry, real)
    if real.status == 201:
        _assert_alike(api, dry.json, real.json)


@pytest.mark.parametrize("seed", range(AGAIN))
def test_a_dry_run_of_what_follows_agrees_with_it(seed: int) -> None:
    dice = random.Random(f"again {seed}")
    api = a_world(dice)
    way = dice.choice(["reissue", "duplicate", "reorder"])
    if way == "reorder" and dice.random() < 0.8:
        ended(api)
    else:
        with_taken_name(api)
        unsettle(api, dice)
    body = an_again_body(dice) if way != "reorder" else {}
    key = dice.choice([KEY, MANAGERS_KEY])
    _assert_agreed(*_both(api, f"order/certificate/1001/{way}", body, key))


def test_the_corpus_has_enough_of_either_kind() -> None:
    """So that agreement is no matter of everything being refused for the same few reasons."""
    taken, fields, several, products = 0, set[str](), 0, set[str]()
    said = ""
    for seed in range(_SAMPLE):
        dice = random.Random(seed)
        api = a_world(dice)
        with_taken_name(api)
        product, body = a_body(dice)
        dry = api.call("POST", f"order/certificate/{product}", body, query={"dry_run": "1"}).json
        if "would_be_accepted" not in dry:  # a product that this deployment does not offer
            continue
        taken += dry["would_be_accepted"]
        products |= {product} if dry["would_be_accepted"] else set()
        said += "".join(one["message"] for one in dry["refusals"])
        fields |= {one["code"].partition("[")[0] for one in dry["refusals"]}
        several += len(dry["refusals"]) > 1
    assert taken >= _SAMPLE // 5
    assert len(fields) >= 12
    assert "cloud_basic" in products
    assert "are not taken here for this product" in said
    assert "publicly known" in said
    assert several >= _SAMPLE // 3
