"""The audit log over the API: read in pages, filtered, exported, verified; and reading it noted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_change
from tests.unit.api.driving import KEY, OPERATORS_KEY, OTHERS_KEY, Api, Reply
from vouchsafe.api.audit import LINES
from vouchsafe.audit import KnownHead, NotVerified, verify
from vouchsafe.domain.accounts import Restriction, Role
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.services.audit import MOST_EXAMINED

ANY_ORDER = ["application/x-ndjson", "Application/X-NDJSON;q=0.9", "application/x-ndjson, */*"]


def an_api(count: int = 0, **changed: Any) -> Api:
    """Account 1 with so many changes, a minute apart, and account 2 with one of its own."""
    api = Api()
    for number in range(count):
        actor = "user 7" if number % 2 else "system"
        at = MOMENT + timedelta(minutes=number)
        _add(api, change_id=f"c{number:05}", at=at, actor=actor, order_id=1000 + number % 3)
    _add(api, change_id="foreign", account_id=2, actor="user 8", subject="planted-in-another")
    return api


def _add(api: Api, **changed: Any) -> None:
    change = a_change(kind=ChangeKind.ORDER_NOTED, **changed)
    api.book.commit(change)
    api.book.number(change)


def number_all(api: Api) -> None:
    """What the stream's consumer does."""
    for change in api.book.left_behind(MOMENT + timedelta(days=1), 1000):
        api.book.number(change)
        api.book.pass_on(change)


def log(
    api: Api, *, key: str = KEY, lines: bool = False, path: str = "audit-log", **q: str
) -> Reply:
    query = {name.rstrip("_"): text for name, text in q.items()}
    headers = {"Accept": LINES} if lines else {}
    return api.call("GET", path, key=key, query=query, headers=headers)


def numbers(reply: Reply) -> list[int]:
    return [entry["number"] for entry in reply.json["entries"]]


def export(api: Api, **query: str) -> bytes:
    """Every page of the export, one after another."""
    content, after = b"", 0
    while True:
        page = log(api, lines=True, after=str(after), **query)
        assert (page.status, page.headers["Content-Type"]) == (200, LINES)
        content += page.content
        goes_on = json.loads(page.content.splitlines()[-1])["next"]
        if goes_on is None:
            return content
        after = goes_on


