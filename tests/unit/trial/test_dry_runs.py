"""Dry runs as clients see them: everything told at once, nothing done, finished in time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

from tests.builders import an_account, an_issuer_record
from tests.builders_accounts import a_domain_proof, an_organization
from tests.builders_organizations import a_validated_organization
from tests.builders_people import a_container
from tests.issuance_world import IssuanceWorld
from tests.unit.api.driving import OPERATORS_KEY, Api
from tests.unit.api.material import PRODUCT, issue, order_body, pem_csr, timed_out
from vouchsafe.domain.accounts import Restriction
from vouchsafe.domain.authorization import Contact
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.drafting import prepare
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.organization import OrganizationCheck
from vouchsafe.domain.policy_lists import PolicyLists
from vouchsafe.domain.profile_rules import parse_profile_rules
from vouchsafe.services.first_look import HIDDEN
from vouchsafe.services.issuance import request_for
from vouchsafe.settings import Settings, Stage
from vouchsafe.trial_ports import PATIENCE

PLACE = f"order/certificate/{PRODUCT}"
REISSUE = "order/certificate/1001/reissue"
DRY = {"dry_run": "true"}
#: Port calls that a dry run may make: not one of them writes.
READS = {
    "accounts.key",
    "accounts.organization",
    "accounts.organizations_of",
    "accounts.user",
    "contacts.find",
    "first_look.look",
    "issuers.all",
    "ledger.certificate_name",
    "ledger.order",
    "ledger.standing",
    "lint_only.certificate",
    "policies.clearances",
    "policies.lists",
    "reviews.review",
}
BAD_KEY = Finding(Severity.ERROR, "pkix.odd_key", "the key is odd", "BR 6.1.5")


@pytest.fixture
def api() -> Api:
    api = Api()
    api.book.commit(an_issuer_record())
    api.tripwire.calls.clear()
    return api


def dry(api: Api, path: str = PLACE, body: Any = None, **more: Any) -> dict[str, Any]:
    """The answer to a dry run; an order without faults where no body is given."""
    sent = order_body() if body is None and path == PLACE else body
    reply = api.call("POST", path, sent, query=DRY, **more)
    assert reply.status == 200, reply.content
    answer: dict[str, Any] = reply.json
    return answer


def again_body() -> dict[str, Any]:
    part = {"common_name": "www.example.com", "dns_names": ["example.com"], "csr": pem_csr()}
    return {"certificate": part | {"server_platform": {"id": 45}}}


def test_a_good_order_is_told_as_it_would_be(api: Api) -> None:
    answer = dry(api)
    assert answer["complete"]
    assert answer["would_be_accepted"]
    assert (answer["refusals"], answer["not_done"], answer["lint"]) == ([], [], [])
    assert answer["gates_closed"] == ["domains"]
    assert answer["csr"]["key"] == "EC P-256"
    assert answer["certificate"]["issuer"] == {"id": "test-ec-1", "trust": "private"}
    assert answer["approval"] == {"required": False, "granted": False}
    assert [one["dns_name"] for one in answer["names"]] == [
        "www.example.com",
        "example.com",
        "*.shop.example.com",
    ]
    assert {one["cause"] for one in answer["names"]} == {"nothing_at_the_name"}
    assert {one["caa"]["status"] for one in answer["names"]} == {"permitted"}


@pytest.mark.parametrize(
    ("path", "body", "prepared"),
    [
        (PLACE, order_body(), lambda api: api.book.commit(an_issuer_record())),
        (REISSUE, again_body(), issue),
        ("order/certificate/1001/duplicate", again_body(), issue),
        ("order/certificate/1001/reorder", {}, timed_out),
    ],
)
def test_nothing_is_written_numbered_or_started(
    path: str, body: Any, prepared: Callable[..., Any]
) -> None:
    api = Api()
    prepared(api)
    api.tripwire.calls.clear()
    before = dict(api.book.records)
    dry(api, path, body, headers={"Idempotency-Key": "once"})
    assert api.book.records == before
    assert set(api.tripwire.calls) <= READS
    assert not api.workflow.orders


def test_a_key_that_was_used_for_an_order_says_nothing_of_its_dry_run(api: Api) -> None:
    headers = {"Idempotency-Key": "once"}
    assert dry(api, headers=headers)["would_be_accepted"]
    placed = api.call("POST", PLACE, order_body(), headers=headers)
    assert placed.status == 201
    assert "Idempotency-Replayed" not in placed.headers
    assert dry(api, headers=headers)["dry_run"]


def test_a_key_that_is_none_is_refused_as_ever(api: Api) -> None:
    headers = {"Idempotency-Key": "k" * 300}
    plain = api.call("POST", PLACE, order_body(), headers=headers)
    reply = api.call("POST", PLACE, order_body(), headers=headers, query=DRY)
    assert (reply.status, reply.content) == (400, plain.content)


def test_a_dry_run_counts_as_a_call(api: Api) -> None:
    api.limited = True
    headers = [api.call("POST", PLACE, order_body(), query=DRY).headers for _ in range(2)]
    first, second = (int(each["RateLimit-Remaining"]) for each in headers)
    assert second < first


@pytest.mark.parametrize("word", ["2", "maybe", "yes please"])
def test_an_odd_value_is_refused_by_its_name_before_anything_else(api: Api, word: str) -> None:
    reply = api.call("POST", PLACE, "{", query={"dry_run": word})
    assert (reply.status, reply.codes) == (400, ["invalid_field|dry_run"])


@pytest.mark.parametrize("word", ["", "0", "False", "false"])
def test_a_dry_run_that_is_not_wanted_is_none(api: Api, word: str) -> None:
    assert api.call("POST", PLACE, order_body(), query={"dry_run": word}).status == 201


@pytest.mark.parametrize(
    ("path", "body", "key", "status", "code"),
    [
        (PLACE, "{", None, 400, "bad_request_format"),
        ("order/certificate/no_such_product", {}, None, 404, "not_found|product"),
        (PLACE, {}, "nobody's", 403, "access_denied|access_denied_invalid_key"),
        (PLACE, {}, OPERATORS_KEY, 403, "access_denied|missing_permission"),
        ("order/certificate/4711/reissue", {}, None, 404, "not_found|order"),
    ],
)
def test_what_is_no_matter_of_the_order_is_answered_as_ever(
    api: Api, path: str, body: Any, key: str | None, status: int, code: str
) -> None:
    given = {"key": key} if key else {}
    plain = api.call("POST", path, body, **given)
    reply = api.call("POST", path, body, query=DRY, **given)
    assert (reply.status, reply.codes) == (status, [code]) == (plain.status, plain.codes)


def test_it_takes_the_privilege_of_the_call_itself(api: Api) -> None:
    api.add_key("looks-only", restriction=Restriction.VIEW_ONLY)
    reply = api.call("POST", PLACE, order_body(), key="looks-only", query=DRY)
    assert reply.status == 403


def test_every_refusal_is_told_at_once_and_as_the_call_tells_it(api: Api) -> None:
    api.world.caa["example.com"] = (0, "issue", "other.example")
    body = order_body(order_validity={"years": 9}, container={"id": 77}, comments="x")
    answer = dry(api, body=body)
    assert not answer["would_be_accepted"]
    assert [(one["stage"], one["field"]) for one in answer["refusals"]] == [
        ("order", "order_validity.years"),
        ("order", "container.id"),
        *[("issue", "certificate.dns_names")] * 3,
    ]
    real = api.call("POST", PLACE, body).json["errors"]
    assert real == [
        {"code": one["code"], "message": one["message"]} for one in answer["refusals"][:2]
    ]
    assert {one["part"] for one in answer["not_done"]} == {"first_look", "lint"}


def test_a_name_that_is_taken_is_told_with_the_other_faults_by_both(api: Api) -> None:
    assert api.call("POST", PLACE, order_body(certificate_name="web-shop")).status == 201
    body = order_body(certificate_name="WEB-shop", order_validity={"years": 9})
    fields = [one["field"] for one in dry(api, body=body)["refusals"]]
    assert fields == ["order_validity.years", "certificate_name"]
    assert len(api.call("POST", PLACE, body).codes) == 2
    body = order_body(certificate_name="WEB-shop")
    assert [one["field"] for one in dry(api, body=body)["refusals"]] == ["certificate_name"]


def test_proven_names_leave_no_gate_closed(api: Api) -> None:
    api.book.commit(a_domain_proof())
    answer = dry(api)
    assert all(one["proven"] and one["proof_expires"] for one in answer["names"])
    assert (answer["gates_closed"], answer["complete"]) == ([], True)
    assert all(not asked.names for asked in api.first_look.asked)  # only CAA was looked at


def test_caa_that_forbids_closes_its_gate_and_is_a_refusal_of_the_issue(api: Api) -> None:
    api.book.commit(a_domain_proof())
    api.world.caa["www.example.com"] = (0, "issue", "other.example")
    answer = dry(api)
    assert answer["would_be_accepted"]
    (refusal,) = answer["refusals"]
    assert (refusal["stage"], refusal["code"]) == ("issue", "refused_by_caa")
    assert refusal["message"].startswith("www.example.com: ")
    assert answer["gates_closed"] == ["caa"]
    assert answer["names"][0]["caa"]["status"] == "forbidden"


def test_a_lint_finding_that_refuses_is_a_refusal_of_the_issue(api: Api) -> None:
    notice = Finding(Severity.NOTICE, "pkix.remark", "a remark", "RFC 5280")
    api.lint_only.findings = [BAD_KEY, notice]
    answer = dry(api)
    assert answer["would_be_accepted"]
    (refusal,) = answer["refusals"]
    assert (refusal["stage"], refusal["code"]) == ("issue", "refused_by_lint")
    assert [one["refuses"] for one in answer["lint"]] == [True, False]


def test_what_is_linted_is_what_issuing_drafts(api: Api) -> None:
    """The same, but for the serial number and the CRL shard that follows from it."""
    dry(api)
    assert api.call("POST", PLACE, order_body()).status == 201
    (certificate,) = (one for one in api.book.records.values() if isinstance(one, Certificate))
    ports = IssuanceWorld().ports
    request = request_for(certificate, an_issuer_record(), api.clock.now(), ports)
    drafts: list[bytes] = []

    def lint(der: bytes) -> list[Finding]:
        drafts.append(der)
        return []

    prepare(request, lint=lint)
    assert _without_serial(api.lint_only.drafts[0]) == _without_serial(drafts[0])


def _without_serial(der: bytes) -> Any:
    draft = x509.load_der_x509_certificate(der)
    values = (each.value for each in draft.extensions)
    extensions = [each for each in values if not isinstance(each, x509.CRLDistributionPoints)]
    dates = draft.not_valid_before_utc, draft.not_valid_after_utc
    key = draft.public_key()
    return draft.issuer, draft.subject, dates, extensions, key, draft.signature_algorithm_oid


def test_a_denied_name_is_a_refusal_of_the_issue(api: Api) -> None:
    api.book.commit(PolicyLists(denied_names=("example.com",), version=1))
    codes = {(one["stage"], one["code"]) for one in dry(api)["refusals"]}
    assert codes == {("issue", "refused_by_policy")}


def test_an_approval_that_is_needed_is_told_and_its_gate_is_closed(api: Api) -> None:
    account = replace(an_account(), orders_need_approval=True, version=2)
    api.book.commit(account)
    answer = dry(api)
    assert answer["approval"] == {"required": True, "granted": False}
    assert answer["gates_closed"] == ["approval", "domains"]
    assert answer["names"][0]["cause"] == "nothing_at_the_name"
    granted = dry(api, body=order_body(skip_approval=True))
    assert granted["approval"] == {"required": True, "granted": True}
    assert granted["gates_closed"] == ["domains"]


class TestOrganizations:
    def test_a_validated_one_is_drafted_and_linted(self, api: Api) -> None:
        api.book.commit(a_validated_organization(OrganizationCheck.OV))
        answer = dry(api, "order/certificate/ssl_basic", order_body(organization={"id": 601}))
        assert answer["organization"] == {
            "id": 601,
            "name": "Example Holdings Ltd",
            "validated": True,
        }
        assert answer["complete"]
        assert len(api.lint_only.drafts) == 1

    def test_one_that_is_not_cannot_be_drafted_yet(self, api: Api) -> None:
        api.book.commit(an_organization())
        answer = dry(api, "order/certificate/ssl_basic", order_body(organization={"id": 601}))
        assert answer["would_be_accepted"]
        assert answer["gates_closed"] == ["domains", "organization"]
        assert answer["organization"]["validated"] is False
        (undone,) = answer["not_done"]
        assert undone["part"] == "lint"
        assert answer["certificate"]["valid_till"]


class TestParts:
    """Parts that others answer: late, failing, or not there."""

    @pytest.mark.parametrize("part", ["caa", "first_look", "lint"])
    def test_a_part_that_takes_too_long_is_left_out(self, api: Api, part: str) -> None:
        over = threading.Event()
        api.patience = timedelta(milliseconds=100)
        wanted = {"first_look": "names", "caa": "caa"}

        def slow() -> None:
            mine = part == "lint" or getattr(api.first_look.asked[-1], wanted[part])
            if mine:
                over.wait(20)

        (api.lint_only if part == "lint" else api.first_look).meanwhile = slow
        started = time.monotonic()
        try:
            answer = dry(api)
        finally:
            over.set()
        assert time.monotonic() - started < 5
        assert not answer["complete"]
        assert {"part": part, "reason": "it took too long"} in answer["not_done"]
        assert answer["would_be_accepted"]
        if part != "lint":
            assert answer["gates_closed"] == (["domains", "caa"] if part == "caa" else ["domains"])

    def test_they_are_asked_at_the_same_time(self, api: Api) -> None:
        together = threading.Barrier(3, timeout=10)
        api.first_look.meanwhile = api.lint_only.meanwhile = together.wait
        assert dry(api)["complete"]

    def test_a_part_that_fails_is_named_with_its_reason(self, api: Api) -> None:
        api.lint_only.failures.append(Unavailable("it did not answer"))
        answer = dry(api)
        assert not answer["complete"]
        assert answer["not_done"] == [{"part": "lint", "reason": "it did not answer"}]
        assert "lint" not in answer

    def test_a_deployment_without_a_hierarchy_cannot_lint(self) -> None:
        answer = dry(Api())
        (undone,) = answer["not_done"]
        assert undone["part"] == "lint"
        assert "ceremony" in undone["reason"]
        assert "certificate" not in answer

    def test_time_that_passed_before_them_is_no_longer_theirs(self, api: Api) -> None:
        clock, slept = api.clock, threading.Event()
        lists = api.book.lists

        def slow_lists() -> PolicyLists:
            clock.advance(PATIENCE)
            return lists()

        api.book.lists = slow_lists  # type: ignore[method-assign]
        api.first_look.meanwhile = lambda: slept.wait(20)
        started = time.monotonic()
        try:
            answer = dry(api)
        finally:
            slept.set()
        assert time.monotonic() - started < 5
        assert {one["part"] for one in answer["not_done"]} >= {"first_look", "caa"}

    def test_contacts_that_cannot_be_looked_up_are_left_out_and_named(self, api: Api) -> None:
        class Deaf:
            def find(self, domains: object) -> list[Contact]:
                raise Unavailable("the look-up of contacts has no answer")

        api.contacts = Deaf()  # type: ignore[assignment]
        mails = [
            {"dns_name": name, "email_domain": "example.com", "email": "tls@elsewhere.example"}
            for name in ("www.example.com", "example.com")
        ]
        body = order_body(dcv_method="email", dcv_emails=mails)
        assert api.call("POST", PLACE, body).status == 503
        answer = dry(api, body=body)
        assert answer["would_be_accepted"]
        assert [one["part"] for one in answer["not_done"]] == ["contacts"]


def test_no_value_is_told_that_no_order_will_have(api: Api) -> None:
    text = json.dumps(dry(api))
    values = {one.value for asked in api.first_look.asked for one in asked.names}
    assert values
    assert not [value for value in values if value in text]
    assert HIDDEN in text


def test_a_reissue_is_told_with_its_approval() -> None:
    api = Api()
    issue(api)
    answer = dry(api, REISSUE, again_body())
    assert answer["approval"] == {"required": True, "granted": False}
    assert answer["gates_closed"] == ["approval", "domains"]
    granted = dry(api, REISSUE, again_body() | {"skip_approval": True})
    assert granted["approval"] == {"required": True, "granted": True}
    assert granted["gates_closed"] == ["domains"]


def test_a_reissue_that_cannot_be_had_is_refused_as_by_the_call() -> None:
    api = timed_out()
    answer = dry(api, REISSUE, again_body())
    (refusal,) = answer["refusals"]
    (error,) = api.call("POST", REISSUE, again_body()).json["errors"]
    assert error == {"code": refusal["code"], "message": refusal["message"]}
    assert refusal["code"] == "invalid_status|order"
    assert "field" not in refusal


def test_all_of_a_duplicates_faults_are_told_at_once() -> None:
    api = Api()
    issue(api)
    body = again_body()
    body["certificate"] |= {"dns_names": ["evil.example.org"], "csr": "nothing"}
    path = "order/certificate/1001/duplicate"
    fields = [one["field"] for one in dry(api, path, body)["refusals"]]
    assert {"certificate.dns_names[0]", "certificate.dns_names", "certificate.csr"} <= set(fields)


def test_an_order_in_a_container_of_others_is_told_without_its_name(api: Api) -> None:
    api.book.commit(a_container(container_id=44, account_id=2, name="Secret"))
    reply = api.call("POST", PLACE, order_body(container={"id": 44}), query=DRY)
    assert b"Secret" not in reply.content
    assert "container" not in reply.json


def basic_body(**part: Any) -> dict[str, Any]:
    """An order of the product whose keys the service makes."""
    sent = order_body(certificate_name="web-shop", dcv_method="dns-cname-token")
    del sent["certificate"]["csr"]
    sent["certificate"] |= part
    return sent


def test_an_order_whose_key_the_service_makes_is_walked_as_far_as_there_is_anything(
    api: Api,
) -> None:
    answer = dry(api, "order/certificate/cloud_basic", basic_body())
    assert (answer["would_be_accepted"], answer["refusals"]) == (True, [])
    assert not {"csr", "lint"} & answer.keys()
    assert answer["gates_closed"] == ["domains"]
    assert {one["cause"] for one in answer["names"]} == {"nothing_at_the_name"}
    assert {one["caa"]["status"] for one in answer["names"]} == {"permitted"}
    assert not answer["complete"]
    (undone,) = answer["not_done"]
    assert (undone["part"], "after the names are proven" in undone["reason"]) == ("lint", True)
    assert api.call("POST", "order/certificate/cloud_basic", basic_body()).status == 201


def test_a_request_for_a_product_whose_key_the_service_makes_is_told(api: Api) -> None:
    answer = dry(api, "order/certificate/cloud_basic", basic_body(csr=pem_csr()))
    real = api.call("POST", "order/certificate/cloud_basic", basic_body(csr=pem_csr()))
    assert real.status == 400
    assert [(e["code"], e["message"]) for e in real.json["errors"]] == [
        (one["code"], one["message"]) for one in answer["refusals"]
    ]


def test_what_the_deployment_narrows_is_told_as_the_order_would_be_refused() -> None:
    rules = parse_profile_rules("curves=p-384,wildcards=no")
    api = Api(settings=Settings(stage=Stage.LOCAL, dcv_domain="dcv.example", profile_rules=rules))
    api.book.commit(an_issuer_record())
    answer = dry(api)
    real = api.call("POST", PLACE, order_body())
    assert {one["field"] for one in answer["refusals"]} == {
        "certificate.csr",
        "certificate.dns_names",
    }
    assert [(e["code"], e["message"]) for e in real.json["errors"]] == [
        (one["code"], one["message"]) for one in answer["refusals"]
    ]


def test_the_days_that_the_deployment_leaves_are_those_of_the_would_be_certificate() -> None:
    rules = parse_profile_rules("max_days=20")
    api = Api(settings=Settings(stage=Stage.LOCAL, dcv_domain="dcv.example", profile_rules=rules))
    api.book.commit(an_issuer_record())
    answer = dry(api)
    start, end = (
        datetime.fromisoformat(answer["certificate"][k]) for k in ("valid_from", "valid_till")
    )
    assert end - start < timedelta(days=21)
    assert any("at most 20 days" in each for each in answer["warnings"])
