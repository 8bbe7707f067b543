"""Containers over the API: the tree, its changes, and orders that are placed in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_user
from tests.builders_people import a_container
from tests.unit.api.driving import OTHERS_KEY, Api, Reply
from tests.unit.api.examples import a_world
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.domain.accounts import Account, Role
from vouchsafe.domain.order import Glance, Order

PLACE = f"order/certificate/{PRODUCT}"
NOWHERE = "container.id: is not an open container of this account that you may use"


@pytest.fixture
def api() -> Api:
    """Container 31 right below the root (3) of account 1."""
    api = a_world()
    api.book.allocate(accounts=60, users=60, keys=60, orders=2000, certificates=6000)
    return api


def make(api: Api, parent: int = 3, **body: Any) -> Reply:
    return api.call("POST", f"container/{parent}/children", {"name": "History"} | body)


def key_for(api: Api, role: Role, container: int, number: int = 80) -> str:
    """A key of a new person of that role in that container."""
    address = f"{role}-{container}@example.com"
    who = {"user_id": number, "role": role, "container_id": container, "email": address}
    api.book.commit(a_user(**who))
    secret: str = api.call("POST", f"key/user/{number}", {"name": "k"}).json["api_key"]
    return secret


class TestTree:
    def test_a_container_is_shown_as_it_was_made(self, api: Api) -> None:
        made = make(api, 31, description="Old things", template_id=1)
        assert (made.status, made.json["warnings"]) == (201, [])
        number = made.json["id"]
        assert api.call("GET", f"container/{number}").json == {
            "id": number,
            "public_id": f"c{number}",
            "parent_id": 31,
            "name": "History",
            "description": "Old things",
            "template_id": 1,
            "ekey": f"c{number}",
            "has_logo": False,
            "is_active": True,
        }
        assert api.call("GET", f"container/{number}/parent").json["id"] == 31
        children = api.call("GET", "container/31/children").json
        assert [row["id"] for row in children["containers"]] == [number]
        every = api.call("GET", "container", query={"limit": "2"}).json
        assert [row["id"] for row in every["containers"]] == [3, 31]
        assert every["page"]["total"] == 3

    def test_nothing_is_above_the_root(self, api: Api) -> None:
        assert api.call("GET", "container/3/parent").codes == ["not_found|container"]

    def test_the_vendors_body_makes_a_container_and_its_first_person(self, api: Api) -> None:
        made = make(
            api,
            name="History Department",
            description="History, Civ, Ancient Languages",
            template_id=5,
            user={
                "first_name": "Awesome",
                "last_name": "User",
                "email": "awesomeuser@example.com",
                "username": "awesomeuser@example.com",
                "access_roles": [{"id": 1}],
            },
        )
        assert made.json["warnings"] == ["template_id: is ignored: there is one template, 1"]
        query = {"container_id": str(made.json["id"])}
        (user,) = api.call("GET", "user", query=query).json["users"]
        assert (user["email"], user["access_roles"][0]["id"]) == ("awesomeuser@example.com", 1)

    def test_roles_and_the_one_template_can_be_read(self, api: Api) -> None:
        roles = api.call("GET", "container/31/role").json["access_roles"]
        assert [role["id"] for role in roles] == [1, 2, 3, 4, 5]
        templates = api.call("GET", "container/31/template").json
        assert templates == {"container_templates": [{"id": 1, "name": "Standard"}]}
        assert api.call("GET", "container/31/template/1").json["access_roles"] == roles
        assert api.call("GET", "container/31/template/5").codes == ["not_found|template"]

    def test_one_key_makes_one_container(self, api: Api) -> None:
        sent = {"Idempotency-Key": "history"}
        path, body = "container/3/children", {"name": "History"}
        answers = [api.call("POST", path, body, headers=sent) for _ in range(2)]
        assert answers[0].json == answers[1].json
        assert answers[1].headers["Idempotency-Replayed"] == "true"

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({"name": ""}, ["name"]),
            ({"name": "a" * 101}, ["name"]),
            ({"name": "a\tb"}, ["name"]),
            ({"description": "a" * 256}, ["description"]),
            ({"name": "", "description": "\x07"}, ["name", "description"]),
            ({"user": {"email": "x"}}, None),
            (
                {"user": {"first_name": "A", "last_name": "B", "email": "x@example.com"}},
                ["user.access_roles"],
            ),
        ],
    )
    def test_each_thing_wrong_is_named(
        self, api: Api, body: dict[str, Any], fields: list[str] | None
    ) -> None:
        before = dict(api.book.records)
        refused = make(api, **body)
        assert refused.status == 400
        if fields is None:
            assert all(code.startswith("invalid_field|user.") for code in refused.codes)
        else:
            assert refused.codes == [f"invalid_field|{field}" for field in fields]
        assert api.book.records == before

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "container/31", None),
            ("GET", "container/31/parent", None),
            ("GET", "container/31/children", None),
            ("GET", "container/31/role", None),
            ("GET", "container/31/template", None),
            ("GET", "container/31/template/1", None),
            ("GET", "container/31/order/organization", None),
            ("GET", "report/order/31/expiring", None),
            ("POST", "container/31/children", {"name": "x"}),
            ("PUT", "container/31", {"name": "x"}),
            ("PUT", "container/31/activate", None),
            ("PUT", "container/31/deactivate", None),
        ],
    )
    def test_a_foreign_container_is_an_unknown_one(
        self, api: Api, method: str, path: str, body: Any
    ) -> None:
        foreign = api.call(method, path, body, key=OTHERS_KEY)
        unknown = api.call(method, path.replace("31", "399"), body, key=OTHERS_KEY)
        assert foreign == unknown
        assert (foreign.status, foreign.codes) == (404, ["not_found|container"])


class TestChanging:
    def test_name_and_description_can_be_set(self, api: Api) -> None:
        assert api.call("PUT", "container/31", {"name": " Rentals "}).status == 204
        assert api.call("PUT", "container/31", {"description": "Both"}).status == 204
        shown = api.call("GET", "container/31").json
        assert (shown["name"], shown["description"]) == ("Rentals", "Both")

    @pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "a" * 101}, {"name": "\x00"}])
    def test_a_bad_name_is_named(self, api: Api, body: dict[str, Any]) -> None:
        refused = api.call("PUT", "container/31", body)
        assert (refused.status, refused.codes) == (400, ["invalid_field|name"])

    @pytest.mark.parametrize(
        ("path", "body"), [("container/3", {"name": "x"}), ("container/3/deactivate", None)]
    )
    def test_the_root_stays_as_the_account_is(self, api: Api, path: str, body: Any) -> None:
        assert api.call("PUT", path, body).codes == ["invalid_status|container"]

    def test_closing_closes_everything_below(self, api: Api) -> None:
        number = make(api, 31).json["id"]
        assert api.call("PUT", "container/31/deactivate").status == 204
        assert api.call("GET", f"container/{number}").json["is_active"] is False
        assert make(api, number).codes == ["invalid_status|container"]
        assert api.call("PUT", "container/31/activate").status == 204
        assert api.call("GET", f"container/{number}").json["is_active"] is True


class TestOrdersInContainers:
    def place(self, api: Api, container: Any, key: str | None = None) -> Reply:
        keyed = {"key": key} if key else {}
        return api.call("POST", PLACE, order_body(container=container), **keyed)

    def order(self, api: Api, reply: Reply) -> Any:
        assert reply.status == 201, reply.content
        return api.call("GET", f"order/certificate/{reply.json['id']}").json["container"]

    @pytest.mark.parametrize("given", [{"id": 31}, {"id": "31"}, 31, "31"])
    def test_an_order_is_placed_in_the_container_that_is_named(self, api: Api, given: Any) -> None:
        shown = self.order(api, self.place(api, given))
        assert shown == {"id": 31, "name": "Sales", "is_active": True}

    @pytest.mark.parametrize("given", [None, 0, "0", {}, {"id": 0}, {"id": None, "name": ""}])
    def test_nothing_given_means_the_keys_container(self, api: Api, given: Any) -> None:
        assert self.order(api, self.place(api, given))["id"] == 3
        key = key_for(api, Role.STANDARD_USER, 31)
        assert self.order(api, self.place(api, given, key))["id"] == 31

    @pytest.mark.parametrize("given", [999, {"id": 4}, {"id": 33}])
    def test_unknown_foreign_and_closed_ones_are_refused_alike(self, api: Api, given: Any) -> None:
        api.book.commit(a_container(container_id=33, active=False))
        before = dict(api.book.records)
        refused = self.place(api, given)
        assert (refused.status, refused.codes) == (400, ["invalid_field|container.id"])
        assert refused.json["errors"][0]["message"] == NOWHERE
        assert api.book.records == before

    @pytest.mark.parametrize("given", ["x", True, [31], {"id": "3a"}, {"id": -31}, 1.5])
    def test_what_is_no_number_is_named_with_all_else(self, api: Api, given: Any) -> None:
        body = order_body(container=given, certificate__csr="nonsense")
        refused = api.call("POST", PLACE, body)
        assert set(refused.codes) == {
            "invalid_field|container.id",
            "invalid_field|certificate.csr",
        }

    def test_nobody_but_an_administrator_orders_outside_his_own(self, api: Api) -> None:
        for number, role in enumerate((Role.STANDARD_USER, Role.MANAGER), 80):
            key = key_for(api, role, 31, number)
            assert self.place(api, {"id": 3}, key).codes == ["invalid_field|container.id"]
        key = key_for(api, Role.ADMINISTRATOR, 31, 83)
        assert self.order(api, self.place(api, {"id": 3}, key))["id"] == 3

    def test_lists_tell_containers_apart(self, api: Api) -> None:
        self.place(api, 31)
        for container, count in (("31", 1), ("3", 1), ("32", 0)):
            query = {"filters[container_id]": container}
            assert api.call("GET", "order/certificate", query=query).json["page"]["total"] == count

    def test_an_order_placed_again_stays_where_it_was(self, api: Api) -> None:
        number = self.place(api, 31).json["id"]
        api.call("PUT", f"order/certificate/{number}/status", {"status": "CANCELED"})
        assert self.order(api, api.call("POST", f"order/certificate/{number}/reorder"))["id"] == 31


class TestDecisions:
    @pytest.fixture
    def asked(self, api: Api) -> int:
        """A request for an order in a container below 31."""
        account: Account = api.book.records[Account, 1]
        api.book.commit(replace(account, orders_need_approval=True, version=account.version + 1))
        below = a_container(container_id=32, parent_id=31, ancestor_ids=(3, 31))
        api.book.commit(below, a_container(container_id=33))
        body = order_body(container={"id": 32})
        request: int = api.call("POST", PLACE, body).json["requests"][0]["id"]
        return request

    def decide(self, api: Api, number: int, key: str) -> Reply:
        return api.call("PUT", f"request/{number}/status", {"status": "approved"}, key=key)

    @pytest.mark.parametrize("container", [3, 31, 32])
    def test_a_manager_decides_in_his_container_and_below(
        self, api: Api, asked: int, container: int
    ) -> None:
        key = key_for(api, Role.MANAGER, container)
        assert self.decide(api, asked, key).status == 204

    def test_a_manager_beside_it_does_not(self, api: Api, asked: int) -> None:
        refused = self.decide(api, asked, key_for(api, Role.MANAGER, 33))
        assert (refused.status, refused.codes) == (403, ["access_denied|invalid_approver"])

    def test_a_manager_below_it_does_not_either(self, api: Api) -> None:
        account: Account = api.book.records[Account, 1]
        api.book.commit(replace(account, orders_need_approval=True, version=account.version + 1))
        number = api.call("POST", PLACE, order_body()).json["requests"][0]["id"]
        refused = self.decide(api, number, key_for(api, Role.MANAGER, 31))
        assert refused.codes == ["access_denied|invalid_approver"]

    @pytest.mark.parametrize("role", [Role.STANDARD_USER, Role.LIMITED_USER, Role.FINANCE_MANAGER])
    def test_others_decide_nothing(self, api: Api, asked: int, role: Role) -> None:
        refused = self.decide(api, asked, key_for(api, role, 32))
        assert (refused.status, refused.codes) == (403, ["access_denied|invalid_approver"])

    def test_a_request_names_the_container(self, api: Api, asked: int) -> None:
        shown = api.call("GET", f"request/{asked}").json["order"]["container"]
        assert shown == {"id": 32, "name": "Sales"}


def test_the_expiry_report_counts_what_is_below(api: Api) -> None:
    order: Order = api.book.records[Order, 1001]
    end = MOMENT + timedelta(days=5)
    glance = Glance(certificate_id=5001, serial=5, not_before=MOMENT, not_after=end)
    api.book.commit(replace(order, container_id=31, issued=glance, version=order.version + 1))
    counts = {}
    for container in (3, 31):
        rows = api.call("GET", f"report/order/{container}/expiring").json["expiring_orders"]
        counts[container] = {row["days_expiring"]: row["order_count"] for row in rows}
    assert counts[3] == counts[31]
    assert counts[3][7] == 1
    number = make(api, 31).json["id"]
    rows = api.call("GET", f"report/order/{number}/expiring").json["expiring_orders"]
    assert {row["order_count"] for row in rows} == {0}
