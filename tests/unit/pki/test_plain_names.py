"""What is read by hand is what a library reads there; everything else is left to the library."""

from __future__ import annotations

import random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders_pki import a_csr, a_key, an_issuance_request, an_issuer
from tests.fakes_pki import spki_of
from vouchsafe.domain import der, keys
from vouchsafe.domain.csr import inspect_csr
from vouchsafe.domain.drafting import tbs_of
from vouchsafe.domain.drafts import Draft, parts_of
from vouchsafe.domain.plain_names import (
    alternatives_in,
    common_name_alone,
    common_name_in,
    is_alternatives,
    requested_in,
)
from vouchsafe.domain.signatures import algorithm_for

ISSUER = an_issuer()
TBS = tbs_of(an_issuance_request())
SUBJECT, SAN = parts_of(TBS).subject, parts_of(TBS).alternatives[0]
NAMES = ("www.example.com", "*.example.com")


def _draft(**replaced: bytes) -> Draft:
    """The draft of TBS with other bytes for its subject or its subjectAltName."""
    *before, subject, spki, listed = der.elements(TBS)
    (extensions,) = der.elements(listed)
    san = replaced.get("san", SAN)
    kept = [san if each == SAN else each for each in der.elements(extensions)]
    parts = (*before, replaced.get("subject", subject), spki)
    tbs = der.sequence(*parts, der.explicit(3, der.sequence(*kept)))
    algorithm = algorithm_for(ISSUER.key_type)
    return Draft.of(algorithm.sealed(tbs, algorithm.placeholder), ISSUER)


def _attributes(request: x509.CertificateSigningRequest) -> bytes:
    return der.elements(request.tbs_certrequest_bytes)[3]


def _flipped(encoded: bytes, seed: int) -> bytes:
    """The same with one or two octets changed."""
    draw, changed = random.Random(seed), bytearray(encoded)
    for _ in range(draw.choice((1, 1, 2))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def test_our_own_subject_and_names_are_read_by_hand() -> None:
    assert common_name_in(SUBJECT) == NAMES[0]
    assert alternatives_in(SAN) == (NAMES, 0, False)
    assert requested_in(_attributes(a_csr(NAMES))) == NAMES


@pytest.mark.parametrize("text", ["a", "www.example.com", "x" * 64])
def test_a_common_name_is_written_as_the_library_does(text: str) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
    assert common_name_alone(text) == name.public_bytes()
    assert common_name_in(name.public_bytes()) == text


@pytest.mark.parametrize("text", ["", "bücher.example", "x" * 65])
def test_other_common_names_are_left_to_the_library(text: str) -> None:
    assert common_name_in(common_name_alone(text)) is None


@pytest.mark.parametrize(
    "value",
    [
        [x509.DNSName("www.example.com"), x509.RFC822Name("a@example.com")],
        [x509.DNSName(f"{'a.' * 70}example.com")],
        [x509.UniformResourceIdentifier("http://www.example.com")],
    ],
)
def test_other_alternative_names_are_left_to_the_library(value: list[x509.GeneralName]) -> None:
    san = x509.SubjectAlternativeName(value).public_bytes()
    extension = der.extension("2.5.29.17", san, critical=False)
    assert is_alternatives(extension)
    assert alternatives_in(extension) is None
    found = _draft(san=extension).alternatives
    assert found is not None
    assert len(found.names) + found.others == len(value)


@pytest.mark.parametrize("other", ["2.5.29.18", "0.6.3.85.29.17", "2.5.29.17.1"])
def test_an_extension_of_another_kind_is_no_alternative_name(other: str) -> None:
    _, value = der.elements(SAN)
    assert not is_alternatives(der.sequence(der.object_identifier(other), value))


@pytest.mark.parametrize("seed", range(200))
def test_a_garbled_name_is_read_as_the_library_reads_it_or_left_to_it(seed: int) -> None:
    san, subject = _flipped(SAN, seed), _flipped(SUBJECT, seed)
    found, alone = alternatives_in(san), common_name_in(subject)
    if found is not None:
        extension = _draft(san=san).certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
        assert found.names == tuple(extension.value.get_values_for_type(x509.DNSName))
        assert found.critical == extension.critical
    if alone is not None:
        (attribute,) = _draft(subject=subject).certificate.subject
        assert (attribute.oid, attribute.value) == (x509.NameOID.COMMON_NAME, alone)


@pytest.mark.parametrize("seed", range(200))
def test_a_garbled_wish_for_names_is_read_as_the_library_reads_it_or_left_to_it(seed: int) -> None:
    request = a_csr(NAMES)
    info, *rest = der.elements(request.public_bytes(Encoding.DER))
    *before, attributes = der.elements(info)
    garbled = _flipped(attributes, seed)
    found = requested_in(garbled)
    if found is None:
        return
    again = x509.load_der_x509_csr(der.sequence(der.sequence(*before, garbled), *rest))
    extension = again.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert found == tuple(extension.value.get_values_for_type(x509.DNSName))


def test_a_request_with_more_than_names_is_read_by_the_library() -> None:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    san = x509.SubjectAlternativeName([x509.DNSName("www.example.com")])
    usage = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
    builder = builder.add_extension(usage, critical=False).add_extension(san, critical=False)
    request = builder.sign(a_key(), hashes.SHA256())
    assert requested_in(_attributes(request)) is None
    csr = inspect_csr(request.public_bytes(Encoding.PEM).decode()).csr
    assert csr is not None
    assert csr.requested_names == ("www.example.com",)


@pytest.mark.parametrize("kind", ["p256", "p384", "p521", "rsa2048"])
def test_the_one_encoding_of_a_key_is_the_librarys(kind: str) -> None:
    for label in ("a", "b", "c"):
        key = a_key(kind, label)
        assert keys.canonical(spki_of(key)) == spki_of(key)


@pytest.mark.parametrize("kind", ["p256", "p384", "p521"])
def test_a_compressed_point_gets_its_one_encoding(kind: str) -> None:
    public = a_key(kind).public_key()
    usual = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    short = der.sequence(der.elements(usual)[0], der.bit_string(point))
    assert keys.canonical(short) == usual
    assert [finding.code for finding in keys.check_key(short)] == ["vouchsafe.key.encoding"]
