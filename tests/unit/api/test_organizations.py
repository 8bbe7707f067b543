"""Organizations: created, listed, read, changed; submitting them is in test_submitting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.builders_accounts import a_validation, an_organization
from tests.unit.api.driving import KEY, OTHERS_KEY, Api
from tests.unit.api.examples import BODIES
from vouchsafe.domain.changes import Change
from vouchsafe.domain.organization import OrganizationCheck, Submission

BODY: dict[str, Any] = BODIES["organizations.create"]
_PEOPLE = "organization_contact"
CONTACT: dict[str, Any] = BODIES["organizations.make_contact"]
NEEDED = ("first_name", "last_name", "email", "telephone")


def _created(api: Api, body: dict[str, Any], **options: Any) -> Any:
    return api.call("POST", "organization", body, **options)


class TestCreating:
    def test_an_organization_is_read_as_it_was_created(self) -> None:
        api = Api()
        made = _created(api, BODY | {"state": "", "zip": 12345, "container": {"id": "3"}})
        assert made.status == 201
        read = api.call("GET", f"organization/{made.json['id']}").json
        assert {name: read[name] for name in ("name", "country", "city", "zip")} == {
            "name": "Example Widgets Ltd",
            "country": "GB",
            "city": "York",
            "zip": "12345",
        }
        assert (read["status"], read["is_active"], read["validations"]) == ("active", True, [])
        assert read["container"] == {
            "id": 3,
            "parent_id": 0,
            "name": "Example Ltd",
            "is_active": True,
        }
        assert read["organization_contact"]["email"] == "ada@example.com"

    def test_an_equal_one_is_not_made_again_unless_it_is_asked_for(self) -> None:
        api = Api()
        first = _created(api, BODY).json["id"]
        assert _created(api, BODY | {"country": "gb"}).json["id"] == first
        assert _created(api, BODY | {"city": "Leeds"}).json["id"] != first
        assert _created(api, BODY | {"skip_duplicate_org_check": True}).json["id"] != first

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            *(({name: ""}, name) for name in ("name", "country", "address", "city", "telephone")),
            *(
                ({"organization_contact": BODY["organization_contact"] | {name: None}}, place)
                for name in ("first_name", "last_name", "email", "telephone")
                for place in [f"organization_contact.{name}"]
            ),
            ({"name": "x" * 65}, "name"),
            ({"name": "x" * 40, "assumed_name": "y" * 22}, "assumed_name"),
            ({"country": "GBR"}, "country"),
            ({"country": "G1"}, "country"),
            ({"country": "\u00c4\u00d6"}, "country"),
            ({"address": "x" * 129}, "address"),
            ({"zip": "x" * 41}, "zip"),
            ({"telephone": "1" * 33}, "telephone"),
            ({"city": "York\nLeeds"}, "city"),
            ({"container": {"id": 4}}, "container.id"),
            (
                {"organization_contact": BODY["organization_contact"] | {"email": "nobody"}},
                "organization_contact.email",
            ),
            ({"organization_contact": "Ada"}, "organization_contact"),
            ({"name": {"text": "x"}}, "name"),
        ],
    )
    def test_each_thing_wrong_is_named(self, changed: dict[str, Any], field: str) -> None:
        api = Api()
        before = dict(api.book.records)
        reply = _created(api, BODY | changed)
        assert reply.status == 400
        assert f"invalid_field|{field}" in reply.codes
        assert api.book.records == before

    def test_a_name_and_an_assumed_name_may_have_61_characters_together(self) -> None:
        body = BODY | {"name": "x" * 40, "assumed_name": "y" * 21}
        api = Api()
        made = _created(api, body)
        read = api.call("GET", f"organization/{made.json['id']}").json
        assert read["display_name"] == f"{'y' * 21} ({'x' * 40})"
        assert len(read["display_name"]) == 64


class TestListing:
    def _api(self) -> Api:
        api = Api()
        api.book.commit(
            an_organization(),
            an_organization(organization_id=602, name="Other", validations=(a_validation(),)),
        )
        return api

    def test_lists_are_paged_and_have_exact_totals(self) -> None:
        listed = self._api().call("GET", "organization", query={"limit": "1", "offset": "1"}).json
        assert [row["id"] for row in listed["organizations"]] == [602]
        assert listed["page"] == {"total": 2, "limit": 1, "offset": 1}

    @pytest.mark.parametrize(("status", "count"), [("active", 2), ("approved", 2), ("inactive", 0)])
    def test_a_status_chooses(self, status: str, count: int) -> None:
        reply = self._api().call("GET", "organization", query={"filters[status]": status})
        assert len(reply.json["organizations"]) == count

    @pytest.mark.parametrize("value", ["false", "False", "0"])
    def test_validations_can_be_left_out(self, value: str) -> None:
        query = {"include_validation": value, "container_id": "3"}
        rows = self._api().call("GET", "organization", query=query).json["organizations"]
        assert all("validations" not in row for row in rows)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"filters[status]": "odd"}, "filters[status]"),
            ({"filters[validation]": "odd"}, "filters[validation]"),
            ({"include_validation": "maybe"}, "include_validation"),
            ({"limit": "1001"}, "limit"),
            ({"offset": "-1"}, "offset"),
            ({"limit": "\u0661"}, "limit"),
        ],
    )
    def test_odd_queries_are_refused(self, query: dict[str, str], field: str) -> None:
        reply = self._api().call("GET", "organization", query=query)
        assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])

    def test_another_container_has_none_and_another_account_neither(self) -> None:
        api = self._api()
        other = api.call("GET", "organization", query={"container_id": "4"}).json
        assert other["organizations"] == []
        assert api.call("GET", "organization", key=OTHERS_KEY).json["page"]["total"] == 0

    def test_only_validated_ones_can_be_ordered_for(self) -> None:
        api = self._api()
        rows = api.call("GET", "container/3/order/organization").json["organizations"]
        assert [row["id"] for row in rows] == [602]
        api.clock.advance(timedelta(days=398))
        assert api.call("GET", "container/3/order/organization").json["organizations"] == []

    def test_a_part_of_any_of_the_names_chooses_without_case_and_accents(self) -> None:
        api = Api()
        api.book.commit(
            an_organization(name="\u00c9cole d'\u00c9t\u00e9", english_name="Summer School"),
            an_organization(organization_id=602, name="Other"),
        )
        for part in ("ecole d'ete", "SUMMER", "school"):
            reply = api.call("GET", "organization", query={"filters[name]": part})
            assert [row["id"] for row in reply.json["organizations"]] == [601]

    def test_how_the_validation_stands_chooses(self) -> None:
        api = self._api()
        pending = Submission(check=OrganizationCheck.EV, submitted_at=MOMENT)
        refused = Submission(
            check=OrganizationCheck.OV, submitted_at=MOMENT, rejected_at=MOMENT, reason="no"
        )
        api.book.commit(
            an_organization(organization_id=603, submissions=(pending,)),
            an_organization(organization_id=604, submissions=(refused,)),
            an_organization(
                organization_id=605, validations=(a_validation(validated_until=MOMENT),)
            ),
        )
        found = {
            word: [
                row["id"]
                for row in api.call(
                    "GET", "organization", query={"filters[validation]": word}
                ).json["organizations"]
            ]
            for word in ("none", "active", "pending", "rejected", "expired")
        }
        assert found == {
            "none": [601],
            "active": [602],
            "pending": [603],
            "rejected": [604],
            "expired": [605],
        }


class TestDescribing:
    @pytest.mark.parametrize(
        ("path", "body", "fields"),
        [
            ("", BODY | {"country": {}, "organization_contact": 5}, ["country", _PEOPLE]),
            ("", BODY | {"organization_contact": CONTACT | {"email": []}}, [f"{_PEOPLE}.email"]),
            ("/601/contact", CONTACT | {"contact_type": {}}, ["contact_type"]),
        ],
    )
    def test_what_cannot_be_read_is_not_said_to_be_missing_too(
        self, path: str, body: dict[str, Any], fields: list[str]
    ) -> None:
        api = Api()
        api.book.commit(an_organization())
        reply = api.call("POST", f"organization{path}", body)
        assert reply.codes == [f"invalid_field|{field}" for field in fields]

    def test_the_english_name_and_further_people_come_back(self) -> None:
        api = Api()
        people = [
            {"contact_type": "technical_contact", "user_id": 7, "telephone": "1"},
            CONTACT | {"contact_type": "Corporate_Officer"},
        ]
        body = BODY | {"name": "\ud68c\uc0ac", "english_name": "Hoesa Co.", "contacts": people}
        made = _created(api, body)
        assert made.status == 201
        read = api.call("GET", f"organization/{made.json['id']}").json
        assert (read["name"], read["english_name"]) == ("\ud68c\uc0ac", "Hoesa Co.")
        assert [(c["id"], c["contact_type"], c["email"]) for c in read["contacts"]] == [
            (1, "technical_contact", "ada@example.com"),
            (2, "corporate_officer", "jill@example.com"),
        ]
        assert read["contacts"][0]["user_id"] == 7

    def test_an_equal_one_is_taken_with_fewer_people_but_not_with_others(self) -> None:
        api = Api()
        first = _created(api, BODY | {"contacts": [CONTACT]}).json["id"]
        assert _created(api, BODY).json["id"] == first
        other = BODY | {"contacts": [CONTACT | {"email": "joan@example.com"}]}
        assert _created(api, other).json["id"] != first

    def test_an_inactive_one_is_not_taken_again(self) -> None:
        api = Api()
        first = _created(api, BODY).json["id"]
        assert api.call("PUT", f"organization/{first}/deactivate").status == 204
        assert _created(api, BODY).json["id"] != first

    @pytest.mark.parametrize(
        ("changed", "fields"),
        [
            ({"english_name": "\ud68c\uc0ac"}, ["english_name"]),
            ({"english_name": "x" * 65}, ["english_name"]),
            ({"country": "XX"}, ["country"]),
            ({"contacts": [{}]}, [*(f"contacts[0].{n}" for n in ("contact_type", *NEEDED))]),
            (
                {"contacts": [{"contact_type": "friend", "user_id": 8}]},
                ["contacts[0].contact_type", "contacts[0].user_id"],
            ),
            ({"contacts": ["Ada"]}, ["contacts[0]"]),
            ({"validations": [{"type": "pv"}]}, ["validations[0].type"]),
            ({"validations": [{"type": "ev"}]}, ["validations[0].verified_users"]),
            (
                {"name": "", "validations": [{"type": "ev", "verified_users": [{"id": 8}]}]},
                ["name", "validations[0].verified_users[0].id"],
            ),
        ],
    )
    def test_everything_wrong_is_named_at_once(
        self, changed: dict[str, Any], fields: list[str]
    ) -> None:
        api = Api()
        before = dict(api.book.records)
        reply = _created(api, BODY | changed)
        assert reply.status == 400
        assert sorted(reply.codes) == sorted(f"invalid_field|{field}" for field in fields)
        assert api.book.records == before


class TestSwitching:
    def _api(self) -> Api:
        api = Api()
        api.book.commit(an_organization(validations=(a_validation(),)))
        return api

    def test_an_inactive_one_is_shown_as_such_and_cannot_be_ordered_for(self) -> None:
        api = self._api()
        assert api.call("PUT", "organization/601/deactivate").status == 204
        read = api.call("GET", "organization/601").json
        assert (read["status"], read["is_active"]) == ("inactive", False)
        assert api.call("GET", "container/3/order/organization").json["organizations"] == []
        query = {"filters[status]": "inactive"}
        rows = api.call("GET", "organization", query=query).json["organizations"]
        assert [row["id"] for row in rows] == [601]
        assert api.call("PUT", "organization/601/activate").status == 204
        assert api.call("GET", "organization/601").json["is_active"] is True
        told = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert [(c.actor, c.subject, c.before, c.after) for c in told] == [
            ("user 7", "organization 601", {"is_active": True}, {"is_active": False}),
            ("user 7", "organization 601", {"is_active": False}, {"is_active": True}),
        ]

    def test_what_is_so_already_stays_so_without_a_word(self) -> None:
        api = self._api()
        before = dict(api.book.records)
        assert api.call("PUT", "organization/601/activate").status == 204
        assert api.book.records == before

    @pytest.mark.parametrize("path", ["activate", "deactivate"])
    def test_anothers_is_not_found(self, path: str) -> None:
        reply = self._api().call("PUT", f"organization/601/{path}", key=OTHERS_KEY)
        assert (reply.status, reply.codes) == (404, ["not_found|organization"])


class TestContacts:
    def _api(self) -> Api:
        api = Api()
        api.book.commit(an_organization())
        return api

    def test_people_come_and_go_and_no_number_comes_again(self) -> None:
        api = self._api()
        made = [api.call("POST", "organization/601/contact", CONTACT) for _ in range(2)]
        assert [(reply.status, reply.json["id"]) for reply in made] == [(201, 1), (201, 2)]
        assert api.call("DELETE", "organization/601/contact/2").status == 204
        assert api.call("POST", "organization/601/contact", CONTACT).json["id"] == 3
        listed = api.call("GET", "organization/601/contact", query={"offset": "1"}).json
        assert [row["id"] for row in listed["contacts"]] == [3]
        assert listed["page"]["total"] == 2

    def test_an_unknown_one_cannot_be_removed(self) -> None:
        api = self._api()
        for number in ("1", "0", "x"):
            reply = api.call("DELETE", f"organization/601/contact/{number}")
            assert (reply.status, reply.codes) == (404, ["not_found|contact"])

    def test_there_are_fifty_at_most(self) -> None:
        api = self._api()
        for _ in range(50):
            assert api.call("POST", "organization/601/contact", CONTACT).status == 201
        reply = api.call("POST", "organization/601/contact", CONTACT)
        assert (reply.status, reply.codes) == (400, ["invalid_field|contacts"])

    def test_two_at_the_same_time_are_both_there(self) -> None:
        api = self._api()
        plain, done = api.book.commit, []

        def commit(*records: Any) -> None:
            if not done:
                done.append(True)
                api.call("POST", "organization/601/contact", CONTACT)
            plain(*records)

        api.book.commit = commit  # type: ignore[method-assign]
        assert api.call("POST", "organization/601/contact", CONTACT, key=KEY).json["id"] == 2
        assert len(api.call("GET", "organization/601/contact").json["contacts"]) == 2
