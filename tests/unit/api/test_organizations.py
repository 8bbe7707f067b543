"""Organizations and proven domains: created, listed, read; and what operators find out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.builders_accounts import a_domain_proof, a_validation, an_organization
from tests.unit.api.driving import KEY, OPERATORS_KEY, OTHERS_KEY, Api
from tests.unit.api.examples import BODIES
from vouchsafe.domain.changes import Change
from vouchsafe.domain.organization import Organization, OrganizationCheck

BODY: dict[str, Any] = BODIES["organizations.create"]


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


class TestValidating:
    PATH = "operator/account/1/organization-validation"

    def _api(self) -> Api:
        api = Api()
        api.book.commit(an_organization())
        return api

    def _validate(self, api: Api, **changed: Any) -> Any:
        body = BODIES["operators.validate_organization"] | changed
        return api.call("POST", self.PATH, body, key=OPERATORS_KEY)

    def test_what_an_operator_found_stands_until_its_last_day(self) -> None:
        api = self._api()
        assert self._validate(api).status == 201
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert (row["type"], row["status"]) == ("ov", "active")
        assert row["validated_until"] == "2027-12-20T23:59:59+00:00"
        kept = api.book.records[Organization, 1, 601]
        assert kept.validated_for(OrganizationCheck.OV, MOMENT)
        assert not kept.validated_for(OrganizationCheck.EV, MOMENT)
        assert kept.validations[0].operator_id == 9
        changes = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert [(c.account_id, c.actor) for c in changes] == [(1, "operator 9")]
        api.clock.advance(timedelta(days=395))
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert row["status"] == "expired"

    def test_a_newer_finding_replaces_the_older_of_its_kind(self) -> None:
        api = self._api()
        self._validate(api)
        self._validate(api, type="ev")
        found = self._validate(api, validated_until="2027-01-31").json["validations"]
        assert sorted((row["type"], row["validated_until"][:10]) for row in found) == [
            ("ev", "2027-12-20"),
            ("ov", "2027-01-31"),
        ]

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"organization_id": None}, "organization_id"),
            ({"organization_id": "x"}, "organization_id"),
            ({"type": "dv"}, "type"),
            ({"validated_on": "yesterday"}, "validated_on"),
            ({"validated_on": "2026-11-22"}, "validated_on"),
            ({"validated_until": ""}, "validated_until"),
            ({"validated_until": "2026-11-19"}, "validated_until"),
            ({"evidence": " "}, "evidence"),
            ({"evidence": "x" * 2001}, "evidence"),
        ],
    )
    def test_what_is_missing_is_named(self, changed: dict[str, Any], field: str) -> None:
        api = self._api()
        reply = self._validate(api, **changed)
        assert reply.status == 400
        assert f"invalid_field|{field}" in reply.codes
        assert api.book.records[Organization, 1, 601] == an_organization()

    def test_an_organization_of_another_account_is_not_found(self) -> None:
        reply = self._validate(self._api(), organization_id=699)
        assert (reply.status, reply.codes) == (404, ["not_found|organization"])


class TestDomains:
    def _api(self) -> Api:
        api = Api()
        api.book.commit(a_domain_proof("example.com"), a_domain_proof("example.net"))
        return api

    def test_proven_domains_are_listed_as_clients_ask_for_them(self) -> None:
        query = {"include_validation": "False"}
        listed = self._api().call("GET", "domain", query=query).json
        assert [row["name"] for row in listed["domains"]] == ["example.com", "example.net"]
        assert listed["domains"][0]["dcv_method"] == "dns-txt-token"
        assert "validations" not in listed["domains"][0]
        assert listed["page"]["total"] == 2

    def test_a_domain_is_found_by_the_id_it_is_listed_with(self) -> None:
        api = self._api()
        row = api.call("GET", "domain").json["domains"][1]
        read = api.call("GET", f"domain/{row['id']}").json
        assert read["name"] == "example.net"
        assert read["dcv_expiration_datetime"] == "2027-06-08T12:00:00+00:00"
        assert [v["dcv_status"] for v in read["validations"]] == ["complete"]

    def test_a_proof_too_old_to_be_used_is_shown_as_expired(self) -> None:
        api = self._api()
        api.clock.advance(timedelta(days=200))
        rows = api.call("GET", "domain", query={"include_validation": "true"}).json["domains"]
        assert {row["status"] for row in rows} == {"expired"}

    def test_another_account_sees_none_of_them(self) -> None:
        api = self._api()
        assert api.call("GET", "domain", key=OTHERS_KEY).json["domains"] == []
        number = api.call("GET", "domain", key=KEY).json["domains"][0]["id"]
        assert api.call("GET", f"domain/{number}", key=OTHERS_KEY).status == 404
