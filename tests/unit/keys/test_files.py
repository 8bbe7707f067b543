"""Files with keys, as other programs read them: with their passphrase, and not without."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from tests.builders import a_hierarchy
from tests.fake_managed_keys import a_pair
from tests.managed_material import PASSPHRASE, a_leaf
from vouchsafe.domain.key_files import (
    SALT_BYTES,
    KeyFormat,
    Wrapping,
    key_file,
    passphrase_flaw,
)
from vouchsafe.domain.managed_keys import public_part
from vouchsafe.domain.products import ManagedKeyType

NOISE = bytes(range(2 * SALT_BYTES))
KINDS = list(ManagedKeyType)
WRAPPINGS = [
    Wrapping(form=KeyFormat.PKCS12, passphrase=PASSPHRASE),
    Wrapping(form=KeyFormat.PKCS12, passphrase=PASSPHRASE, compatible=True),
    Wrapping(form=KeyFormat.PEM, passphrase=PASSPHRASE),
]
NAMES = ["pkcs12", "pkcs12-compatible", "pem"]


def openssl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *arguments], capture_output=True, check=False)


def made(wrapping: Wrapping, kind: ManagedKeyType = ManagedKeyType.EC_P256) -> tuple[bytes, bytes]:
    """A private key and its file."""
    private = a_pair(kind)
    leaf = a_leaf(public_part(private)).public_bytes(Encoding.DER)
    issuer = a_hierarchy().issuing.public_bytes(Encoding.DER)
    return private, key_file(private, (leaf, issuer), wrapping, noise=NOISE)


def opened(path: Path, form: KeyFormat, passphrase: str) -> subprocess.CompletedProcess[bytes]:
    """The key as openssl reads it, in the clear."""
    given = ("-in", str(path), "-passin", f"pass:{passphrase}")
    if form is KeyFormat.PEM:
        return openssl("pkey", *given)
    return openssl("pkcs12", *given, "-nodes", "-nocerts")


def public_of(pem: bytes) -> bytes:
    """The public part of the private key in what openssl printed."""
    key = load_pem_private_key(pem[pem.index(b"-----BEGIN") :], None)
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=NAMES)
def test_openssl_opens_it_with_its_passphrase(
    wrapping: Wrapping, kind: ManagedKeyType, tmp_path: Path
) -> None:
    private, content = made(wrapping, kind)
    file = tmp_path / "file"
    file.write_bytes(content)
    read = opened(file, wrapping.form, PASSPHRASE)
    assert read.returncode == 0, read.stderr
    assert public_of(read.stdout) == public_part(private)


@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=NAMES)
def test_another_passphrase_opens_nothing(wrapping: Wrapping, tmp_path: Path) -> None:
    private, content = made(wrapping)
    file = tmp_path / "file"
    file.write_bytes(content)
    assert opened(file, wrapping.form, f"{PASSPHRASE}x").returncode != 0
    assert private[36:68] not in content
    assert b"BEGIN PRIVATE KEY" not in content and b"BEGIN EC PRIVATE" not in content


@pytest.mark.parametrize("wrapping", WRAPPINGS, ids=NAMES)
def test_the_chain_is_in_it_leaf_first_without_the_root(wrapping: Wrapping, tmp_path: Path) -> None:
    _, content = made(wrapping)
    if wrapping.form is KeyFormat.PKCS12:
        bundle = pkcs12.load_pkcs12(content, PASSPHRASE.encode())
        assert bundle.cert is not None
        subjects = [bundle.cert.certificate.subject]
        subjects += [each.certificate.subject for each in bundle.additional_certs]
    else:
        subjects = [each.subject for each in x509.load_pem_x509_certificates(content)]
    assert [each.rfc4514_string() for each in subjects] == [
        "CN=www.example.com",
        a_hierarchy().issuing.subject.rfc4514_string(),
    ]


def test_the_modern_forms_take_many_rounds_and_aes(tmp_path: Path) -> None:
    for wrapping in (WRAPPINGS[0], WRAPPINGS[2]):
        file = tmp_path / "file"
        file.write_bytes(made(wrapping)[1])
        pem = wrapping.form is KeyFormat.PEM
        shown = (
            openssl("asn1parse", "-in", str(file)).stdout
            if pem
            else openssl(
                "pkcs12", "-in", str(file), "-info", "-noout", "-passin", f"pass:{PASSPHRASE}"
            ).stderr
        )
        text = shown.decode()
        assert ("aes-256-cbc" in text) or ("AES-256-CBC" in text), text
        assert ("0927C0" in text) if pem else ("Iteration 600000" in text), text
        assert "hmacWithSHA256" in text, text


def test_two_files_of_one_key_share_no_salt() -> None:
    private = a_pair()
    leaf = a_leaf(public_part(private)).public_bytes(Encoding.DER)
    first, second = (
        key_file(private, (leaf,), WRAPPINGS[2], noise=bytes([number]) * 2 * SALT_BYTES)
        for number in (1, 2)
    )
    assert first.split(b"-----END")[0] != second.split(b"-----END")[0]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "12 to 128"),
        ("elevenchars", "12 to 128"),
        ("a-1" * 43, "12 to 128"),
        ("aaaaaaaaaaaaaaaa", "different"),
        ("correct horse\nbattery", "printable"),
        ("korrekt häst batteri", "printable"),
        ("correct\x00horse battery", "printable"),
    ],
)
def test_a_passphrase_that_is_not_taken(text: str, word: str) -> None:
    flaw = passphrase_flaw(text)
    assert flaw is not None and word in flaw
    assert not text or text not in flaw


@pytest.mark.parametrize("text", ["twelve chars", PASSPHRASE, "~!@#$%^&*()_+{}", "aB3" * 42 + "xy"])
def test_a_passphrase_that_is_taken(text: str) -> None:
    assert passphrase_flaw(text) is None


def test_neither_key_nor_passphrase_is_shown_by_accident() -> None:
    assert PASSPHRASE not in repr(WRAPPINGS[0])
