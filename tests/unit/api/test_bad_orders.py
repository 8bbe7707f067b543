"""Every constraint of an order violated once: what the client is told, and that nothing is left."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import an_issuer_record
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.domain.issuers import IssuerState, Trust
from vouchsafe.domain.profile_rules import parse_profile_rules
from vouchsafe.settings import Settings, Stage

PLACE = f"order/certificate/{PRODUCT}"


def _weak_csr(kind: str) -> str:
    key = (
        rsa.generate_private_key(65537, 1024)  # noqa: S505
        if kind == "rsa"
        else ec.generate_private_key(ec.SECP256K1())
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


NAMES_251 = [f"n{number}.example.com" for number in range(251)]
DNS = "certificate.dns_names"

#: What is changed in a good order → the flaws, each a field and a word of its reason.
FLAWS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no common name": ({"certificate__common_name": ""}, [("certificate.common_name", "required")]),
    "no certificate": (
        {"certificate": None},
        [("certificate.common_name", "required"), ("certificate.csr", "required")],
    ),
    "certificate is text": ({"certificate": "x"}, [("certificate", "object")]),
    "a number as name": ({"certificate__common_name": 7}, [("certificate.common_name", "text")]),
    "names are one object": ({"certificate__dns_names": {"a": 1}}, [(DNS, "list")]),
    "a number among names": (
        {"certificate__dns_names": ["example.com", 5]},
        [(f"{DNS}[1]", "text")],
    ),
    "a public suffix": ({"certificate__dns_names": ["co.uk"]}, [(f"{DNS}[0]", "public suffix")]),
    "a wildcard of a suffix": (
        {"certificate__common_name": "*.co.kr"},
        [("certificate.common_name", "public suffix")],
    ),
    "an internal name": ({"certificate__dns_names": ["db.local"]}, [(f"{DNS}[0]", "internal")]),
    "a single label": ({"certificate__dns_names": ["intranet"]}, [(f"{DNS}[0]", "internal")]),
    "an address": ({"certificate__dns_names": ["192.0.2.1"]}, [(f"{DNS}[0]", "IP addresses")]),
    "an underscore": (
        {"certificate__dns_names": ["a_b.example.com"]},
        [(f"{DNS}[0]", "underscore")],
    ),
    "a wildcard in the middle": (
        {"certificate__dns_names": ["a.*.example.com"]},
        [(f"{DNS}[0]", "wildcard")],
    ),
    "two bad names at once": (
        {"certificate__dns_names": ["co.uk", "example.com", "a b.example.com"]},
        [(f"{DNS}[0]", "public suffix"), (f"{DNS}[2]", "spaces")],
    ),
    "too many names": ({"certificate__dns_names": NAMES_251}, [(DNS, "more than 250")]),
    "one name too many": ({"certificate__dns_names": NAMES_251[:250]}, [(DNS, "more than 250")]),
    "no request": ({"certificate__csr": None}, [("certificate.csr", "required")]),
    "a broken request": ({"certificate__csr": "AAAA"}, [("certificate.csr", "cannot be read")]),
    "a damaged request": ({"certificate__csr": "no pem!"}, [("certificate.csr", "neither PEM")]),
    "a weak key": ({"certificate__csr": _weak_csr("rsa")}, [("certificate.csr", "2048")]),
    "a foreign curve": ({"certificate__csr": _weak_csr("ec")}, [("certificate.csr", "P-256")]),
    "an unknown hash": (
        {"certificate__signature_hash": "sha1"},
        [("certificate.signature_hash", "sha256")],
    ),
    "a file for a wildcard": (
        {"dcv_method": "http-token", "certificate__dns_names": ["*.example.com"]},
        [("dcv_method", "*.example.com")],
    ),
    "an address nobody may ask": (
        {"dcv_method": None, "dcv_emails": [{"dns_name": "example.com", "email": "a@b.org"}]},
        [("dcv_emails[0].email_domain", "example.com"), ("dcv_emails[0].email", "hostmaster")],
    ),
    "an unknown method": ({"dcv_method": "pigeon"}, [("dcv_method", "must be one of email")]),
    "no validity": ({"order_validity": None}, [("validity_years", "required")]),
    "a validity of zeros": (
        {"order_validity": {"years": 0, "days": "", "custom_expiration_date": None}},
        [("validity_years", "required")],
    ),
    "four years": ({"order_validity": {"years": 4}}, [("order_validity.years", "1 or 2 or 3")]),
    "three years in the old field": (
        {"order_validity": None, "validity_years": 3},
        [("validity_years", "1 or 2")],
    ),
    "days below one": ({"order_validity": {"days": -1}}, [("order_validity.days", "from 1")]),
    "half a day": ({"order_validity": {"days": 0.5}}, [("order_validity.days", "whole number")]),
    "a past date": (
        {"order_validity": None, "custom_expiration_date": "2026-11-20"},
        [("custom_expiration_date", "after today")],
    ),
    "a date that is none": (
        {"order_validity": {"custom_expiration_date": "2027-02-30"}},
        [("order_validity.custom_expiration_date", "yyyy-mm-dd")],
    ),
    "a wrong winner is not skipped": (
        {"order_validity": {"days": "soon", "years": 1}},
        [("order_validity.days", "whole number")],
    ),
    "a wrong certificate validity": (
        {"certificate__cert_validity": {"days": -3}},
        [("certificate.cert_validity.days", "from 1")],
    ),
    "an unknown payment": ({"payment_method": "shells"}, [("payment_method", "balance")]),
    "no address": ({"additional_emails": ["nobody"]}, [("additional_emails[0]", "e-mail")]),
    "a word for a switch": ({"skip_approval": "perhaps"}, [("skip_approval", "true or false")]),
    "an endless comment": ({"comments": "x" * 4097}, [("comments", "4096")]),
    "everything at once": (
        {
            "certificate__common_name": "co.uk",
            "certificate__csr": "AAAA",
            "dcv_method": "pigeon",
            "order_validity": {"years": 9},
            "skip_approval": "perhaps",
        },
        [
            ("skip_approval", "true or false"),
            ("dcv_method", "must be one of"),
            ("certificate.common_name", "public suffix"),
            ("certificate.csr", "cannot be read"),
            ("order_validity.years", "1 or 2 or 3"),
        ],
    ),
}


@pytest.mark.parametrize("case", FLAWS)
def test_a_flawed_order_is_refused_by_field_and_leaves_nothing(case: str) -> None:
    changed, expected = FLAWS[case]
    api = Api()
    before = dict(api.book.records)
    reply = api.call("POST", PLACE, order_body(**changed), headers={"Idempotency-Key": "k"})
    assert reply.status == 400
    assert reply.headers["Content-Type"] == "application/json"
    errors = reply.json["errors"]
    assert [e["code"] for e in errors] == [f"invalid_field|{field}" for field, _ in expected]
    for error, (field, word) in zip(errors, expected, strict=True):
        assert error["message"].startswith(f"{field}: ")
        assert word in error["message"]
    assert api.book.records == before
    assert not api.workflow.orders
    assert not {"ledger.allocate", "ledger.commit"} & set(api.tripwire.calls)


#: Product → body changes → the field at fault.
SHAPES = [
    ("ssl_dv_geotrust", {"certificate__dns_names": ["b.example.com"]}, f"{DNS}[0]"),
    (
        "ssl_dv_geotrust",
        {"certificate__common_name": "*.example.com", "certificate__dns_names": []},
        "certificate.common_name",
    ),
    ("wildcard_dv_geotrust", {"certificate__dns_names": []}, "certificate.common_name"),
    (
        "wildcard_dv_geotrust",
        {"certificate__common_name": "*.example.com", "certificate__dns_names": ["b.example.com"]},
        f"{DNS}[0]",
    ),
]


@pytest.mark.parametrize(("product", "changed", "field"), SHAPES)
def test_names_a_product_does_not_take_are_refused_where_they_stand(
    product: str, changed: dict[str, Any], field: str
) -> None:
    reply = Api().call("POST", f"order/certificate/{product}", order_body(**changed))
    assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])


@pytest.mark.parametrize(
    ("common_name", "other"),
    [("www.example.com", "example.com"), ("example.com", "www.example.com")],
)
def test_a_single_name_product_takes_the_www_twin(common_name: str, other: str) -> None:
    body = order_body(certificate__common_name=common_name, certificate__dns_names=[other])
    assert Api().call("POST", "order/certificate/ssl_dv_rapidssl", body).status == 201


def test_250_names_are_taken() -> None:
    body = order_body(certificate__dns_names=NAMES_251[:249])
    assert Api().call("POST", PLACE, body).status == 201


@pytest.mark.parametrize(
    ("product", "trust"),
    [
        ("private_ssl_multi_domain", Trust.PUBLIC),
        ("private_ssl_plus", Trust.PUBLIC),
    ],
)
def test_a_product_that_cannot_be_ordered_here_is_named(product: str, trust: Trust) -> None:
    api = Api(settings=Settings(stage=Stage.LOCAL, issuer_trust=trust))
    reply = api.call("POST", f"order/certificate/{product}", order_body())
    assert (reply.status, reply.codes) == (400, ["invalid_field|product"])
    assert product in reply.json["errors"][0]["message"]


def test_a_public_deployment_offers_private_products_once_a_private_issuer_serves_them() -> None:
    api = Api(settings=Settings(stage=Stage.LOCAL, issuer_trust=Trust.PUBLIC))
    private = an_issuer_record(trust=Trust.PRIVATE, state=IssuerState.STAGED)
    api.book.commit(private)
    assert api.call("GET", "product/private_ssl_plus").status == 404
    api.book.commit(replace(private, state=IssuerState.ACTIVE, version=2))
    assert api.call("GET", "product/private_ssl_plus").status == 200
    listed = {row["name_id"] for row in api.call("GET", "product").json["products"]}
    assert {"private_ssl_plus", "ssl_basic"} <= listed
    assert "cloud_basic" not in listed
    reply = api.call("POST", "order/certificate/private_ssl_plus", order_body())
    assert "invalid_field|product" not in reply.codes


@pytest.mark.parametrize(
    ("rules", "changed", "field", "word"),
    [
        ("curves=p-384", {}, "certificate.csr", "use RSA of 2048 bits or more or EC P-384"),
        ("ec=no,min_rsa_bits=3072", {}, "certificate.csr", "use RSA of 3072 bits or more"),
        ("wildcards=no", {"certificate__dns_names": ["*.example.com"]}, DNS, "*.example.com"),
        (
            "dv.wildcards=no",
            {"certificate__common_name": "*.example.com", "certificate__dns_names": []},
            "certificate.common_name",
            "wildcard names are not taken here",
        ),
    ],
)
def test_what_the_deployment_itself_does_not_take_is_named(
    rules: str, changed: dict[str, Any], field: str, word: str
) -> None:
    parsed = parse_profile_rules(rules)
    api = Api(settings=Settings(stage=Stage.LOCAL, profile_rules=parsed))
    reply = api.call("POST", PLACE, order_body(**changed))
    assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])
    assert word in reply.json["errors"][0]["message"]


def test_a_life_that_the_deployment_shortens_is_remarked() -> None:
    settings = Settings(stage=Stage.LOCAL, profile_rules=parse_profile_rules("max_days=30"))
    reply = Api(settings=settings).call("POST", PLACE, order_body())
    assert reply.status == 201
    assert any("at most 30 days here" in each for each in reply.json["warnings"])


def test_an_unknown_product_is_not_found() -> None:
    reply = Api().call("POST", "order/certificate/ssl_moon", order_body())
    assert (reply.status, reply.codes) == (404, ["not_found|product"])


def _nested(depth: int) -> str:
    return '{"a":' + "[" * depth + "]" * depth + "}"


MALFORMED: dict[str, str | bytes | None] = {
    "nothing": None,
    "no json": "certificate=1",
    "cut off": '{"certificate": {',
    "a list": "[1]",
    "null": "null",
    "a repeated key": '{"comments":"a","comments":"b"}',
    "nan": '{"comments": NaN}',
    "infinity by size": '{"x": 1e999}',
    "deep": _nested(40),
    "absurdly deep": _nested(30000),
    "half a character": '{"comments": "\\ud800"}',
    "not utf-8": b'{"comments": "\xff"}',
    "an endless number": '{"x": ' + "9" * 5000 + "}",
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_body_that_is_no_json_object_is_refused(case: str) -> None:
    api = Api()
    before = dict(api.book.records)
    reply = api.call("POST", PLACE, MALFORMED[case])
    assert (reply.status, reply.codes) == (400, ["bad_request_format"])
    assert api.book.records == before


def test_a_body_over_64_kilobytes_is_refused() -> None:
    for body in (" " * 65_537, b" " * 65_537, b" " * 200_000):
        reply = Api().call("POST", PLACE, body)
        assert (reply.status, reply.codes) == (413, ["request_too_large"])


def test_a_byte_order_mark_does_no_harm() -> None:
    text = "\ufeff" + json.dumps(order_body())
    assert Api().call("POST", PLACE, text.encode()).status == 201