class TestPages:
    def test_an_entry_says_who_did_what_to_what(self) -> None:
        api = Api()
        made = api.call("POST", "key/user/7", {"name": "build server"}).json
        number_all(api)
        reply = log(api)
        entry = reply.json["entries"][-1]
        assert (entry["actor"], entry["kind"]) == ("user 7", "key_created")
        assert entry["subject"] == f"key {made['id']}"
        assert entry["before"] == {}
        assert entry["after"]["name"] == "build server"
        assert reply.json["head"] == {"number": entry["number"], "hash": entry["hash"]}
        assert reply.json["next"] is None

    def test_pages_lead_through_the_whole_log(self) -> None:
        api, seen, after = an_api(7), [], 0
        while after is not None:
            reply = log(api, after=str(after), limit="3")
            seen += numbers(reply)
            after = reply.json["next"]
        assert seen == [1, 2, 3, 4, 5, 6, 7]

    def test_a_log_without_entries_has_no_head(self) -> None:
        reply = log(Api())
        assert reply.json["head"] == {"number": 0, "hash": ""}
        assert (reply.json["entries"], reply.json["next"]) == ([], None)

    def test_after_the_end_there_is_nothing(self) -> None:
        assert numbers(log(an_api(2), after="2")) == numbers(log(an_api(2), after="999")) == []

    def test_a_page_ends_before_it_grows_too_large_to_answer(self) -> None:
        api = Api()
        for number in range(6):
            _add(api, change_id=f"c{number}", data={"text": "x" * 1_000_000})
        first = log(api, limit="1000")
        assert (numbers(first), first.json["next"]) == ([1, 2, 3], 3)
        assert numbers(log(api, after="3")) == [4, 5, 6]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"object": "order 1001"}, [2, 5]),
            ({"object": "order:1001"}, [2, 5]),
            ({"object": "certificate 5001"}, [1, 2, 3, 4, 5, 6]),
            ({"object": "order 1099"}, []),
            ({"object": "organization 12"}, []),
            ({"actor": "user 7"}, [2, 4, 6]),
            ({"actor": "system"}, [1, 3, 5]),
            ({"actor": "user"}, [2, 4, 6]),
            ({"actor": "operator"}, []),
            ({"actor": "user 8"}, []),
            ({"from_": "2026-11-21T12:02:00Z"}, [3, 4, 5, 6]),
            ({"to": "2026-11-21T12:02:00Z"}, [1, 2, 3]),
            ({"from_": "2026-11-21", "to": "2026-11-21", "actor": "user 7"}, [2, 4, 6]),
            ({"from_": "2026-11-22"}, []),
        ],
    )
    def test_filters(self, query: dict[str, str], found: list[int]) -> None:
        reply = log(an_api(6), **query)
        assert numbers(reply) == found
        assert {name.rstrip("_") for name in query} == set(reply.json["filters"])

    def test_a_subject_is_found_by_its_kind_and_id(self) -> None:
        api = Api()
        for number in (12, 120):
            _add(api, change_id=f"c{number}", order_id=None, subject=f"organization {number}")
        assert numbers(log(api, object="organization 12")) == [1]

    def test_a_filter_looks_through_so_many_entries_at_a_time(self) -> None:
        api = an_api(MOST_EXAMINED + 200)
        _add(api, change_id="last", actor="operator 9", at=MOMENT)
        first = log(api, actor="operator 9")
        assert (numbers(first), first.json["next"]) == ([], MOST_EXAMINED)
        second = log(api, actor="operator 9", after=str(MOST_EXAMINED))
        assert (numbers(second), second.json["next"]) == ([MOST_EXAMINED + 201], None)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"after": "-1"}, "after"),
            ({"after": "x"}, "after"),
            ({"limit": "1001"}, "limit"),
            ({"limit": "\u0661"}, "limit"),
            ({"from_": "yesterday"}, "from"),
            ({"to": "2026-13-01"}, "to"),
            ({"object": "order"}, "object"),
            ({"object": "planet 7"}, "object"),
            ({"object": "order 0"}, "object"),
            ({"object": "order 1 2"}, "object"),
            ({"actor": "somebody"}, "actor"),
            ({"actor": "system 1"}, "actor"),
        ],
    )
    def test_a_bad_query_names_its_field(self, query: dict[str, str], field: str) -> None:
        reply = log(an_api(1), **query)
        assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])

    def test_all_flaws_of_the_filters_are_named_at_once(self) -> None:
        reply = log(an_api(1), from_="x", to="y", object="z", actor="a")
        fields = ("from", "to", "object", "actor")
        assert reply.codes == [f"invalid_field|{field}" for field in fields]


class TestExport:
    @pytest.mark.parametrize("accept", ANY_ORDER)
    def test_lines_are_given_where_they_are_asked_for(self, accept: str) -> None:
        reply = an_api(1).call("GET", "audit-log", headers={"Accept": accept})
        assert reply.headers["Content-Type"] == LINES

    @pytest.mark.parametrize("accept", ["", "*/*", "application/json, application/x-ndjson"])
    def test_else_json(self, accept: str) -> None:
        reply = an_api(1).call("GET", "audit-log", headers={"Accept": accept})
        assert reply.headers["Content-Type"] == "application/json"

    def test_an_export_of_many_pages_is_verified_as_one_file(self) -> None:
        api = an_api(25)
        told = "\n".join(verify(export(api, limit="10")))
        assert "Account 1: 25 entries in 3 pages." in told
        assert f"Head: 25:{api.book.head(1).hash}" in told

    def test_a_filtered_export_is_verified_as_such(self) -> None:
        told = "\n".join(verify(export(an_api(9), actor="user 7", limit="3")))
        assert "The export is filtered (actor user 7)" in told

    def test_tomorrows_export_goes_on_where_todays_ended(self) -> None:
        api = an_api(3)
        today, head = export(api), KnownHead(3, api.book.head(1).hash)
        number_all(api)  # what says that the log was exported
        tomorrow = log(api, lines=True, after="3").content
        assert "Nothing up to number 3 was rewritten" in verify(today + tomorrow, head)[-1]
        with pytest.raises(NotVerified):
            verify(today + tomorrow, KnownHead(3, "0" * 64))


