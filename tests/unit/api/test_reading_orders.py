from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import (
    MOMENT,
    NAMES,
    TOKEN,
    a_certificate,
    an_authorization,
    an_order,
)
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, SERIAL, THUMBPRINT, issue, order_body
from vouchsafe.domain.authorization import (
    AuthorizationStatus,
    CaaCheck,
    CaaFinding,
    LookSummary,
    Observation,
    PerspectiveVerdict,
)
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.order import OrderStatus, StatusReason

READ = "order/certificate/1001"


def _look() -> LookSummary:
    return LookSummary(
        looked_at=MOMENT + timedelta(minutes=1),
        cause="no_record",
        explanation="No TXT record stands there.",
        advice="Publish the record.",
        observations=(Observation(question="TXT www.example.com", server="ns1", answer="none"),),
        perspectives=(
            PerspectiveVerdict(perspective="primary", rir="RIPE", completed=True, passed=False),
        ),
    )


def _pending(api: Api, **certificate: object) -> None:
    items = (an_authorization(NAMES[0], last_look=_look()), an_authorization(NAMES[1]))
    api.book.commit(
        an_order(),
        a_certificate(**certificate),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
    )
    api.tripwire.calls.clear()


@pytest.mark.parametrize("spelled", ["2", " 2 ", 2, 2.0])
def test_a_term_is_given_back_as_a_number_however_it_was_spelled(spelled: object) -> None:
    api = Api()
    body = order_body(order_validity={"years": spelled})
    placed = api.call("POST", f"order/certificate/{PRODUCT}", body).json
    order = api.call("GET", f"order/certificate/{placed['id']}").json
    assert order["validity_years"] == 2
    assert type(order["validity_years"]) is type(order["order_validity"]["years"]) is int


def test_a_placed_order_reads_back_as_it_was_asked_for() -> None:
    api = Api()
    body = order_body(
        comments="first",
        custom_fields=[{"metadata_id": 11, "value": "x"}],
        payment_method="balance",
        additional_emails="a@example.com, b@example.com",
        disable_renewal_notifications=True,
        certificate__server_platform={"id": 2},
        certificate__cert_validity={"days": "60", "years": 0},
    )
    placed = api.call("POST", f"order/certificate/{PRODUCT}", body).json
    order = api.call("GET", f"order/certificate/{placed['id']}").json
    assert order["status"] == "pending"
    assert order["certificate"]["id"] == placed["certificate_id"]
    assert order["certificate"]["csr"] == body["certificate"]["csr"]
    assert order["certificate"]["key_size"] == 256
    assert order["certificate"]["server_platform"] == {"id": 2, "name": "Apache"}
    assert order["certificate"]["cert_validity"] == {"days": 60}
    assert order["container"] == {"id": 3, "name": "Example Ltd", "is_active": True}
    assert order["product"]["name_id"] == PRODUCT
    assert order["product"]["type"] == "dv_ssl_certificate"
    assert (order["comments"], order["payment_method"]) == ("first", "balance")
    assert order["custom_fields"] == [{"metadata_id": 11, "value": "x"}]
    assert order["additional_emails"] == ["a@example.com", "b@example.com"]
    assert order["disable_renewal_notifications"] is True
    assert order["order_validity"] == {"years": 1}
    assert order["order_valid_till"] == "2027-11-21"
    assert order["purchased_dns_names"] == 2
    assert not {"thumbprint", "serial_number", "valid_till"} & set(order["certificate"])


def test_a_pending_order_explains_itself() -> None:
    api = Api()
    _pending(api)
    first, second = api.call("GET", READ).json["validations"]
    assert first["validation_status"] == "In progress"
    assert (first["record_type"], first["record_name"], first["record_value"]) == (
        "TXT",
        NAMES[0],
        TOKEN,
    )
    assert (first["cause"], first["advice"]) == ("no_record", "Publish the record.")
    assert first["explanation"] == "No TXT record stands there."
    assert first["observations"][0]["question"] == "TXT www.example.com"
    assert first["perspectives"][0]["perspective"] == "primary"
    assert first["last_look"] == "2026-11-21T12:01:00+00:00"
    assert first["next_look"] == "2026-11-21T12:01:00+00:00"
    assert first["deadline"] == "2026-11-24T12:00:00+00:00"
    assert "cause" not in second
    assert second["expiration_date"] == "2026-12-21T12:00:00+00:00"


def test_a_wildcard_is_published_at_its_base() -> None:
    api = Api()
    placed = api.call("POST", f"order/certificate/{PRODUCT}", order_body()).json
    rows = api.call("GET", f"order/certificate/{placed['id']}").json["validations"]
    assert (rows[2]["dns_name"], rows[2]["record_name"]) == (
        "*.shop.example.com",
        "shop.example.com",
    )


def test_reading_takes_two_storage_calls() -> None:
    api = Api()
    _pending(api)
    api.call("GET", READ)
    assert api.tripwire.calls == ["accounts.key", "ledger.order"]


def test_an_issued_order_shows_its_certificate() -> None:
    api = Api()
    issue(api)
    order = api.call("GET", READ).json
    certificate = order["certificate"]
    assert (order["status"], order["certificate_status"]) == ("issued", "Normal")
    assert certificate["serial_number"] == f"{SERIAL:X}"
    assert certificate["thumbprint"] == THUMBPRINT.upper()
    assert certificate["valid_from"] == "2026-11-21"
    assert {row["validation_status"] for row in order["validations"]} == {"Succeeded"}
    assert not any("next_look" in row for row in order["validations"])


