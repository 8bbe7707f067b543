"""Every call about validation, of orders and of domains, for every method there is.

The calls come from the table of routes: a new one without a row here fails.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.email.world import World
from vouchsafe.api.dcv import METHODS
from vouchsafe.api.routes import ROUTES
from vouchsafe.domain.domains import CheckResult, DomainCheck

WORDS = sorted(set(METHODS))
PUBLISHED = [word for word in WORDS if word != "email"]
EMAIL = ["email"]
RECORDS = ["dns-cname-token", "dns-txt-token"]

#: Call → the methods it is for, what is sent, the status; other methods are refused in words.
ORDERS: dict[tuple[str, str], tuple[list[str], Any, int]] = {
    ("GET", "order/certificate/{id}"): (WORDS, None, 200),
    # for files the vendor's answer is a refusal until every file was found
    ("PUT", "order/certificate/{id}/check-dcv"): (RECORDS, None, 200),
    ("PUT", "order/certificate/{id}/dcv-random-value"): (PUBLISHED, None, 200),
    ("PUT", "order/certificate/{id}/dcv-method"): (WORDS, {"dcv_method": "dns-txt-token"}, 200),
    ("PUT", "order/certificate/{id}/resend-emails"): (EMAIL, None, 204),
}
DOMAINS: dict[tuple[str, str], tuple[list[str], Any, int]] = {
    ("GET", "domain/{id}"): (WORDS, None, 200),
    ("GET", "domain/{id}/validation"): (WORDS, None, 200),
    ("PUT", "domain/{id}/dcv/method"): (WORDS, {"dcv_method": "dns-txt-token"}, 200),
    ("POST", "domain/{id}/dcv/token"): (WORDS, None, 201),
    ("PUT", "domain/{id}/dcv/validate-token"): (PUBLISHED, None, 200),
    ("PUT", "domain/{id}/dcv/cname"): (PUBLISHED, None, 200),
    ("POST", "domain/{id}/dcv/cname"): (PUBLISHED, None, 200),
    ("GET", "domain/{id}/dcv/emails"): (WORDS, None, 200),
    ("POST", "domain/{id}/dcv/emails"): (EMAIL, None, 204),
}
OF_ORDERS, OF_DOMAINS = "/v2/order/certificate/{id}/", "/v2/domain/{id}/dcv/"
_WAYS = ("check-dcv", "dcv-random-value", "dcv-method", "resend-emails")


def test_no_call_about_validation_is_missing_here() -> None:
    known = {(method, f"/v2/{path}") for method, path in (*ORDERS, *DOMAINS)}
    routed = {
        (route.method, route.path)
        for route in ROUTES
        if route.path.startswith(OF_DOMAINS)
        or (route.path.startswith(OF_ORDERS) and route.path.endswith(_WAYS))
    }
    assert len(routed) > 8
    assert routed <= known


def _check(
    world: World, call: tuple[str, str], number: int, word: str, rows: dict[Any, Any]
) -> None:
    methods, sent, status = rows[call]
    world.api.clock.advance(timedelta(minutes=6))  # past every cool-down
    reply = world.api.call(call[0], call[1].replace("{id}", str(number)), sent)
    if word in methods:
        assert reply.status == status, reply.content
    else:
        assert 400 <= reply.status < 430, reply.content
        assert reply.json["errors"][0]["message"], reply.content


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("call", ORDERS, ids=" ".join)
def test_every_call_of_an_order_works_for_the_methods_it_is_for(
    call: tuple[str, str], word: str
) -> None:
    world = World()
    number = world.place_one(dcv_method=word)
    world.deliver()
    _check(world, call, number, word, ORDERS)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("call", DOMAINS, ids=" ".join)
def test_every_call_of_a_domain_works_for_the_methods_it_is_for(
    call: tuple[str, str], word: str
) -> None:
    world = World()
    proven = DomainCheck(result=CheckResult.PROVEN, cause="proven", explanation="-.", advice="-")
    world.api.checker.answer = proven
    made = world.api.call("POST", "domain", {"name": "example.com", "dcv_method": word})
    assert made.status == 201, made.content
    _check(world, call, made.json["id"], word, DOMAINS)


@pytest.mark.parametrize("before", WORDS)
@pytest.mark.parametrize("after", WORDS)
def test_every_method_can_become_every_other_and_then_proves_its_own_way(
    before: str, after: str
) -> None:
    world = World()
    number = world.place_one(dcv_method=before)
    world.deliver()
    world.api.clock.advance(timedelta(minutes=6))
    path = f"order/certificate/{number}/dcv-method"
    reply = world.api.call("PUT", path, {"dcv_method": after})
    assert reply.status == 200, reply.content
    (row,) = world.info(number)["validations"]
    assert row["method"] == after
    if after == "email":
        assert len(world.deliver()) == 5
        assert "dcv_random_value" not in reply.json
    else:
        assert world.deliver() == []
        assert reply.json["dcv_random_value"] in row["record_name"] + row["record_value"]
