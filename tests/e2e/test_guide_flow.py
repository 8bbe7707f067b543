"""The console guide's flow on the running service: judged, named, proven name by name."""

from __future__ import annotations

from tests.e2e.service import Service, body, until
from tests.lab import verification

NAMES = ("www.guide.lab.example.com", "*.guide.lab.example.com", "guide.lab.example.com")
PRODUCT = "advanced_dv"


def test_an_order_by_name_is_judged_proven_name_by_name_and_issued(service: Service) -> None:
    csr = verification.make_csr(verification.make_key(), NAMES[0])
    other = {"csr": csr, "common_name": NAMES[2]}
    judged = service.client.ask("POST", "csr/validate", other, expect=200)
    assert (judged["valid"], judged["findings"][0]["field"]) == (False, "CN")
    assert service.client.ask(
        "POST", "csr/validate", {"csr": csr, "common_name": NAMES[0]}, expect=200
    )["valid"]

    sent = body(*NAMES, csr=csr) | {"certificate_name": "guide-flow"}
    answer = service.try_order(sent, product=PRODUCT)
    assert answer.status == 201, answer.body
    placed = answer.json()
    assert len({row["dcv_token"]["token"] for row in placed["domains"]}) == len(NAMES)
    taken = service.try_order(sent | {"certificate_name": "Guide-FLOW"}, product=PRODUCT)
    assert (taken.status, taken.json()["errors"][0]["code"]) == (
        400,
        "invalid_field|certificate_name",
    )

    service.prove(placed["id"])
    service.check_now(placed["id"])
    issued = service.until_status(placed["id"], "issued")
    assert issued["certificate_name"] == "guide-flow"
    assert (issued["certificate_status"], issued["certificate_status_code"]) == ("Normal", 1)
    assert issued["validation_status"] == "Succeeded"
    assert sorted(service.chain(placed["certificate_id"]).names) == sorted(NAMES)


def test_a_new_value_counts_and_a_canceled_order_hands_its_name_over(service: Service) -> None:
    sent = body("turned.lab.example.com") | {"certificate_name": "turned"}
    first = service.try_order(sent).json()
    path = f"order/certificate/{first['id']}"
    fresh = service.client.ask(
        "PUT", f"{path}/dcv-method", {"dcv_method": "dns-txt-token"}, expect=200
    )
    assert fresh["dcv_random_value"] != first["dcv_random_value"]
    again = service.client.ask("PUT", f"{path}/dcv-random-value", expect=200)
    assert again["dcv_random_value"] == fresh["dcv_random_value"]
    service.client.ask("PUT", f"{path}/status", {"status": "CANCELED"}, expect=204)

    answer = service.try_order(sent)
    assert answer.status == 201, answer.body
    second = answer.json()
    service.prove(second["id"])
    service.check_now(second["id"])
    issued = service.until_status(second["id"], "issued")
    assert issued["certificate_name"] == "turned"
    until(lambda: service.client.order(first["id"])["status"] == "canceled", 10, "it stays so")
