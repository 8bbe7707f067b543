"""Accounts that ask for approvals: what a new order waits for, who decides, what an edit voids."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_csr, a_private_key, an_account
from tests.fakes import SeededEntropy
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, issue, order_body, pem_csr
from vouchsafe.domain.accounts import Account, Role
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.order import Order, OrderStatus, StatusReason
from vouchsafe.domain.requests import Request, RequestStatus
from vouchsafe.services.reconciliation import reconcile

PLACE = f"order/certificate/{PRODUCT}"


@pytest.fixture
def api() -> Api:
    api = Api()
    account = api.book.records[(Account, 1)]
    api.book.commit(replace(account, orders_need_approval=True, version=2))
    api.tripwire.calls.clear()
    return api


def place(api: Api, **changed: Any) -> dict[str, Any]:
    reply = api.call("POST", PLACE, order_body(**changed))
    assert reply.status == 201, reply.content
    answer: dict[str, Any] = reply.json
    return answer


def the[T](api: Api, kind: type[T]) -> T:
    found = [record for record in api.book.records.values() if isinstance(record, kind)]
    return found[-1]


def decide(api: Api, number: int, status: str = "approved", key: str | None = None) -> Any:
    sent = {"status": status, "processor_comment": "seen"}
    keyed = {"key": key} if key else {}
    return api.call("PUT", f"request/{number}/status", sent, **keyed)


def test_a_new_order_shows_nothing_to_publish_before_its_approval(api: Api) -> None:
    answer = place(api, comments="for the shop")
    assert set(answer) == {"id", "requests", "warnings"}
    (request,) = answer["requests"]
    assert (request["type"], request["status"]) == ("new_request", "pending")
    order = api.call("GET", f"order/certificate/{answer['id']}").json
    assert order["status"] == "needs_approval"
    assert "record_value" not in order["validations"][0]
    assert not api.workflow.orders


def test_placing_still_takes_four_storage_calls(api: Api) -> None:
    api.call("POST", PLACE, order_body(), headers={"Idempotency-Key": "k"})
    storage = [name for name in api.tripwire.calls if not name.startswith("workflow.")]
    calls = ["idempotency", "standing", "allocate", "commit"]
    remembered = "issuers.all"  # asked once a minute in a container
    assert [name for name in storage if name != remembered] == [
        "accounts.key",
        *(f"ledger.{name}" for name in calls),
    ]


def test_approval_makes_the_values_opens_the_window_and_starts_the_run(api: Api) -> None:
    answer = place(api)
    api.clock.advance(timedelta(days=5))
    assert decide(api, answer["requests"][0]["id"]).status == 204
    certificate = the(api, Certificate)
    assert certificate.status is CertificateStatus.PENDING
    assert certificate.window is not None
    assert certificate.window.deadline == MOMENT + timedelta(days=5, hours=72)
    order = api.call("GET", f"order/certificate/{answer['id']}").json
    assert order["status"] == "pending"
    assert order["validations"][0]["record_value"] == certificate.random_value.value  # type: ignore[union-attr]
    assert api.workflow.orders == [(answer["id"], certificate.certificate_id, 1)]


def test_a_rejected_order_is_rejected_for_good_and_says_why(api: Api) -> None:
    answer = place(api)
    assert decide(api, answer["requests"][0]["id"], "rejected").status == 204
    order = api.call("GET", f"order/certificate/{answer['id']}").json
    assert (order["status"], order["status_reason"]) == ("rejected", "approval_rejected")
    assert decide(api, answer["requests"][0]["id"]).codes == ["invalid_status|request"]


def test_an_administrator_may_skip_where_the_account_allows_it(api: Api) -> None:
    answer = place(api, skip_approval=True)
    assert answer["certificate_id"]
    assert answer["requests"][0]["status"] == "approved"
    account = api.book.records[(Account, 1)]
    api.book.commit(replace(account, may_skip_approval=False, version=account.version + 1))
    refused = place(api, skip_approval=True)
    assert "certificate_id" not in refused
    assert any(text.startswith("skip_approval") for text in refused["warnings"])


def test_managers_decide_in_their_own_container_alone(api: Api) -> None:
    number = place(api)["requests"][0]["id"]
    api.add_key("elsewhere", role=Role.MANAGER, user_id=70, container_id=9)
    api.add_key("here", role=Role.MANAGER, user_id=71, key_id=98)
    refused = decide(api, number, key="elsewhere")
    assert (refused.status, refused.codes) == (403, ["access_denied|invalid_approver"])
    assert decide(api, number, key="here").status == 204


def other_csr() -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    request = x509.load_der_x509_csr(a_csr("www.example.com"))
    builder = x509.CertificateSigningRequestBuilder().subject_name(request.subject)
    signed = builder.sign(a_private_key("another"), hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def test_another_csr_takes_a_new_request_and_voids_the_one_before(api: Api) -> None:
    answer = place(api)
    path, number = f"order/certificate/{answer['id']}/csr", answer["requests"][0]["id"]
    assert api.call("POST", path, {"csr": other_csr()}).status == 204
    assert decide(api, number).codes == ["invalid_status|request"]
    rows = api.call("GET", "request", query={"status": "pending"}).json["requests"]
    assert len(rows) == 1
    assert decide(api, rows[0]["id"]).status == 204


def test_another_csr_after_the_approval_takes_the_order_back_to_it(api: Api) -> None:
    answer = place(api)
    decide(api, answer["requests"][0]["id"])
    path = f"order/certificate/{answer['id']}/csr"
    assert api.call("POST", path, {"csr": other_csr()}).status == 204
    certificate, order = the(api, Certificate), the(api, Order)
    assert certificate.status is CertificateStatus.AWAITING_APPROVAL
    assert certificate.random_value is None
    assert order.status is OrderStatus.AWAITING_APPROVAL
    rows = api.call("GET", "request", query={"status": "pending"}).json["requests"]
    assert decide(api, rows[0]["id"]).status == 204
    assert the(api, Certificate).status is CertificateStatus.PENDING


def test_the_same_csr_again_changes_nothing(api: Api) -> None:
    answer = place(api)
    version = the(api, Certificate).version
    path = f"order/certificate/{answer['id']}/csr"
    assert api.call("POST", path, {"csr": pem_csr()}).status == 204
    assert the(api, Certificate).version == version


@pytest.mark.parametrize("csr", ["", "nonsense"])
def test_a_csr_that_is_none_is_refused_by_its_field(api: Api, csr: str) -> None:
    answer = place(api)
    reply = api.call("POST", f"order/certificate/{answer['id']}/csr", {"csr": csr})
    assert reply.status == 400
    assert set(reply.codes) == {"invalid_field|csr"}


def test_a_request_says_when_people_are_reminded_and_when_it_lapses(api: Api) -> None:
    number = place(api)["requests"][0]["id"]
    info = api.call("GET", f"request/{number}").json
    assert info["date_lapses"] == "2026-12-21T12:00:00+00:00"
    assert len(info["reminder_dates"]) == 3
    assert info["order"]["certificate"]["common_name"] == "www.example.com"


def _reconcile(api: Api) -> None:
    reconcile(
        work=api.book,
        ledger=api.book,
        workflow=api.workflow,
        clock=api.clock,
        entropy=SeededEntropy(len(api.book.records)),
    )


def test_an_order_nobody_approves_lapses_after_30_days(api: Api) -> None:
    place(api)
    api.clock.advance(timedelta(days=20, hours=1))
    _reconcile(api)
    request = the(api, Request)
    assert (request.status, request.reminded) == (RequestStatus.PENDING, 1)
    api.clock.advance(timedelta(days=10))
    _reconcile(api)
    assert the(api, Request).status is RequestStatus.LAPSED
    order = the(api, Order)
    assert (order.status, order.status_reason) == (
        OrderStatus.INVALID,
        StatusReason.APPROVAL_LAPSED,
    )
    assert api.book.due(api.clock.now() + timedelta(days=400), 10) == []


def test_cancelling_an_order_voids_its_request(api: Api) -> None:
    answer = place(api)
    path = f"order/certificate/{answer['id']}/status"
    assert api.call("PUT", path, {"status": "canceled", "note": None}).status == 204
    assert the(api, Request).status is RequestStatus.VOID
    assert decide(api, answer["requests"][0]["id"]).codes == ["invalid_status|request"]


def test_an_account_that_asks_for_no_approval_has_no_request() -> None:
    api = Api()
    assert an_account().orders_need_approval is False
    assert place(api)["requests"] == []


def test_a_csr_is_replaced_once_per_key(api: Api) -> None:
    answer = place(api)
    path, headers = f"order/certificate/{answer['id']}/csr", {"Idempotency-Key": "c"}
    sent = {"csr": other_csr()}
    assert api.call("POST", path, sent, headers=headers).status == 204
    before = dict(api.book.records)
    again = api.call("POST", path, sent, headers=headers)
    assert (again.status, again.headers["Idempotency-Replayed"]) == (204, "true")
    assert api.book.records == before


def test_without_approvals_another_csr_is_taken_while_names_are_proven() -> None:
    api = Api()
    answer = place(api)
    before = the(api, Certificate)
    path = f"order/certificate/{answer['id']}/csr"
    assert api.call("POST", path, {"csr": other_csr()}).status == 204
    after = the(api, Certificate)
    assert after.csr != before.csr
    assert (after.random_value, after.window) == (before.random_value, before.window)
    assert api.call("GET", f"order/certificate/{answer['id']}").json["status"] == "pending"


def test_an_issued_order_takes_no_other_csr() -> None:
    api = Api()
    issue(api)
    reply = api.call("POST", "order/certificate/1001/csr", {"csr": other_csr()})
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])
