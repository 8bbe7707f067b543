"""Domains over the API: added, listed, read, switched, removed, submitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_proof
from tests.builders_accounts import a_domain_proof, a_validation, an_organization
from tests.builders_domains import a_domain, an_approval, with_row
from tests.unit.api.driving import KEY, OTHERS_KEY, Api
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.domain.accounts import Restriction, Role
from vouchsafe.domain.authorization import AuthorizationStatus, DcvMethodName
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.domains import Domain, ProofHold
from vouchsafe.domain.organization import OrganizationCheck
from vouchsafe.domain.products import ValidationLevel

SENT = {"name": "example.com", "dcv_method": "dns-txt-token", "validations": [{"type": "dv"}]}


def _proven_api(**changed: Any) -> Api:
    """An account whose domain example.com was proven a day ago."""
    api = Api()
    api.book.allocate(domains=1000)
    proof = a_domain_proof()
    approval = an_approval(proven_at=proof.proof.proven_at)
    domain = a_domain(approval=approval, next_look_at=None, **changed)
    api.book.commit(proof, *with_row(domain))
    return api


def _stored(api: Api, number: int) -> Domain:
    return api.book.records[Domain, 1, number]


def _changes(api: Api, kind: ChangeKind) -> list[Change]:
    found = [record for key, record in api.book.records.items() if key[0] is Change]
    return [change for change in found if change.kind is kind]


class TestAdding:
    def test_a_domain_comes_with_a_value_to_publish(self) -> None:
        api = Api()
        reply = api.call("POST", "domain", SENT)
        assert reply.status == 201
        token = reply.json["dcv_token"]
        assert (token["status"], token["expiration_date"]) == (
            "pending",
            "2026-12-21T12:00:00+00:00",
        )
        record = {"type": "TXT", "name": "example.com", "value": token["token"]}
        assert reply.json["dcv_record"] == record
        domain = _stored(api, reply.json["id"])
        assert domain.random_value is not None
        assert domain.random_value.value == token["token"]
        assert domain.next_look_at == MOMENT + api.settings.first_gap
        (change,) = _changes(api, ChangeKind.DOMAIN_ADDED)
        assert change.subject == f"domain {domain.domain_id}"
        assert token["token"] not in str(change)

    def test_the_old_place_of_the_method_and_words_for_objects_are_understood(self) -> None:
        sent = {"name": "example.com", "dcv": {"method": "DNS-TXT-TOKEN"}, "validations": ["dv"]}
        assert Api().call("POST", "domain", sent).status == 201

    @pytest.mark.parametrize(
        ("changed", "kept"),
        [
            ({}, "example.com"),
            ({"keep_www": True}, "www.example.com"),
            ({"keep_www": "true"}, "www.example.com"),
            ({"keep_www": "false"}, "example.com"),
            ({"dcv_method": "http-token"}, "www.example.com"),
        ],
    )
    def test_www_goes_unless_it_is_meant(self, changed: dict[str, Any], kept: str) -> None:
        api = Api()
        reply = api.call("POST", "domain", SENT | {"name": " WWW.Example.com."} | changed)
        assert _stored(api, reply.json["id"]).name == kept
        told = any(warning.startswith("name: www.") for warning in reply.json.get("warnings", []))
        assert told is (kept == "example.com")

    def test_a_name_is_stored_in_its_one_spelling(self) -> None:
        api = Api()
        number = api.call("POST", "domain", SENT | {"name": "BÜCHER.example.com"}).json["id"]
        assert _stored(api, number).name == "xn--bcher-kva.example.com"

    def test_ov_and_ev_go_with_an_organization_and_ev_with_a_person(self) -> None:
        api = Api()
        api.book.commit(an_organization())
        sent = SENT | {
            "organization": {"id": "601"},
            "validations": [{"type": "ev", "user": {"id": 7}}, {"type": "ov"}, {"type": "ov"}],
        }
        domain = _stored(api, api.call("POST", "domain", sent).json["id"])
        assert domain.kinds == (ValidationLevel.OV, ValidationLevel.EV)
        assert (domain.organization_id, domain.verified_user_id) == (601, 7)
        assert domain.organization_name == "Example Holdings Ltd"

    def test_without_kinds_an_organization_means_ov_and_none_means_dv(self) -> None:
        api = Api()
        api.book.commit(an_organization())
        bare = {"name": "example.net", "dcv_method": "dns-txt-token"}
        alone = api.call("POST", "domain", bare).json["id"]
        with_one = {"name": "example.org", "organization": {"id": 601}} | {
            "dcv_method": "dns-txt-token"
        }
        other = api.call("POST", "domain", with_one).json["id"]
        assert _stored(api, alone).kinds == (ValidationLevel.DV,)
        assert _stored(api, other).kinds == (ValidationLevel.OV,)

    @pytest.mark.parametrize(
        ("changed", "fields"),
        [
            ({"name": ""}, ["name"]),
            ({"name": None}, ["name"]),
            ({"name": "*.example.com"}, ["name"]),
            ({"name": "co.uk"}, ["name"]),
            ({"name": "server.local"}, ["name"]),
            ({"name": ["example.com"]}, ["name"]),
            ({"dcv_method": "pigeon"}, ["dcv_method"]),
            ({"dcv_method": None, "dcv": {"method": "pigeon"}}, ["dcv.method"]),
            ({"validations": [{"type": "cs"}]}, ["validations[0].type"]),
            ({"validations": [{}]}, ["validations[0].type"]),
            ({"validations": [{"type": "ov"}]}, ["organization.id"]),
            ({"validations": [7]}, ["validations[0]"]),
            (
                {"validations": [{"type": "ev"}]},
                ["validations[0].user.id", "organization.id"],
            ),
            ({"organization": {"id": 699}}, ["organization.id"]),
            ({"container": {"id": 4}}, ["container.id"]),
            ({"locale": "tlh"}, ["locale"]),
            (
                {"dcv_method": "email", "email_array": ["admin@example.com", "ceo@example.com"]},
                ["email_array[1]"],
            ),
            ({"dcv_method": "email", "email_array": ["admin@example.net"]}, ["email_array[0]"]),
            ({"dcv_method": "email", "email_array": ["admin@com"]}, ["email_array[0]"]),
            ({"dcv_method": "email", "email_array": ["x"] * 6}, ["email_array"]),
            ({"name": "*", "dcv_method": "x", "locale": "x"}, ["dcv_method", "name", "locale"]),
            (
                {
                    "organization": {"id": 699},
                    "validations": [{"type": "ev", "user": {"id": 8}}],
                    "container": {"id": 99},
                },
                ["container.id", "organization.id", "validations[0].user.id"],
            ),
        ],
    )
    def test_every_flaw_is_named_and_nothing_is_kept(
        self, changed: dict[str, Any], fields: list[str]
    ) -> None:
        api = Api()
        reply = api.call("POST", "domain", SENT | changed)
        assert reply.status == 400
        assert reply.codes == [f"invalid_field|{field}" for field in fields]
        assert not [key for key in api.book.records if key[0] is Domain]

    def test_the_same_name_again_is_refused_and_told_the_id(self) -> None:
        api = Api()
        number = api.call("POST", "domain", SENT).json["id"]
        reply = api.call("POST", "domain", SENT | {"name": "Example.COM"})
        assert (reply.status, reply.codes) == (400, ["invalid_field|name"])
        assert f"domain {number} of this account" in reply.json["errors"][0]["message"]
        assert api.call("POST", "domain", SENT, key=OTHERS_KEY).status == 201

    def test_the_same_key_gets_the_same_domain_and_value(self) -> None:
        api = Api()
        headers = {"Idempotency-Key": "once"}
        first = api.call("POST", "domain", SENT, headers=headers)
        again = api.call("POST", "domain", SENT, headers=headers)
        assert again.json == first.json
        other = api.call("POST", "domain", SENT | {"name": "example.net"}, headers=headers)
        assert (other.status, other.codes) == (400, ["idempotency_key_reused"])

    def test_by_email_the_mailboxes_are_told_and_the_value_is_not(self) -> None:
        api = Api()
        chosen = ["Admin@Example.com", "admin@example.com", "hostmaster@example.com"]
        sent = {"name": "shop.example.com", "email_array": chosen}
        reply = api.call("POST", "domain", sent)
        assert reply.status == 201
        assert "dcv_token" not in reply.json
        emails = ["admin@example.com", "hostmaster@example.com"]
        assert reply.json["validation_emails"]["base_emails"] == emails
        domain = _stored(api, reply.json["id"])
        assert domain.method is DcvMethodName.EMAIL
        assert domain.next_look_at is None
        assert domain.random_value is not None
        assert domain.random_value.value not in str(reply.json)

    def test_what_has_no_effect_is_said(self) -> None:
        api = Api()
        api.book.commit(an_organization())
        sent = SENT | {
            "organization": {"id": 601},
            "email_array": ["admin@example.com"],
            "validations": [{"type": "ov", "user": {"id": 7}}],
            "colour": "blue",
        }
        warnings = api.call("POST", "domain", sent).json["warnings"]
        assert [text.split(":")[0] for text in warnings] == [
            "colour",
            "validations[0].user",
            "email_array",
        ]

    def test_a_name_that_a_proof_covers_says_so_and_is_not_looked_for(self) -> None:
        api = _proven_api()
        reply = api.call("POST", "domain", SENT | {"name": "shop.example.com"})
        assert "covered already by the proof of example.com" in reply.json["warnings"][0]
        domain = _stored(api, reply.json["id"])
        assert domain.next_look_at is None
        assert domain.approval is not None
        assert domain.approval.authorization_domain == "example.com"

    @pytest.mark.parametrize(
        "changed",
        [{"role": Role.LIMITED_USER}, {"role": Role.FINANCE_MANAGER}]
        + [{"restriction": each} for each in (Restriction.ORDERS, Restriction.VIEW_ONLY)],
    )
    def test_who_may_not_organize_adds_nothing(self, changed: dict[str, Any]) -> None:
        api = Api()
        api.add_key("weak", **changed)
        assert api.call("POST", "domain", SENT, key="weak").status == 403
        assert not [key for key in api.book.records if key[0] is Domain]


class TestReading:
    def test_a_pending_domain(self) -> None:
        api = Api()
        api.book.commit(*with_row(a_domain()))
        info = api.call("GET", "domain/801").json
        assert (info["status"], info["is_pending_validation"]) == ("pending", True)
        assert info["base_domain"] == "example.com"
        assert info["container"] == {"id": 3, "name": "Example Ltd", "is_active": True}
        assert not {"dcv_token", "validations", "dcv_approval_datetime"} & set(info)

    def test_with_dcv_it_shows_what_to_publish_and_what_was_seen(self) -> None:
        api = Api()
        api.book.commit(*with_row(a_domain()))
        info = api.call("GET", "domain/801", query={"include_dcv": "true"}).json
        assert info["dcv_token"]["status"] == "pending"
        assert info["dcv_record"]["type"] == "TXT"
        assert info["next_look"] == "2026-11-21T12:01:00+00:00"

    def test_a_proven_domain_shows_until_when_its_proof_counts(self) -> None:
        query = {"include_validation": "true", "include_validation_reuse_status": "1"}
        info = _proven_api().call("GET", "domain/801", query=query).json
        assert (info["status"], info["is_pending_validation"]) == ("approved", False)
        assert info["dcv_expiration_datetime"] == "2027-06-08T12:00:00+00:00"
        assert info["dcv_expiration"] == {
            "ov": "2027-06-08",
            "ev": "2027-06-08",
            "ov_shortened": "2027-06-08",
            "ov_status": "valid",
            "ev_status": "valid",
            "dcv_approval_date": "2026-11-20",
        }
        (row,) = info["validations"]
        assert (row["type"], row["status"], row["dcv_status"]) == ("dv", "active", "complete")

    def test_a_proof_too_old_to_be_used_is_shown_as_expired(self) -> None:
        api = _proven_api()
        api.clock.advance(timedelta(days=200))
        query = {"include_validation": "true"}
        info = api.call("GET", "domain/801", query=query).json
        (row,) = api.call("GET", "domain", query=query).json["domains"]
        for each in (info, row):
            assert (each["status"], each["validations"][0]["dcv_status"]) == ("expired", "expired")
            assert each["validations"][0]["status"] == "expired"

    def test_ov_waits_for_its_organization_and_ends_with_whichever_ends_first(self) -> None:
        changed = {"organization_id": 601, "kinds": (ValidationLevel.OV,)}
        api = _proven_api(**changed)
        api.book.commit(an_organization())
        path, query = "domain/801/validation", {}
        (row,) = api.call("GET", path, query=query).json["validations"]
        assert (row["status"], row["dcv_status"], row["org_status"]) == (
            "pending",
            "complete",
            "pending",
        )
        until = MOMENT + timedelta(days=10)
        found = a_validation(check=OrganizationCheck.OV, validated_until=until)
        api.book.commit(replace(an_organization(), validations=(found,), version=2))
        (row,) = api.call("GET", path, query=query).json["validations"]
        assert (row["status"], row["validated_until"]) == ("active", "2026-12-01T12:00:00+00:00")
        listed = api.call("GET", "domain", query={"include_validation": "true"}).json["domains"]
        assert listed[0]["validations"] == [row]

    def test_the_person_behind_ev_is_named(self) -> None:
        changed = {"organization_id": 601, "kinds": (ValidationLevel.EV,), "verified_user_id": 7}
        (row,) = _proven_api(**changed).call("GET", "domain/801/validation").json["validations"]
        assert row["verified_users"][0]["id"] == 7
        assert row["verified_users"][0]["email"]

    def test_a_name_below_a_proven_one_is_proven_as_long_as_that_proof_is_there(self) -> None:
        api = _proven_api()
        below = a_domain(domain_id=802, place=1, name="shop.example.com")
        api.book.commit(*with_row(replace(below, approval=an_approval(), next_look_at=None)))
        assert api.call("GET", "domain/802").json["status"] == "approved"
        assert api.call("DELETE", "domain/801").status == 204
        assert api.call("GET", "domain/802").json["status"] == "pending"

    @pytest.mark.parametrize("path", ["999", "0", "x", "99999999999", "801"])
    def test_a_foreign_domain_is_an_unknown_one(self, path: str) -> None:
        api = Api()
        api.book.commit(*with_row(a_domain(account_id=2)))
        reply = api.call("GET", f"domain/{path}")
        assert (reply.status, reply.codes) == (404, ["not_found|domain"])


class TestListing:
    def _api(self, count: int = 5) -> Api:
        api = Api()
        for number in range(count):
            one = a_domain(domain_id=801 + number, place=number, name=f"n{number}.example.com")
            api.book.commit(*with_row(replace(one, container_id=3 + number % 2)))
        api.book.commit(*with_row(a_domain(domain_id=900, account_id=2)))
        return api

    def test_domains_are_paged_as_they_came(self) -> None:
        api = self._api()
        reply = api.call("GET", "domain", query={"limit": "2", "offset": "3"}).json
        assert [row["id"] for row in reply["domains"]] == [804, 805]
        assert reply["page"] == {"total": 5, "limit": 2, "offset": 3}

    def test_lists_are_read_as_clients_ask_for_them(self) -> None:
        reply = self._api().call("GET", "domain", query={"include_validation": "False"}).json
        assert reply["page"]["total"] == 5
        assert "validations" not in reply["domains"][0]
        assert reply["domains"][0]["dcv_method"] == "dns-txt-token"

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ({"container_id": "4"}, [802, 804]),
            ({"container_id": "0"}, [801, 802, 803, 804, 805]),
            ({"container_id": "99"}, []),
            ({"container_id": "x"}, []),
            ({"filters[name]": "N3.example.com"}, [804]),
            ({"filters[name]": "n3.example.com", "container_id": "3"}, []),
            ({"filters[name]": "example.com"}, []),
            ({"filters[name]": "not a name"}, []),
            ({"filters[name]": "n3.example.com", "offset": "1"}, []),
        ],
    )
    def test_filters(self, query: dict[str, str], ids: list[int]) -> None:
        reply = self._api().call("GET", "domain", query=query).json
        assert [row["id"] for row in reply["domains"]] == ids
        if "offset" not in query:
            assert reply["page"]["total"] == len(ids)

    def test_an_unknown_filter_is_refused(self) -> None:
        reply = self._api().call("GET", "domain", query={"filters[colour]": "blue"})
        assert (reply.status, reply.codes) == (400, ["invalid_field|filters[colour]"])

    def test_what_may_be_asked_for_is_listed(self) -> None:
        types = Api().call("GET", "domain/validation-type").json["validation_types"]
        assert [(row["type"], row["requires_user"]) for row in types] == [
            ("dv", False),
            ("ov", False),
            ("ev", True),
        ]
        methods = Api().call("GET", "domain/dcv/method").json["methods"]
        assert "dns-txt-token" in [row["name"] for row in methods]


class TestSwitching:
    def _order(self, api: Api, name: str = "example.com") -> AuthorizationStatus:
        """How that name stands in a new order."""
        body = order_body(certificate__common_name=name, certificate__dns_names=[])
        number = api.call("POST", f"order/certificate/{PRODUCT}", body).json["id"]
        dossier = api.book.order(number)
        assert dossier is not None
        return dossier.authorizations[dossier.order.certificate_id][0].status

    def test_a_domain_that_is_off_is_not_relied_on_until_it_is_on_again(self) -> None:
        api = _proven_api()
        assert self._order(api) is AuthorizationStatus.VALID
        assert api.call("PUT", "domain/801/deactivate").status == 204
        info = api.call("GET", "domain/801").json
        assert (info["is_active"], info["status"]) == (False, "inactive")
        assert self._order(api) is AuthorizationStatus.PENDING
        assert self._order(api, "shop.example.com") is AuthorizationStatus.PENDING
        assert api.call("PUT", "domain/801/activate").status == 204
        assert self._order(api) is AuthorizationStatus.VALID

    def test_a_name_that_is_off_is_not_covered_by_a_parents_proof_either(self) -> None:
        api = _proven_api()
        below = a_domain(domain_id=802, place=1, name="shop.example.com")
        api.book.commit(*with_row(below))
        assert self._order(api, "shop.example.com") is AuthorizationStatus.VALID
        api.call("PUT", "domain/802/deactivate")
        assert self._order(api, "shop.example.com") is AuthorizationStatus.PENDING
        assert self._order(api) is AuthorizationStatus.VALID

    def test_orders_of_before_keep_what_they_have(self) -> None:
        api = _proven_api()
        body = order_body(certificate__common_name="example.com", certificate__dns_names=[])
        number = api.call("POST", f"order/certificate/{PRODUCT}", body).json["id"]
        api.call("DELETE", "domain/801")
        dossier = api.book.order(number)
        assert dossier is not None
        (one,) = dossier.authorizations[dossier.order.certificate_id]
        assert (one.status, one.proof) == (AuthorizationStatus.VALID, a_domain_proof().proof)

    def test_switching_twice_is_one_change(self) -> None:
        api = _proven_api()
        for _ in range(2):
            assert api.call("PUT", "domain/801/deactivate").status == 204
        (change,) = _changes(api, ChangeKind.DOMAIN_DEACTIVATED)
        assert (change.before, change.after) == ({"active": True}, {"active": False})
        assert api.book.records[ProofHold, 1, "example.com"].held

    def test_what_is_off_is_not_looked_for_and_goes_on_when_it_is_on_again(self) -> None:
        api = Api()
        api.book.commit(*with_row(a_domain()))
        api.call("PUT", "domain/801/deactivate")
        assert _stored(api, 801).next_look_at is None
        api.call("PUT", "domain/801/activate")
        assert _stored(api, 801).next_look_at == MOMENT + api.settings.first_gap

    def test_a_removed_domain_is_forgotten_with_its_proof(self) -> None:
        api = _proven_api()
        assert api.call("DELETE", "domain/801").status == 204
        assert api.call("GET", "domain/801").status == 404
        assert api.call("DELETE", "domain/801").status == 404
        assert api.call("GET", "domain").json["page"]["total"] == 0
        assert self._order(api) is AuthorizationStatus.PENDING
        (change,) = _changes(api, ChangeKind.DOMAIN_REMOVED)
        assert change.before["name"] == "example.com"
        assert api.call("POST", "domain", SENT).status == 201

    @pytest.mark.parametrize("call", [("PUT", "/activate"), ("PUT", "/deactivate"), ("DELETE", "")])
    def test_a_foreign_domain_is_not_switched(self, call: tuple[str, str]) -> None:
        api = _proven_api()
        reply = api.call(call[0], f"domain/801{call[1]}", key=OTHERS_KEY)
        assert (reply.status, reply.codes) == (404, ["not_found|domain"])
        assert _stored(api, 801).active


class TestSubmitting:
    def _api(self) -> Api:
        api = _proven_api(organization_id=601)
        api.book.commit(an_organization())
        return api

    def test_further_kinds_join_those_there_are(self) -> None:
        api = self._api()
        sent = {"validations": [{"type": "ev", "user": {"id": 7}}]}
        assert api.call("POST", "domain/801/validation", sent).status == 204
        domain = _stored(api, 801)
        assert domain.kinds == (ValidationLevel.DV, ValidationLevel.EV)
        assert domain.verified_user_id == 7
        api.call("POST", "domain/801/validation", sent)
        assert len(_changes(api, ChangeKind.DOMAIN_CHANGED)) == 1

    def test_a_method_named_with_it_brings_a_new_value(self) -> None:
        api = self._api()
        before = _stored(api, 801)
        sent = {"validations": [{"type": "ov"}], "dcv_method": "dns-txt-token"}
        assert api.call("POST", "domain/801/validation", sent).status == 204
        after = _stored(api, 801)
        assert after.random_value != before.random_value
        assert after.method is DcvMethodName.DNS_TXT

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({}, "validations"),
            ({"validations": []}, "validations"),
            ({"validations": [{"type": "x"}]}, "validations[0].type"),
            ({"validations": [{"type": "ev"}]}, "validations[0].user.id"),
            ({"validations": [{"type": "ev", "user": {"id": 8}}]}, "validations[0].user.id"),
            ({"validations": [{"type": "ov"}], "dcv_method": "x"}, "dcv_method"),
        ],
    )
    def test_flaws_are_named(self, sent: dict[str, Any], field: str) -> None:
        reply = self._api().call("POST", "domain/801/validation", sent)
        assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])

    def test_without_an_organization_only_dv_is_possible(self) -> None:
        api = _proven_api()
        sent = {"validations": [{"type": "ov"}]}
        reply = api.call("POST", "domain/801/validation", sent, key=KEY)
        assert (reply.status, reply.codes) == (400, ["invalid_field|validations"])


def test_an_exact_proof_of_a_name_below_does_not_prove_the_domain() -> None:
    api = Api()
    file = a_proof(method=DcvMethodName.HTTP_FILE, authorization_domain="example.com")
    api.book.commit(replace(a_domain_proof(), proof=file))
    below = a_domain(domain_id=802, name="shop.example.com")
    api.book.commit(*with_row(below))
    assert api.call("GET", "domain/802").json["status"] == "pending"
