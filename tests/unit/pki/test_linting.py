"""What the third-party linter says about our own output, and what may be waived in a lab."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders_pki import (
    NOW,
    a_config,
    a_key,
    an_issuance_request,
    an_issuer,
    issuing_key,
)
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.domain import drafting
from vouchsafe.domain.drafting import CrlRequest, LintRefused, prepare, prepare_crl, revoked_entry
from vouchsafe.domain.linting import Severity, refusing
from vouchsafe.domain.revocation import RevocationReason

STRICT = PkilintLinter(waive_local_urls=False)
LAB = PkilintLinter(waive_local_urls=True)


def _codes(der: bytes, linter: PkilintLinter = STRICT) -> set[str]:
    findings = linter.certificate(der)
    return {each.code for each in findings if each.severity <= Severity.WARNING}


def _encoded(draft: drafting.LintedDraft) -> bytes:
    return drafting.assemble(draft.tbs, b"\x00" * 70)


@pytest.mark.parametrize("kind", ["p256", "p384", "p521", "rsa2048"])
@pytest.mark.parametrize("issuer", ["p256", "p384", "rsa3072"])
def test_our_leaves_pass_with_nothing_but_reviewed_warnings(kind: str, issuer: str) -> None:
    request = an_issuance_request(key=a_key(kind), issuer=an_issuer(issuer))
    draft = prepare(request, lint=STRICT.certificate)
    expected = {"cabf.serverauth.dv.common_name_attribute_present"}
    if kind.startswith("rsa"):
        both = "cabf.serverauth.subscriber_rsa_digitalsignature_and_keyencipherment_present"
        expected.add(both)
    assert _codes(_encoded(draft)) == expected


def test_a_leaf_without_subject_passes_with_no_warning_at_all() -> None:
    request = an_issuance_request([f"{'a' * 60}.example.com"])
    assert _codes(_encoded(prepare(request, lint=STRICT.certificate))) == set()


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa3072"])
def test_our_ca_certificates_pass(kind: str) -> None:
    issuer = an_issuer(kind)
    assert refusing(STRICT.certificate(issuer.root)) == ()
    assert refusing(STRICT.certificate(issuer.certificate)) == ()


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8443", "http://localhost:9000", "http://ca.lab.internal"]
)
def test_local_pointers_refuse_a_draft_unless_the_lab_waives_them(base: str) -> None:
    request = an_issuance_request(crl_url=f"{base}/crl/e1/3.crl", ca_url=f"{base}/ca/e1.cer")
    with pytest.raises(LintRefused, match=r"cabf\.internal"):
        prepare(request, lint=STRICT.certificate)
    assert prepare(request, lint=LAB.certificate).tbs


def _with_internal_name() -> bytes:
    """A certificate with a name that our own gate would have stopped."""
    builder = x509.CertificateBuilder(
        issuer_name=x509.load_der_x509_certificate(an_issuer().certificate).subject,
        subject_name=x509.Name([]),
        public_key=a_key().public_key(),
        serial_number=1 << 126,
        not_valid_before=NOW,
        not_valid_after=NOW + timedelta(days=9),
    )
    names = x509.SubjectAlternativeName([x509.DNSName("server.corp")])
    signed = builder.add_extension(names, critical=True).sign(issuing_key(), hashes.SHA256())
    return signed.public_bytes(Encoding.DER)


@pytest.mark.parametrize("url", ["http://bad host/x", "http://", "http://[::1", "http://a_b/x"])
def test_the_waiver_leaves_a_malformed_pointer_refused(url: str) -> None:
    with pytest.raises(LintRefused):
        prepare(an_issuance_request(ca_url=url), lint=LAB.certificate)


def test_the_waiver_never_reaches_a_name() -> None:
    assert "cabf.internal_domain_name" in _codes(_with_internal_name(), LAB)


def test_bytes_that_are_no_certificate_or_crl_are_fatal() -> None:
    for findings in (LAB.certificate(b"0\x00"), LAB.crl(b"0\x00"), LAB.crl(b"hello")):
        assert [each.severity for each in findings] == [Severity.FATAL]


def _a_crl_request(**changed: object) -> CrlRequest:
    request = CrlRequest(
        issuer=an_issuer(),
        shard=0,
        number=1,
        this_update=NOW,
        next_update=NOW + timedelta(days=4),
        url=a_config().root_crl_url,
        entries=[revoked_entry(1 << 126, NOW, reason) for reason in RevocationReason],
    )
    return replace(request, **changed)  # type: ignore[arg-type]


def test_our_lists_pass() -> None:
    assert prepare_crl(_a_crl_request(), lint=STRICT.crl).tbs
    assert prepare_crl(_a_crl_request(entries=()), lint=STRICT.crl).tbs


def test_a_reason_that_no_leaf_may_have_is_refused_by_the_linter() -> None:
    entry = revoked_entry(1 << 126, NOW, RevocationReason.KEY_COMPROMISE)
    on_hold = entry.replace(b"\x0a\x01\x01", b"\x0a\x01\x06")
    with pytest.raises(LintRefused, match="reason"):
        prepare_crl(_a_crl_request(entries=(on_hold,)), lint=STRICT.crl)


def test_a_root_list_is_judged_as_one_over_cas() -> None:
    for_a_year = _a_crl_request(about_cas=True, next_update=NOW + timedelta(days=364), entries=())
    assert prepare_crl(for_a_year, lint=STRICT.crl).tbs
