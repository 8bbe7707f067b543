"""Nothing is signed that was not linted, and what is drafted is exactly what was asked for."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.builders_pki import (
    NOW,
    a_csr,
    a_key,
    an_issuance_request,
    an_issuer,
    issuing_key,
)
from tests.fakes_pki import spki_of
from vouchsafe.domain import drafting
from vouchsafe.domain.calendar import longest_not_after
from vouchsafe.domain.drafting import LintedCrl, LintedDraft, LintRefused, prepare, resume
from vouchsafe.domain.linting import REVIEWED_WARNINGS, Finding, Severity


def _content(_: bytes) -> Sequence[Finding]:
    return ()


def _parsed(draft: LintedDraft) -> x509.Certificate:
    return x509.load_der_x509_certificate(drafting.assemble(draft.tbs, b"\x00"))


def test_a_linted_draft_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError):
        LintedDraft(b"0\x00", "e1")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"drafting\.prepare"):
        LintedDraft(b"0\x00", "e1", object())
    with pytest.raises(TypeError, match=r"drafting\.prepare_crl"):
        LintedCrl(b"0\x00", "e1", object())


def test_a_linted_draft_cannot_be_changed_into_another() -> None:
    draft = prepare(an_issuance_request(), lint=_content)
    with pytest.raises(dataclasses.FrozenInstanceError):
        draft.tbs = b"0\x00"  # type: ignore[misc]
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(draft, tbs=b"0\x00")  # type: ignore[call-arg]
    assert copy.copy(draft) == draft


def test_the_linter_sees_the_very_bytes_that_will_be_signed() -> None:
    seen: list[bytes] = []

    def lint(encoded: bytes) -> Sequence[Finding]:
        seen.append(encoded)
        return ()

    draft = prepare(an_issuance_request(), lint=lint)
    assert [x509.load_der_x509_certificate(each).tbs_certificate_bytes for each in seen] == [
        draft.tbs
    ]


@pytest.mark.parametrize("severity", [Severity.FATAL, Severity.ERROR, Severity.WARNING])
def test_a_finding_that_nobody_reviewed_refuses_the_draft(severity: Severity) -> None:
    finding = Finding(severity, "some.rule", "it is broken")
    with pytest.raises(LintRefused) as refused:
        prepare(an_issuance_request(), lint=lambda _: (finding,))
    assert refused.value.findings == (finding,)


def test_reviewed_warnings_and_mere_notes_let_the_draft_pass() -> None:
    notes = [Finding(Severity.NOTICE, "a.note", ""), Finding(Severity.INFO, "another", "")]
    reviewed = [Finding(Severity.WARNING, code, "") for code in REVIEWED_WARNINGS]
    assert prepare(an_issuance_request(), lint=lambda _: [*notes, *reviewed]).tbs


def test_a_reviewed_code_at_error_still_refuses() -> None:
    code = next(iter(REVIEWED_WARNINGS))
    with pytest.raises(LintRefused):
        prepare(an_issuance_request(), lint=lambda _: (Finding(Severity.ERROR, code, ""),))


def test_every_reviewed_warning_has_its_reason() -> None:
    assert all(len(reason) > 20 for reason in REVIEWED_WARNINGS.values())


def test_resuming_looks_at_the_stored_bytes_again() -> None:
    issuer = an_issuer()
    tbs = prepare(an_issuance_request(), lint=_content).tbs
    assert resume(tbs, issuer=issuer, lint=_content).tbs == tbs
    with pytest.raises(LintRefused):
        resume(tbs, issuer=issuer, lint=lambda _: (Finding(Severity.ERROR, "new.rule", ""),))


def test_bytes_of_another_issuer_are_not_resumed() -> None:
    tbs = prepare(an_issuance_request(), lint=_content).tbs
    with pytest.raises(ValueError, match="must not sign"):
        resume(tbs, issuer=an_issuer("p384"), lint=_content)
    with pytest.raises(ValueError, match="must not sign"):
        resume(b"0\x00", issuer=an_issuer(), lint=_content)
    with pytest.raises(LintRefused, match="issuer_identical"):
        resume(tbs, issuer=an_issuer(issuer_id="e2"), lint=_content)


@pytest.mark.parametrize("kind", ["p256", "p384"])
def test_the_bytes_are_those_that_a_library_builder_makes(kind: str) -> None:
    issuer = an_issuer(kind)
    request = an_issuance_request(issuer=issuer)
    draft = prepare(request, lint=_content)
    expected = _parsed(draft)
    builder = x509.CertificateBuilder(
        issuer_name=x509.load_der_x509_certificate(issuer.certificate).subject,
        subject_name=expected.subject,
        public_key=a_key().public_key(),
        serial_number=request.serial,
        not_valid_before=request.not_before,
        not_valid_after=request.not_after,
        extensions=list(expected.extensions),
    )
    digest = hashes.SHA256() if kind == "p256" else hashes.SHA384()
    built = builder.sign(issuing_key(kind), digest)
    assert built.tbs_certificate_bytes == draft.tbs


HASHES = {
    ("p256", "sha512"): "ecdsa-with-SHA256",
    ("p384", "sha256"): "ecdsa-with-SHA384",
    ("rsa3072", "sha256"): "sha256WithRSAEncryption",
    ("rsa3072", "sha384"): "sha384WithRSAEncryption",
    ("rsa3072", "sha512"): "sha512WithRSAEncryption",
    ("rsa3072", "sha1"): "sha256WithRSAEncryption",
}


@pytest.mark.parametrize(("wish", "name"), HASHES.items(), ids=str)
def test_the_curve_decides_the_hash_and_the_wish_only_under_rsa(
    wish: tuple[str, str], name: str
) -> None:
    request = an_issuance_request(issuer=an_issuer(wish[0]), signature_hash=wish[1])
    parsed = _parsed(prepare(request, lint=_content))
    assert parsed.signature_algorithm_oid._name == name


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (datetime(2026, 11, 21, 10, tzinfo=UTC), 199),
        (datetime(2026, 12, 15, tzinfo=UTC), 199),
        (datetime(2027, 3, 14, 23, 59, 59, tzinfo=UTC), 199),
        (datetime(2027, 3, 15, tzinfo=UTC), 99),
        (datetime(2028, 3, 15, tzinfo=UTC), 99),
        (datetime(2029, 3, 14, 23, 59, 59, tzinfo=UTC), 99),
        (datetime(2029, 3, 15, tzinfo=UTC), 46),
    ],
    ids=str,
)
def test_the_calendar_bounds_validity_to_the_second(today: datetime, days: int) -> None:
    issuer = an_issuer(made_at=today)
    longest = today + timedelta(days=days, seconds=-1)
    assert longest_not_after(today) == longest
    fits = an_issuance_request(issuer=issuer, not_before=today, not_after=longest)
    parsed = _parsed(prepare(fits, lint=_content))
    assert parsed.not_valid_before_utc == today
    assert parsed.not_valid_after_utc == longest
    too_long = dataclasses.replace(fits, not_after=longest + timedelta(seconds=1))
    with pytest.raises(LintRefused, match="calendar"):
        prepare(too_long, lint=_content)


def test_a_fraction_of_a_second_or_a_naive_time_is_no_certificate_time() -> None:
    for moment in (NOW.replace(microsecond=1), NOW.replace(tzinfo=None)):
        with pytest.raises(ValueError, match="whole seconds"):
            prepare(an_issuance_request(not_before=moment), lint=_content)


def test_a_short_common_name_stands_first_in_subject_and_names() -> None:
    names = ("b.example.com", "a.example.com")
    parsed = _parsed(prepare(an_issuance_request(names), lint=_content))
    assert parsed.subject.rfc4514_string() == "CN=b.example.com"
    san = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert san.value.get_values_for_type(x509.DNSName) == list(names)
    assert not san.critical


def test_a_long_common_name_leaves_the_subject_empty_and_the_names_critical() -> None:
    long_name = f"{'a' * 60}.example.com"
    parsed = _parsed(prepare(an_issuance_request([long_name]), lint=_content))
    assert parsed.subject == x509.Name([])
    assert parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).critical


@pytest.mark.parametrize("kind", ["p256", "p384", "p521", "rsa2048"])
def test_the_key_usage_follows_the_subscribers_key(kind: str) -> None:
    parsed = _parsed(prepare(an_issuance_request(key=a_key(kind)), lint=_content))
    usage = parsed.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.key_encipherment == kind.startswith("rsa")


def test_an_unknown_level_has_no_profile() -> None:
    with pytest.raises(KeyError):
        prepare(an_issuance_request(level="iv"), lint=_content)


def test_the_key_of_a_request_is_taken_in_its_one_encoding() -> None:
    assert drafting.public_key_of(a_csr()) == spki_of(a_key())
