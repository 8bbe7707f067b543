"""People over the API: created, read, edited, given roles, deactivated, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_user
from tests.builders_people import a_container
from tests.unit.api.driving import KEY, OTHERS_KEY, Api, Reply
from tests.unit.api.examples import a_world
from vouchsafe.domain.accounts import Role, User, UserStatus

BODY: dict[str, Any] = {
    "first_name": "Jill",
    "last_name": "Example",
    "email": "jill@example.com",
    "access_roles": [{"id": 5}],
}


@pytest.fixture
def api() -> Api:
    """Ada (7) in the root, whose call it is, and Grace (12) in container 31."""
    api = a_world()
    api.book.allocate(accounts=60, users=60, keys=60)
    return api


def create(api: Api, *, key: str = KEY, **changed: Any) -> Reply:
    return api.call("POST", "user", BODY | changed, key=key)


def read(api: Api, number: int) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"user/{number}").json
    return found


def key_of(api: Api, number: int) -> str:
    """A key of that person."""
    made = api.call("POST", f"key/user/{number}", {"name": "k"})
    assert made.status == 201, made.content
    secret: str = made.json["api_key"]
    return secret


class TestCreating:
    def test_a_person_is_shown_as_was_asked_for(self, api: Api) -> None:
        made = create(
            api, username="jill", job_title="Engineer", telephone=5551234, container={"id": 31}
        )
        assert (made.status, made.json["warnings"]) == (201, [])
        shown = read(api, made.json["id"])
        assert {name: shown[name] for name in ("username", "job_title", "telephone", "status")} == {
            "username": "jill",
            "job_title": "Engineer",
            "telephone": "5551234",
            "status": "active",
        }
        assert shown["access_roles"] == [{"id": 5, "name": "Standard User"}]
        assert (shown["container"]["id"], shown["container"]["name"]) == (31, "Sales")

    @pytest.mark.parametrize("container", [None, {}, {"id": 0}, {"id": "3"}, {"id": 3}])
    def test_without_a_container_a_person_stands_with_the_creator(
        self, api: Api, container: Any
    ) -> None:
        made = create(api, container=container)
        assert read(api, made.json["id"])["container"]["id"] == 3

    def test_a_key_of_somebody_new_is_that_persons(self, api: Api) -> None:
        number = create(api, container={"id": 31}).json["id"]
        me = api.call("GET", "user/me", key=key_of(api, number)).json
        assert (me["id"], me["container"]["id"], me["username"]) == (
            number,
            31,
            "jill@example.com",
        )

    @pytest.mark.parametrize(
        ("changed", "fields"),
        [
            ({"first_name": ""}, ["first_name"]),
            ({"first_name": None, "last_name": " ", "email": None}, None),
            ({"first_name": "a" * 129}, ["first_name"]),
            ({"last_name": "a\nb"}, ["last_name"]),
            ({"email": "jill"}, ["email"]),
            ({"email": {"a": 1}}, None),
            ({"username": "jill example"}, ["username"]),
            ({"job_title": "a" * 65}, ["job_title"]),
            ({"telephone": "1" * 65}, ["telephone"]),
            ({"access_roles": []}, ["access_roles"]),
            ({"access_roles": 5}, None),
            ({"access_roles": {"id": 5}}, None),
            ({"access_roles": [{"id": 1}, {"id": 2}]}, ["access_roles"]),
            ({"access_roles": [{"id": 90}]}, ["access_roles[0].id"]),
            ({"access_roles": [{"id": 6}]}, ["access_roles[0].id"]),
            ({"access_roles": [{}]}, ["access_roles[0].id"]),
            ({"container": {"id": 4}}, ["container.id"]),
            ({"container": {"id": 999}}, ["container.id"]),
            ({"container": {"id": -3}}, ["container.id"]),
            ({"is_api_only": True}, ["is_api_only"]),
            (
                {"first_name": "", "access_roles": [], "container": {"id": 4}},
                ["first_name", "access_roles", "container.id"],
            ),
        ],
    )
    def test_each_thing_wrong_is_named(
        self, api: Api, changed: dict[str, Any], fields: list[str] | None
    ) -> None:
        before = dict(api.book.records)
        refused = create(api, **changed)
        assert refused.status == 400
        if fields is not None:
            assert refused.codes == [f"invalid_field|{field}" for field in fields]
        assert api.book.records == before

    def test_an_address_is_one_persons_in_any_case(self, api: Api) -> None:
        assert create(api).status == 201
        again = create(api, email="JILL@example.com")
        assert (again.status, again.codes) == (400, ["invalid_field|email"])

    def test_one_key_makes_one_person(self, api: Api) -> None:
        sent = {"Idempotency-Key": "jill"}
        first = api.call("POST", "user", BODY, headers=sent)
        second = api.call("POST", "user", BODY, headers=sent)
        assert first.json == second.json
        assert second.headers["Idempotency-Replayed"] == "true"

    def test_what_has_no_effect_is_said(self, api: Api) -> None:
        made = create(api, container_id_assignments=[31], is_saml_sso_only=True, colour="blue")
        told = [warning.partition(":")[0] for warning in made.json["warnings"]]
        assert sorted(told) == ["colour", "container_id_assignments", "is_saml_sso_only"]

    def test_a_bare_number_is_read_as_a_role(self, api: Api) -> None:
        number = create(api, access_roles=[4]).json["id"]
        assert read(api, number)["access_roles"] == [{"id": 4, "name": "Manager"}]


class TestReading:
    def test_a_list_can_be_narrowed_to_a_container(self, api: Api) -> None:
        create(api, container={"id": 31})
        found = api.call("GET", "user", query={"container_id": "31"}).json
        assert ([user["container"]["id"] for user in found["users"]], found["page"]["total"]) == (
            [31, 31],
            2,
        )
        for nothing in ("4", "999", "x"):
            assert api.call("GET", "user", query={"container_id": nothing}).json["users"] == []

    def test_lists_are_paged_with_an_exact_total(self, api: Api) -> None:
        found = api.call("GET", "user", query={"limit": "1", "offset": "1"}).json
        assert ([user["id"] for user in found["users"]], found["page"]["total"]) == ([12], 2)

    def test_a_closed_container_shows_as_not_active(self, api: Api) -> None:
        api.call("PUT", "container/31/deactivate")
        assert read(api, 12)["container"]["is_active"] is False


class TestChanging:
    def test_a_title_that_is_left_out_is_removed(self, api: Api) -> None:
        body = {"email": "grace@example.com", "job_title": "Admiral", "first_name": "Amazing"}
        assert api.call("PUT", "user/12", body).status == 204
        assert api.call("PUT", "user/12", {"email": "grace@example.com"}).status == 204
        shown = read(api, 12)
        assert (shown["first_name"], shown["job_title"]) == ("Amazing", "")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "email"),
            ({"email": "x"}, "email"),
            ({"email": "jill@example.com", "username": "a b"}, "username"),
        ],
    )
    def test_a_bad_edit_is_named(self, api: Api, body: dict[str, Any], field: str) -> None:
        refused = api.call("PUT", "user/12", body)
        assert (refused.status, refused.codes) == (400, [f"invalid_field|{field}"])

    def test_a_new_role_counts_with_the_next_call(self, api: Api) -> None:
        number = create(api).json["id"]
        key = key_of(api, number)
        assert create(api, key=key, email="x@example.com").status == 403
        assert api.call("PUT", f"user/{number}/role", {"access_roles": [{"id": 1}]}).status == 204
        assert create(api, key=key, email="x@example.com").status == 201

    @pytest.mark.parametrize("body", [{}, {"access_roles": [{"id": 0}]}, {"access_roles": [7]}])
    def test_a_bad_role_is_named(self, api: Api, body: dict[str, Any]) -> None:
        refused = api.call("PUT", "user/12/role", body)
        assert refused.status == 400
        assert refused.codes[0].startswith("invalid_field|access_roles")

    def test_a_deactivated_persons_key_is_no_key(self, api: Api) -> None:
        number = create(api).json["id"]
        key = key_of(api, number)
        assert api.call("PUT", f"user/{number}/status", {"status": "inactive"}).status == 204
        refused = api.call("GET", "user/me", key=key)
        assert refused.codes == ["access_denied|access_denied_invalid_key"]
        assert read(api, number)["status"] == "inactive"
        listed = api.call("GET", "key").json["api_keys"]
        assert [row["status"] for row in listed if row["user"]["id"] == number] == ["suspended"]
        assert api.call("POST", f"key/user/{number}", {"name": "k"}).codes == [
            "invalid_status|user"
        ]
        assert api.call("PUT", f"user/{number}/status", {"status": "ACTIVE"}).status == 204
        assert api.call("GET", "user/me", key=key).status == 200

    @pytest.mark.parametrize("status", ["", "deleted", "revoked", None])
    def test_a_bad_status_is_named(self, api: Api, status: Any) -> None:
        refused = api.call("PUT", "user/12/status", {"status": status})
        assert (refused.status, refused.codes) == (400, ["invalid_field|status"])

    def test_who_was_deleted_is_gone_from_sight_and_stays_on_record(self, api: Api) -> None:
        assert api.call("DELETE", "user/12").status == 204
        for method, path in (("GET", "user/12"), ("DELETE", "user/12"), ("PUT", "user/12/role")):
            body = {"access_roles": [{"id": 5}]} if method == "PUT" else None
            assert api.call(method, path, body).codes == ["not_found|user"]
        assert [user["id"] for user in api.call("GET", "user").json["users"]] == [7]
        kept: User = api.book.records[User, 1, 12]
        assert (kept.first_name, kept.status) == ("Grace", UserStatus.DELETED)
        assert create(api, email="grace@example.com").status == 201

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PUT", "user/7/role", {"access_roles": [{"id": 4}]}),
            ("PUT", "user/7/status", {"status": "inactive"}),
            ("DELETE", "user/7", None),
        ],
    )
    def test_the_last_administrator_stays(
        self, api: Api, method: str, path: str, body: Any
    ) -> None:
        api.call("DELETE", "user/12")
        refused = api.call(method, path, body)
        assert (refused.status, refused.codes) == (400, ["invalid_status|user"])

    def test_managers_edit_in_their_own_containers_alone(self, api: Api) -> None:
        api.book.commit(a_container(container_id=32, name="Other"))
        key = key_of(api, create(api, access_roles=[{"id": 4}], container={"id": 31}).json["id"])
        inside = create(api, email="in@example.com", container={"id": 31}).json["id"]
        outside = create(api, email="out@example.com", container={"id": 32}).json["id"]
        body = {"email": "new@example.com"}
        assert api.call("PUT", f"user/{inside}", body, key=key).status == 204
        for number in (outside, 12, 7):
            refused = api.call("PUT", f"user/{number}", {"email": "y@example.com"}, key=key)
            assert (refused.status, refused.codes) == (403, ["access_denied|missing_permission"])

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "user/12", None),
            ("PUT", "user/12", {"email": "x@example.com"}),
            ("PUT", "user/12/role", {"access_roles": [{"id": 5}]}),
            ("PUT", "user/12/status", {"status": "inactive"}),
            ("DELETE", "user/12", None),
        ],
    )
    def test_a_foreign_person_is_an_unknown_one(
        self, api: Api, method: str, path: str, body: Any
    ) -> None:
        foreign = api.call(method, path, body, key=OTHERS_KEY)
        unknown = api.call(method, path.replace("12", "799"), body, key=OTHERS_KEY)
        assert foreign == unknown
        assert (foreign.status, foreign.codes) == (404, ["not_found|user"])


class TestLimitedUsers:
    """They read everything, and change what they ordered themselves alone."""

    @pytest.fixture
    def limited(self, api: Api) -> str:
        api.book.commit(a_user(user_id=55, role=Role.LIMITED_USER, email="lim@example.com"))
        return key_of(api, 55)

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PUT", "order/certificate/1001/status", {"status": "CANCELED"}),
            ("PUT", "order/certificate/1001/revoke", {}),
            ("PUT", "certificate/5001/revoke", {}),
            ("POST", "order/certificate/1001/note", {"text": "x"}),
            ("PUT", "order/certificate/1001/check-dcv", None),
            ("POST", "order/certificate/1001/reorder", None),
        ],
    )
    def test_somebody_elses_order_is_out_of_reach(
        self, api: Api, limited: str, method: str, path: str, body: Any
    ) -> None:
        refused = api.call(method, path, body, key=limited)
        assert (refused.status, refused.codes) == (403, ["access_denied|missing_permission"])
        assert api.call("GET", "order/certificate/1001", key=limited).status == 200

    def test_a_foreign_order_is_unknown_even_then(self, api: Api, limited: str) -> None:
        unknown = api.call("PUT", "order/certificate/1999/revoke", {}, key=limited)
        assert unknown.codes == ["not_found|order"]
