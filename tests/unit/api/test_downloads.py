from __future__ import annotations

import io
import re
import zipfile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.builders import a_certificate, a_hierarchy, an_authorization, an_order
from tests.unit.api.driving import Api
from tests.unit.api.material import issue
from vouchsafe.domain.dossier import Authorizations

BASES = ["certificate/5001/download", "certificate/download/order/1001"]
BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----\n.+?\n-----END CERTIFICATE-----\n", re.DOTALL)


@pytest.fixture
def api() -> Api:
    api = Api()
    issue(api)
    return api


def _pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def _chain() -> tuple[x509.Certificate, ...]:
    """What `issue` stores as leaf is the issuing certificate itself: any certificate will do."""
    hierarchy = a_hierarchy()
    return hierarchy.issuing, hierarchy.issuing, hierarchy.root


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("name", "blocks"), [("pem_all", 3), ("pem_noroot", 2)])
def test_pem_files_hold_leaf_intermediate_root_and_nothing_else(
    api: Api, base: str, name: str, blocks: int
) -> None:
    reply = api.call("GET", f"{base}/format/{name}")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/x-pem-file")
    assert reply.content == _pem(*_chain()[:blocks])
    assert len(BLOCK.findall(reply.content)) == blocks
    assert BLOCK.sub(b"", reply.content) == b""


def test_the_leaf_alone_is_one_block(api: Api) -> None:
    reply = api.call("GET", "certificate/5001/download/format/pem_nointermediate")
    assert reply.content == _pem(_chain()[0])


@pytest.mark.parametrize("name", ["p7b", "cer"])
def test_pkcs7_files_hold_all_three(api: Api, name: str) -> None:
    reply = api.call("GET", f"certificate/5001/download/format/{name}")
    assert reply.headers["Content-Type"] == "application/x-pkcs7-certificates"
    assert set(pkcs7.load_pem_pkcs7_certificates(reply.content)) == set(_chain())


@pytest.mark.parametrize("path", ["certificate/download/order/1001", f"{BASES[0]}/format/default"])
def test_the_default_is_a_zip_of_three_files(api: Api, path: str) -> None:
    reply = api.call("GET", path)
    assert reply.headers["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(reply.content))
    assert archive.namelist() == ["root.crt", "intermediate.crt", "certificate.crt"]
    assert archive.read("root.crt") == _pem(_chain()[2])


def test_a_chain_lists_the_leaf_first(api: Api) -> None:
    rows = api.call("GET", "certificate/5001/chain").json["intermediates"]
    assert [row["pem"].encode() for row in rows] == [_pem(each) for each in _chain()]
    assert [row["subject_common_name"] for row in rows][2] == "Test Root"


def test_an_unknown_format_is_not_found(api: Api) -> None:
    reply = api.call("GET", "certificate/5001/download/format/exe")
    assert (reply.status, reply.codes) == (404, ["not_found|format"])


@pytest.mark.parametrize(
    "path",
    [
        "certificate/5001/download/format/pem_all",
        "certificate/download/order/1001",
        "certificate/5001/chain",
    ],
)
def test_before_issue_there_is_an_error_and_never_an_empty_file(path: str) -> None:
    api = Api()
    items = (an_authorization(),)
    api.book.commit(
        an_order(),
        a_certificate(),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
    )
    reply = api.call("GET", path)
    assert (reply.status, reply.codes) == (400, ["certificate_not_issued"])
    assert reply.headers["Content-Type"] == "application/json"


def test_a_certificate_that_cannot_be_read_now_is_our_trouble(api: Api) -> None:
    api.store.objects.clear()
    reply = api.call("GET", "certificate/5001/download/format/pem_all")
    assert (reply.status, reply.codes) == (503, ["service_unavailable"])
    assert reply.headers["Retry-After"] == "1"
