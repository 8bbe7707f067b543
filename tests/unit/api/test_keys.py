"""API keys over the API: shown once, limited, listed, revoked, and never the last one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_user, an_api_key
from tests.unit.api.driving import KEY, OTHERS_KEY, Api
from vouchsafe.domain.accounts import Account, ApiKey, Restriction, Role
from vouchsafe.domain.changes import Change


def _make(api: Api, body: Any = None, **options: Any) -> Any:
    return api.call("POST", "key/user/7", body or {"name": "build server"}, **options)


def test_a_key_is_shown_once_and_works() -> None:
    api = Api()
    made = _make(api)
    assert made.status == 201
    secret = made.json["api_key"]
    assert api.call("GET", "user/me", key=secret).json["id"] == 7
    told = api.call("GET", f"key/{made.json['id']}").content + api.call("GET", "key").content
    assert secret.encode() not in told
    assert secret not in repr(api.book.records) + api.log.getvalue()
    assert [r.kind for r in api.book.records.values() if isinstance(r, Change)] == ["key_created"]


def test_a_key_is_listed_with_everything_about_it() -> None:
    api = Api()
    body = {
        "name": "monitoring",
        "restricted_by_role_id": "102",
        "expires": "2027-01-31",
        "source_ranges": ["192.0.2.77/24", "2001:db8::1"],
    }
    made = _make(api, body).json
    assert api.call("GET", f"key/{made['id']}").json == {
        "id": made["id"],
        "name": "monitoring",
        "status": "active",
        "create_date": "2026-11-21T12:00:00+00:00",
        "expires": "2027-01-31T23:59:59+00:00",
        "user": {"id": 7, "first_name": "Ada", "last_name": "Example"},
        "restricted_by_role": {"id": 102, "name": "View Only"},
        "source_ranges": ["192.0.2.0/24", "2001:db8::1/128"],
    }
    page = api.call("GET", "key", query={"limit": "1", "offset": "1"}).json
    assert page["page"] == {"total": 2, "limit": 1, "offset": 1}
    assert [row["id"] for row in page["api_keys"]] == [41]


def test_a_key_for_viewing_is_told_so_and_changes_nothing() -> None:
    api = Api()
    secret = _make(api, {"name": "viewer", "restricted_by_role_id": 102}).json["api_key"]
    me = api.call("GET", "user/me", key=secret).json
    assert me["restricted_by_role"] == {"id": 102, "name": "View Only"}
    assert _make(api, key=secret).status == 403


def test_a_key_ends_when_it_was_told_to() -> None:
    api = Api()
    made = _make(api, {"name": "brief", "expires": "2026-11-21T14:00:00+01:00"}).json
    assert api.call("GET", "product", key=made["api_key"]).status == 200
    api.clock.advance(timedelta(hours=1))
    assert api.call("GET", "product", key=made["api_key"]).status == 403
    assert api.call("GET", f"key/{made['id']}").json["status"] == "expired"


def test_a_key_is_good_from_its_ranges_alone() -> None:
    api = Api()
    near = _make(api, {"name": "near", "source_ranges": ["192.0.2.0/24"]}).json["api_key"]
    far = _make(api, {"name": "far", "source_ranges": ["198.51.100.0/24"]}).json["api_key"]
    assert api.call("GET", "product", key=near).status == 200
    assert api.call("GET", "product", key=far).status == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": []}, "name"),
        ({"restricted_by_role_id": 1}, "restricted_by_role_id"),
        ({"restricted_by_role_id": "admin"}, "restricted_by_role_id"),
        ({"expires": "tomorrow"}, "expires"),
        ({"expires": "2026-11-20"}, "expires"),
        ({"expires": "2027-01-01T00:00:00"}, "expires"),
        ({"expires": "9999-12-31T23:59:59-23:00"}, "expires"),
        ({"source_ranges": ["192.0.2.0/33"]}, "source_ranges[0]"),
        ({"source_ranges": ["192.0.2.1", "here"]}, "source_ranges[1]"),
        ({"source_ranges": ["192.0.2.1"] * 51}, "source_ranges"),
    ],
)
def test_a_wish_that_cannot_be_met_names_its_field(changed: dict[str, Any], field: str) -> None:
    api = Api()
    before = dict(api.book.records)
    reply = _make(api, {"name": "x"} | changed)
    assert reply.status == 400
    assert f"invalid_field|{field}" in reply.codes
    assert api.book.records == before


def test_unknown_fields_are_named_in_the_answer() -> None:
    made = _make(Api(), {"name": "x", "colour": "red"}).json
    assert made["warnings"] == ["colour: unknown field, ignored"]


class TestWhoseKeys:
    def test_others_see_and_make_their_own_only(self) -> None:
        api = Api()
        api.book.commit(a_user(user_id=77, role=Role.STANDARD_USER))
        api.add_key("theirs", user_id=77, role=Role.STANDARD_USER)
        assert [r["id"] for r in api.call("GET", "key", key="theirs").json["api_keys"]] == [99]
        assert api.call("GET", "key/41", key="theirs").status == 404
        assert api.call("POST", "key/user/77", {"name": "x"}, key="theirs").status == 201
        refused = _make(api, key="theirs")
        assert (refused.status, refused.codes) == (403, ["access_denied|missing_permission"])
        assert api.call("PUT", "key/41/status", {"status": "revoked"}, key="theirs").status == 404

    def test_nobody_makes_a_key_for_a_person_of_another_account(self) -> None:
        reply = _make(Api(), key=OTHERS_KEY)
        assert (reply.status, reply.codes) == (404, ["not_found|user"])

    @pytest.mark.parametrize(
        "restriction", [Restriction.ORDERS, Restriction.ORDERS_DOMAINS_ORGANIZATIONS]
    )
    def test_a_key_limited_to_orders_makes_none(self, restriction: Restriction) -> None:
        api = Api()
        api.add_key("limited", restriction=restriction)
        assert _make(api, key="limited").status == 403
        assert api.call("GET", "user", key="limited").status == 403
        assert api.call("GET", "organization", key="limited").status == 200


class TestRevoking:
    def test_a_revoked_key_is_no_key_until_it_is_taken_up_again(self) -> None:
        api = Api()
        made = _make(api).json
        path = f"key/{made['id']}/status"
        assert api.call("PUT", path, {"status": "revoked"}).status == 204
        assert api.call("GET", "product", key=made["api_key"]).status == 403
        assert api.call("GET", f"key/{made['id']}").json["status"] == "revoked"
        assert api.call("PUT", path, {"status": "ACTIVE"}).status == 204
        assert api.call("GET", "product", key=made["api_key"]).status == 200

    def test_doing_it_twice_is_doing_it_once(self) -> None:
        api = Api()
        path = f"key/{_make(api).json['id']}/status"
        api.call("PUT", path, {"status": "revoked"})
        after = dict(api.book.records)
        assert api.call("PUT", path, {"status": "revoked"}).status == 204
        assert api.book.records == after

    @pytest.mark.parametrize("body", [{}, {"status": "gone"}, {"status": ""}])
    def test_other_words_are_refused(self, body: Any) -> None:
        reply = Api().call("PUT", "key/41/status", body)
        assert (reply.status, reply.codes) == (400, ["invalid_field|status"])

    def test_the_last_unrestricted_administrator_key_stays(self) -> None:
        api = Api()
        _make(api, {"name": "limited", "restricted_by_role_id": 100})
        api.add_key("ended", key_id=90, expires_at=MOMENT)
        api.add_key("revoked", key_id=91, revoked=True)
        api.add_key("manager", key_id=92, role=Role.MANAGER)
        before = dict(api.book.records)
        reply = api.call("PUT", "key/41/status", {"status": "revoked"})
        assert (reply.status, reply.codes) == (400, ["invalid_status|key"])
        assert api.book.records == before

    def test_of_two_who_revoke_the_last_two_at_once_one_is_refused(self) -> None:
        api = Api()
        api.book.commit(an_api_key("second", key_id=42_000))
        plain, raced = api.book.commit, []

        def commit(*records: Any) -> None:
            if not raced:
                raced.append(True)
                twin = api.call("PUT", "key/42000/status", {"status": "revoked"})
                assert twin.status == 204
            plain(*records)

        api.book.commit = commit  # type: ignore[method-assign]
        reply = api.call("PUT", "key/41/status", {"status": "revoked"})
        assert (reply.status, reply.codes) == (400, ["invalid_status|key"])
        keys = [r for r in api.book.records.values() if isinstance(r, ApiKey)]
        assert [k.revoked for k in keys if k.key_id == 41] == [False]

    def test_rules_of_the_account_survive_a_revocation(self) -> None:
        api = Api()
        api.book.commit(an_api_key("second", key_id=42_000))
        api.call("PUT", "key/42000/status", {"status": "revoked"})
        account = api.book.records[Account, 1]
        assert (account.version, account.name) == (2, "Example Ltd")

    def test_a_key_that_gives_more_is_not_taken_up_by_a_lesser_one(self) -> None:
        api = Api()
        api.book.commit(an_api_key("strong", key_id=50, revoked=True))
        api.add_key("bound", source_ranges=("192.0.2.0/24",))
        reply = api.call("PUT", "key/50/status", {"status": "active"}, key="bound")
        assert reply.status == 403
        assert api.call("PUT", "key/50/status", {"status": "active"}, key=KEY).status == 204
