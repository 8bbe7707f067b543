"""Reviews: the operators' queue, what they collect, and how two of them decide."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_user, an_api_key
from tests.builders_accounts import (
    a_registration,
    a_review,
    a_validation,
    a_verified_user,
    an_organization,
)
from tests.unit.api.driving import KEY, OPERATORS_KEY, OTHERS_KEY, Api, Reply
from tests.unit.api.examples import BODIES, EVIDENCE
from vouchsafe.domain.accounts import Role
from vouchsafe.domain.audit import moment_text
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.organization import Organization, OrganizationCheck, Submission
from vouchsafe.domain.parking import ParkedCertificate
from vouchsafe.domain.policy_lists import PolicyLists
from vouchsafe.domain.reviews import LARGEST_FILE, OrganizationReview

_OV, _EV = OrganizationCheck.OV, OrganizationCheck.EV
SECOND_KEY = "a-key-of-another-operator"
REGISTRATION: dict[str, Any] = BODIES["reviews.put_registration"]
IDENTITY: dict[str, Any] = BODIES["reviews.approve"]["identity"]
OV: dict[str, Any] = {"type": "ov", "identity": IDENTITY, "without_evidence": "by telephone"}
EV = OV | {"type": "ev"}


def _api(*checks: OrganizationCheck, **changed: Any) -> Api:
    """Organization 601 under review 701 for the checks; two operators."""
    api = Api()
    operator = {"account_id": 0, "user_id": 10, "container_id": 0, "role": Role.OPERATOR}
    api.book.commit(a_user(**operator), an_api_key(SECOND_KEY, key_id=44, **operator))
    asked = checks or (_OV,)
    organization = an_organization(
        review_id=701,
        submissions=tuple(Submission(check=check, submitted_at=MOMENT) for check in asked),
        verified_users=(a_verified_user(),),
    )
    api.book.commit(replace(organization, **changed), a_review(checks=asked))
    return api


def _send(api: Api, path: str, body: Any = None, **options: Any) -> Reply:
    method = options.pop("method", "POST")
    options = {"key": OPERATORS_KEY} | options
    return api.call(method, f"operator/review/701{path}", body, **options)


def _attach(
    api: Api, content: bytes = EVIDENCE, media: str = "application/pdf", **options: Any
) -> Reply:
    name = options.pop("name", "extract.pdf")
    headers = {"Content-Type": media} | options.pop("headers", {})
    return _send(api, "/evidence", content, headers=headers, query={"name": name}, **options)


def _review(api: Api) -> OrganizationReview:
    found: OrganizationReview = api.book.records[OrganizationReview, 701]
    return found


def _organization(api: Api) -> Organization:
    found: Organization = api.book.records[Organization, 1, 601]
    return found


def _told(api: Api) -> list[tuple[ChangeKind, int, str]]:
    changes = [r for r in api.book.records.values() if isinstance(r, Change)]
    return [(each.kind, each.account_id, each.actor) for each in changes]


class TestQueue:
    def test_the_longest_waiting_of_all_accounts_comes_first_page_by_page(self) -> None:
        api = _api()
        later = MOMENT + timedelta(hours=1)
        api.book.commit(
            *(a_review(review_id=n, account_id=2, submitted_at=later) for n in (703, 702))
        )
        first = api.call("GET", "operator/review", key=OPERATORS_KEY, query={"limit": "2"}).json
        assert [row["id"] for row in first["reviews"]] == [701, 702]
        query = {"limit": "2", "after": str(first["next"])}
        rest = api.call("GET", "operator/review", key=OPERATORS_KEY, query=query).json
        assert [row["id"] for row in rest["reviews"]] == [703]
        assert "next" not in rest

    def test_a_page_goes_on_behind_a_review_that_was_decided_meanwhile(self) -> None:
        api = _api()
        api.book.commit(a_review(review_id=702))
        _send(api, "/reject", {"reason": "no"})
        query = {"after": "701"}
        rest = api.call("GET", "operator/review", key=OPERATORS_KEY, query=query).json
        assert [row["id"] for row in rest["reviews"]] == [702]

    def test_behind_an_unknown_review_there_is_nothing(self) -> None:
        reply = _api().call("GET", "operator/review", key=OPERATORS_KEY, query={"after": "799"})
        assert (reply.status, reply.codes) == (400, ["invalid_field|after"])

    @pytest.mark.parametrize("key", [KEY, OTHERS_KEY])
    def test_no_customer_sees_any_of_it(self, key: str) -> None:
        api = _api()
        for path in ("operator/review", "operator/review/701", "operator/policy-lists"):
            reply = api.call("GET", path, key=key)
            assert (reply.status, reply.codes) == (403, ["access_denied|missing_permission"])


class TestCollecting:
    def test_a_review_shows_everything_that_is_needed(self) -> None:
        api = _api(_OV, _EV, verified_users=())
        lists = PolicyLists(denied_organizations=("example holdings, LTD.",), version=1)
        api.book.commit(lists, a_review(review_id=650, submitted_at=MOMENT - timedelta(days=400)))
        _attach(api)
        _send(api, "/note", {"text": " Called them "})
        read = _send(api, "", method="GET").json
        assert read["organization"]["name"] == "Example Holdings Ltd"
        assert read["waiting_for"] == ["ov", "ev"]
        assert [(e["name"], e["size"]) for e in read["evidence"]] == [
            ("extract.pdf", len(EVIDENCE))
        ]
        assert [note["text"] for note in read["notes"]] == ["Called them"]
        assert read["missing"] == [{"type": "ev", "fields": ["registration", "verified_users"]}]
        assert read["denied"] == ["Example Holdings Ltd: is on the list of denied organizations"]
        assert [row["id"] for row in read["earlier_reviews"]] == [650]

    def test_a_file_comes_back_as_it_was_sent(self) -> None:
        api = _api()
        made = _attach(api, b"caf\xc3\xa9", "text/plain; charset=utf-8", name="note.txt")
        assert made.status == 201
        assert made.json["sha256"] == hashlib.sha256(b"caf\xc3\xa9").hexdigest()
        back = _send(api, f"/evidence/{made.json['id']}", method="GET")
        assert (back.status, back.content) == (200, b"caf\xc3\xa9")
        assert back.headers["Content-Type"] == "text/plain"
        assert back.headers["Content-Disposition"] == "attachment"
        assert back.headers["X-Content-Type-Options"] == "nosniff"

    def test_the_same_bytes_are_one_file(self) -> None:
        api = _api()
        assert _attach(api).json == _attach(api, name="again.pdf").json
        assert len(_review(api).evidence) == 1

    def test_a_file_may_have_four_mebibytes_and_no_byte_more(self) -> None:
        api = _api()
        assert _attach(api, EVIDENCE.ljust(LARGEST_FILE)).status == 201
        reply = _attach(api, EVIDENCE.ljust(LARGEST_FILE + 1))
        assert (reply.status, reply.codes) == (413, ["request_too_large"])
        note = _send(api, "/note", {"text": "x" * 70_000})
        assert note.status == 413

    @pytest.mark.parametrize(
        ("content", "media", "name", "code"),
        [
            (EVIDENCE, "application/zip", "a.zip", "bad_request_format"),
            (EVIDENCE, "image/png", "a.png", "bad_request_format"),
            (b"\xff\xfe", "text/plain", "a.txt", "bad_request_format"),
            (b"", "text/plain", "a.txt", "bad_request_format"),
            (EVIDENCE, "application/pdf", "", "invalid_field|name"),
            (EVIDENCE, "application/pdf", "../a.pdf", "invalid_field|name"),
            (EVIDENCE, "application/pdf", "a\nb", "invalid_field|name"),
            (EVIDENCE, "application/pdf", "x" * 101, "invalid_field|name"),
        ],
    )
    def test_what_is_no_file_is_refused(
        self, content: bytes, media: str, name: str, code: str
    ) -> None:
        api = _api()
        reply = _attach(api, content, media, name=name)
        assert (reply.status, reply.codes) == (400, [code])
        assert api.evidence.objects == {}

    def test_what_is_wrong_with_a_file_is_said(self) -> None:
        api = _api()
        for content, name, said in (
            (b"", "a.pdf", "it is empty"),
            (b"PK", "a.pdf", "it is no application/pdf"),
            (EVIDENCE, "../a.pdf", "without a slash"),
        ):
            assert said in _attach(api, content, name=name).content.decode()

    def test_a_file_is_kept_once_under_one_idempotency_key(self) -> None:
        api = _api()
        headers = {"Idempotency-Key": "k"}
        first, again = _attach(api, headers=headers), _attach(api, headers=headers)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert first.json == again.json
        other = _attach(api, EVIDENCE + b"more", headers=headers)
        assert other.codes == ["idempotency_key_reused"]

    def test_there_are_fifty_files_and_fifty_notes_at_most(self) -> None:
        api = _api()
        for number in range(50):
            assert _attach(api, EVIDENCE + bytes([number])).status == 201
            assert _send(api, "/note", {"text": f"note {number}"}).status == 204
        assert _attach(api, EVIDENCE + b"?").codes == ["invalid_field|evidence"]
        assert _send(api, "/note", {"text": "?"}).codes == ["invalid_field|notes"]

    @pytest.mark.parametrize(
        ("changed", "fields"),
        [
            (
                dict.fromkeys(REGISTRATION),
                ["number", "agency", "jurisdiction_country", "business_category"],
            ),
            ({"jurisdiction_country": "UK"}, ["jurisdiction_country"]),
            ({"number": "x" * 65}, ["number"]),
            ({"number": "12\u20ac"}, ["number"]),
            ({"agency": "x" * 201}, ["agency"]),
            ({"jurisdiction_state": "x" * 129}, ["jurisdiction_state"]),
            ({"jurisdiction_locality": "York"}, ["jurisdiction_state"]),
            ({"business_category": "Club"}, ["business_category"]),
        ],
    )
    def test_registration_data_must_fit_a_certificate(
        self, changed: dict[str, Any], fields: list[str]
    ) -> None:
        api = _api()
        reply = _send(api, "/registration", REGISTRATION | changed, method="PUT")
        assert reply.codes == [f"invalid_field|{field}" for field in fields]
        assert _review(api).registration is None

    def test_registration_data_are_kept_as_certificates_carry_them(self) -> None:
        api = _api()
        body = REGISTRATION | {"jurisdiction_country": "gb", "business_category": "business ENTITY"}
        assert _send(api, "/registration", body, method="PUT").status == 204
        read = _send(api, "", method="GET").json
        assert read["registration"]["jurisdiction_country"] == "GB"
        assert read["registration"]["business_category"] == "Business Entity"
        assert read["registered_by"] == 9

    def test_what_operators_collect_is_in_their_own_record_not_the_customers(self) -> None:
        api = _api()
        _attach(api)
        _send(api, "/note", {"text": "They sounded odd"})
        _send(api, "/registration", REGISTRATION, method="PUT")
        assert _told(api) == [(ChangeKind.REVIEW_WORKED_ON, 0, "operator 9")] * 3
        assert "sounded odd" not in api.call("GET", "organization/601").content.decode()

    def test_an_unknown_review_is_not_found(self) -> None:
        api = _api()
        for path, method in (("", "GET"), ("/evidence/1", "GET"), ("/note", "POST")):
            reply = api.call(method, f"operator/review/799{path}", {}, key=OPERATORS_KEY)
            assert (reply.status, reply.codes) == (404, ["not_found|review"])
        assert _send(api, "/evidence/1", method="GET").codes == ["not_found|evidence"]


class TestOv:
    def test_one_operators_word_makes_it_stand_for_398_days(self) -> None:
        api = _api()
        decided = _send(api, "/approve", OV)
        assert decided.status == 201
        assert decided.json["status"] == "approved"
        assert decided.json["validated_until"] == "2027-12-24T12:00:00+00:00"
        organization = _organization(api)
        (validation,) = organization.validations
        assert validation.identity is not None and validation.identity.name == IDENTITY["name"]
        assert (validation.operator_id, validation.second_operator_id) == (9, None)
        assert (organization.review_id, organization.submissions) == (None, ())
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert (row["status"], row["validated_until"]) == (
            "active",
            decided.json["validated_until"],
        )
        assert _told(api) == [(ChangeKind.ORGANIZATION_VALIDATED, 1, "operator 9")]
        queue = api.call("GET", "operator/review", key=OPERATORS_KEY).json
        assert queue["reviews"] == []

    def test_its_age_counts_from_the_oldest_thing_it_rests_on(self) -> None:
        api = _api()
        _attach(api)
        api.clock.advance(timedelta(days=20))
        until = _send(api, "/approve", OV).json["validated_until"]
        assert until == "2027-12-24T12:00:00+00:00"
        api = _api()
        until = _send(api, "/approve", OV | {"collected_on": "2026-11-01"}).json["validated_until"]
        assert until == "2027-12-04T00:00:00+00:00"

    def test_what_is_over_already_is_refused_and_the_review_stays_open(self) -> None:
        api = _api()
        reply = _send(api, "/approve", OV | {"collected_on": "2020-01-01"})
        assert (reply.status, reply.codes) == (400, ["invalid_field|collected_on"])
        assert "2020-01-01" in reply.json["errors"][0]["message"]
        assert _review(api).is_open
        assert _send(api, "/approve", OV | {"collected_on": "2025-10-20"}).status == 201

    def test_evidence_that_lay_too_long_is_refused_too(self) -> None:
        api = _api()
        _attach(api)
        api.clock.advance(timedelta(days=398))
        assert _send(api, "/approve", OV).codes == ["invalid_field|collected_on"]

    def test_what_waits_for_the_organization_is_woken(self) -> None:
        api = _api()
        parked = [
            ParkedCertificate(account_id=1, order_id=1001, certificate_id=5001, organization_id=601)
        ]
        api.book.parked = lambda account_id: parked if account_id == 1 else []  # type: ignore[method-assign]
        _send(api, "/approve", OV)
        assert [run[:2] for run in api.workflow.orders] == [(1001, 5001)]

    def test_a_review_for_both_stays_open_for_ev(self) -> None:
        api = _api(_OV, _EV)
        decided = _send(api, "/approve", OV).json
        assert (decided["status"], decided["waiting_for"]) == ("submitted", ["ev"])
        rows = api.call("GET", "organization/601/validation").json["validations"]
        assert [(row["type"], row["status"]) for row in rows] == [
            ("ov", "active"),
            ("ev", "pending"),
        ]
        again = _send(api, "/approve", OV)
        assert (again.status, again.codes) == (400, ["invalid_status|review"])

    def test_ov_may_come_first_where_ev_was_asked_for(self) -> None:
        api = _api(_EV)
        assert _send(api, "/approve", OV).json["waiting_for"] == ["ev"]
        assert _organization(api).validation_for(_OV, MOMENT)

    def test_a_newer_validation_takes_the_place_of_the_older(self) -> None:
        older = a_validation(told=1)
        api = _api(validations=(older,))
        _send(api, "/approve", OV)
        (validation,) = _organization(api).validations
        assert (validation.told, validation.review_id) == (0, 701)
        (change,) = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert change.before["validated_until"] == moment_text(older.validated_until)
        assert change.after["validated_until"] == moment_text(validation.validated_until)

    def test_the_log_says_what_was_certified_and_by_whom(self) -> None:
        api = _api()
        _send(api, "/approve", OV)
        (change,) = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert change.before == {}
        assert change.after["identity"]["name"] == IDENTITY["name"]
        assert (change.after["check"], change.after["operator_id"]) == ("ov", 9)

    def test_the_log_says_what_was_recorded_before(self) -> None:
        api = _api(_EV)
        _send(api, "/registration", REGISTRATION, method="PUT")
        _send(api, "/registration", REGISTRATION | {"number": "7"}, method="PUT")
        _attach(api)
        _send(api, "/reject", {"reason": "no such company"})
        first, second, file, refused = (
            r for r in api.book.records.values() if isinstance(r, Change)
        )
        assert (first.before, first.after["number"]) == ({}, REGISTRATION["number"])
        assert (second.before["number"], second.after["number"]) == (REGISTRATION["number"], "7")
        assert (file.before, file.after["evidence"]) == ({}, "extract.pdf")
        assert (refused.before["status"], refused.after["status"]) == ("submitted", "rejected")

    @pytest.mark.parametrize(
        ("changed", "fields"),
        [
            ({"type": "dv"}, ["type"]),
            ({"identity": None}, ["identity"]),
            ({"without_evidence": " "}, ["without_evidence"]),
            (
                {"identity": {"name": " "}, "without_evidence": ""},
                ["identity.name", "identity.country", "identity.locality"],
            ),
            ({"identity": IDENTITY | {"name": "x" * 65}}, ["identity.name"]),
            ({"identity": IDENTITY | {"name": "N/A"}}, ["identity"]),
            ({"identity": IDENTITY | {"country": "UK"}}, ["identity.country"]),
            ({"identity": IDENTITY | {"postal_code": "1" * 41}}, ["identity.postal_code"]),
            ({"collected_on": "2026-11-22"}, ["collected_on"]),
            ({"collected_on": "yesterday", "type": ""}, ["type", "collected_on"]),
            ({"collected_on": "2025-10-19"}, ["collected_on"]),  # 398 days and some hours ago
            ({"without_evidence": "x" * 501}, ["without_evidence"]),
        ],
    )
    def test_what_is_missing_is_named(self, changed: dict[str, Any], fields: list[str]) -> None:
        api = _api()
        reply = _send(api, "/approve", OV | changed)
        assert reply.status == 400
        assert reply.codes == [f"invalid_field|{field}" for field in fields]
        assert _organization(api).validations == ()

    def test_with_a_file_no_reason_is_needed(self) -> None:
        api = _api()
        _attach(api)
        assert _send(api, "/approve", OV | {"without_evidence": None}).status == 201
        assert _organization(api).validations[0].evidence == "review 701, 1 file"

    def test_another_name_than_the_customers_is_remarked(self) -> None:
        identity = IDENTITY | {"name": "Example Holdings Limited"}
        decided = _send(_api(), "/approve", OV | {"identity": identity}).json
        assert decided["warnings"] == [
            "identity.name: the organization calls itself Example Holdings Ltd"
        ]

    def test_a_check_that_nobody_asked_for_is_not_approved(self) -> None:
        api = _api()
        _send(api, "/registration", REGISTRATION, method="PUT")
        reply = _send(api, "/approve", EV)
        assert (reply.status, reply.codes) == (400, ["invalid_status|review"])

    def test_an_inactive_organization_is_not_approved(self) -> None:
        reply = _send(_api(active=False), "/approve", OV)
        assert (reply.status, reply.codes) == (400, ["invalid_status|review"])

    @pytest.mark.parametrize("denied", ["EXAMPLE holdings ltd", "Example Holdings Limited"])
    def test_a_denied_name_is_not_approved_whoever_says_it(self, denied: str) -> None:
        api = _api()
        api.book.commit(PolicyLists(denied_organizations=(denied,), version=1))
        identity = IDENTITY | {"name": "Example Holdings Limited"}
        reply = _send(api, "/approve", OV | {"identity": identity})
        assert (reply.status, reply.codes) == (400, ["denied_by_policy"])
        assert "list of denied organizations" in reply.content.decode()
        assert _organization(api).validations == ()

    def test_nothing_of_a_decided_review_changes_any_more(self) -> None:
        api = _api()
        _send(api, "/approve", OV)
        for path, body, method in (
            ("/approve", OV, "POST"),
            ("/reject", {"reason": "no"}, "POST"),
            ("/note", {"text": "late"}, "POST"),
            ("/registration", REGISTRATION, "PUT"),
        ):
            reply = _send(api, path, body, method=method)
            assert (reply.status, reply.codes) == (400, ["invalid_status|review"])
        assert _attach(api).codes == ["invalid_status|review"]


class TestEv:
    def _api(self, **changed: Any) -> Api:
        api = _api(_EV, **changed)
        review = replace(_review(api), registration=a_registration(), version=2)
        api.book.commit(review)
        return api

    def test_it_takes_two_different_operators(self) -> None:
        api = self._api()
        first = _send(api, "/approve", EV)
        assert first.status == 201
        assert first.json["needs_second_operator"] is True
        assert "validated_until" not in first.json
        assert _organization(api).validations == ()
        assert api.call("GET", "organization/601/validation").json["validations"][0]["status"] == (
            "pending"
        )
        same = _send(api, "/approve", EV)
        assert (same.status, same.codes) == (403, ["access_denied|second_person"])
        assert "different operator" in same.content.decode()
        second = _send(api, "/approve", {"type": "ev"}, key=SECOND_KEY)
        assert second.json["status"] == "approved"
        (validation,) = _organization(api).validations
        assert (validation.operator_id, validation.second_operator_id) == (9, 10)
        assert validation.identity is not None
        assert validation.identity.registration == a_registration()
        assert validation.verified_users == (a_verified_user(),)
        assert _told(api) == [
            (ChangeKind.REVIEW_WORKED_ON, 0, "operator 9"),
            (ChangeKind.ORGANIZATION_VALIDATED, 1, "operator 10"),
        ]

    def test_its_age_counts_from_the_first_of_the_two(self) -> None:
        api = self._api()
        _send(api, "/approve", EV)
        api.clock.advance(timedelta(days=9))
        second = _send(api, "/approve", {"type": "ev"}, key=SECOND_KEY).json
        assert second["validated_until"] == "2027-12-24T12:00:00+00:00"

    def test_a_first_word_that_is_too_old_is_not_completed(self) -> None:
        api = self._api()
        _send(api, "/approve", EV)
        api.clock.advance(timedelta(days=398))
        second = _send(api, "/approve", {"type": "ev"}, key=SECOND_KEY)
        assert second.codes == ["invalid_field|collected_on"]

    def test_the_second_may_repeat_but_not_change_what_the_first_certified(self) -> None:
        api = self._api()
        _send(api, "/approve", EV)
        other = EV | {"identity": IDENTITY | {"locality": "Leeds"}}
        reply = _send(api, "/approve", other, key=SECOND_KEY)
        assert (reply.status, reply.codes) == (400, ["invalid_status|review"])
        assert "locality" in reply.content.decode()
        assert _send(api, "/approve", EV, key=SECOND_KEY).json["status"] == "approved"

    def test_other_registration_data_void_the_first_word(self) -> None:
        api = self._api()
        _send(api, "/approve", EV)
        _send(api, "/registration", REGISTRATION | {"number": "7"}, method="PUT", key=SECOND_KEY)
        assert _review(api).approvals == ()
        again = _send(api, "/approve", EV, key=SECOND_KEY)
        assert again.json["needs_second_operator"] is True

    def test_the_same_registration_data_void_nothing(self) -> None:
        api = self._api()
        _send(api, "/approve", EV)
        _send(api, "/registration", REGISTRATION, method="PUT", key=SECOND_KEY)
        assert len(_review(api).approvals) == 1

    def test_registration_and_a_verified_user_are_needed(self) -> None:
        api = _api(_EV, verified_users=())
        reply = _send(api, "/approve", EV)
        assert reply.codes == ["invalid_field|registration", "invalid_field|verified_users"]

    def test_ev_answers_for_ov_too(self) -> None:
        api = _api(_OV, _EV)
        _send(api, "/registration", REGISTRATION, method="PUT")
        _send(api, "/approve", EV)
        assert _send(api, "/approve", EV, key=SECOND_KEY).json["status"] == "approved"
        assert _organization(api).submissions == ()
        assert _organization(api).validation_for(_OV, MOMENT)

    def test_two_operators_at_the_same_moment_are_two(self) -> None:
        api = self._api()
        plain, twin = api.book.commit, list[Reply]()

        def commit(*records: Any) -> None:
            if not twin:
                twin.append(Reply(0, {}, b""))
                twin[0] = _send(api, "/approve", EV, key=SECOND_KEY)
            plain(*records)

        api.book.commit = commit  # type: ignore[method-assign]
        last = _send(api, "/approve", EV)
        assert (twin[0].json["status"], last.json["status"]) == ("submitted", "approved")

    def test_one_operator_twice_at_the_same_moment_is_one(self) -> None:
        api = self._api()
        plain, twin = api.book.commit, list[Reply]()

        def commit(*records: Any) -> None:
            if not twin:
                twin.append(Reply(0, {}, b""))
                twin[0] = _send(api, "/approve", EV)
            plain(*records)

        api.book.commit = commit  # type: ignore[method-assign]
        assert _send(api, "/approve", EV).status == 403
        assert len(_review(api).approvals) == 1


class TestRejecting:
    def test_the_customer_reads_the_reason_and_may_ask_again(self) -> None:
        api = _api(_OV, _EV)
        assert _send(api, "/reject", {"reason": "No such company"}).json["status"] == "rejected"
        rows = api.call("GET", "organization/601/validation").json["validations"]
        assert [(r["status"], r["reason"]) for r in rows] == [("rejected", "No such company")] * 2
        assert _organization(api).review_id is None
        assert _told(api) == [(ChangeKind.ORGANIZATION_REJECTED, 1, "operator 9")]
        api.book.allocate(reviews=800)
        body = {"validations": [{"type": "ov"}]}
        assert api.call("POST", "organization/601/validation", body).status == 204
        assert _organization(api).review_id not in {None, 701}

    def test_what_was_approved_before_stands(self) -> None:
        api = _api(_OV, _EV)
        _send(api, "/approve", OV)
        _send(api, "/reject", {"reason": "Not in the register"})
        rows = api.call("GET", "organization/601/validation").json["validations"]
        assert [(r["type"], r["status"]) for r in rows] == [("ov", "active"), ("ev", "rejected")]

    @pytest.mark.parametrize("reason", [None, " ", "x" * 501])
    def test_a_reason_is_needed(self, reason: str | None) -> None:
        api = _api()
        reply = _send(api, "/reject", {"reason": reason})
        assert (reply.status, reply.codes) == (400, ["invalid_field|reason"])
        assert _review(api).is_open
