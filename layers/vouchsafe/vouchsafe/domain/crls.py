"""Certificate revocation lists (RFC 5280 5, BR 7.2), joined from entries that were encoded before.

A library's builder copies its list at every entry; kept entries make a CRL a join and a signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import InitVar, dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509

from . import der
from .issuers import CaRevocationReason, Issuer
from .linting import Finding, Lint, Severity, refuse_if_any
from .revocation import REASON_CODES, RevocationReason
from .signatures import algorithm_for, assemble

_PREPARED = object()  # known to this module alone

_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
_CRL_NUMBER = "2.5.29.20"
_REASON_CODE = "2.5.29.21"
_ISSUING_DISTRIBUTION_POINT = "2.5.29.28"

_HEAD = 2  # octets of an entry's own tag and length: it has far fewer than 128
_NUMBER_BOUND = 2**159  # BR 7.2
_LONGEST_LIFE = timedelta(days=10)  # BR 4.9.7, CRLs about subscribers
_LONGEST_CA_LIFE = timedelta(days=365)  # BR 4.9.7, CRLs about CAs: twelve months

_CA_REASON_CODES: dict[CaRevocationReason, int] = {  # RFC 5280 5.3.1
    CaRevocationReason.CA_COMPROMISE: 2,
    CaRevocationReason.SUPERSEDED: 4,
    CaRevocationReason.CESSATION_OF_OPERATION: 5,
}

#: A linter takes 0.2 ms for every entry; the rules it knows do not depend on how many there are.
LINTED_ENTRIES = 2000


@dataclass(frozen=True, slots=True)
class LintedCrl:
    """DER TBSCertList that passed our checks and the linter. Made by `prepare_crl` only."""

    tbs: bytes
    issuer_id: str
    _made_here: InitVar[object]

    def __post_init__(self, _made_here: object) -> None:
        if _made_here is not _PREPARED:
            raise TypeError("a LintedCrl comes from drafting.prepare_crl")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlRequest:
    """One CRL to be. `entries` are DER, each from `revoked_entry`; `url` is the certificates' own
    distribution point, byte for byte. `about_cas` marks a root's CRL over its issuing certificates,
    which is whole and thus names no distribution point (some verifiers look for the root in it).
    """

    issuer: Issuer
    shard: int
    number: int
    this_update: datetime
    next_update: datetime
    url: str
    entries: Sequence[bytes] = ()
    about_cas: bool = False


def revoked_entry(serial: int, revoked_at: datetime, reason: RevocationReason) -> bytes:
    """One revokedCertificates entry as DER (RFC 5280 5.1.2.6); fractions of a second are cut off.

    Unspecified is said by leaving the reason out (RFC 5280 5.3.1, BR 7.2.2).
    """
    return _entry(serial, revoked_at, REASON_CODES[reason])


def revoked_ca_entry(serial: int, revoked_at: datetime, reason: CaRevocationReason) -> bytes:
    """The same about a CA's certificate, for its root's CRL."""
    return _entry(serial, revoked_at, _CA_REASON_CODES[reason])


def _entry(serial: int, revoked_at: datetime, code: int) -> bytes:
    when = der.time(revoked_at.replace(microsecond=0))
    if code == 0:
        return der.sequence(der.integer(serial), when)
    value = der.tlv(der.ENUMERATED, bytes((code,)))
    reason_code = der.extension(_REASON_CODE, value, critical=False)
    return der.sequence(der.integer(serial), when, der.sequence(reason_code))


def names_serial(entry: bytes, serial: int) -> bool:
    """Whether `entry` looks like one whole entry of that serial: a glance, for every entry."""
    return (
        len(entry) > _HEAD
        and entry[0] == der.SEQUENCE
        and entry[1] == len(entry) - _HEAD
        and entry.startswith(der.integer(serial), _HEAD)
    )


def is_whole_entry(entry: bytes, serial: int) -> bool:
    """Whether `entry`, taken apart, is what `revoked_entry` makes for that serial."""
    try:
        said = [content for _, _, content in der.children(entry)][1].decode()
        form = "%y%m%d%H%M%SZ" if len(said) == len("yymmddhhmmssZ") else "%Y%m%d%H%M%SZ"
        when = datetime.strptime(said, form).replace(tzinfo=UTC)
    except (ValueError, IndexError):
        return False
    return any(revoked_entry(serial, when, reason) == entry for reason in REASON_CODES)


def entries_of(crl: bytes) -> list[bytes]:
    """The entries of a DER CRL, each as it stands there."""
    tbs = next(whole for _, whole, _ in der.children(crl))
    after_times = False
    for tag, whole, _ in der.children(tbs):
        if after_times and tag == der.SEQUENCE:
            return [entry for _, entry, _ in der.children(whole)]
        after_times = after_times or tag in {der.UTC_TIME, der.GENERALIZED_TIME}
    return []


def prepare_crl(request: CrlRequest, *, lint: Lint) -> LintedCrl:
    """The CRL for `request`, checked and linted. Raises LintRefused.

    Above 2,000 entries the linter sees a CRL with the same head and the first 2,000 of them, since
    its time grows with every entry; the whole is still parsed, and its entries counted.
    """
    refuse_if_any(_faults(request))
    tbs = _tbs_cert_list(request, request.entries)
    refuse_if_any(_unreadable(request, tbs))
    seen = request.entries[:LINTED_ENTRIES]
    sample = tbs if len(seen) == len(request.entries) else _tbs_cert_list(request, seen)
    refuse_if_any(lint(assemble(sample, algorithm_for(request.issuer.key_type).placeholder)))
    return LintedCrl(tbs, request.issuer.issuer_id, _PREPARED)


def _fault(code: str, message: str, clause: str) -> Finding:
    return Finding(Severity.ERROR, f"vouchsafe.crl.{code}", message, clause)


def _faults(request: CrlRequest) -> Iterator[Finding]:
    longest = _LONGEST_CA_LIFE if request.about_cas else _LONGEST_LIFE
    if not 0 <= request.number < _NUMBER_BOUND:
        yield _fault("number", "the CRL number is out of range", "BR 7.2")
    if not timedelta() < request.next_update - request.this_update <= longest:
        yield _fault("validity", f"it must live at most {longest.days} days", "BR 4.9.7")
    if not request.url.startswith("http://"):
        yield _fault("url", "its address is no plain http URI", "BR 7.1.2.11.2")


def _unreadable(request: CrlRequest, tbs: bytes) -> Iterator[Finding]:
    """A stored entry that is no entry must not make a signed file that nobody can read."""
    whole = assemble(tbs, algorithm_for(request.issuer.key_type).placeholder)
    try:
        count = len(x509.load_der_x509_crl(whole))
    except ValueError as error:
        yield _fault("entries", f"the CRL cannot be read: {error}", "RFC 5280 5.1")
        return
    if count != len(request.entries):
        yield _fault("entries", f"{len(request.entries)} entries became {count}", "RFC 5280 5.1")


def _tbs_cert_list(request: CrlRequest, entries: Sequence[bytes]) -> bytes:
    """TBSCertList (RFC 5280 5.1.2); an empty list of entries is left out altogether."""
    issuing = x509.load_der_x509_certificate(request.issuer.certificate)
    return der.sequence(
        der.integer(1),  # v2
        algorithm_for(request.issuer.key_type).identifier,
        issuing.subject.public_bytes(),
        der.time(request.this_update),
        der.time(request.next_update),
        der.sequence(*entries) if entries else b"",
        der.explicit(0, der.sequence(*_extensions(request, issuing))),
    )


def _extensions(request: CrlRequest, issuing: x509.Certificate) -> Iterator[bytes]:
    ca = issuing.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = x509.AuthorityKeyIdentifier(ca.digest, None, None)
    address = [x509.UniformResourceIdentifier(request.url)]
    point = x509.IssuingDistributionPoint(
        full_name=None if request.about_cas else address,
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=request.about_cas,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    yield der.extension(_AUTHORITY_KEY_IDENTIFIER, authority.public_bytes(), critical=False)
    yield der.extension(_CRL_NUMBER, der.integer(request.number), critical=False)
    yield der.extension(_ISSUING_DISTRIBUTION_POINT, point.public_bytes(), critical=True)
