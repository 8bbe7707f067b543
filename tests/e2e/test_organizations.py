"""Orders that name an organization: they wait for the reviewers and go on by themselves.

The first order is placed and proven before any test here; a late test looks at it again when its
time for validation has long been over.
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.e2e.conftest import WINDOW
from tests.e2e.service import Service, body, until
from tests.lab.accounts import operator_key
from tests.lab.client import Client
from tests.lab.reviewer import approve, attach, review_of
from tests.lab.verification import OpenSsl

OV_NAMES = ("shop.lab.example.com", "www.shop.lab.example.com")
EV_NAME = "bank.lab.example.com"
PERSON = {
    "first_name": "Jisoo",
    "last_name": "Park",
    "job_title": "Director",
    "telephone": "+82 2 555 0102",
    "email": "jisoo.park@customer.example",
}


def described(name: str, **more: Any) -> dict[str, Any]:
    """A whole organization, as an order's body describes it."""
    return {
        "name": name,
        "address": "17 Riverside Road",
        "city": "Jongno-gu",
        "state": "Seoul",
        "zip": "04524",
        "country": "KR",
        "telephone": "+82 2 555 0100",
        "organization_contact": {
            "first_name": "Minji",
            "last_name": "Kim",
            "email": "minji.kim@customer.example",
            "job_title": "Head of IT",
            "telephone": "+82 2 555 0101",
        },
        **more,
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that was proven and waits for its organization."""

    order_id: int
    organization_id: int
    placed: float  # time.monotonic()


def order(service: Service, product: str, organization: dict[str, Any], *names: str) -> Waiting:
    """Place an order, prove its names, and wait until nobody but reviewers is waited for."""
    placed_at = time.monotonic()
    answer = service.try_order(body(*names) | {"organization": organization}, product)
    assert answer.status == 201, answer.body
    order_id = answer.json()["id"]
    service.prove(order_id)
    service.check_now(order_id)
    found = until(lambda: gated(service, order_id, "organization"), 60, "it is parked")
    assert found["status"] == "pending"
    return Waiting(order_id, found["organization"]["id"], placed_at)


def gated(service: Service, order_id: int, gate: str) -> dict[str, Any] | None:
    """The order, if that is what it waits for."""
    found = service.client.order(order_id)
    return found if [one["gate"] for one in found.get("waiting_for", [])] == [gate] else None


@pytest.fixture(scope="session", autouse=True)
def ov(service: Service) -> Waiting:
    return order(service, "ssl_basic", described("한강 시험 주식회사"), *OV_NAMES)


@pytest.fixture
def operator(service: Service) -> Client:
    return Client(service.client.base_url, operator_key(service.stack))


def printed_subject(service: Service, order_id: int, folder: Path) -> list[str]:
    """The subject as OpenSSL prints it, an attribute a line; the chain is verified on the way."""
    certificate = service.client.order(order_id)["certificate"]
    chain = service.chain(certificate["id"])
    good, said = OpenSsl(folder).verify(chain, "-verify_hostname", certificate["common_name"])
    assert good, said
    path = folder / "leaf.pem"
    path.write_bytes(chain.leaf.public_bytes(Encoding.PEM))
    command = ["openssl", "x509", "-in", str(path), "-noout", "-subject"]
    command += ["-nameopt", "utf8,sep_multiline,lname"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    print(ended.stdout)
    return [line.strip() for line in ended.stdout.splitlines()[1:]]


def test_no_execution_sleeps_while_people_are_waited_for(service: Service, ov: Waiting) -> None:
    until(
        lambda: {one["status"] for one in service.executions(ov.order_id)} == {"SUCCEEDED"},
        30,
        "every execution has ended well",
    )
    (row,) = service.client.order(ov.order_id)["waiting_for"]
    assert row["what"] == "the organization's validation"
    assert row["since"] < row["until"]


def test_ev_takes_two_operators_and_then_names_the_register(
    service: Service, operator: Client, tmp_path: Path
) -> None:
    wish = {"type": "ev", "verified_users": [PERSON]}
    company = described("Lab Bank Ltd", validations=[wish])
    waiting = order(service, "ssl_ev_basic", company, EV_NAME)
    path = f"operator/review/{review_of(operator, waiting.organization_id)}"
    attach(operator, review_of(operator, waiting.organization_id))
    registration = {
        "number": "110111-7654321",
        "agency": "Registry of the lab",
        "jurisdiction_country": "KR",
        "business_category": "Private Organization",
    }
    operator.ask("PUT", f"{path}/registration", registration, expect=204)
    identity = {"name": "Lab Bank Ltd", "country": "KR", "state": "Seoul", "locality": "Jongno-gu"}
    first = operator.ask(
        "POST", f"{path}/approve", {"type": "ev", "identity": identity}, expect=201
    )
    assert first["needs_second_operator"] is True
    refused = operator.call("POST", f"{path}/approve", {"type": "ev"})
    assert (refused.status, refused.problem()[0]) == (403, "access_denied|second_person")
    assert gated(service, waiting.order_id, "organization")
    second = Client(operator.base_url, operator_key(service.stack))
    second.ask("POST", f"{path}/approve", {"type": "ev"}, expect=201)
    service.until_status(waiting.order_id, "issued", within=60)
    assert printed_subject(service, waiting.order_id, tmp_path) == [
        "jurisdictionCountryName=KR",
        "businessCategory=Private Organization",
        "serialNumber=110111-7654321",
        "countryName=KR",
        "stateOrProvinceName=Seoul",
        "localityName=Jongno-gu",
        "organizationName=Lab Bank Ltd",
        f"commonName={EV_NAME}",
    ]


def test_an_order_for_a_validated_organization_and_proven_names_is_issued_at_once(
    service: Service, operator: Client
) -> None:
    """After the first order of a company nobody has to do anything for the next."""
    name = "again.lab.example.com"
    company = described("Again Ltd")
    first = order(service, "ssl_basic", company, name)
    organization = service.client.ask("GET", f"organization/{first.organization_id}")
    approve(service.stack, operator, organization)
    service.until_status(first.order_id, "issued", within=60)
    answer = service.try_order(
        body(name) | {"organization": {"id": organization["id"]}}, "ssl_plus"
    )
    assert answer.status == 201, answer.body
    assert answer.json()["certificate_chain"][0]["subject_common_name"] == name


def test_an_unknown_or_missing_organization_is_refused(service: Service) -> None:
    before = service.holdings()
    for organization in ({}, {"organization": {"id": 2_000_000_000}}):
        answer = service.try_order(body("none.lab.example.com") | organization, "ssl_basic")
        assert answer.status == 400
        assert answer.problem()[0] == "invalid_field|organization.id"
    assert service.holdings() == before


@pytest.mark.late
def test_an_order_approved_after_its_window_is_issued_by_itself(
    service: Service, operator: Client, ov: Waiting, tmp_path: Path
) -> None:
    left = ov.placed + WINDOW + 5 - time.monotonic()
    time.sleep(max(0.0, left))
    assert gated(service, ov.order_id, "organization"), "its window does not end what is proven"
    organization = service.client.ask("GET", f"organization/{ov.organization_id}")
    approve(service.stack, operator, organization)
    opened = time.monotonic()
    found = service.until_status(ov.order_id, "issued", within=120)
    print(f"last gate open to issued: {time.monotonic() - opened:.1f} s")
    assert found["certificate"]["organization"]["name"] == "한강 시험 주식회사"
    assert printed_subject(service, ov.order_id, tmp_path) == [
        "countryName=KR",
        "stateOrProvinceName=Seoul",
        "localityName=Jongno-gu",
        "organizationName=한강 시험 주식회사",
        f"commonName={OV_NAMES[0]}",
    ]
    chain = service.chain(found["certificate"]["id"])
    assert set(chain.names) == set(OV_NAMES)
