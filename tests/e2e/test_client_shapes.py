"""The service answers other clients' requests with what those clients can read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from cryptography import x509

from tests.clients.company import validated_company
from tests.clients.orders import ORDERS
from tests.clients.shapes import EXCHANGES, PLACED, Exchange, Facts, Reads
from tests.e2e.service import PRODUCT, Service, until
from tests.lab import verification
from tests.lab.accounts import create
from tests.lab.stack import Stack

NAME = "shapes.lab.example.com"
UNPROVEN = "unproven-shapes.lab.example.com"


@pytest.fixture(scope="module")
def customer(stack: Stack) -> Service:
    """An account of its own, so that what it lists is known."""
    return Service(stack, create(stack, "Shapes Ltd"))


@pytest.fixture(scope="module")
def facts(customer: Service) -> Facts:
    """One issued order, whose name is proven from now on."""
    issued = customer.issue(NAME)
    company = validated_company(customer)
    return Facts(
        name=NAME,
        csr=verification.make_csr(verification.make_key(), NAME),
        product=PRODUCT,
        order=issued["id"],
        certificate=issued["certificate"]["id"],
        serial=issued["certificate"]["serial_number"].upper(),
        organization=company.organization_id,
        container=customer.client.ask("GET", "user/me")["container"]["id"],
    )


def at(found: Any, place: str) -> Any:
    """What stands at "orders.0.id". Fails naming the part that is missing."""
    for step in place.split("."):
        inside = int(step) < len(found) if isinstance(found, list) else step in found
        assert inside, f"{place}: no {step} in {found}"
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def unreadable(answer: Any, reads: Reads) -> list[str]:
    """The places whose JSON type the client's decoder would refuse."""
    return [
        f"{place} is {at(answer, place)!r}, not {kind.__name__}"
        for place, kind in reads.items()
        if type(at(answer, place)) is not kind
    ]


@pytest.mark.parametrize("exchange", EXCHANGES, ids=str)
def test_what_clients_read_is_there_in_the_type_they_expect(
    exchange: Exchange, customer: Service, facts: Facts
) -> None:
    if exchange.path.endswith("seconds=86400"):
        until_changed(customer, exchange.path)
    answer = customer.client.call(exchange.method, facts.filled(exchange.path), exchange.body)
    assert answer.status == exchange.status, answer.body
    assert answer.headers["content-type"] == "application/json"
    assert unreadable(answer.json(), exchange.reads) == []


def until_changed(customer: Service, path: str) -> None:
    """Wait for the index of changes, which follows the order."""
    until(lambda: customer.client.ask("GET", path).get("orders"), 30, "the change is listed")


@pytest.mark.parametrize("client", ORDERS)
def test_a_clients_own_order_is_issued_at_once(
    client: str, customer: Service, facts: Facts
) -> None:
    fresh = verification.make_csr(verification.make_key(), NAME)
    body = ORDERS[client](dataclasses.replace(facts, csr=fresh))
    answer = customer.try_order(body)
    assert answer.status == 201, answer.body
    assert unreadable(answer.json(), PLACED) == []
    chain = [one["pem"] for one in answer.json()["certificate_chain"]]
    leaf = x509.load_pem_x509_certificate(chain[0].encode())
    assert len(chain) == 3
    assert "\r\n" in chain[0] or "\n" in chain[0]
    assert customer.chain(answer.json()["certificate_id"]).leaf == leaf


def test_an_order_to_be_proven_says_how_in_both_spellings_that_clients_read(
    customer: Service, facts: Facts
) -> None:
    body = ORDERS["Infisical"](facts)
    body["certificate"] |= {"common_name": UNPROVEN, "dns_names": [UNPROVEN]}
    answer = customer.try_order(body).json()
    reads = {"id": int, "certificate_id": int, "dcv_random_value": str, "domains.0.id": int}
    reads |= {"domains.0.dns_name": str, "domains.0.name": str, "domains.0.dcv_token.token": str}
    assert unreadable(answer, reads) == []
    cancel = {"status": "canceled", "note": "Fail validate domain."}
    done = customer.client.call("PUT", f"order/certificate/{answer['id']}/status", cancel)
    assert (done.status, done.body) == (204, b"")


def test_revoking_with_skip_approval_answers_nothing_where_clients_expect_nothing(
    customer: Service, facts: Facts
) -> None:
    fresh = dataclasses.replace(facts, csr=verification.make_csr(verification.make_key(), NAME))
    placed = customer.try_order(ORDERS["terraform-provider-st-digicert"](fresh)).json()
    sent = b'{\n\t\t"skip_approval": true\n\t}'
    done = customer.client.call("PUT", f"certificate/{placed['certificate_id']}/revoke", sent)
    assert (done.status, done.body) == (204, b"")


def test_pem_all_ends_with_its_last_block(customer: Service, facts: Facts) -> None:
    for path in (
        f"certificate/{facts.certificate}/download/format/pem_all",
        f"certificate/{facts.certificate}/download/platform/29",
        f"certificate/download/order/{facts.order}/format/pem_all",
        f"certificate/download/order/{facts.order}?formatType=pem_all",
    ):
        answer = customer.client.call("GET", path)
        assert answer.status == 200, (path, answer.body)
        assert answer.body.count(b"-----BEGIN CERTIFICATE-----") == 3, path
        assert answer.body.endswith(b"-----END CERTIFICATE-----\n"), path
