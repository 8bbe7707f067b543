from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import MOMENT, a_csr, an_issuer_record
from tests.unit.api.driving import KEY, OTHERS_KEY, Api
from tests.unit.api.material import PRODUCT, order_body, pem_csr
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import IdempotencyRecord
from vouchsafe.domain.issuers import KeyType
from vouchsafe.domain.order import Order

PLACE = f"order/certificate/{PRODUCT}"


def _all(api: Api, kind: type) -> list:
    return [record for key, record in api.book.records.items() if key[0] is kind]


def test_an_order_is_answered_with_its_ids_and_what_to_publish() -> None:
    api = Api()
    reply = api.call("POST", PLACE, order_body())
    assert reply.status == 201
    answer = reply.json
    value = answer["dcv_random_value"]
    assert value.startswith("_") and len(value) == 27
    assert answer["id"] and answer["certificate_id"]
    assert [row["dns_name"] for row in answer["domains"]] == [
        "www.example.com",
        "example.com",
        "shop.example.com",
    ]
    assert {row["dcv_token"]["token"] for row in answer["domains"]} == {value}
    assert reply.headers["Content-Type"] == "application/json"


def test_an_order_is_written_whole_and_its_run_is_started() -> None:
    api = Api()
    answer = api.call("POST", PLACE, order_body()).json
    (certificate,) = _all(api, Certificate)
    (change,) = _all(api, Change)
    assert certificate.status is CertificateStatus.PENDING
    assert [i.value for i in certificate.identifiers] == [
        "www.example.com",
        "example.com",
        "*.shop.example.com",
    ]
    assert certificate.window.deadline - certificate.window.opened_at == api.settings.window
    assert certificate.next_look_at == certificate.created_at + api.settings.first_gap
    assert change.kind is ChangeKind.ORDER_PLACED
    assert api.workflow.orders == [(answer["id"], answer["certificate_id"], 1)]


def test_placing_takes_four_storage_calls_at_most() -> None:
    api = Api()
    api.call("POST", PLACE, order_body(), headers={"Idempotency-Key": "k"})
    once_a_minute = "issuers.all"  # a container remembers them
    others = [name for name in api.tripwire.calls if name != once_a_minute]
    assert len(api.tripwire.calls) - len(others) == 1
    storage = [name for name in others if not name.startswith("workflow.")]
    calls = ["idempotency", "standing", "allocate", "commit"]
    assert storage == ["accounts.key", *(f"ledger.{name}" for name in calls)]


def test_the_order_stands_when_its_run_cannot_be_started() -> None:
    api = Api()

    class _Down:
        def start_order(self, order_id: int, certificate_id: int, run: int) -> None:
            from vouchsafe.domain.errors import Unavailable

            raise Unavailable("no machine")

    api.workflow = _Down()  # type: ignore[assignment]
    assert api.call("POST", PLACE, order_body()).status == 201
    assert len(_all(api, Order)) == 1


def _spellings() -> dict[str, str]:
    pem = pem_csr()
    der = x509.load_pem_x509_csr(pem.encode()).public_bytes(Encoding.DER)
    return {
        "pem with line feeds": pem,
        "pem with carriage returns": pem.replace("\n", "\r\n"),
        "pem without line breaks": pem.replace("\n", ""),
        "base64url without armour": base64.urlsafe_b64encode(der).decode(),
        "the armour of Windows": pem.replace("BEGIN CERT", "BEGIN NEW CERT").replace(
            "END CERT", "END NEW CERT"
        ),
    }


@pytest.mark.parametrize("spelling", _spellings())
def test_every_spelling_of_a_request_makes_the_same_order(spelling: str) -> None:
    api = Api()
    assert (
        api.call("POST", PLACE, order_body(certificate__csr=_spellings()[spelling])).status == 201
    )
    assert _all(api, Certificate)[0].csr == a_csr("www.example.com")


def test_a_body_may_arrive_as_base64() -> None:
    import json

    api = Api()
    assert api.call("POST", PLACE, json.dumps(order_body()).encode()).status == 201


def test_zeros_and_blanks_of_real_clients_count_as_not_given() -> None:
    body = order_body(
        id=0,
        organization={"id": 0, "name": "", "zip": 0},
        container={"id": 0},
        renewal_of_order_id=0,
        order_validity={"days": 90},
        validity_years=0,
        custom_expiration_date="",
        cs_provisioning_method="",
        comments=None,
        certificate__server_platform={"id": "45"},
    )
    api = Api()
    reply = api.call("POST", PLACE, body)
    assert reply.status == 201
    assert "warnings" not in reply.json
    assert _all(api, Order)[0].details.extras["server_platform_id"] == 45


