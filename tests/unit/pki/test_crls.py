"""Revocation lists joined from kept entries: byte for byte what a builder makes, and quick."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders_pki import NOW, PUBLICATION_URL, an_issuer, issuing_key
from tests.fakes_pki import SoftwareCrlSigner
from vouchsafe.domain.crls import LINTED_ENTRIES, entries_of
from vouchsafe.domain.drafting import (
    CrlRequest,
    LintedCrl,
    LintRefused,
    assemble,
    prepare_crl,
    revoked_entry,
)
from vouchsafe.domain.issuers import crl_url
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.revocation import RevocationReason

URL = crl_url(PUBLICATION_URL, "e1", 3)
_FLAGS = {
    RevocationReason.KEY_COMPROMISE: x509.ReasonFlags.key_compromise,
    RevocationReason.AFFILIATION_CHANGED: x509.ReasonFlags.affiliation_changed,
    RevocationReason.SUPERSEDED: x509.ReasonFlags.superseded,
    RevocationReason.CESSATION_OF_OPERATION: x509.ReasonFlags.cessation_of_operation,
    RevocationReason.PRIVILEGE_WITHDRAWN: x509.ReasonFlags.privilege_withdrawn,
}


def _content(_: bytes) -> Sequence[Finding]:
    return ()


def _a_request(**changed: Any) -> CrlRequest:
    values: dict[str, Any] = {
        "issuer": an_issuer(),
        "shard": 3,
        "number": 7,
        "this_update": NOW,
        "next_update": NOW + timedelta(days=4),
        "url": URL,
        "entries": (revoked_entry(1 << 126, NOW, RevocationReason.SUPERSEDED),),
    }
    return CrlRequest(**(values | changed))


def _parsed(linted: LintedCrl) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(assemble(linted.tbs, b"\x00"))


def _many(count: int) -> list[bytes]:
    reason = RevocationReason.KEY_COMPROMISE
    return [revoked_entry((1 << 126) + i, NOW, reason) for i in range(count)]


@pytest.mark.parametrize("reason", list(RevocationReason))
def test_an_entry_reads_back_with_its_reason_and_unspecified_without_one(
    reason: RevocationReason,
) -> None:
    entry = revoked_entry(0xABCDEF << 100, NOW + timedelta(microseconds=5), reason)
    (read,) = _parsed(prepare_crl(_a_request(entries=[entry]), lint=_content))
    assert read.serial_number == 0xABCDEF << 100
    assert read.revocation_date_utc == NOW
    if reason is RevocationReason.UNSPECIFIED:
        assert not list(read.extensions)
    else:
        (extension,) = read.extensions
        assert extension.value == x509.CRLReason(_FLAGS[reason])
        assert not extension.critical


def _built(request: CrlRequest, revoked: Sequence[tuple[int, datetime, x509.ReasonFlags]]) -> bytes:
    issuing = x509.load_der_x509_certificate(request.issuer.certificate)
    key_id = issuing.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuing.subject)
    builder = builder.last_update(request.this_update).next_update(request.next_update)
    for serial, when, flag in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when)
        builder = builder.add_revoked_certificate(
            entry.add_extension(x509.CRLReason(flag), critical=False).build()
        )
    point = x509.IssuingDistributionPoint(
        [x509.UniformResourceIdentifier(request.url)], None, False, False, None, False, False
    )
    aki = x509.AuthorityKeyIdentifier(key_id, None, None)
    builder = builder.add_extension(aki, critical=False)
    builder = builder.add_extension(x509.CRLNumber(request.number), critical=False)
    builder = builder.add_extension(point, critical=True)
    return builder.sign(issuing_key(), hashes.SHA256()).tbs_certlist_bytes


@pytest.mark.parametrize("count", [0, 1, 300])
def test_the_bytes_are_those_that_a_library_builder_makes(count: int) -> None:
    request = _a_request(entries=_many(count))
    flag = x509.ReasonFlags.key_compromise
    revoked = [((1 << 126) + i, NOW, flag) for i in range(count)]
    assert prepare_crl(request, lint=_content).tbs == _built(request, revoked)


def test_the_distribution_point_is_critical_and_holds_the_url_byte_for_byte() -> None:
    parsed = _parsed(prepare_crl(_a_request(), lint=_content))
    point = parsed.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
    assert point.critical
    assert [name.value for name in point.value.full_name or []] == [URL]
    assert not point.value.only_contains_ca_certs


def test_entries_can_be_taken_out_of_a_list_again() -> None:
    for count in (0, 3):
        entries = _many(count)
        linted = prepare_crl(_a_request(entries=entries), lint=_content)
        signed = SoftwareCrlSigner(issuing_key()).sign(an_issuer(), linted)
        assert entries_of(signed) == entries


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"next_update": NOW + timedelta(days=10, seconds=1)}, "validity"),
        ({"next_update": NOW}, "validity"),
        ({"number": -1}, "number"),
        ({"number": 2**159}, "number"),
        ({"url": "https://ca.example.org/0.crl"}, "url"),
        ({"entries": (b"\x30\x03\x02\x01\x05",)}, "entries"),
        ({"entries": (b"rubbish",)}, "entries"),
        ({"entries": (_many(1)[0] + _many(2)[1],)}, "entries"),
    ],
    ids=str,
)
def test_a_list_that_breaks_a_rule_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(LintRefused) as refused:
        prepare_crl(_a_request(**changed), lint=_content)
    assert [each.code for each in refused.value.findings] == [f"vouchsafe.crl.{code}"]


def test_a_finding_of_the_linter_refuses_the_list() -> None:
    with pytest.raises(LintRefused):
        prepare_crl(_a_request(), lint=lambda _: (Finding(Severity.ERROR, "a.rule", ""),))


def test_a_large_list_is_linted_by_a_sample_with_the_same_head() -> None:
    seen: list[x509.CertificateRevocationList] = []

    def lint(encoded: bytes) -> Sequence[Finding]:
        seen.append(x509.load_der_x509_crl(encoded))
        return ()

    linted = prepare_crl(_a_request(entries=_many(LINTED_ENTRIES + 1)), lint=lint)
    assert len(_parsed(linted)) == LINTED_ENTRIES + 1
    (sample,) = seen
    assert len(sample) == LINTED_ENTRIES
    assert list(sample.extensions) == list(_parsed(linted).extensions)


def test_a_root_list_says_so_and_may_live_for_a_year() -> None:
    longer = NOW + timedelta(days=364)
    linted = prepare_crl(_a_request(about_cas=True, next_update=longer, entries=()), lint=_content)
    point = _parsed(linted).extensions.get_extension_for_class(x509.IssuingDistributionPoint)
    assert point.value.only_contains_ca_certs
    assert point.value.full_name is None


def test_the_time_grows_with_the_entries_and_not_with_their_square() -> None:
    entries = _many(40_000)

    def seconds(count: int) -> float:
        request = _a_request(entries=entries[:count])
        times = []
        for _ in range(5):
            start = time.process_time()
            prepare_crl(request, lint=_content)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(40_000) < 16 * max(seconds(5_000), 0.0005)


def test_a_list_is_written_as_der_by_the_signer() -> None:
    linted = prepare_crl(_a_request(), lint=_content)
    signed = x509.load_der_x509_crl(SoftwareCrlSigner(issuing_key()).sign(an_issuer(), linted))
    assert signed.public_bytes(Encoding.DER)
    assert signed.is_signature_valid(issuing_key().public_key())