class TestWhoReads:
    def changes(self, api: Api) -> list[Change]:
        every = [r for r in api.book.records.values() if isinstance(r, Change)]
        return [change for change in every if change.kind is ChangeKind.AUDIT_LOG_READ]

    def test_an_export_is_in_the_log_itself(self) -> None:
        api = an_api(3)
        log(api, lines=True, after="1", actor="user 7")
        (change,) = self.changes(api)
        assert (change.account_id, change.actor, change.subject) == (1, "user 7", "account 1")
        assert change.data == {"after": 1, "limit": 100, "actor": "user 7"}

    def test_an_administrators_look_at_a_page_is_not(self) -> None:
        api = an_api(3)
        log(api)
        assert self.changes(api) == []

    @pytest.mark.parametrize("lines", [False, True])
    def test_whatever_an_operator_reads_is_in_the_accounts_own_log(self, lines: bool) -> None:
        api = an_api(3)
        path = "operator/account/1/audit-log"
        reply = log(api, path=path, key=OPERATORS_KEY, lines=lines)
        assert reply.status == 200
        (change,) = self.changes(api)
        assert (change.account_id, change.actor) == (1, "operator 9")
        number_all(api)
        assert log(api).json["entries"][-1]["actor"] == "operator 9"

    def test_an_unknown_account_has_no_log(self) -> None:
        reply = log(Api(), path="operator/account/999/audit-log", key=OPERATORS_KEY)
        assert (reply.status, reply.codes) == (404, ["not_found|account"])

    def test_what_operators_do_outside_of_accounts_is_in_a_log_of_its_own(self) -> None:
        api = Api()
        _add(api, change_id="own", account_id=0, actor="operator 9")
        reply = log(api, path="operator/audit-log", key=OPERATORS_KEY)
        assert [entry["account_id"] for entry in reply.json["entries"]] == [0]

    def test_a_page_that_could_not_be_noted_is_not_given(self) -> None:
        api = an_api(3)
        api.tripwire.calls.clear()
        log(api, lines=True)
        assert api.tripwire.calls[-1] == "ledger.commit"

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
    def test_others_do_not_read_it(self, role: Role) -> None:
        api = an_api(1)
        api.add_key("theirs", role=role)
        assert log(api, key="theirs").codes == ["access_denied|missing_permission"]

    def test_a_view_only_key_of_an_administrator_reads_and_exports(self) -> None:
        api = an_api(1)
        api.add_key("viewer", restriction=Restriction.VIEW_ONLY)
        assert log(api, key="viewer").status == log(api, key="viewer", lines=True).status == 200

    def test_nobody_sees_another_accounts_entries(self) -> None:
        api = an_api(3)
        for reply in (log(api), log(api, lines=True)):
            assert b"planted" not in reply.content
        assert [entry["actor"] for entry in log(api, key=OTHERS_KEY).json["entries"]] == ["user 8"]


def test_an_operators_act_is_in_the_accounts_log_under_his_number() -> None:
    api = an_api()
    rules = {"two_person": True}
    assert api.call("PUT", "operator/account/1/rules", rules, key=OPERATORS_KEY).status == 204
    number_all(api)
    entry = log(api).json["entries"][-1]
    assert (entry["actor"], entry["subject"]) == ("operator 9", "account 1")
    assert (entry["before"], entry["after"]) == ({"two_person": False}, {"two_person": True})
