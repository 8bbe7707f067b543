"""What is wrong is refused in the vendor's form, says where and why, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.e2e.service import PRODUCT, Service, body
from tests.lab.client import Client, Response

ORDER = f"order/certificate/{PRODUCT}"
GOOD = "good.lab.example.com"


def refused(answer: Response, status: int, code: str, *words: str) -> None:
    """The answer is a refusal in the vendor's form, with an entry that has this code and words."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/json"
    entries = answer.json()["errors"]
    fitting = [one["message"] for one in entries if one["code"].startswith(code)]
    assert any(all(word in message for word in words) for message in fitting), answer.body


def changed(**parts: Any) -> dict[str, Any]:
    """A good body with fields of its certificate changed."""
    sent = body(GOOD)
    sent["certificate"].update(parts)
    return sent


def weak_csr() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, GOOD)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


BAD_ORDERS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "malformed JSON": (b'{"certificate": ', "bad_request_format", ()),
    "JSON that is no object": (b"[1, 2]", "bad_request_format", ()),
    "nothing at all": (b"", "bad_request_format", ()),
    "no certificate": ({"order_validity": {"years": 1}}, "invalid_field", ("certificate",)),
    "no CSR": (changed(csr=None), "invalid_field", ("certificate.csr",)),
    "a broken CSR": (changed(csr="-----BEGIN"), "invalid_field", ("certificate.csr",)),
    "a weak key": (changed(csr=weak_csr()), "invalid_field", ("certificate.csr", "1024")),
    "a public suffix": (changed(common_name="co.uk"), "invalid_field", ("common_name", "co.uk")),
    "a wildcard of a public suffix": (
        changed(common_name="*.co.uk"),
        "invalid_field",
        ("common_name",),
    ),
    "an internal name": (
        changed(common_name="mail.corp.local"),
        "invalid_field",
        ("common_name", "internal name"),
    ),
    "an IP address": (changed(common_name="192.0.2.1"), "invalid_field", ("common_name",)),
    "251 names": (
        changed(dns_names=[f"n{number}.lab.example.com" for number in range(251)]),
        "invalid_field",
        ("dns_names", "250"),
    ),
    "a bad further name": (
        changed(dns_names=["ok.lab.example.com", "-bad-.lab.example.com"]),
        "invalid_field",
        ("dns_names",),
    ),
    "an unknown method": (
        {**body(GOOD), "dcv_method": "carrier-pigeon"},
        "invalid_field",
        ("dcv_method",),
    ),
    "a term of no length": (
        {**body(GOOD), "order_validity": {"years": 9}},
        "invalid_field",
        ("order_validity",),
    ),
}


@pytest.mark.parametrize("case", BAD_ORDERS)
def test_a_bad_order_is_refused_and_leaves_nothing(service: Service, case: str) -> None:
    sent, code, words = BAD_ORDERS[case]
    before = service.holdings()
    refused(service.try_order(sent), 400, code, *words)
    assert service.holdings() == before


def test_a_call_without_a_key_or_with_a_wrong_one_is_refused(service: Service) -> None:
    before = service.holdings()
    for key in ("", "vouchsafe_wrong", "x" * 5000):
        caller = Client(service.client.base_url, key)
        answer = caller.call("POST", ORDER, body(GOOD))
        refused(answer, 403, "access_denied|access_denied_invalid_key")
    assert service.holdings() == before


def test_an_unknown_product_is_not_found(service: Service) -> None:
    refused(service.try_order(body(GOOD), "ssl_imaginary"), 404, "not_found|product")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "nowhere"), ("POST", "order"), ("GET", "order/certificate/1/nowhere"), ("GET", "a/b")],
)
def test_an_unknown_route_is_not_found(service: Service, method: str, path: str) -> None:
    refused(service.client.call(method, path), 404, "not_found|route")


def test_a_foreign_order_answers_like_one_that_does_not_exist(
    service: Service, stranger: Service
) -> None:
    placed = service.place("foreign.lab.example.com")
    for path in (
        f"order/certificate/{placed['id']}",
        f"certificate/{placed['certificate_id']}/download/format/pem_all",
    ):
        theirs = stranger.client.call("GET", path)
        unknown = stranger.client.call("GET", path.replace(str(placed["id"]), "2000000000"))
        assert theirs.status == 404
        assert theirs.headers["content-type"] == "application/json"
        if "order" in path:
            assert (theirs.status, theirs.body) == (unknown.status, unknown.body)
    woken = stranger.check_now(placed["id"])
    refused(woken, 404, "not_found|order")


def test_a_certificate_cannot_be_downloaded_before_it_is_issued(service: Service) -> None:
    placed = service.place("early.lab.example.com")
    path = f"certificate/{placed['certificate_id']}/download/format/pem_all"
    answer = service.client.call("GET", path)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.problem()[0] == "certificate_not_issued"


@pytest.mark.parametrize("number", ["abc", "0", "-1", "99999999999999999999", "1e5"])
def test_an_id_that_is_none_is_not_found(service: Service, number: str) -> None:
    answer = service.client.call("GET", f"order/certificate/{number}")
    assert answer.status in (400, 404)
    assert answer.headers["content-type"] == "application/json"
