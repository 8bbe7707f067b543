"""A DV order remembers which of the account's organizations it was placed for, and only that."""

from __future__ import annotations

import pytest

from tests.builders_accounts import an_organization
from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import PRODUCT, order_body

PLACE = f"order/certificate/{PRODUCT}"


def api_with_organization() -> Api:
    api = Api()
    api.book.commit(an_organization(organization_id=9))
    return api


@pytest.mark.parametrize("spelled", [9, "9", " 9 "])
def test_it_is_shown_and_listed_by_it(spelled: object) -> None:
    api = api_with_organization()
    placed = api.call("POST", PLACE, order_body(organization={"id": spelled}))
    assert placed.status == 201
    order = api.call("GET", f"order/certificate/{placed.json['id']}").json
    assert order["organization"] == {"id": 9, "name": "Example Holdings Ltd"}
    for wanted, total in (("9", 1), ("8", 0)):
        query = {"filters[organization_id]": wanted}
        found = api.call("GET", "order/certificate", query=query).json
        assert found["page"]["total"] == len(found["orders"]) == total


@pytest.mark.parametrize("named", [8, 0, None, "", "nine", 10**30, [9], {"id": 9}])
def test_what_is_not_the_accounts_own_is_not_remembered(named: object) -> None:
    api = api_with_organization()
    placed = api.call("POST", PLACE, order_body(organization={"id": named}))
    assert placed.status == 201
    order = api.call("GET", f"order/certificate/{placed.json['id']}").json
    assert "organization" not in order


def test_another_accounts_organization_is_unknown() -> None:
    api = api_with_organization()
    body = order_body(organization={"id": 9})
    placed = api.call("POST", PLACE, body, key=OTHERS_KEY)
    assert placed.status == 201
    order = api.call("GET", f"order/certificate/{placed.json['id']}", key=OTHERS_KEY).json
    assert "organization" not in order


def test_it_is_not_waited_for() -> None:
    api = api_with_organization()
    placed = api.call("POST", PLACE, order_body(organization={"id": 9})).json
    status = api.call("GET", f"order/certificate/{placed['id']}").json["status"]
    assert status == "pending"
