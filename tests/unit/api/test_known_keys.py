"""Keys on the operator's list: refused wherever one comes in, before anything is made with it."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.builders import an_issuer_record
from tests.builders_keys import a_list_of_known_keys
from tests.builders_pki import a_csr_pem, a_key
from tests.unit.api.driving import Api
from tests.unit.api.examples import AGAIN
from tests.unit.api.material import PRODUCT, issue, order_body, pem_csr, timed_out
from vouchsafe.domain.csr import parse_csr
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.known_keys import KeyList
from vouchsafe.services.blocking import key_of

PLACE = f"order/certificate/{PRODUCT}"
SAID = "its key is publicly known: collection 1 of the list of known keys"
TOOL = {"csr": pem_csr(), "common_name": "www.example.com"}


def _number(spki: bytes) -> int:
    key = load_der_public_key(spki)
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_numbers().n
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key.public_numbers().x


def _listing(spki: bytes) -> KeyList:
    return KeyList(a_list_of_known_keys(_number(spki)))


def _api(text: str) -> Api:
    """A service whose operator provides a list with the key of that request."""
    api = Api()
    api.known_keys = _listing(parse_csr(text).public_key)
    return api


class _NoList:
    def collection_of(self, spki: bytes) -> int | None:
        raise Unavailable("the list of known keys is not where the stack says")


def _order_csr() -> str:
    text: str = order_body()["certificate"]["csr"]
    return text


def test_an_order_with_a_listed_key_is_refused_and_nothing_starts() -> None:
    api = _api(_order_csr())
    reply = api.call("POST", PLACE, order_body())
    assert reply.status == 400
    assert SAID in reply.content.decode()
    assert not api.workflow.orders


def test_keys_that_are_not_listed_pass() -> None:
    api = _api(a_csr_pem(key=a_key(label="known")))
    assert api.call("POST", PLACE, order_body()).status == 201


def test_its_dry_run_says_the_same_word_by_word() -> None:
    api = _api(_order_csr())
    api.book.commit(an_issuer_record())
    dry = api.call("POST", PLACE, order_body(), query={"dry_run": "true"}).json
    (refusal,) = dry["refusals"]
    real = api.call("POST", PLACE, order_body()).json["errors"]
    assert [(refusal["code"], refusal["message"])] == [(e["code"], e["message"]) for e in real]


@pytest.mark.parametrize("way", ["duplicate", "reissue"])
def test_what_follows_an_order_needs_a_key_that_is_not_listed(way: str) -> None:
    api = _api(pem_csr())
    issue(api)
    reply = api.call("POST", f"order/certificate/1001/{way}", AGAIN)
    assert reply.status == 400
    assert SAID in reply.content.decode()


def test_what_ended_is_not_placed_again_with_a_key_that_was_listed_meanwhile() -> None:
    api = Api()
    timed_out(api)
    dossier = api.book.order(1001)
    assert dossier is not None
    api.known_keys = _listing(key_of(dossier.newest))
    reply = api.call("POST", "order/certificate/1001/reorder", {})
    assert reply.status == 400
    assert SAID in reply.content.decode()


def test_another_csr_for_an_order_needs_a_key_that_is_not_listed() -> None:
    listed = a_csr_pem(key=a_key(label="known"))
    api = _api(listed)
    placed = api.call("POST", PLACE, order_body()).json["id"]
    reply = api.call("POST", f"order/certificate/{placed}/csr", {"csr": listed})
    assert reply.status == 400
    assert SAID in reply.content.decode()


def test_the_csr_tool_finds_it() -> None:
    report = _api(pem_csr()).call("POST", "csr/validate", TOOL).json
    assert report["valid"] is False
    (finding,) = [each for each in report["findings"] if each["field"] == "key"]
    assert (finding["message"], finding["severity"]) == (SAID, "error")


@pytest.mark.parametrize(("path", "body"), [(PLACE, order_body()), ("csr/validate", TOOL)])
def test_a_list_that_cannot_be_used_makes_callers_wait(path: str, body: dict[str, Any]) -> None:
    api = Api()
    api.known_keys = _NoList()
    assert api.call("POST", path, body).status == 503
    assert not api.workflow.orders
