"""Keys, operators and limits on the running stack: through the gateway, with IAM enforced."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.lab.accounts import operator_key
from tests.lab.client import Client, Response
from tests.lab.reviewer import approve
from tests.lab.stack import Stack

#: What conftest deploys: 300 calls in 60 seconds.
_BURST = 300

ORGANIZATION = {
    "name": "Example Widgets Ltd",
    "country": "GB",
    "address": "1 High Street",
    "city": "York",
    "telephone": "+44 1904 000000",
    "organization_contact": {
        "first_name": "Ada",
        "last_name": "Example",
        "email": "ada@example.com",
        "telephone": "+44 1904 000000",
    },
}


@pytest.fixture(scope="module")
def operator(stack: Stack) -> Client:
    return Client(f"{stack.front}/services/v2", operator_key(stack))


@pytest.fixture(scope="module")
def customer(operator: Client) -> Client:
    """An account of its own, made by an operator's call."""
    body = {"name": "Widgets Ltd", "email": "boss@example.com", "agreement": "1"}
    made = operator.ask("POST", "operator/account", body, expect=201)
    return Client(operator.base_url, made["api_key"])


def test_an_account_made_by_an_operator_starts_up_as_clients_do(customer: Client) -> None:
    me = customer.ask("GET", "user/me")
    assert customer.ask("GET", f"user/{me['id']}")["email"] == "boss@example.com"
    account = customer.ask("GET", "account")
    container = customer.ask("GET", f"container/{account['root_container_id']}")
    assert container == customer.ask("GET", "container")["containers"][0] == me["container"]
    assert customer.ask("GET", "domain?include_validation=False")["domains"] == []
    assert customer.ask("GET", "product")["products"]


def test_an_organization_is_created_once_and_validated_by_an_operator(
    customer: Client, operator: Client, stack: Stack
) -> None:
    def create(_: int) -> Response:
        headers = {"Idempotency-Key": "organization-1"}
        return customer.call("POST", "organization", ORGANIZATION, headers)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(create, range(4)))
    assert {answer.status for answer in answers} == {201}
    (number,) = {answer.json()["id"] for answer in answers}
    replayed = [answer.headers.get("idempotency-replayed") for answer in answers]
    assert replayed.count("true") == 3
    other = create_other(customer)
    assert (other.status, other.problem()[0]) == (400, "idempotency_key_reused")

    wish = {"validations": [{"type": "ov"}]}
    customer.ask("POST", f"organization/{number}/validation", wish, expect=204)
    approve(stack, operator, customer.ask("GET", f"organization/{number}"))
    container = customer.ask("GET", "account")["root_container_id"]
    listed = customer.ask("GET", f"container/{container}/order/organization")["organizations"]
    assert [row["id"] for row in listed] == [number]


def create_other(customer: Client) -> Response:
    headers = {"Idempotency-Key": "organization-1"}
    return customer.call("POST", "organization", ORGANIZATION | {"city": "Leeds"}, headers)


def test_customers_and_operators_keep_to_their_own(customer: Client, operator: Client) -> None:
    for answer in (customer.call("GET", "operator/account"), operator.call("GET", "organization")):
        assert answer.status == 403
        assert answer.problem()[0] == "access_denied|missing_permission"
    assert operator.ask("GET", "operator/account?limit=1")["accounts"]


def _new_key(customer: Client, **wish: Any) -> Any:
    me = customer.ask("GET", "user/me")["id"]
    body = {"name": "a further key"} | wish
    return customer.ask("POST", f"key/user/{me}", body, expect=201)


def test_a_key_is_made_limited_and_revoked(customer: Client) -> None:
    made = _new_key(customer, restricted_by_role_id=102)
    viewer = Client(customer.base_url, made["api_key"])
    assert viewer.ask("GET", "user/me")["restricted_by_role"]["id"] == 102
    assert viewer.call("POST", "organization", ORGANIZATION).status == 403
    customer.ask("PUT", f"key/{made['id']}/status", {"status": "revoked"}, expect=204)
    assert viewer.call("GET", "user/me").status == 403


def test_a_key_is_good_from_its_ranges_alone(customer: Client) -> None:
    near = _new_key(customer, source_ranges=["127.0.0.0/8", "::1/128"])
    far = _new_key(customer, source_ranges=["198.51.100.0/24"])
    assert Client(customer.base_url, near["api_key"]).call("GET", "user/me").status == 200
    assert Client(customer.base_url, far["api_key"]).call("GET", "user/me").status == 403


def test_a_key_that_calls_too_often_is_told_how_long_to_wait(customer: Client) -> None:
    eager = Client(customer.base_url, _new_key(customer)["api_key"])
    first = eager.call("GET", "product")
    assert first.headers["ratelimit-limit"] == str(_BURST)
    assert int(first.headers["ratelimit-remaining"]) == _BURST - 1

    def call(_: int) -> Response:
        return eager.call("GET", "account")

    refused, began = None, time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        while refused is None and time.monotonic() - began < 120:
            answers = list(pool.map(call, range(40)))
            assert {answer.status for answer in answers} <= {200, 429}
            refused = next((answer for answer in answers if answer.status == 429), None)
    assert refused is not None
    assert refused.problem() == (
        "request_limit_exceeded",
        "Service unavailable, please limit request volume",
    )
    time.sleep(int(refused.headers["retry-after"]))
    assert eager.call("GET", "product").status == 200
    assert customer.call("GET", "product").status == 200
