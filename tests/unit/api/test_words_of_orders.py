"""Words and small fields of an order's body: taken, refused by name, or remarked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.domain.order import Order

PLACE = f"order/certificate/{PRODUCT}"
MANY = [f"a{number}@example.com" for number in range(51)]

#: Field → a value that is refused, and a word of the reason.
REFUSED: list[tuple[str, Any, str, str]] = [
    ("locale", "klingon", "locale", "must be one of"),
    ("locale", "en_", "locale", "must be one of"),
    ("locale", ["en"], "locale", "text"),
    ("payment_method", "gold", "payment_method", "balance"),
    ("additional_emails", MANY, "additional_emails", "50"),
    ("additional_emails", "a@example.com, b", "additional_emails[1]", "e-mail"),
    (
        "additional_emails",
        ["a@example.com\r\nBcc: b@example.com"],
        "additional_emails[0]",
        "e-mail",
    ),
    ("additional_emails", {"a": 1}, "additional_emails", "list"),
    ("certificate__signature_hash", "md5", "certificate.signature_hash", "sha256"),
    ("certificate__server_platform", {"id": "two"}, "certificate.server_platform.id", "number"),
    ("certificate__server_platform", {"id": "\u00b2"}, "certificate.server_platform.id", "number"),
    ("certificate__server_platform", {"id": 10**30}, "certificate.server_platform.id", "number"),
    ("certificate__server_platform", "apache", "certificate.server_platform", "object"),
    ("renewal_of_order_id", "x1", "renewal_of_order_id", "number"),
    ("disable_renewal_notifications", "often", "disable_renewal_notifications", "true or false"),
    ("disable_ct", [], "disable_ct", "true or false"),
    ("order_validity", 7, "order_validity", "object"),
    ("order_validity", {"years": "one"}, "order_validity.years", "1 or 2 or 3"),
    ("order_validity", {"days": 14_611}, "order_validity.days", "14610"),
    ("comments", {"a": 1}, "comments", "text"),
    ("alternative_order_id", "x" * 5000, "alternative_order_id", "4096"),
]


@pytest.mark.parametrize(("name", "value", "field", "word"), REFUSED)
def test_a_value_a_field_does_not_take_is_refused_by_name(
    name: str, value: Any, field: str, word: str
) -> None:
    api = Api()
    reply = api.call("POST", PLACE, order_body(**{name: value}))
    assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])
    assert word in reply.json["errors"][0]["message"]
    assert not [key for key in api.book.records if key[0] is Order]


@pytest.mark.parametrize("locale", ["en", "ko", "ko_KR", "EN-us", "zh_cn", "pt_BR", "ja"])
def test_a_locale_is_taken_with_or_without_a_country(locale: str) -> None:
    reply = Api().call("POST", PLACE, order_body(locale=locale))
    assert reply.status == 201
    remarked = any("locale" in warning for warning in reply.json.get("warnings", []))
    assert remarked is (locale[:2].lower() not in {"en", "ko"})


@pytest.mark.parametrize("method", ["balance", "card", "profile", "wire_transfer", "BALANCE"])
def test_a_payment_is_given_back_and_costs_nothing(method: str) -> None:
    api = Api()
    order_id = api.call("POST", PLACE, order_body(payment_method=method)).json["id"]
    info = api.call("GET", f"order/certificate/{order_id}").json
    assert (info["payment_method"], info["price"]) == (method, 0)


#: What is kept without effect, and where its remark stands.
REMARKED: list[tuple[str, Any, str]] = [
    ("auto_renew", 1, "auto_renew: "),
    ("auto_reissue", 1, "auto_reissue: "),
    ("dcv_emails", [{"dns_name": "example.com"}], "dcv_emails: "),
    ("certificate_dcv_scope", "fqdn", "certificate_dcv_scope: "),
    ("technical_contact", {"first_name": "A"}, "technical_contact: "),
    ("custom_renewal_message", "soon", "custom_renewal_message: "),
    ("disable_ct", True, "disable_ct: "),
    ("cs_provisioning_method", "ship_token", "cs_provisioning_method: "),
    ("organization", {"name": "Example Ltd"}, "organization: "),
    ("organization", "117483", "organization: "),
    ("product", {"type_hint": "ev"}, "product: "),
    ("colour", "blue", "colour: unknown field"),
    ("certificate__colour", "blue", "certificate.colour: unknown field"),
    ("certificate__organization_units", ["IT"], "certificate.organization_units: "),
    ("certificate__ca_cert_id", "ABC", "certificate.ca_cert_id: "),
    ("certificate__profile_option", "x", "certificate.profile_option: "),
    ("payment_method", "wire_transfer", ""),
    ("container", {"id": 0}, ""),
    ("container", {"id": 3}, ""),
    ("technical_contact", {"first_name": "", "id": 0}, ""),
    ("auto_renew", 0, ""),
    ("colour", {"red": 0, "green": [""]}, ""),
    ("date_created", "0001-01-01T00:00:00Z", ""),
]


@pytest.mark.parametrize(("name", "value", "remark"), REMARKED)
def test_what_has_no_effect_is_remarked_once_and_nothing_else_is(
    name: str, value: Any, remark: str
) -> None:
    body = order_body(order_validity={"days": 90}, **{name: value})
    reply = Api().call("POST", PLACE, body)
    assert reply.status == 201
    found = reply.json.get("warnings", [])
    assert len(found) == (1 if remark else 0), found
    assert all(warning.startswith(remark) for warning in found)


@pytest.mark.parametrize("asked", [[], ["www.example.com"], ["example.com"]])
def test_the_twin_of_a_name_is_never_added(asked: list[str]) -> None:
    api = Api()
    body = order_body(certificate__common_name="example.com", certificate__dns_names=asked)
    order_id = api.call("POST", "order/certificate/ssl_dv_geotrust", body).json["id"]
    info = api.call("GET", f"order/certificate/{order_id}").json
    wanted = ["example.com", *(name for name in asked if name != "example.com")]
    assert info["certificate"]["dns_names"] == wanted
    assert [row["dns_name"] for row in info["validations"]] == wanted
    assert info["purchased_dns_names"] == len(wanted) - 1


#: What a client says to itself: kept, and given back as it was.
KEPT: dict[str, Any] = {
    "comments": "for the approver",
    "processor_comment": "seen",
    "renewed_thumbprint": "AB" * 20,
    "alternative_order_id": "PO-7",
    "custom_renewal_message": "soon",
    "technical_contact": {"first_name": "A", "telephone": 5},
    "dcv_emails": [{"dns_name": "example.com", "email": "admin@example.com"}],
    "auto_renew": 1,
    "auto_reissue": 1,
    "disable_ct": True,
    "cs_provisioning_method": "ship_token",
    "disable_renewal_notifications": True,
    "payment_method": "profile",
    "locale": "ko",
    "additional_emails": ["ops@example.com"],
    "order_validity": {"days": 90},
    "certificate_name": "Web-Shop",
}


def test_what_is_kept_comes_back_with_the_order() -> None:
    api = Api()
    order_id = api.call("POST", PLACE, order_body(**KEPT)).json["id"]
    info = api.call("GET", f"order/certificate/{order_id}").json
    assert {name: info.get(name) for name in KEPT} == KEPT
