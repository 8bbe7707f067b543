"""The CSR tool: everything at once, and the same rules when an order is placed."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.unit.api.csr_material import SUBJECT, check, csr, fields
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.domain.profile_rules import parse_profile_rules
from vouchsafe.settings import Settings, Stage


def test_a_good_request_has_no_findings_and_tells_what_it_holds() -> None:
    report = check(csr=csr(("CN", "www.example.com")), common_name="www.example.com")
    assert report["valid"] is True
    assert report["findings"] == []
    assert report["key"] == "EC P-256"
    assert report["signature_hash"] == "sha256"
    assert report["subject"] == [{"attribute": "CN", "value": "www.example.com"}]


@pytest.mark.parametrize("text", ["WWW.Example.com", " www.example.com "])
def test_a_common_name_is_compared_as_a_name(text: str) -> None:
    assert check(csr=csr(("CN", text)), common_name="www.example.com")["valid"] is True


def test_a_u_label_and_its_a_label_are_the_same_name() -> None:
    report = check(
        csr=csr(("CN", "xn--bcher-kva.example.com")), common_name="B\u00fccher.example.com"
    )
    assert report["valid"] is True


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ((), ""),
        ((("CN", "example.com"),), "example.com"),
        ((("CN", "not a name!"),), "not a name!"),
        ((("CN", "*.example.com"),), "*.example.com"),
    ],
)
def test_another_or_no_common_name_is_found(
    subject: tuple[tuple[str, str], ...], found: str
) -> None:
    report = check(csr=csr(*subject), common_name="www.example.com")
    assert report["valid"] is False
    (finding,) = report["findings"]
    assert (finding["field"], finding["found"]) == ("CN", found)
    assert finding["expected"] == "www.example.com"
    assert finding["severity"] == "error"
    assert finding["message"]


def test_a_repeated_common_name_is_found() -> None:
    twice = csr(("CN", "www.example.com"), ("CN", "www.example.com"))
    report = check(csr=twice, common_name="www.example.com")
    assert (report["valid"], fields(report)) == (False, ["CN"])
    assert "more than once" in report["findings"][0]["message"]


def test_further_attributes_without_an_organization_are_a_remark() -> None:
    report = check(csr=csr(*SUBJECT), common_name="www.example.com")
    assert report["valid"] is True
    assert fields(report) == ["C", "ST", "L", "O"]
    assert {finding["severity"] for finding in report["findings"]} == {"warning"}


def test_key_signature_and_subject_are_judged_together() -> None:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other.example.com")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name)
    pem = request.sign(key, hashes.SHA224()).public_bytes(Encoding.PEM).decode()
    report = check(csr=pem, common_name="www.example.com")
    assert (report["valid"], fields(report)) == (False, ["key", "signature", "CN"])
    assert report["findings"][0]["found"] == "RSA 1024"


def test_a_signature_that_does_not_fit_is_found_beside_the_rest() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other.example.com")])
    signed = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    der = bytearray(signed.public_bytes(Encoding.DER))
    place = bytes(der).index(b"other")
    der[place : place + 5] = b"ether"
    damaged = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM).decode()
    report = check(csr=damaged, common_name="www.example.com")
    assert fields(report) == ["signature", "CN"]


@pytest.mark.parametrize("text", ["AAAA", "no pem!", "-----BEGIN CERTIFICATE REQUEST-----"])
def test_what_is_no_request_is_one_finding(text: str) -> None:
    report = check(csr=text, common_name="www.example.com")
    assert (report["valid"], fields(report)) == (False, ["csr"])
    assert "key" not in report


def test_a_private_key_is_found_and_never_repeated() -> None:
    secret = "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----"
    api = Api()
    reply = api.call("POST", "csr/validate", {"csr": secret})
    assert reply.json["findings"][0]["field"] == "csr"
    assert b"MIIabc" not in reply.content
    assert "MIIabc" not in api.log.getvalue()


def test_a_certcentral_product_ignores_what_the_request_says() -> None:
    report = check(
        csr=csr(("CN", "other.example.com"), ("O", "X")),
        common_name="www.example.com",
        product_name_id=PRODUCT,
    )
    assert report["valid"] is True
    assert fields(report) == ["CN", "O"]
    assert {finding["severity"] for finding in report["findings"]} == {"warning"}
    empty = check(csr=csr(), common_name="www.example.com", product_name_id=PRODUCT)
    assert empty["findings"] == []


def test_an_orders_body_is_taken_as_it_is() -> None:
    certificate = {"csr": csr(("CN", "x.example.com")), "common_name": "www.example.com"}
    assert fields(check(certificate=certificate)) == ["CN"]


BAD_INPUT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({}, ["csr"]),
    "no text": ({"csr": 5}, ["csr"]),
    "an impossible name": ({"csr": csr(), "common_name": "a..b"}, ["common_name"]),
    "an unknown product": ({"csr": csr(), "product_name_id": "moon"}, ["product_name_id"]),
    "half an organization": (
        {"csr": csr(), "organization": {"name": "X"}},
        ["organization.country", "organization.state", "organization.city"],
    ),
    "several": (
        {"common_name": "co.uk", "product_name_id": "m"},
        ["csr", "product_name_id", "common_name"],
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_named(case: str) -> None:
    body, expected = BAD_INPUT[case]
    reply = Api().call("POST", "csr/validate", body)
    assert reply.status == 400
    assert reply.codes == [f"invalid_field|{field}" for field in expected]


def test_nothing_is_written_and_little_is_read() -> None:
    api = Api()
    check(api, csr=csr())
    assert not {"ledger.commit", "ledger.allocate", "ledger.order"} & set(api.tripwire.calls)


def test_placing_an_order_runs_the_same_checks() -> None:
    body = order_body(
        certificate_name="web-shop", certificate__csr=csr(("CN", "a.example.com"), ("CN", "b.c"))
    )
    api = Api()
    reply = api.call("POST", "order/certificate/advanced_dv", body)
    assert reply.status == 400
    assert set(reply.codes) == {"invalid_field|certificate.csr"}
    found = check(csr=body["certificate"]["csr"], common_name="www.example.com")
    assert len(reply.json["errors"]) == len(found["findings"]) == 3
    assert "ledger.allocate" not in api.tripwire.calls


def test_a_certcentral_order_takes_any_subject_with_a_remark() -> None:
    body = order_body(certificate__csr=csr(("CN", "a.example.com")))
    reply = Api().call("POST", f"order/certificate/{PRODUCT}", body)
    assert reply.status == 201
    assert any("a.example.com" in warning for warning in reply.json["warnings"])


def test_a_key_that_the_deployment_does_not_take_is_found_as_placing_an_order_finds_it() -> None:
    settings = Settings(stage=Stage.LOCAL, profile_rules=parse_profile_rules("dv.curves=p-384"))
    body = {"csr": csr(("CN", "www.example.com")), "common_name": "www.example.com"}
    report = Api(settings=settings).call("POST", "csr/validate", body).json
    assert report["valid"] is False
    (finding,) = report["findings"]
    assert finding["field"] == "key"
    assert "use RSA of 2048 bits or more or EC P-384" in finding["message"]
