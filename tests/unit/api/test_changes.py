"""The feed of changes over the API: pages, cursors, filters, and what is kept back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_change
from tests.unit.api.driving import KEY, OTHERS_KEY, Api, Reply
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.shared_changes import KEPT_BACK, SHARED


def add(api: Api, number: int, kind: ChangeKind = ChangeKind.ORDER_NOTED, **changed: Any) -> None:
    given = {"order_id": 1000 + number % 3, "at": MOMENT + timedelta(minutes=number), "data": {}}
    change = a_change(change_id=f"c{number:05}", kind=kind, **(given | changed))
    api.book.commit(change)
    api.book.number(change)


def an_api(count: int) -> Api:
    api = Api()
    for number in range(count):
        add(api, number)
    return api


def feed(api: Api, *, key: str = KEY, **query: str) -> Reply:
    return api.call("GET", "changes", key=key, query=query)


def cursors(reply: Reply) -> list[int]:
    return [row["cursor"] for row in reply.json["changes"]]


class TestWhatIsTold:
    def test_every_kind_of_change_is_either_shared_or_kept_back(self) -> None:
        assert set(SHARED) | KEPT_BACK == set(ChangeKind)
        assert not set(SHARED) & KEPT_BACK

    def test_a_change_says_what_happened_to_what(self) -> None:
        api = Api()
        data = {"serial": "0abc", "not_after": "2027-02-21T00:00:00+00:00", "internal": "x"}
        issued = {"certificate_id": 5001, "actor": "system", "data": data}
        add(api, 1, ChangeKind.CERTIFICATE_ISSUED, **issued)
        assert feed(api).json == {
            "changes": [
                {
                    "cursor": 1,
                    "id": "c00001",
                    "type": "certificate_issued",
                    "date": "2026-11-21T12:01:00.000000Z",
                    "actor": "system",
                    "order_id": 1001,
                    "certificate_id": 5001,
                    "request_id": None,
                    "object": "",
                    "data": {"serial": "0abc", "not_after": "2027-02-21T00:00:00+00:00"},
                }
            ],
            "cursor": 1,
            "more": False,
        }

    def test_addresses_and_words_of_people_are_not_in_it(self) -> None:
        api = Api()
        secret = {"address": "ada@example.com", "message_id": "m", "comments": "ada@ said no"}
        for number, kind in enumerate(sorted(SHARED)):
            add(api, number, kind, data=secret, before={"email": "ada@x"}, after={"email": "b@x"})
        shown = json.dumps([row["data"] for row in feed(api, limit="5000").json["changes"]])
        assert "ada@" not in shown
        assert "b@x" not in feed(api, limit="5000").content.decode()

    @pytest.mark.parametrize("kind", sorted(KEPT_BACK))
    def test_what_is_kept_back_leaves_only_its_number(self, kind: ChangeKind) -> None:
        api = Api()
        add(api, 1)
        add(api, 2, kind)
        add(api, 3)
        assert cursors(feed(api)) == [1, 3]
        assert feed(api, after="1").json["cursor"] == 3

    def test_who_only_looks_may_follow_and_another_account_sees_its_own(self) -> None:
        api = an_api(3)
        add(api, 9, account_id=2, order_id=77)
        assert [row["order_id"] for row in feed(api, key=OTHERS_KEY).json["changes"]] == [77]
        assert cursors(feed(api)) == [1, 2, 3]


class TestCursors:
    def test_pages_follow_one_another_without_loss(self) -> None:
        api = an_api(10)
        seen, after = [], 0
        for _ in range(4):
            page = feed(api, after=str(after), limit="3")
            seen += cursors(page)
            after = page.json["cursor"]
            assert page.json["more"] is (after < 10)
        assert seen == list(range(1, 11))

    def test_a_poller_that_slept_for_ever_goes_on_where_it_was(self) -> None:
        api = an_api(4)
        after = feed(api).json["cursor"]
        api.clock.advance(timedelta(days=4000))
        assert feed(api, after=str(after)).json == {"changes": [], "cursor": 4, "more": False}
        add(api, 7)
        assert cursors(feed(api, after=str(after))) == [5]

    def test_a_filtered_page_moves_on_past_what_it_leaves_out(self) -> None:
        api = an_api(6)
        page = feed(api, type="certificate_issued")
        assert page.json == {"changes": [], "cursor": 6, "more": False}

    def test_a_page_may_be_long(self) -> None:
        assert len(feed(an_api(1200), limit="5000").json["changes"]) == 1200

    def test_a_cursor_of_some_other_account_is_refused_with_the_reason(self) -> None:
        reply = feed(an_api(3), after="4")
        assert reply.status == 400
        assert "after" in reply.content.decode()
        assert "newest change, which is 3" in reply.content.decode()


class TestFilters:
    def test_types_and_objects_narrow_the_feed(self) -> None:
        api = an_api(4)
        add(api, 5, ChangeKind.ORDER_PLACED, order_id=1001)
        assert cursors(feed(api, type="order_placed, certificate_issued")) == [5]
        assert cursors(feed(api, object="order 1001")) == [2, 5]
        assert cursors(feed(api, object="order 1001", type="order_noted")) == [2]

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ({"after": "-1"}, "after"),
            ({"limit": "5001"}, "limit"),
            ({"object": "planet 9"}, "object"),
            ({"type": "order_noted,user_created"}, "type"),
        ],
    )
    def test_a_flaw_is_named(self, query: dict[str, str], named: str) -> None:
        reply = feed(Api(), **query)
        assert reply.status == 400
        assert named in reply.content.decode()
