"""What a deployment narrows holds for reissues and replaced requests as for orders."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders_pki import a_csr_pem, a_key
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, issue, order_body, pem_csr
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.profile_rules import parse_profile_rules
from vouchsafe.settings import Settings, Stage

P384 = a_csr_pem(key=a_key("p384"))


def _api(rules: str) -> Api:
    return Api(settings=Settings(stage=Stage.LOCAL, profile_rules=parse_profile_rules(rules)))


def _reissue(**part: Any) -> dict[str, Any]:
    names = {"common_name": "www.example.com", "dns_names": ["example.com"]}
    return {"certificate": names | {"csr": P384, "server_platform": {"id": 45}} | part}


def test_a_reissue_is_refused_by_the_field_and_changes_nothing() -> None:
    api = _api("curves=p-384,wildcards=no")
    issue(api)
    api.book.allocate(certificates=6000)
    path = "order/certificate/1001/reissue"
    reply = api.call("POST", path, _reissue(csr=pem_csr(), dns_names=["*.example.com"]))
    assert reply.status == 400
    assert set(reply.codes) == {
        "invalid_field|certificate.csr",
        "invalid_field|certificate.dns_names",
    }
    dossier = api.book.order(1001)
    assert dossier is not None
    assert len(dossier.certificates) == 1
    assert api.call("POST", path, _reissue()).status == 201


def test_another_request_for_what_is_pending_is_refused_by_its_field() -> None:
    api = _api("curves=p-384")
    body = order_body(certificate__csr=P384)
    placed = api.call("POST", f"order/certificate/{PRODUCT}", body).json
    path = f"order/certificate/{placed['id']}/csr"
    reply = api.call("POST", path, {"csr": pem_csr()})
    assert (reply.status, reply.codes) == (400, ["invalid_field|csr"])
    (certificate,) = _certificates(api, placed["id"])
    assert certificate.csr == x509.load_pem_x509_csr(P384.encode()).public_bytes(Encoding.DER)


def _certificates(api: Api, order_id: int) -> tuple[Certificate, ...]:
    dossier = api.book.order(order_id)
    assert dossier is not None
    return dossier.certificates


@pytest.mark.parametrize(
    ("rules", "told"), [("", True), ("dv.wildcards=no", False), ("ov.wildcards=no", True)]
)
def test_a_product_says_whether_wildcards_are_taken_here(rules: str, told: bool) -> None:
    api = _api(rules)
    assert api.call("GET", f"product/{PRODUCT}").json["wildcard_allowed"] is told
    rows = api.call("GET", "product").json["products"]
    assert [r["wildcard_allowed"] for r in rows if r["name_id"] == PRODUCT] == [told]
