"""Certificate requests as clients really send them, and as attackers do."""

from __future__ import annotations

import base64
import random
from functools import lru_cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.builders_pki import a_csr, a_csr_pem, a_key
from tests.fakes_pki import spki_of
from vouchsafe.domain import der
from vouchsafe.domain.csr import FIELD, parse_csr
from vouchsafe.domain.errors import ErrorCode, VouchsafeError

CSR = a_csr(["www.example.com", "example.com"])
DER = CSR.public_bytes(Encoding.DER)
PEM = CSR.public_bytes(Encoding.PEM).decode()


def _refusal(text: str) -> str:
    with pytest.raises(VouchsafeError) as caught:
        parse_csr(text)
    assert caught.value.code is ErrorCode.INVALID
    assert {flaw.field for flaw in caught.value.flaws} == {FIELD}
    return "; ".join(flaw.reason for flaw in caught.value.flaws)


SPELLINGS = {
    "PEM with LF": PEM,
    "PEM with CRLF": PEM.replace("\n", "\r\n"),
    "PEM with blanks around": f"\n\n  {PEM}\n\n",
    "PEM without any line break": PEM.replace("\n", ""),
    "bare base64": base64.b64encode(DER).decode(),
    "bare base64 in lines": base64.encodebytes(DER).decode(),
    "bare base64url with padding": base64.urlsafe_b64encode(DER).decode(),
    "bare base64url without padding": base64.urlsafe_b64encode(DER).decode().rstrip("="),
    "the armour of Windows": PEM.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_spelling_leads_to_the_same_request(text: str) -> None:
    parsed = parse_csr(text)
    assert parsed.der == DER
    assert parsed.public_key == spki_of(a_key())


def test_it_tells_what_the_client_wrote() -> None:
    parsed = parse_csr(PEM)
    assert parsed.key == "EC P-256"
    assert parsed.signature_hash == "sha256"
    assert parsed.subject == (("CN", "www.example.com"),)
    assert parsed.subject_values("CN") == ("www.example.com",)
    assert parsed.requested_names == ("www.example.com", "example.com")


def test_a_request_without_names_and_subject_is_fine() -> None:
    parsed = parse_csr(a_csr_pem([]))
    assert parsed.subject == ()
    assert parsed.requested_names == ()


def test_names_in_a_request_may_be_any_nonsense_since_they_decide_nothing() -> None:
    assert parse_csr(a_csr_pem(["not a name!"])).requested_names == ("not a name!",)


@pytest.mark.parametrize("kind", ["p256", "p384", "p521", "rsa2048"])
def test_every_kind_of_key_we_certify_is_taken(kind: str) -> None:
    assert parse_csr(a_csr_pem(key=a_key(kind))).public_key == spki_of(a_key(kind))


def _private_pem() -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return a_key().private_bytes(*form).decode()


def test_a_private_key_is_refused_and_never_repeated() -> None:
    for text in (_private_pem(), PEM + _private_pem()):
        reason = _refusal(text)
        assert "private key" in reason
        assert _private_pem().splitlines()[1] not in reason


def test_a_signature_of_another_key_is_refused() -> None:
    forged = bytearray(DER)
    forged[-4] ^= 0x40
    assert "signature" in _refusal(base64.b64encode(forged).decode())


def test_a_good_signature_with_sha1_is_refused() -> None:
    key = a_key("rsa2048")
    assert isinstance(key, rsa.RSAPrivateKey)
    info = a_csr(key=key).tbs_certrequest_bytes
    algorithm = bytes.fromhex("300d06092a864886f70d0101050500")  # sha1WithRSAEncryption
    signature = key.sign(info, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    request = der.sequence(info, algorithm, der.bit_string(signature))
    assert "SHA-256" in _refusal(base64.b64encode(request).decode())


def test_weak_and_foreign_keys_are_refused_with_the_reason() -> None:
    small = rsa.generate_private_key(65537, 1024)
    assert "1024 bits" in _refusal(a_csr_pem(key=small))
    assert "65537" in _refusal(a_csr_pem(key=rsa.generate_private_key(3, 2048)))
    assert "P-256" in _refusal(a_csr_pem(key=ec.generate_private_key(ec.SECP256K1())))
    edwards = ed25519.Ed25519PrivateKey.generate()
    assert "only RSA and ECDSA" in _refusal(a_csr_pem(key=edwards, digest=None))


@lru_cache
def _strange() -> dict[str, str]:
    b64 = base64.b64encode(DER).decode()
    certificate = "-----BEGIN CERTIFICATE-----\n" + b64 + "\n-----END CERTIFICATE-----"
    public = a_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, *body, foot = PEM.strip().splitlines()
    return {
        "nothing": "",
        "blanks": " \r\n\t ",
        "a word": "hello",
        "a JSON object": '{"csr": 1}',
        "another label": certificate,
        "a public key": public.decode(),
        "two requests": PEM + PEM,
        "text before": "Certificate Request:\n" + PEM,
        "text after": PEM + "thanks",
        "no foot": PEM.replace(foot, ""),
        "no head": PEM.replace(head, ""),
        "other foot": PEM.replace(foot, "-----END NEW CERTIFICATE REQUEST-----"),
        "head alone": head,
        "empty body": head + foot,
        "dashes": "-----",
        "a body of noise": f"{head}\n!!!!\n{foot}",
        "headers inside": "\n".join([head, "Proc-Type: 4,ENCRYPTED", "", *body, foot]),
        "a letter too many": b64 + "A",
        "padding inside": b64[:40] + "=" + b64[40:],
        "non-ASCII": b64[:-4] + "é" + b64[-3:],
        "a null": b64 + "\x00",
        "a lone surrogate": b64 + "\ud800",
        "full-width letters": "".join(chr(ord(c) + 0xFEE0) for c in b64),
        "trailing DER": base64.b64encode(DER + b"\x05\x00").decode(),
        "twice the DER": base64.b64encode(DER + DER).decode(),
        "percent-encoded": b64.replace("+", "%2B").replace("=", "%3D") + "%0A",
        "hexadecimal": DER.hex() + "0",
        "too long": "A" * 70_000,
        "huge padding": "=" * 1000,
        "one byte": base64.b64encode(b"0").decode(),
        "an empty sequence": base64.b64encode(b"0\x00").decode(),
        "an endless length": base64.b64encode(b"0\x84\xff\xff\xff\xff").decode(),
        "indefinite length": base64.b64encode(b"0\x80" + DER[4:] + b"\0\0").decode(),
        "a version 2": base64.b64encode(DER.replace(b"\x02\x01\x00", b"\x02\x01\x01", 1)).decode(),
        "deep nesting": base64.b64encode(b"0\x80" * 2000).decode(),
        "a URL": "https://example.com/request.csr",
    }


@pytest.mark.parametrize("case", _strange().keys())
def test_strange_input_is_refused_and_nothing_else(case: str) -> None:
    assert _refusal(_strange()[case])


@pytest.mark.parametrize("thirtieths", range(30))
def test_requests_cut_short_are_refused(thirtieths: int) -> None:
    assert _refusal(base64.b64encode(DER[: len(DER) * thirtieths // 30]).decode())


@given(st.integers(0, 2**32))
def test_flipped_bytes_never_raise_anything_else(seed: int) -> None:
    source = random.Random(seed)
    data = bytearray(DER)
    for _ in range(source.randint(1, 6)):
        data[source.randrange(len(data))] = source.randrange(256)
    if bytes(data) == DER:
        return
    _refusal(base64.b64encode(data).decode())


@given(st.text(max_size=200))
def test_any_text_is_refused_and_never_raises_anything_else(text: str) -> None:
    assert _refusal(text)
    assert _refusal(f"-----BEGIN CERTIFICATE REQUEST-----{text}-----END CERTIFICATE REQUEST-----")


def _with_resigned_attributes(extensions: list[x509.ExtensionType]) -> str:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(a_key(), hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def test_well_signed_nonsense_in_the_extension_request_is_refused() -> None:
    rotten = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x30\x03\x82\x05a")
    assert "cannot be read" in _refusal(_with_resigned_attributes([rotten]))
    foreign = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\xff\xff")
    assert parse_csr(_with_resigned_attributes([foreign])).requested_names == ()