@pytest.mark.parametrize(
    "reference",
    [THUMBPRINT, THUMBPRINT.upper(), f"{SERIAL:X}", f"{SERIAL:x}", "1001"],
)
def test_an_order_is_found_by_id_thumbprint_or_serial(reference: str) -> None:
    api = Api()
    issue(api)
    assert api.call("GET", f"order/certificate/{reference}").json["id"] == 1001


@pytest.mark.parametrize("reference", ["0", "9999999999", "zz", "-1", "1.5", "f" * 41, ":::"])
def test_what_is_no_reference_is_not_found(reference: str) -> None:
    reply = Api().call("GET", f"order/certificate/{reference}")
    assert (reply.status, reply.codes) == (404, ["not_found|order"])


STATES = [
    (OrderStatus.AWAITING_APPROVAL, CertificateStatus.AWAITING_APPROVAL, None, "needs_approval"),
    (OrderStatus.PENDING, CertificateStatus.PENDING, None, "pending"),
    (OrderStatus.PROCESSING, CertificateStatus.PROCESSING, None, "processing"),
    (OrderStatus.INVALID, CertificateStatus.INVALID, StatusReason.TIMED_OUT, "rejected"),
    (OrderStatus.INVALID, CertificateStatus.INVALID, StatusReason.REFUSED_BY_LINT, "rejected"),
    (OrderStatus.CANCELLED, CertificateStatus.CANCELLED, None, "canceled"),
    (OrderStatus.REVOKED, CertificateStatus.REVOKED, None, "revoked"),
]


@pytest.mark.parametrize(("status", "inner", "reason", "word"), STATES)
def test_states_are_said_in_the_words_clients_know(
    status: OrderStatus, inner: CertificateStatus, reason: StatusReason | None, word: str
) -> None:
    api = Api()
    api.book.commit(
        an_order(status=status, status_reason=reason),
        a_certificate(status=inner, status_reason=reason),
        Authorizations(order_id=1001, certificate_id=5001, items=()),
    )
    order = api.call("GET", READ).json
    assert order["status"] == word
    assert order.get("status_reason") == (reason.value if reason else None)


def test_a_timed_out_order_says_so_in_the_guides_words() -> None:
    api = Api()
    reason = StatusReason.TIMED_OUT
    items = (an_authorization(status=AuthorizationStatus.TIMED_OUT),)
    api.book.commit(
        an_order(status=OrderStatus.INVALID, status_reason=reason),
        a_certificate(status=CertificateStatus.INVALID, status_reason=reason),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
    )
    order = api.call("GET", READ).json
    assert order["certificate_status"] == "Timeout"
    assert order["validations"][0]["validation_status"] == "Timeout"


def test_an_order_past_its_certificates_end_is_expired() -> None:
    api = Api()
    issue(api)
    api.clock.advance(timedelta(days=9 * 365))
    order = api.call("GET", READ).json
    assert (order["status"], order["certificate_status"]) == ("expired", "Expired")


def _finding(name: str, *, completed: bool = True, permitted: bool = True) -> CaaFinding:
    return CaaFinding(
        name=name,
        completed=completed,
        permitted=permitted,
        deciding_name=name,
        deciding_record='0 issue "other.example"',
        ttl=60,
        detail="only other.example may",
    )


def test_what_caa_says_is_told_by_name_to_who_asks_while_the_order_waits() -> None:
    first, second = NAMES
    findings = (_finding(first), _finding(second, permitted=False))
    check = CaaCheck(checked_at=MOMENT, good_until=MOMENT, permitted=False, findings=findings)
    api = Api()
    _pending(api, caa=check)
    asked = {"include_caa_status": "True"}
    told = api.call("GET", "order/certificate/1001", query=asked).json["caa_status_message"]
    assert told == {
        first: "CAA permits us to issue.",
        second: "CAA forbids us to issue: only other.example may",
    }
    assert "caa_status_message" not in api.call("GET", "order/certificate/1001").json
    refused = api.call("GET", "order/certificate/1001", query={"include_caa_status": "perhaps"})
    assert (refused.status, refused.codes) == (400, ["invalid_field|include_caa_status"])


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (None, "CAA was not looked up yet."),
        (
            CaaCheck(
                checked_at=MOMENT,
                good_until=MOMENT,
                permitted=False,
                findings=(_finding(NAMES[0], completed=False),),
            ),
            "CAA could not be looked up: only other.example may",
        ),
    ],
)
def test_a_missing_or_failed_look_up_is_said_as_well(check: CaaCheck | None, sentence: str) -> None:
    api = Api()
    _pending(api, caa=check)
    order = api.call("GET", "order/certificate/1001", query={"include_caa_status": "1"}).json
    assert order["caa_status_message"][NAMES[0]] == sentence


def test_an_issued_order_has_no_word_about_caa() -> None:
    api = Api()
    issue(api)
    order = api.call("GET", "order/certificate/1001", query={"include_caa_status": "true"}).json
    assert "caa_status_message" not in order
