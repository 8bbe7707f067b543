"""Operators make accounts and set their rules; people and containers as clients read them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import an_account
from tests.unit.api.driving import KEY, OPERATORS_KEY, OTHERS_KEY, Api
from tests.unit.api.material import order_body
from vouchsafe.domain.accounts import Account
from vouchsafe.domain.changes import Change


def _api() -> Api:
    api = Api()
    api.book.allocate(accounts=100, users=100, keys=100)
    return api


def test_an_account_is_made_with_its_administrators_key_shown_once() -> None:
    api = _api()
    body = {"name": "New Ltd", "email": "boss@example.com"}
    made = api.call("POST", "operator/account", body, key=OPERATORS_KEY)
    assert made.status == 201
    me = api.call("GET", "user/me", key=made.json["api_key"]).json
    assert (me["id"], me["account_id"], me["email"]) == (
        made.json["user_id"],
        made.json["id"],
        "boss@example.com",
    )
    read = api.call("GET", f"operator/account/{made.json['id']}", key=OPERATORS_KEY)
    assert read.json["display_name"] == "New Ltd"
    assert made.json["api_key"] not in repr(api.book.records) + api.log.getvalue()


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, ["invalid_field|name", "invalid_field|email"]),
        ({"name": "x" * 101, "email": "a@example.com"}, ["invalid_field|name"]),
        ({"name": "New Ltd", "email": "nobody"}, ["invalid_field|email"]),
        ({"name": ["New"], "email": "a@example.com"}, ["invalid_field|name"]),
    ],
)
def test_an_account_needs_a_name_and_an_address(body: Any, codes: list[str]) -> None:
    api = _api()
    before = dict(api.book.records)
    reply = api.call("POST", "operator/account", body, key=OPERATORS_KEY)
    assert (reply.status, reply.codes) == (400, codes)
    assert api.book.records == before


def test_accounts_are_listed_page_by_page_each_once() -> None:
    api = _api()
    api.book.commit(*(an_account(account_id=number, name=f"A{number}") for number in range(3, 8)))
    seen, after = [], "0"
    while True:
        query = {"limit": "3", "after": after}
        page = api.call("GET", "operator/account", key=OPERATORS_KEY, query=query).json
        seen += [row["id"] for row in page["accounts"]]
        if "next" not in page:
            break
        after = str(page["next"])
    assert seen == [1, 2, 3, 4, 5, 6, 7]


class TestRules:
    def _put(self, api: Api, body: Any) -> Any:
        return api.call("PUT", "operator/account/1/rules", body, key=OPERATORS_KEY)

    def test_what_is_left_out_stays_and_false_is_a_value(self) -> None:
        api = _api()
        assert self._put(api, {"orders_need_approval": True}).status == 204
        assert self._put(api, {"may_skip_approval": False}).status == 204
        account = api.call("GET", "account").json
        assert (account["orders_need_approval"], account["two_person"]) == (True, False)
        assert account["may_skip_approval"] is False
        changes = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert [(c.account_id, c.actor, c.data) for c in changes] == [
            (1, "operator 9", {"orders_need_approval": True}),
            (1, "operator 9", {"may_skip_approval": False}),
        ]

    @pytest.mark.parametrize("body", [{}, {"two_person": "perhaps"}, {"two_person": None}])
    def test_no_rule_at_all_is_refused(self, body: Any) -> None:
        api = _api()
        reply = self._put(api, body)
        assert reply.status == 400
        assert "invalid_field|two_person" in reply.codes
        assert api.book.records[Account, 1].version == 1


def test_an_operator_orders_nothing_and_a_customer_makes_no_account() -> None:
    api = _api()
    ordered = api.call(
        "POST", "order/certificate/ssl_dv_geotrust_flex", order_body(), key=OPERATORS_KEY
    )
    made = api.call("POST", "operator/account", {"name": "x", "email": "a@example.com"}, key=KEY)
    assert ordered.codes == made.codes == ["access_denied|missing_permission"]
    assert ordered.status == made.status == 403


class TestStartUpCalls:
    def test_a_container_has_what_clients_read(self) -> None:
        (row,) = _api().call("GET", "container").json["containers"]
        assert row == _api().call("GET", "container/3").json
        assert (row["id"], row["parent_id"], row["name"]) == (3, 0, "Example Ltd")
        children = _api().call("GET", "container/3/children").json
        assert (children["containers"], children["page"]["total"]) == ([], 0)

    @pytest.mark.parametrize("path", ["container/4", "container/4/children", "container/x"])
    def test_another_accounts_container_is_not_found(self, path: str) -> None:
        reply = _api().call("GET", path)
        assert (reply.status, reply.codes) == (404, ["not_found|container"])

    def test_people_are_listed_with_a_total(self) -> None:
        listed = _api().call("GET", "user").json
        assert [row["username"] for row in listed["users"]] == ["ada@example.com"]
        assert listed["page"]["total"] == 1
        assert listed["users"][0]["container"]["name"] == "Example Ltd"
        assert _api().call("GET", "user/7").json == listed["users"][0]
        assert _api().call("GET", "user/7", key=OTHERS_KEY).codes == ["not_found|user"]

    def test_the_account_names_its_root_container(self) -> None:
        account = _api().call("GET", "account").json
        assert (account["id"], account["root_container_id"]) == (1, 3)
