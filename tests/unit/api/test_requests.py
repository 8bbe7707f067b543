from __future__ import annotations

import pytest

from tests.builders import a_request
from tests.unit.api.driving import Api
from tests.unit.api.material import SERIAL, issue
from vouchsafe.domain.accounts import Role
from vouchsafe.domain.requests import RequestStatus
from vouchsafe.domain.revocation import RevocationReason

REVOKES = [
    "certificate/5001/revoke",
    f"certificate/{SERIAL:X}/revoke",
    "order/certificate/1001/revoke",
]


@pytest.fixture
def api() -> Api:
    api = Api()
    issue(api)
    return api


@pytest.mark.parametrize("path", REVOKES)
def test_a_revocation_waits_for_an_approver(api: Api, path: str) -> None:
    reply = api.call("PUT", path, {"revocation_reason": "keyCompromise", "comments": "stolen"})
    assert reply.status == 201
    answer = reply.json
    assert (answer["type"], answer["status"], answer["comments"]) == ("revoke", "pending", "stolen")
    assert answer["requester"] == {"id": 7}
    assert not api.workflow.revocations
    request = api.book.order_of_request(answer["id"]).request(answer["id"])  # type: ignore[union-attr]
    assert request.reason is RevocationReason.KEY_COMPROMISE
    assert request.certificate_ids == (5001,)


def test_an_approval_starts_the_revocation(api: Api) -> None:
    number = api.call("PUT", REVOKES[0], {}).json["id"]
    decision = {"status": "approved", "processor_comment": "agreed"}
    reply = api.call("PUT", f"request/{number}/status", decision)
    assert (reply.status, reply.content) == (204, b"")
    assert api.workflow.revocations == [(1001, number, 1)]
    request = api.call("GET", f"request/{number}").json
    assert (request["status"], request["processor_comment"]) == ("approved", "agreed")
    assert request["reviewer"] == {"id": 7}


def test_a_rejection_starts_nothing(api: Api) -> None:
    number = api.call("PUT", REVOKES[0], {}).json["id"]
    assert api.call("PUT", f"request/{number}/status", {"status": "rejected"}).status == 204
    assert not api.workflow.revocations
    again = api.call("PUT", f"request/{number}/status", {"status": "approved"})
    assert (again.status, again.codes) == (400, ["invalid_status|request"])


def test_an_administrators_call_may_be_the_approval(api: Api) -> None:
    reply = api.call("PUT", REVOKES[0], {"skip_approval": True})
    assert (reply.status, reply.content) == (204, b"")
    assert len(api.workflow.revocations) == 1


def test_skipping_is_ignored_for_others(api: Api) -> None:
    api.add_key("standard", role=Role.STANDARD_USER)
    reply = api.call("PUT", REVOKES[0], {"skip_approval": True}, key="standard")
    assert (reply.status, reply.json["status"]) == (201, "pending")


def test_who_may_not_decide_is_told_so(api: Api) -> None:
    api.add_key("standard", role=Role.STANDARD_USER)
    number = api.call("PUT", REVOKES[0], {}).json["id"]
    reply = api.call("PUT", f"request/{number}/status", {"status": "approved"}, key="standard")
    assert (reply.status, reply.codes) == (403, ["access_denied|invalid_approver"])


@pytest.mark.parametrize("reason", ["privilegeWithdrawn", "KEYCOMPROMISE", "bored"])
def test_a_reason_that_is_not_the_subscribers_is_refused(api: Api, reason: str) -> None:
    reply = api.call("PUT", REVOKES[0], {"revocation_reason": reason})
    assert (reply.status, reply.codes) == (400, ["invalid_field|revocation_reason"])


def test_requests_are_listed_newest_first_and_by_status(api: Api) -> None:
    api.book.commit(a_request(request_id=301, status=RequestStatus.REJECTED))
    api.book.commit(a_request(request_id=302))
    api.book.commit(a_request(request_id=303, account_id=2))
    rows = api.call("GET", "request").json["requests"]
    assert [row["id"] for row in rows] == [302, 301]
    assert rows[0]["order"] == {"id": 1001}
    pending = api.call("GET", "request", query={"status": "pending"}).json["requests"]
    assert [row["id"] for row in pending] == [302]
    refused = api.call("GET", "request", query={"status": "lapsed"})
    assert (refused.status, refused.codes) == (400, ["invalid_field|status"])


def test_requests_come_in_pages_with_their_total(api: Api) -> None:
    for number in range(5):
        api.book.commit(a_request(request_id=301 + number))
    answer = api.call("GET", "request", query={"limit": "2", "offset": "1"}).json
    assert [row["id"] for row in answer["requests"]] == [304, 303]
    assert answer["page"] == {"total": 5, "limit": 2, "offset": 1}
    refused = api.call("GET", "request", query={"limit": "1001"})
    assert (refused.status, refused.codes) == (400, ["invalid_field|limit"])


def test_a_status_that_requests_never_have_finds_nothing(api: Api) -> None:
    api.book.commit(a_request())
    answer = api.call("GET", "request", query={"status": "submitted"}).json
    assert (answer["requests"], answer["page"]["total"]) == ([], 0)


@pytest.mark.parametrize("body", [{}, {"status": "submitted"}, {"status": []}])
def test_a_decision_is_approved_or_rejected(api: Api, body: dict[str, object]) -> None:
    number = api.call("PUT", REVOKES[0], {}).json["id"]
    reply = api.call("PUT", f"request/{number}/status", body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|status"])
