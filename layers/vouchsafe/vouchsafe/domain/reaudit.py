"""Looking at an issued certificate again, as an auditor would: nothing found is what is expected.

Every check has a name, the clause it rests on, and a function that yields a sentence per fault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from .authorization import Authorization, Proof
from .calendar import longest_not_after
from .certificate import Certificate, CertificateStatus, Intent, Issued
from .corroboration import agreed
from .drafting import public_key_of
from .drafts import Draft
from .gate import pass_gate
from .gates import proof_counts
from .issuers import Issuer, crl_url, shard_of
from .keys import check_key
from .linting import Finding, refusing
from .methods import ENGINES, LOOKED_UP, METHODS
from .products import PRODUCTS
from .proofs import covers


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCursor:
    """How far the issued certificates were looked at: up to this moment and id, both included."""

    at: datetime
    certificate_id: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that should not be: the check's name, a sentence, the clause."""

    check: str
    detail: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """An issued certificate with all that is held about it.

    `serial_order` and `thumbprint_order` are the orders that its serial and thumbprint lead to;
    `lint` is what the linter says of the stored bytes now.
    """

    certificate: Certificate
    intent: Intent
    issued: Issued
    authorizations: Sequence[Authorization]
    stored: bytes
    parsed: x509.Certificate
    issuer: Issuer
    serial_order: int | None
    thumbprint_order: int | None
    found_by_key: bool  # whether a sweep of its key comes upon it
    lint: Sequence[Finding]
    publication_url: str


@dataclass(frozen=True, slots=True)
class Check:
    """One named check of the table."""

    name: str
    clause: str
    faults: Callable[[Exhibit], Iterator[str]]


def audit(exhibit: Exhibit) -> tuple[Fault, ...]:
    """Every fault that the table finds."""
    return tuple(
        Fault(check=check.name, detail=detail, clause=check.clause)
        for check in CHECKS
        for detail in check.faults(exhibit)
    )


def _record(exhibit: Exhibit) -> Iterator[str]:
    certificate = exhibit.certificate
    if certificate.status not in {CertificateStatus.VALID, CertificateStatus.REVOKED}:
        yield f"it is on record as {certificate.status}"
    told = (exhibit.issued.serial, exhibit.issued.issuer_id, exhibit.issued.shard)
    if told != (exhibit.intent.serial, exhibit.intent.issuer_id, exhibit.intent.shard):
        yield "what was issued is not what was intended"


def _stored(exhibit: Exhibit) -> Iterator[str]:
    if hashlib.sha256(exhibit.stored).hexdigest() != exhibit.issued.sha256:
        yield "the store holds other bytes than the record says"


def _signature(exhibit: Exhibit) -> Iterator[str]:
    try:
        issuing = x509.load_der_x509_certificate(exhibit.issuer.certificate)
        exhibit.parsed.verify_directly_issued_by(issuing)
    except (InvalidSignature, TypeError, ValueError):
        yield "its signature does not verify under its issuer"


def _intent(exhibit: Exhibit) -> Iterator[str]:
    if exhibit.parsed.tbs_certificate_bytes != exhibit.intent.tbs:
        yield "what was signed is not what was recorded before"


def _names(exhibit: Exhibit) -> Iterator[str]:
    extension = exhibit.parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    found = sorted(extension.value.get_values_for_type(x509.DNSName))
    if found != sorted(each.identifier.value for each in exhibit.authorizations):
        yield "its names are not those that were proven"


def _proofs(exhibit: Exhibit) -> Iterator[str]:
    for each in exhibit.authorizations:
        if not proof_counts(each, exhibit.intent.recorded_at):
            yield f"no proof of {each.identifier.value} was good when it was issued"


def _methods(exhibit: Exhibit) -> Iterator[str]:
    for each in exhibit.authorizations:
        if each.proof is not None and not _may_give(each, each.proof):
            yield (
                f"a proof by {each.proof.method} at {each.proof.authorization_domain} does not"
                f" cover {each.identifier.value}"
            )


def _may_give(authorization: Authorization, proof: Proof) -> bool:
    name = authorization.identifier
    if proof.method not in ENGINES or (name.wildcard and not METHODS[proof.method].wildcards):
        return False
    aliased = any("CNAME followed" in step for step in proof.steps)
    return aliased or covers(proof, name)


