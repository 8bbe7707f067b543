"""Reissues and duplicates as clients ask for them, over everything behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_proof
from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import issue, pem_csr
from vouchsafe.domain.accounts import Role
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.proofs import DomainProof

REISSUE = "order/certificate/1001/reissue"
DUPLICATE = "order/certificate/1001/duplicate"
STATUS = "order/certificate/1001/status"
NAMES = ["www.example.com", "example.com"]


def body(**changed: Any) -> dict[str, Any]:
    """A reissue with the same names; keywords change its certificate part."""
    part = {
        "common_name": NAMES[0],
        "dns_names": NAMES[1:],
        "csr": pem_csr(),
        "server_platform": {"id": 45},
    }
    return {"certificate": part | changed}


@pytest.fixture
def api() -> Api:
    api = Api()
    issue(api)
    api.book.allocate(certificates=6000)  # past the numbers the tests' own records use
    return api


def prove(api: Api, *domains: str) -> None:
    """Account 1 proved these authorization domains a day ago."""
    for domain in domains:
        proof = a_proof(authorization_domain=domain, proven_at=MOMENT - timedelta(days=1))
        api.book.commit(
            DomainProof(
                account_id=1,
                authorization_domain=domain,
                proof=proof,
                order_id=900,
                certificate_id=4900,
            )
        )


def newest(api: Api) -> Certificate:
    dossier = api.book.order(1001)
    assert dossier is not None
    return dossier.certificates[-1]


def test_a_reissue_waits_for_an_approver_and_the_order_says_so(api: Api) -> None:
    reply = api.call("POST", REISSUE, body())
    assert reply.status == 201
    answer = reply.json
    assert set(answer) == {"id", "requests", "warnings"}
    assert answer["id"] == 1001
    (request,) = answer["requests"]
    assert (request["type"], request["status"]) == ("reissue", "pending")
    assert newest(api).status is CertificateStatus.AWAITING_APPROVAL
    assert newest(api).random_value is None
    order = api.call("GET", "order/certificate/1001").json
    assert order["status"] == "reissue_pending"
    assert not api.workflow.orders


def test_an_approved_reissue_gets_its_values_and_its_own_72_hours(api: Api) -> None:
    number = api.call("POST", REISSUE, body()).json["requests"][0]["id"]
    api.clock.advance(timedelta(days=2))
    assert api.call("PUT", f"request/{number}/status", {"status": "approved"}).status == 204
    certificate = newest(api)
    assert certificate.status is CertificateStatus.PENDING
    assert certificate.random_value is not None
    assert certificate.window is not None
    assert certificate.window.deadline == MOMENT + timedelta(days=2, hours=72)
    assert api.workflow.orders == [(1001, certificate.certificate_id, 1)]


@pytest.mark.parametrize("inside", [False, True])
def test_skipping_the_approval_starts_at_once_wherever_it_stands(api: Api, inside: bool) -> None:
    sent = body(skip_approval=True) if inside else body() | {"skip_approval": True}
    answer = api.call("POST", REISSUE, sent).json
    assert answer["certificate_id"] == newest(api).certificate_id
    assert answer["dcv_random_value"].startswith("_")
    assert [row["status"] for row in answer["requests"]] == ["approved"]
    assert api.workflow.orders == [(1001, answer["certificate_id"], 1)]


def test_skipping_by_others_is_ignored_with_a_warning(api: Api) -> None:
    api.add_key("standard", role=Role.STANDARD_USER)
    answer = api.call("POST", REISSUE, body() | {"skip_approval": True}, key="standard").json
    assert "certificate_id" not in answer
    assert any(text.startswith("skip_approval: is ignored") for text in answer["warnings"])


def test_everything_a_reissue_must_say_is_missed_at_once(api: Api) -> None:
    reply = api.call("POST", REISSUE, {"certificate": {}})
    assert reply.status == 400
    assert set(reply.codes) == {
        "invalid_field|certificate.common_name",
        "invalid_field|certificate.dns_names",
        "invalid_field|certificate.csr",
        "invalid_field|certificate.server_platform.id",
    }
    assert newest(api).certificate_id == 5001


def test_an_empty_list_of_names_says_that_there_are_no_others(api: Api) -> None:
    assert api.call("POST", REISSUE, body(dns_names=[])).status == 201
    assert [name.value for name in newest(api).identifiers] == NAMES[:1]


def test_names_proven_before_need_no_new_proof_and_keep_their_age(api: Api) -> None:
    prove(api, "example.com")
    answer = api.call("POST", REISSUE, body(skip_approval=True)).json
    dossier = api.book.order(1001)
    assert dossier is not None
    items = dossier.authorizations[answer["certificate_id"]]
    ages = {item.proof.proven_at for item in items if item.proof}
    assert ages == {MOMENT - timedelta(days=1)}
    assert {row["dcv_token"]["status"] for row in answer["domains"]} == {"active"}


def test_one_reissue_at_a_time(api: Api) -> None:
    api.call("POST", REISSUE, body())
    for path in (REISSUE, DUPLICATE):
        reply = api.call("POST", path, body())
        assert (reply.status, reply.codes) == (400, ["invalid_status|order"])


def test_only_the_reissue_is_cancelled_and_the_order_is_issued_again(api: Api) -> None:
    number = api.call("POST", REISSUE, body()).json["requests"][0]["id"]
    assert api.call("PUT", STATUS, {"status": "CANCELED"}).status == 204
    order = api.call("GET", "order/certificate/1001").json
    assert (order["status"], order["certificate"]["id"]) == ("issued", 5001)
    assert newest(api).status is CertificateStatus.CANCELLED
    late = api.call("PUT", f"request/{number}/status", {"status": "approved"})
    assert (late.status, late.codes) == (400, ["invalid_status|request"])
    assert api.call("POST", REISSUE, body()).status == 201


def test_a_rejected_reissue_leaves_the_order_as_it_was(api: Api) -> None:
    number = api.call("POST", REISSUE, body()).json["requests"][0]["id"]
    api.call("PUT", f"request/{number}/status", {"status": "rejected"})
    order = api.call("GET", "order/certificate/1001").json
    assert (order["status"], order["certificate"]["id"]) == ("issued", 5001)
    (row,) = api.call("GET", REISSUE).json["certificates"]
    assert (row["status"], row["status_reason"]) == ("rejected", "approval_rejected")


def test_the_lists_tell_reissues_from_duplicates(api: Api) -> None:
    assert api.call("GET", REISSUE).json == {"certificates": []}
    api.call("POST", DUPLICATE, body(skip_approval=True))
    assert api.call("GET", REISSUE).json == {"certificates": []}
    (row,) = api.call("GET", DUPLICATE).json["certificates"]
    assert (row["sub_id"], row["status"]) == ("001", "pending")
    assert row["server_platform"] == {"id": 45, "name": "nginx"}
    assert row["dns_names"] == NAMES


def test_a_duplicate_stands_beside_the_orders_certificate_and_ends_with_it(api: Api) -> None:
    api.call("POST", DUPLICATE, body(skip_approval=True))
    order = api.call("GET", "order/certificate/1001").json
    assert (order["status"], order["certificate"]["id"]) == ("issued", 5001)
    original = api.book.records[(Certificate, 5001)]
    assert newest(api).ends_at == original.issued.not_after


def test_a_duplicate_may_leave_its_names_out(api: Api) -> None:
    sent = {"certificate": {"common_name": "example.com", "csr": pem_csr()}}
    assert api.call("POST", DUPLICATE, sent).status == 201
    assert [name.value for name in newest(api).identifiers] == ["example.com", "www.example.com"]


def test_a_duplicate_takes_no_other_names(api: Api) -> None:
    reply = api.call("POST", DUPLICATE, body(dns_names=["example.com", "new.example.com"]))
    assert (reply.status, reply.codes) == (400, ["invalid_field|certificate.dns_names[1]"])
    fewer = api.call("POST", DUPLICATE, body(common_name="example.com", dns_names=["example.com"]))
    assert fewer.codes == ["invalid_field|certificate.dns_names"]


def test_an_order_that_was_not_issued_cannot_be_reissued() -> None:
    api = Api()
    issue(api)
    dossier = api.book.order(1001)
    assert dossier is not None
    from vouchsafe.domain.order import OrderStatus

    api.book.commit(dossier.order.moved(OrderStatus.REVOKED))
    reply = api.call("POST", REISSUE, body())
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])


def test_a_whole_order_about_to_be_revoked_is_not_reissued(api: Api) -> None:
    api.call("PUT", "order/certificate/1001/revoke", {})
    assert api.call("POST", REISSUE, body()).codes == ["invalid_status|order"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", REISSUE),
        ("POST", DUPLICATE),
        ("GET", REISSUE),
        ("GET", DUPLICATE),
        ("POST", "order/certificate/1001/csr"),
        ("POST", "order/certificate/1001/reorder"),
    ],
)
def test_another_accounts_order_is_unknown(api: Api, method: str, path: str) -> None:
    reply = api.call(method, path, None if method == "GET" else body(), key=OTHERS_KEY)
    assert (reply.status, reply.codes) == (404, ["not_found|order"])


def test_the_same_key_gives_the_same_reissue(api: Api) -> None:
    headers = {"Idempotency-Key": "again"}
    first = api.call("POST", REISSUE, body(), headers=headers)
    second = api.call("POST", REISSUE, body(), headers=headers)
    assert first.json == second.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len([c for c in api.book.records.values() if isinstance(c, Certificate)]) == 2


def test_all_proven_the_answer_waits_for_the_certificate_and_brings_the_chain(api: Api) -> None:
    prove(api, "example.com")
    waits: list[float] = []

    def pause(seconds: float) -> None:
        """The machine issues while the call waits."""
        waits.append(seconds)
        standing = newest(api)
        if standing.status is CertificateStatus.PENDING and len(waits) == 2:
            processing = replace(
                standing, status=CertificateStatus.PROCESSING, version=standing.version + 1
            )
            api.book.commit(processing)
        elif standing.status is CertificateStatus.PROCESSING:
            issued = replace(api.book.records[(Certificate, 5001)].issued, serial=99)
            api.store.put(standing.certificate_id, api.store.objects[5001])
            api.book.commit(
                replace(
                    standing,
                    status=CertificateStatus.VALID,
                    issued=issued,
                    version=standing.version + 1,
                )
            )

    api.pause = pause
    answer = api.call("POST", REISSUE, body(skip_approval=True)).json
    assert [row["subject_common_name"] for row in answer["certificate_chain"]][2] == "Test Root"
    assert answer["certificate_id"] == newest(api).certificate_id
    assert len(waits) == 3


def test_the_answer_comes_without_the_chain_after_20_seconds(api: Api) -> None:
    prove(api, "example.com")
    waits: list[float] = []
    api.pause = waits.append
    answer = api.call("POST", REISSUE, body(skip_approval=True)).json
    assert "certificate_chain" not in answer
    assert sum(waits) == 20
