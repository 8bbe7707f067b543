"""People, roles and containers on the running stack: through the gateway, with IAM enforced."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.service import PRODUCT, body
from tests.lab.accounts import operator_key
from tests.lab.client import Client, Response
from tests.lab.stack import Stack

ADMINISTRATOR, MANAGER, STANDARD = 1, 4, 5


@pytest.fixture(scope="module")
def boss(stack: Stack) -> Client:
    """The administrator of an account of its own, whose orders need approval."""
    operator = Client(f"{stack.front}/services/v2", operator_key(stack))
    wish = {"name": "Divided Ltd", "email": "boss@divided.example.com", "agreement": "1"}
    made = operator.ask("POST", "operator/account", wish, expect=201)
    rules = {"orders_need_approval": True}
    operator.ask("PUT", f"operator/account/{made['id']}/rules", rules, expect=204)
    return Client(operator.base_url, made["api_key"])


def make_container(boss: Client, name: str, parent: int | None = None) -> int:
    above = parent or boss.ask("GET", "account")["root_container_id"]
    made = boss.ask("POST", f"container/{above}/children", {"name": name}, expect=201)
    number: int = made["id"]
    return number


def hire(boss: Client, name: str, role: int, container: int) -> tuple[int, Client]:
    """A new person, and the API as that person's key sees it."""
    wish = {
        "first_name": name,
        "last_name": "Example",
        "email": f"{name.lower()}@divided.example.com",
        "container": {"id": container},
        "access_roles": [{"id": role}],
    }
    number: int = boss.ask("POST", "user", wish, expect=201)["id"]
    key = boss.ask("POST", f"key/user/{number}", {"name": "laptop"}, expect=201)["api_key"]
    return number, Client(boss.base_url, key)


def order(person: Client, name: str, container: int | None = None) -> Response:
    sent: dict[str, Any] = body(name)
    if container is not None:
        sent["container"] = {"id": container}
    return person.call("POST", f"order/certificate/{PRODUCT}", sent)


def approve(person: Client, request_id: int) -> Response:
    sent = {"status": "approved", "processor_comment": "Agreed"}
    return person.call("PUT", f"request/{request_id}/status", sent)


def test_a_manager_decides_what_is_ordered_in_his_containers(boss: Client) -> None:
    sales, history = make_container(boss, "Sales"), make_container(boss, "History")
    rentals = make_container(boss, "Rentals", sales)
    _, manager = hire(boss, "Mary", MANAGER, sales)
    _, stranger = hire(boss, "Henry", MANAGER, history)
    standard_id, standard = hire(boss, "Stan", STANDARD, rentals)

    placed = order(standard, "rentals.lab.example.com")
    assert placed.status == 201, placed.body
    (request,) = placed.json()["requests"]
    found = standard.ask("GET", f"order/certificate/{placed.json()['id']}")
    assert (found["status"], found["user"]["id"]) == ("needs_approval", standard_id)
    assert found["container"] == {"id": rentals, "name": "Rentals", "is_active": True}

    for other in (stranger, standard):
        refused = approve(other, request["id"])
        assert (refused.status, refused.problem()[0]) == (403, "access_denied|invalid_approver")
    assert approve(manager, request["id"]).status == 204
    decided = boss.ask("GET", f"request/{request['id']}")
    assert (decided["status"], decided["order"]["container"]["name"]) == ("approved", "Rentals")
    assert boss.order(placed.json()["id"])["status"] != "needs_approval"


def test_new_things_go_where_ones_own_containers_are(boss: Client) -> None:
    mine, theirs = make_container(boss, "Mine"), make_container(boss, "Theirs")
    _, person = hire(boss, "Paula", STANDARD, mine)
    refused = order(person, "theirs.lab.example.com", theirs)
    assert (refused.status, refused.problem()[0]) == (400, "invalid_field|container.id")
    boss.ask("PUT", f"container/{mine}/deactivate", expect=204)
    assert order(person, "mine.lab.example.com").problem()[0] == "invalid_field|container.id"
    boss.ask("PUT", f"container/{mine}/activate", expect=204)
    assert order(person, "mine.lab.example.com").status == 201
    assert order(boss, "theirs.lab.example.com", theirs).status == 201
    query = f"order/certificate?filters[container_id]={mine}"
    assert boss.ask("GET", query)["page"]["total"] == 1


def test_the_key_of_a_deactivated_person_stops_at_once(boss: Client) -> None:
    root = boss.ask("GET", "account")["root_container_id"]
    number, person = hire(boss, "Dora", ADMINISTRATOR, root)
    assert person.ask("GET", "user/me")["container"]["id"] == root
    for status, answer in (("inactive", 403), ("active", 200)):
        boss.ask("PUT", f"user/{number}/status", {"status": status}, expect=204)
        assert person.call("GET", "user/me").status == answer
    boss.ask("PUT", f"user/{number}/role", {"access_roles": [{"id": STANDARD}]}, expect=204)
    me = person.ask("GET", "user/me")
    assert me["access_roles"] == [{"id": STANDARD, "name": "Standard User"}]
    assert person.call("DELETE", f"user/{number}").problem()[0] == (
        "access_denied|missing_permission"
    )
    boss.ask("DELETE", f"user/{number}", expect=204)
    assert person.call("GET", "user/me").status == 403
    assert boss.call("GET", f"user/{number}").status == 404
    mine = boss.ask("GET", "user/me")["id"]
    assert boss.call("DELETE", f"user/{mine}").problem()[0] == "invalid_status|user"