def _quorum(exhibit: Exhibit) -> Iterator[str]:
    for each in exhibit.authorizations:
        proof = each.proof
        if proof is None or proof.method not in LOOKED_UP:
            continue
        if not agreed(proof.perspectives, proof.proven_at):
            yield f"too few perspectives saw the proof of {each.identifier.value}"


def _caa(exhibit: Exhibit) -> Iterator[str]:
    check, at = exhibit.certificate.caa, exhibit.intent.recorded_at
    if check is None or not check.permitted:
        yield "CAA did not permit it"
    elif not check.checked_at <= at < check.good_until:
        yield "CAA was not checked in time before it was issued"


def _dates(exhibit: Exhibit) -> Iterator[str]:
    begins, ends = exhibit.parsed.not_valid_before_utc, exhibit.parsed.not_valid_after_utc
    if (begins, ends) != (exhibit.issued.not_before, exhibit.issued.not_after):
        yield "its dates are not those on record"
    if ends > longest_not_after(begins):
        yield "it is valid for longer than the rules of its day allow"
    if ends > exhibit.issuer.not_after:
        yield "it outlives its issuer"
    if ends > exhibit.certificate.ends_at:
        yield "it is valid for longer than the order"


def _key(exhibit: Exhibit) -> Iterator[str]:
    csr = x509.load_der_x509_csr(exhibit.certificate.csr)
    spki = public_key_of(csr)
    if spki not in exhibit.parsed.tbs_certificate_bytes:
        yield "its key is not the request's"
    for finding in check_key(spki):
        yield finding.message


def _gate(exhibit: Exhibit) -> Iterator[str]:
    named = exhibit.certificate.named
    draft = Draft.of(
        exhibit.stored,
        exhibit.issuer,
        level=PRODUCTS[exhibit.certificate.product_id].level,
        identity=named.validation.identity if named else None,
    )
    for finding in pass_gate(draft):
        yield f"{finding.code}: {finding.message}"


def _lint(exhibit: Exhibit) -> Iterator[str]:
    for finding in refusing(exhibit.lint):
        yield f"{finding.code}: {finding.message}"


def _crl(exhibit: Exhibit) -> Iterator[str]:
    issued, issuer = exhibit.issued, exhibit.issuer
    wanted = crl_url(exhibit.publication_url, issuer.issuer_id, issued.shard)
    points = exhibit.parsed.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    named = [name.value for point in points for name in point.full_name or ()]
    if named != [wanted]:
        yield f"it points to {', '.join(named)}, not to {wanted}"
    if issued.shard != shard_of(exhibit.parsed.serial_number, issuer):
        yield "its CRL is not that of its serial number"


def _serial(exhibit: Exhibit) -> Iterator[str]:
    if exhibit.parsed.serial_number != exhibit.issued.serial:
        yield "its serial number is not the one on record"
    if exhibit.serial_order != exhibit.certificate.order_id:
        yield "its serial number does not lead to its order"


def _thumbprint(exhibit: Exhibit) -> Iterator[str]:
    if exhibit.thumbprint_order != exhibit.certificate.order_id:
        yield "its thumbprint does not lead to its order"


def _use(exhibit: Exhibit) -> Iterator[str]:
    if not exhibit.found_by_key:
        yield "its key does not lead to it: a sweep of the key would have passed it by"


CHECKS: tuple[Check, ...] = (
    Check("record", "BR 5.4.1", _record),
    Check("stored", "BR 5.5.2", _stored),
    Check("signature", "RFC 5280 4.1.1.3", _signature),
    Check("intent", "BR 4.3.1.2", _intent),
    Check("names", "BR 3.2.2.4", _names),
    Check("proofs", "BR 4.2.1", _proofs),
    Check("methods", "BR 3.2.2.4", _methods),
    Check("quorum", "BR 3.2.2.9", _quorum),
    Check("caa", "BR 4.2.2.1", _caa),
    Check("dates", "BR 6.3.2", _dates),
    Check("key", "BR 6.1.1.3", _key),
    Check("gate", "BR 7.1.2.7", _gate),
    Check("lint", "BR 4.3.1.2", _lint),
    Check("crl", "BR 7.1.2.11.2", _crl),
    Check("serial", "BR 7.1.2.7", _serial),
    Check("thumbprint", "BR 5.4.1", _thumbprint),
    Check("use", "BR 4.9.12", _use),
)
