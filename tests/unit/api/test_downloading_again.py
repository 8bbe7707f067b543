"""Downloads: forms for server software, names of files, and what a client may keep."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import a_certificate, a_hierarchy, an_authorization
from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import issue
from vouchsafe.domain.certificate import Certificate, CertificateKind, CertificateStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.order import Order

ETAG = f'"{"cd" * 32}"'
PEM_ALL = "certificate/5001/download/format/pem_all"
BY_ORDER = "certificate/download/order/1001/format/pem_all"
KEPT = [
    PEM_ALL,
    "certificate/5001/download/platform",
    "certificate/5001/download/platform/29",
    "certificate/5001/chain",
]


@pytest.fixture
def api() -> Api:
    api = Api()
    issue(api)
    return api


def for_platform(api: Api, number: int) -> None:
    """Order 1001 was placed for that server software."""
    order = api.book.records[(Order, 1001)]
    details = replace(order.details, extras={"server_platform_id": number})
    api.book.commit(replace(order, details=details, version=order.version + 1))


@pytest.mark.parametrize("path", KEPT)
def test_by_certificate_id_a_copy_is_good_forever(api: Api, path: str) -> None:
    reply = api.call("GET", path)
    assert reply.headers["ETag"] == ETAG
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_by_order_id_it_is_asked_for_again(api: Api) -> None:
    reply = api.call("GET", BY_ORDER)
    assert (reply.headers["ETag"], reply.headers["Cache-Control"]) == (ETAG, "private, no-cache")


@pytest.mark.parametrize("asked", [ETAG, f"W/{ETAG}", f'"other", {ETAG}', "*"])
@pytest.mark.parametrize("path", [*KEPT, BY_ORDER])
def test_who_has_the_certificate_already_is_told_so_without_it(
    api: Api, path: str, asked: str
) -> None:
    reply = api.call("GET", path, headers={"If-None-Match": asked})
    assert (reply.status, reply.content, reply.headers["ETag"]) == (304, b"", ETAG)
    assert "store.get" not in api.tripwire.calls


def test_another_etag_gets_the_file(api: Api) -> None:
    assert api.call("GET", PEM_ALL, headers={"If-None-Match": '"other"'}).status == 200


def test_other_answers_are_kept_by_nobody(api: Api) -> None:
    assert api.call("GET", "order/certificate/1001").headers["Cache-Control"] == "private, no-store"
    refused = api.call("GET", "certificate/5001/download/format/exe")
    assert refused.headers["Cache-Control"] == "private, no-store"


def test_platform_29_is_pem_all(api: Api) -> None:
    reply = api.call("GET", "certificate/5001/download/platform/29")
    assert reply.headers["Content-Type"] == "application/x-pem-file"
    assert reply.content == api.call("GET", PEM_ALL).content


@pytest.mark.parametrize(
    ("number", "slug", "members"),
    [
        (-1, "other", ["root.crt", "intermediate.crt", "certificate.crt"]),
        (2, "apache", ["intermediate.crt", "certificate.crt"]),
        (45, "nginx", ["certificate.crt", "root.crt"]),
        (4711, "other", ["root.crt", "intermediate.crt", "certificate.crt"]),
    ],
)
def test_a_zip_is_made_and_named_for_its_platform(
    api: Api, number: int, slug: str, members: list[str]
) -> None:
    for_platform(api, number)
    paths = [
        f"certificate/5001/download/platform/{number}",
        "certificate/5001/download/platform",
        "certificate/5001/download/format/default",
        "certificate/download/order/1001",
    ]
    for path in paths:
        reply = api.call("GET", path)
        assert reply.headers["Content-Type"] == "application/zip"
        assert f'_{slug}.zip"' in reply.headers["Content-Disposition"]
        assert zipfile.ZipFile(io.BytesIO(reply.content)).namelist() == members


def test_nginx_gets_leaf_and_intermediate_in_one_file(api: Api) -> None:
    content = api.call("GET", "certificate/5001/download/platform/45").content
    bundle = zipfile.ZipFile(io.BytesIO(content)).read("certificate.crt")
    assert len(x509.load_pem_x509_certificates(bundle)) == 2


@pytest.mark.parametrize(
    ("name", "content_type", "extension"),
    [
        ("der", "application/pkix-cert", "der"),
        ("pem", "application/x-pem-file", "pem"),
        ("crt", "application/x-pem-file", "crt"),
    ],
)
def test_the_leaf_alone_in_three_spellings(
    api: Api, name: str, content_type: str, extension: str
) -> None:
    reply = api.call("GET", f"certificate/5001/download/format/{name}")
    leaf = a_hierarchy().issuing
    encoding = Encoding.DER if name == "der" else Encoding.PEM
    assert reply.content == leaf.public_bytes(encoding)
    assert reply.headers["Content-Type"] == content_type
    disposition = f'attachment; filename="5001.{extension}"'
    assert reply.headers["Content-Disposition"] == disposition


@pytest.mark.parametrize("number", ["nginx", "1.5", "-", "9" * 40])
def test_a_platform_is_a_number(api: Api, number: str) -> None:
    reply = api.call("GET", f"certificate/5001/download/platform/{number}")
    assert (reply.status, reply.codes) == (404, ["not_found|platform"])


def test_intermediates_are_listed_with_who_issued_them(api: Api) -> None:
    (row,) = api.call("GET", "certificate/intermediates").json["intermediates"]
    names = (row["subject_common_name"], row["issuer_common_name"])
    assert names == ("Test Issuing CA 1", "Test Root")


@pytest.mark.parametrize("path", KEPT)
def test_another_accounts_certificate_is_unknown_even_to_who_has_its_etag(
    api: Api, path: str
) -> None:
    reply = api.call("GET", path, key=OTHERS_KEY, headers={"If-None-Match": ETAG})
    assert (reply.status, reply.codes) == (404, ["not_found|certificate"])


def test_while_a_reissue_is_under_way_the_order_gives_what_was_issued_last(api: Api) -> None:
    order = api.book.records[(Order, 1001)]
    reissue = a_certificate(certificate_id=5002, kind=CertificateKind.REISSUE, follows=5001)
    pack = Authorizations(order_id=1001, certificate_id=5002, items=(an_authorization(),))
    api.book.commit(replace(order, certificate_id=5002, version=order.version + 1), reissue, pack)
    assert api.call("GET", BY_ORDER).status == 200
    assert api.call("GET", "certificate/5002/chain").codes == ["certificate_not_issued"]
    assert api.book.records[(Certificate, 5002)].issued is None


def test_a_duplicate_is_had_by_its_place_in_the_list_as_well(api: Api) -> None:
    copy = a_certificate(certificate_id=5002, kind=CertificateKind.DUPLICATE)
    issued = replace(api.book.records[(Certificate, 5001)].issued, sha256="12" * 32)
    api.book.commit(
        replace(copy, status=CertificateStatus.VALID, issued=issued),
        Authorizations(order_id=1001, certificate_id=5002, items=(an_authorization(),)),
    )
    api.store.put(5002, a_hierarchy().root.public_bytes(Encoding.DER))
    for place in ("001", "1"):
        query = {"subId": place, "formatType": "pem_nointermediate"}
        reply = api.call("GET", "certificate/download/order/1001", query=query)
        assert reply.content == a_hierarchy().root.public_bytes(Encoding.PEM)
        assert reply.headers["ETag"] == f'"{"12" * 32}"'
    for place in ("002", "-1", "x"):
        reply = api.call("GET", BY_ORDER, query={"subId": place})
        assert (reply.status, reply.codes) == (404, ["not_found|certificate"])
    assert api.call("GET", BY_ORDER, query={"subId": "000"}).headers["ETag"] == ETAG
