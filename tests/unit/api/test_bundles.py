"""Every form of download holds the certificate's own chain, whole and in order."""

from __future__ import annotations

import io
import zipfile

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7

from tests.builders_pki import an_issuer
from vouchsafe.api.bundles import FORMATS, Bundle, Chain, pem
from vouchsafe.api.chains import chain_rows

LEAF, ISSUING, BETWEEN, ROOT = (
    an_issuer("p256", issuer_id="a").certificate,  # any four certificates do
    an_issuer("p256", issuer_id="b").certificate,
    an_issuer("p384", issuer_id="c").certificate,
    an_issuer("p384", issuer_id="c").root,
)
LONG = Chain(leaf=LEAF, intermediate=ISSUING, root=ROOT, between=(BETWEEN,))


def _files(bundle: Bundle) -> dict[str, str]:
    assert isinstance(bundle.content, bytes)
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("pem", (LEAF,)),
        ("pem_all", (LEAF, ISSUING, BETWEEN, ROOT)),
        ("pem_nointermediate", (LEAF,)),
        ("pem_noroot", (LEAF, ISSUING, BETWEEN)),
    ],
)
def test_a_chain_of_four_stands_in_order_in_one_file(form: str, parts: tuple[bytes, ...]) -> None:
    assert FORMATS[form](LONG).content == "".join(map(pem, parts))


@pytest.mark.parametrize(
    ("form", "name", "parts"),
    [
        ("apache", "intermediate.crt", (ISSUING, BETWEEN)),
        ("default", "intermediate.crt", (ISSUING, BETWEEN)),
        ("default_cer", "intermediate.cer", (ISSUING, BETWEEN)),
        ("nginx", "certificate.crt", (LEAF, ISSUING, BETWEEN)),
        ("nginx", "root.crt", (ROOT,)),
    ],
)
def test_and_in_the_files_of_an_archive(form: str, name: str, parts: tuple[bytes, ...]) -> None:
    assert _files(FORMATS[form](LONG))[name] == "".join(map(pem, parts))


def test_and_in_pkcs7_and_in_rows() -> None:
    content = FORMATS["p7b"](LONG).content
    assert isinstance(content, str)
    found = pkcs7.load_pem_pkcs7_certificates(content.encode())
    whole = [x509.load_der_x509_certificate(der) for der in (LEAF, ISSUING, BETWEEN, ROOT)]
    assert sorted(map(hash, found)) == sorted(map(hash, whole))
    assert [row["pem"] for row in chain_rows(LONG)] == [pem(der) for der in LONG.whole]
