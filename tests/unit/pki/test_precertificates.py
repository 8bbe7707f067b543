"""A precertificate and its certificate: the same bytes but for one extension (RFC 6962 3.1-3.3)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.certificate_transparency import LogEntryType, SignatureAlgorithm, Version
from cryptography.x509.oid import ExtensionOID

from tests.builders_pki import a_key, an_issuance_request, an_issuer, issuing_key
from tests.fakes_pki import issuing_key_of, sign_with, spki_of
from tests.golden.cases import an_ev_request
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.domain import der
from vouchsafe.domain.drafting import IssuanceRequest, tbs_of
from vouchsafe.domain.linting import refusing
from vouchsafe.domain.precertificates import Sct, bare_tbs, final_tbs, precertificate_tbs
from vouchsafe.domain.signatures import algorithm_of, assemble

LINTER = PkilintLinter(waive_local_urls=False)
LOG = a_key("p256", "a log")
LOG_ID = hashlib.sha256(spki_of(LOG)).digest()
WHEN = 1_795_000_000_123

REQUESTS = {
    "dv": an_issuance_request(),
    "dv-rsa": an_issuance_request(issuer=an_issuer("rsa3072"), key=a_key("rsa2048")),
    "dv-under-p384": an_issuance_request(issuer=an_issuer("p384")),
    "ev": an_ev_request(),
}


def _sct(request: IssuanceRequest, **changed: Any) -> Sct:
    """What a log answers to the precertificate."""
    assert isinstance(LOG, ec.EllipticCurvePrivateKey)
    unsigned = Sct(log_id=LOG_ID, timestamp=WHEN, signature=b"", **changed)
    key_hash = hashlib.sha256(issuing_key_of(request.issuer)).digest()
    signature = LOG.sign(
        unsigned.signed_by_log(tbs_of(request), key_hash), ec.ECDSA(hashes.SHA256())
    )
    return Sct(log_id=LOG_ID, timestamp=WHEN, signature=signature, **changed)


def _certificate(tbs: bytes, request: IssuanceRequest) -> x509.Certificate:
    placeholder = algorithm_of(tbs, request.issuer.key_type).placeholder
    return x509.load_der_x509_certificate(assemble(tbs, placeholder))


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_both_are_the_same_bytes_but_for_the_one_extension(name: str) -> None:
    tbs = tbs_of(REQUESTS[name])
    poisoned = precertificate_tbs(tbs)
    final = final_tbs(tbs, [_sct(REQUESTS[name])])
    assert bare_tbs(poisoned) == bare_tbs(final) == tbs
    for other in (poisoned, final):
        *same, (_, _, extensions) = der.children(other)
        *before, (_, _, listed) = der.children(tbs)
        assert same == before
        assert list(der.children(extensions))[:-1] == list(der.children(listed))


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_a_library_takes_the_poison_for_a_poison_and_finds_our_bytes_under_the_scts(
    name: str,
) -> None:
    request = REQUESTS[name]
    tbs = tbs_of(request)
    precertificate = _certificate(precertificate_tbs(tbs), request)
    poison = precertificate.extensions.get_extension_for_class(x509.PrecertPoison)
    assert poison.critical
    final = _certificate(final_tbs(tbs, [_sct(request)]), request)
    assert final.tbs_precertificate_bytes == tbs
    assert final.serial_number == precertificate.serial_number == request.serial
    order = [each.oid for each in final.extensions]
    assert order[-1] == ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS
    assert order[:-1] == [each.oid for each in precertificate.extensions][:-1]


def test_the_list_reads_back_as_what_the_logs_gave_and_their_signatures_verify() -> None:
    request = REQUESTS["dv"]
    given = [_sct(request), _sct(request, extensions=b"ext")]
    final = _certificate(final_tbs(tbs_of(request), given), request)
    found = final.extensions.get_extension_for_class(
        x509.PrecertificateSignedCertificateTimestamps
    ).value
    key_hash = hashlib.sha256(issuing_key_of(request.issuer)).digest()
    assert len(found) == 2
    assert isinstance(LOG, ec.EllipticCurvePrivateKey)
    for sct, ours in zip(found, given, strict=True):
        assert (sct.version, sct.entry_type) == (Version.v1, LogEntryType.PRE_CERTIFICATE)
        assert (sct.log_id, sct.extension_bytes) == (LOG_ID, ours.extensions)
        moment = datetime.fromtimestamp(WHEN / 1000, UTC).replace(tzinfo=None, microsecond=123000)
        assert sct.timestamp == moment
        assert sct.signature_algorithm is SignatureAlgorithm.ECDSA
        signed = ours.signed_by_log(final.tbs_precertificate_bytes, key_hash)
        LOG.public_key().verify(sct.signature, signed, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_the_linter_accepts_both(name: str) -> None:
    request = REQUESTS[name]
    tbs = tbs_of(request)
    for each in (precertificate_tbs(tbs), final_tbs(tbs, [_sct(request)])):
        placeholder = algorithm_of(each, request.issuer.key_type).placeholder
        assert not refusing(LINTER.certificate(assemble(each, placeholder)))


def test_both_can_be_signed_by_the_issuer() -> None:
    request = REQUESTS["dv"]
    tbs = tbs_of(request)
    for each in (precertificate_tbs(tbs), final_tbs(tbs, [_sct(request)])):
        signed = assemble(each, sign_with(issuing_key(), each))
        issuing = x509.load_der_x509_certificate(request.issuer.certificate)
        x509.load_der_x509_certificate(signed).verify_directly_issued_by(issuing)


def test_what_makes_no_sense_is_refused() -> None:
    request = REQUESTS["dv"]
    tbs, sct = tbs_of(request), _sct(request)
    with pytest.raises(ValueError, match="at least one"):
        final_tbs(tbs, [])
    with pytest.raises(ValueError, match="already"):
        precertificate_tbs(final_tbs(tbs, [sct]))
    with pytest.raises(ValueError, match="already"):
        final_tbs(precertificate_tbs(tbs), [sct])
    with pytest.raises(ValueError, match="32 octets"):
        Sct(log_id=b"short", timestamp=0, signature=b"").encoded()
    with pytest.raises(ValueError, match="too many"):
        final_tbs(tbs, [sct] * 600)
