"""Denied and high-risk names: set by operators, held against requests, cleared for accounts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import an_account
from tests.builders_accounts import an_organization
from tests.unit.api.driving import OPERATORS_KEY, Api, Reply
from tests.unit.api.material import order_body
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.parking import ParkedCertificate
from vouchsafe.domain.policy_lists import MOST_BYTES, MOST_ENTRIES, PolicyLists


def _set(api: Api, **lists: Any) -> Reply:
    body = {"reason": "as agreed"} | lists
    return api.call("PUT", "operator/policy-lists", body, key=OPERATORS_KEY)


def _read(api: Api, **query: str) -> Any:
    return api.call("GET", "operator/policy-lists", key=OPERATORS_KEY, query=query).json


class TestLists:
    def test_there_are_none_before_anybody_set_any(self) -> None:
        assert _read(Api()) == {
            "version": 0,
            "denied_names": [],
            "denied_organizations": [],
            "high_risk_names": [],
            "reason": "",
        }

    def test_names_are_kept_in_the_spelling_they_are_compared_in(self) -> None:
        api = Api()
        reply = _set(
            api,
            denied_names=["*.Bad.Example.COM", "kp", "b\u00fccher.com"],
            denied_organizations=["  Evil   Corp. "],
        )
        assert reply.status == 200
        assert reply.json["denied_names"] == ["bad.example.com", "kp", "xn--bcher-kva.com"]
        assert reply.json["denied_organizations"] == ["Evil Corp."]

    def test_what_is_left_out_stays_and_an_empty_list_empties(self) -> None:
        api = Api()
        _set(api, denied_names=["bad.com"], high_risk_names=["pay.com"])
        second = _set(api, denied_names=[]).json
        assert (second["version"], second["denied_names"], second["high_risk_names"]) == (
            2,
            [],
            ["pay.com"],
        )

    def test_every_version_stays_readable_and_is_told(self) -> None:
        api = Api()
        _set(api, denied_names=["bad.com", "worse.com"])
        _set(api, denied_names=["worse.com", "worst.com"])
        assert _read(api, version="1")["denied_names"] == ["bad.com", "worse.com"]
        assert _read(api)["version"] == 2
        changes = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert [(c.kind, c.account_id, c.actor) for c in changes] == [
            (ChangeKind.POLICY_LISTS_SET, 0, "operator 9")
        ] * 2
        assert changes[1].before["denied_names"] == {"entries": 2, "gone": ["bad.com"]}
        assert changes[1].after["denied_names"] == {"entries": 2, "new": ["worst.com"]}
        unknown = api.call(
            "GET", "operator/policy-lists", key=OPERATORS_KEY, query={"version": "3"}
        )
        assert (unknown.status, unknown.codes) == (404, ["not_found|version"])

    def test_lists_that_changed_meanwhile_are_not_overwritten(self) -> None:
        api = Api()
        assert _set(api, denied_names=["bad.com"], version=1).codes == [
            "invalid_status|policy_lists"
        ]
        _set(api, denied_names=["bad.com"])
        assert _set(api, denied_names=["worse.com"], version=1).json["version"] == 2

    @pytest.mark.parametrize(
        ("lists", "codes"),
        [
            ({}, ["denied_names"]),
            ({"denied_names": ["bad.com"], "reason": ""}, ["reason"]),
            (
                {"denied_names": ["ok.com", "a b", ""], "high_risk_names": ["http://x.com"]},
                ["denied_names[1]", "denied_names[2]", "high_risk_names[0]"],
            ),
            ({"denied_names": ["1.2.3.4"]}, ["denied_names[0]"]),
            (
                {"denied_organizations": ["...", "x" * 201]},
                [f"denied_organizations[{n}]" for n in (0, 1)],
            ),
            ({"denied_names": ["a.com"] * (MOST_ENTRIES + 1)}, ["denied_names"]),
            ({"denied_names": "bad.com"}, ["denied_names"]),
        ],
    )
    def test_everything_wrong_is_named_at_once(
        self, lists: dict[str, Any], codes: list[str]
    ) -> None:
        api = Api()
        reply = _set(api, **lists)
        assert reply.status == 400
        assert reply.codes == [f"invalid_field|{code}" for code in codes]
        assert _read(api)["version"] == 0

    def test_all_lists_together_are_bounded(self) -> None:
        names = [f"n{n:04}.{'.'.join(['a' * 60] * 4)}" for n in range(MOST_BYTES // 249)]
        assert len(names) < MOST_ENTRIES
        api = Api()
        assert _set(api, denied_names=names).status == 200
        reply = _set(api, denied_names=names, high_risk_names=["a.com"] * 100)
        assert reply.codes == ["invalid_field|denied_names"]
        assert _set(api, denied_names=["x" * 700_000]).status == 413

    def test_lists_that_were_left_as_they_are_count_too(self) -> None:
        """All three are one item, however many calls set them."""
        names = [f"n{n:04}.{'.'.join(['a' * 60] * 4)}" for n in range(MOST_BYTES // 249)]
        api = Api()
        assert _set(api, denied_names=names).status == 200
        reply = _set(api, high_risk_names=names)
        assert (reply.status, reply.codes) == (400, ["invalid_field|high_risk_names"])
        assert _read(api)["version"] == 1
        assert _set(api, denied_names=[], high_risk_names=names).status == 200


class TestRequests:
    def _placed(self, api: Api, product: str = "ssl_dv_geotrust", **more: Any) -> int:
        api.book.allocate(requests=300)
        api.book.commit(an_account(orders_need_approval=True, version=2), an_organization())
        body = order_body(
            certificate__common_name="www.example.com", certificate__dns_names=[], **more
        )
        placed = api.call("POST", f"order/certificate/{product}", body)
        assert placed.status == 201, placed.content
        number: int = placed.json["requests"][0]["id"]
        return number

    def _decide(self, api: Api, number: int, word: str) -> Reply:
        return api.call("PUT", f"request/{number}/status", {"status": word})

    def test_an_order_for_a_denied_name_is_not_approved_but_may_be_rejected(self) -> None:
        api = Api()
        number = self._placed(api)
        api.book.commit(PolicyLists(denied_names=("example.com",), version=1))
        reply = self._decide(api, number, "approved")
        assert (reply.status, reply.codes) == (400, ["denied_by_policy"])
        assert "example.com is on the list of denied names" in reply.content.decode()
        assert api.workflow.orders == []
        assert self._decide(api, number, "rejected").status == 204

    def test_an_order_for_a_denied_organization_is_not_approved(self) -> None:
        api = Api()
        api.book.allocate(reviews=700)
        number = self._placed(api, "ssl_plus", organization={"id": 601})
        denied = PolicyLists(denied_organizations=("example HOLDINGS ltd.",), version=1)
        api.book.commit(denied)
        assert self._decide(api, number, "approved").codes == ["denied_by_policy"]

    def test_a_high_risk_name_is_approved_and_waits_for_a_clearance_later(self) -> None:
        api = Api()
        number = self._placed(api)
        api.book.commit(PolicyLists(high_risk_names=("example.com",), version=1))
        assert self._decide(api, number, "approved").status == 204

    def test_a_revocation_of_what_is_denied_is_approved(self) -> None:
        from tests.unit.api.material import issue

        api = Api()
        issue(api)
        api.book.allocate(requests=300)
        api.book.commit(PolicyLists(denied_names=("example.com",), version=1))
        asked = api.call("PUT", "certificate/5001/revoke", {})
        assert self._decide(api, asked.json["id"], "approved").status == 204


class TestClearances:
    PATH = "operator/account/1/clearance"

    def _give(self, api: Api, **body: Any) -> Reply:
        whole = {"name": "Pay.Example.com", "reason": "theirs"} | body
        return api.call("POST", self.PATH, whole, key=OPERATORS_KEY)

    def test_a_clearance_is_given_and_withdrawn(self) -> None:
        api = Api()
        given = self._give(api)
        assert given.status == 201
        assert [row["name"] for row in given.json["clearances"]] == ["pay.example.com"]
        listed = api.call("GET", self.PATH, key=OPERATORS_KEY).json["clearances"]
        assert (listed[0]["reason"], listed[0]["operator_id"]) == ("theirs", 9)
        other = api.call("GET", "operator/account/2/clearance", key=OPERATORS_KEY).json
        assert other == {"clearances": []}
        gone = api.call("DELETE", f"{self.PATH}/PAY.example.com", key=OPERATORS_KEY)
        assert gone.status == 204
        again = api.call("DELETE", f"{self.PATH}/pay.example.com", key=OPERATORS_KEY)
        assert (again.status, again.codes) == (404, ["not_found|clearance"])
        changes = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert [(c.kind, c.account_id, c.before, c.after) for c in changes] == [
            (ChangeKind.CLEARANCE_GIVEN, 1, {}, {"cleared": "pay.example.com"}),
            (ChangeKind.CLEARANCE_WITHDRAWN, 1, {"cleared": "pay.example.com"}, {}),
        ]

    def test_a_newer_word_takes_the_place_of_the_older(self) -> None:
        api = Api()
        self._give(api)
        rows = self._give(api, reason="still theirs").json["clearances"]
        assert [row["reason"] for row in rows] == ["still theirs"]

    def test_what_waits_for_it_is_woken(self) -> None:
        api = Api()
        parked = [ParkedCertificate(account_id=1, order_id=1001, certificate_id=5001)]
        api.book.parked = lambda account_id: parked if account_id == 1 else []  # type: ignore[method-assign]
        self._give(api)
        assert [run[:2] for run in api.workflow.orders] == [(1001, 5001)]

    @pytest.mark.parametrize(
        ("body", "codes"),
        [
            ({"name": None, "reason": None}, ["reason", "name"]),
            ({"name": "a b"}, ["name"]),
            ({"reason": "x" * 501}, ["reason"]),
        ],
    )
    def test_everything_wrong_is_named_at_once(
        self, body: dict[str, Any], codes: list[str]
    ) -> None:
        reply = self._give(Api(), **body)
        assert (reply.status, reply.codes) == (400, [f"invalid_field|{code}" for code in codes])

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", "/pay.example.com")]
    )
    def test_an_unknown_account_is_not_found(self, method: str, path: str) -> None:
        reply = Api().call(
            method, f"operator/account/999/clearance{path}", {"name": "a.com"}, key=OPERATORS_KEY
        )
        assert (reply.status, reply.codes) == (404, ["not_found|account"])