def test_what_has_no_effect_is_named_in_warnings() -> None:
    body = order_body(
        organization={"id": 117483},
        dcv_method="dns\u2010txt\u2011token",
        colour="blue",
        certificate__organization_units=["IT"],
        certificate__dns_names=["example.com", "EXAMPLE.com"],
        certificate__signature_hash="sha512",
        order_validity={"years": 2},
    )
    warnings = "\n".join(Api().call("POST", PLACE, body).json["warnings"])
    for word in (
        "organization: is ignored",
        "typographic hyphens",
        "colour: unknown field",
        "certificate.organization_units",
        "certificate.dns_names[1]: example.com is named more than once",
        "certificate.signature_hash: sha256 is used instead of sha512",
        "comes by reissuing",
    ):
        assert word in warnings


@pytest.mark.parametrize(
    ("serves", "hash_made", "told"),
    [((), "sha512", False), (("dv",), "sha512", False), (("ov",), "sha256", True)],
)
def test_the_hash_is_that_of_the_issuer_that_would_sign(
    serves: tuple[str, ...], hash_made: str, told: bool
) -> None:
    """The stack's own issuer is EC; beside it stands a newer one with an RSA key."""
    api = Api()
    newer = MOMENT - timedelta(hours=1)
    rsa = {"issuer_id": "r2", "key_type": KeyType.RSA_3072, "active_from": newer}
    first = an_issuer_record(created_at=MOMENT - timedelta(days=9))
    api.book.commit(first, an_issuer_record(serves=serves, **rsa))
    body = order_body(certificate__signature_hash="sha512")
    placed = api.call("POST", PLACE, body).json
    assert ("is used instead of" in "".join(placed.get("warnings", []))) is told
    info = api.call("GET", f"order/certificate/{placed['id']}").json
    assert info["certificate"]["signature_hash"] == hash_made


def test_the_same_key_and_body_give_the_same_one_order() -> None:
    api = Api()
    key = {"Idempotency-Key": "2026-11-21/1"}
    first = api.call("POST", PLACE, order_body(), headers=key)
    again = api.call("POST", PLACE, order_body(), headers=key)
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(_all(api, Order)) == 1


def test_the_same_key_with_another_body_is_refused() -> None:
    api = Api()
    key = {"Idempotency-Key": "k"}
    api.call("POST", PLACE, order_body(), headers=key)
    reply = api.call("POST", PLACE, order_body(comments="other"), headers=key)
    assert (reply.status, reply.codes) == (400, ["idempotency_key_reused"])
    assert len(_all(api, Order)) == 1


def test_another_account_may_use_the_same_key() -> None:
    api = Api()
    key = {"Idempotency-Key": "k"}
    api.call("POST", PLACE, order_body(), headers=key)
    other = api.call("POST", PLACE, order_body(), headers=key, key=OTHERS_KEY)
    assert other.status == 201
    assert len(_all(api, Order)) == 2


def test_parallel_twins_get_one_order_and_the_same_answer() -> None:
    api = Api()
    barrier = threading.Barrier(4)
    allocate = api.book.allocate

    def together(**counts: int) -> object:
        barrier.wait(timeout=10)  # every twin has seen that there is no record yet
        return allocate(**counts)

    api.book.allocate = together  # type: ignore[method-assign,assignment]

    def twin(_: int) -> tuple[int, object]:
        sender = Api()
        sender.book, sender.workflow = api.book, api.workflow
        reply = sender.call("POST", PLACE, order_body(), headers={"Idempotency-Key": "k"})
        return reply.status, reply.json

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(twin, range(4)))
    assert {status for status, _ in replies} == {201}
    assert all(body == replies[0][1] for _, body in replies)
    assert len(_all(api, Order)) == len(_all(api, IdempotencyRecord)) == 1
    assert len(api.workflow.orders) == 1


@pytest.mark.parametrize("key", ["", "a" * 256, "caf\u00e9", "two words"])
def test_an_unusable_idempotency_key_is_refused(key: str) -> None:
    reply = Api().call("POST", PLACE, order_body(), headers={"Idempotency-Key": key})
    assert (reply.status, reply.codes) == (400, ["invalid_field|Idempotency-Key"])


def test_no_key_request_or_value_is_ever_logged() -> None:
    api = Api()
    answer = api.call("POST", PLACE, order_body(comments="only for us"))
    api.call("POST", PLACE, order_body(), key="vouchsafe_wrong")
    logged = api.log.getvalue()
    assert "request.answered" in logged
    secrets = (KEY, "vouchsafe_wrong", "only for us", pem_csr().splitlines()[1])
    for secret in (*secrets, answer.json["dcv_random_value"]):
        assert secret not in logged
