"""GET order/certificate/status-changes and the report of what expires soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.listed import with_orders


@pytest.fixture
def api() -> Api:
    return with_orders()


class TestStatusChanges:
    PATH = "order/certificate/status-changes"

    def changes(self, api: Api, **query: str) -> Any:
        asked = {
            name.replace("updated", "filters[status_last_updated]"): v for name, v in query.items()
        }
        reply = api.call("GET", self.PATH, query=asked)
        assert reply.status == 200, reply.content
        return reply.json

    def test_orders_that_changed_lately_are_listed_with_their_status(self, api: Api) -> None:
        found = self.changes(api, updated="2026-10-22...2026-10-28")
        assert [(row["order_id"], row["status"]) for row in found["orders"]] == [
            (1001, "issued"),
            (1002, "expired"),
            (1003, "reissue_pending"),
            (1004, "pending"),
            (1005, "pending"),
            (1006, "pending"),
        ]

    def test_parts_of_dates_need_no_leading_zeros(self, api: Api) -> None:
        found = self.changes(api, updated="2026-10-23+3:4:5...2026-10-24+12:0:1")
        assert [row["order_id"] for row in found["orders"]] == [1001, 1002]
        spaced = self.changes(api, updated="2026-10-23 3:4:5...2026-10-24 12:0:1")
        assert spaced == found

    def test_nothing_changed_is_an_empty_object(self, api: Api) -> None:
        assert self.changes(api, minutes="5") == {}

    def test_minutes_and_seconds_add_up(self, api: Api) -> None:
        api.clock.advance(-timedelta(days=24) + timedelta(minutes=1, seconds=30))
        assert self.changes(api, minutes="1") == {}
        assert [r["order_id"] for r in self.changes(api, minutes="1", seconds="30")["orders"]] == [
            1006
        ]

    @pytest.mark.parametrize(
        "query",
        [
            {"minutes": "10081"},
            {"seconds": "604801"},
            {"minutes": "10080", "seconds": "1"},
            {"filters[status_last_updated]": "2026-10-01...2026-10-20"},
        ],
    )
    def test_more_than_a_week_is_too_long(self, api: Api, query: dict[str, str]) -> None:
        reply = api.call("GET", self.PATH, query=query)
        assert reply.status == 400
        assert reply.codes == ["time_frame_too_long"]

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"minutes": "0"},
            {"minutes": "soon"},
            {"seconds": "-5"},
            {"filters[status_last_updated]": "2026-10-01"},
            {"filters[status_last_updated]": "2026-13-01...2026-13-02"},
        ],
    )
    def test_a_time_that_is_none_is_refused_by_name(self, api: Api, query: dict[str, str]) -> None:
        reply = api.call("GET", self.PATH, query=query or None)
        assert reply.status == 400
        assert reply.codes[0].startswith("invalid_field|")

    def test_the_whole_week_may_be_asked_for(self, api: Api) -> None:
        assert self.changes(api, minutes="10080") == {}

    def test_another_account_sees_its_own(self, api: Api) -> None:
        query = {"filters[status_last_updated]": "2026-10-22...2026-10-28"}
        assert api.call("GET", self.PATH, query=query, key=OTHERS_KEY).json == {}


def test_the_expiry_report_counts_a_containers_orders_by_horizon(api: Api) -> None:
    rows = api.call("GET", "report/order/3/expiring").json["expiring_orders"]
    assert {row["days_expiring"]: row["order_count"] for row in rows} == {
        90: 2,
        60: 2,
        30: 1,
        7: 0,
        3: 0,
        -7: 1,
    }
    foreign = api.call("GET", "report/order/4/expiring")
    assert (foreign.status, foreign.codes) == (404, ["not_found|container"])
