"""The few DER and PEM shapes made and read by hand, held against the library's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders_pki import a_key, an_issuance_request, an_issuer
from vouchsafe.domain import der
from vouchsafe.domain.drafting import tbs_of
from vouchsafe.domain.drafts import Draft, ca_parts, parts_of
from vouchsafe.domain.gate import pass_gate
from vouchsafe.domain.issuers import KeyType
from vouchsafe.domain.pem import pem
from vouchsafe.domain.plain_names import alternative_names
from vouchsafe.domain.signatures import algorithm_for
from vouchsafe.domain.tbs import encoded

ISSUER = an_issuer()
ALGORITHM = algorithm_for(ISSUER.key_type)
TBS = tbs_of(an_issuance_request())


def _found(tbs: bytes) -> set[str]:
    """The checks that find a fault in a draft of those bytes."""
    draft = Draft.of(ALGORITHM.sealed(tbs, ALGORITHM.placeholder), ISSUER)
    return {finding.code.removeprefix("vouchsafe.gate.") for finding in pass_gate(draft)}


def test_elements_are_the_children_as_they_stand_there() -> None:
    assert der.elements(TBS) == [whole for _, whole, _ in der.children(TBS)]


@pytest.mark.parametrize("kept", range(0, len(TBS), 7))
def test_elements_of_what_is_cut_off_are_refused(kept: int) -> None:
    with pytest.raises(ValueError, match=r"cut off"):
        der.elements(TBS[:kept])


def test_an_element_longer_than_what_holds_it_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than what holds it"):
        der.elements(b"\x30\x03\x04\x05\x00")


def test_the_parts_of_a_certificate_are_those_that_a_library_finds() -> None:
    certificate = x509.load_der_x509_certificate(ISSUER.certificate)
    key = certificate.public_key()
    parts = parts_of(certificate.tbs_certificate_bytes)
    assert parts.issuer == certificate.issuer.public_bytes()
    assert parts.subject == certificate.subject.public_bytes()
    assert parts.spki == key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert parts.algorithm == algorithm_for(KeyType.EC_P384).identifier  # its root's


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), b"\x17\x0d260102030405Z"),
        (datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), b"\x17\x0d491231235959Z"),
        (datetime(2050, 1, 1, tzinfo=UTC), b"\x18\x0f20500101000000Z"),
    ],
)
def test_times_are_written_in_the_form_of_their_year(moment: datetime, written: bytes) -> None:
    assert der.time(moment) == written


@pytest.mark.parametrize("critical", [False, True])
@pytest.mark.parametrize("count", [1, 2, 60])
def test_names_are_encoded_as_the_library_does(count: int, critical: bool) -> None:
    names = tuple(f"h{number}.example.com" for number in range(count))
    value = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    assert alternative_names(names, critical=critical) == encoded(value, critical=critical)


def test_a_name_beyond_ascii_is_not_encoded() -> None:
    with pytest.raises(ValueError, match="ascii"):
        alternative_names(("bücher.example",), critical=False)


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa3072"])
def test_a_pem_block_is_the_one_that_the_library_writes(kind: str) -> None:
    certificate = an_issuer(kind).certificate
    expected = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
    assert pem("CERTIFICATE", certificate).encode("ascii") == expected


def test_a_key_in_another_encoding_than_the_one_is_found_in_the_bytes() -> None:
    public = a_key().public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    usual = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    short = der.sequence(der.elements(usual)[0], der.bit_string(point))
    parts = [short if each == usual else each for each in der.elements(TBS)]
    assert _found(TBS) == set()
    assert _found(der.sequence(*parts)) == {"key_sound"}


def test_an_issuer_spelled_in_another_string_type_is_found_in_the_bytes() -> None:
    name = ca_parts(ISSUER.certificate).subject
    other = name.replace(b"\x55\x04\x0a\x0c", b"\x55\x04\x0a\x13")  # O: UTF8 to PrintableString
    assert other != name
    parts = [other if each == name else each for each in der.elements(TBS)]
    assert _found(der.sequence(*parts)) == {"issuer_identical"}
