"""How issuing one certificate can end, each end one write: issued, refused, given up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from cryptography import x509

from ..desk_ports import Desks
from ..domain import drafting
from ..domain.certificate import Certificate, CertificateStatus, Intent, Issued
from ..domain.changes import ChangeKind
from ..domain.dossier import Dossier, Thumbprint
from ..domain.errors import Unavailable
from ..domain.lifecycle import end_told, followed, moved
from ..domain.order import StatusReason
from ..domain.packets import IssuedListing
from ..domain.profile_rules import NO_RULES, ProfileRules
from ..domain.revocation import RevocationReason, RevokedSerial
from ..domain.traces import traced
from ..key_ports import KnownKeys
from ..ports import (
    CertificateSigner,
    CertificateStore,
    Clock,
    Entropy,
    Issuers,
    Ledger,
    Linter,
    Policies,
)
from .admission import Admission
from .change_records import certificate_change


class Drafting(Protocol):
    """What a draft is made with, whoever makes it."""

    @property
    def issuers(self) -> Issuers: ...
    @property
    def entropy(self) -> Entropy: ...
    @property
    def publication_url(self) -> str: ...
    @property
    def profile_rules(self) -> ProfileRules: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What issuing needs, gathered because every step needs most of it.

    `agreement` is the version of the subscriber agreement in force, "" where there is none.
    """

    ledger: Ledger
    desks: Desks
    policies: Policies
    issuers: Issuers
    store: CertificateStore
    signer: CertificateSigner
    linter: Linter
    clock: Clock
    entropy: Entropy
    publication_url: str
    agreement: str = ""
    known_keys: KnownKeys | None = None  # None: the operator provides no list
    profile_rules: ProfileRules = NO_RULES

    @property
    def admission(self) -> Admission:
        """Where what people decided is asked."""
        return Admission(ledger=self.ledger, policies=self.policies, agreement=self.agreement)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueOutcome:
    """What one run of the task came to, and why, for the state machine's history."""

    outcome: str  # issued, gates_closed, superseded, refused, given_up, not_issuable
    cause: str


def record(dossier: Dossier, certificate: Certificate, stored: bytes, ports: Ports) -> IssueOutcome:
    """Step 6: what stands in the store is the certificate; write that down and say so."""
    intent = certificate.intent
    parsed = x509.load_der_x509_certificate(stored)
    if intent is None or parsed.tbs_certificate_bytes != intent.tbs:
        raise Unavailable(
            f"the store holds something else under certificate {certificate.certificate_id}"
        )
    now = ports.clock.now()
    issued = _issued(intent, stored, now)
    valid = replace(moved(certificate, CertificateStatus.VALID), issued=issued, next_look_at=None)
    thumbprint = Thumbprint(
        sha1=issued.sha1,
        sha256=issued.sha256,
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
    )
    data = {"serial": f"{issued.serial:032x}", "not_after": issued.not_after.isoformat()}
    change = certificate_change(
        ChangeKind.CERTIFICATE_ISSUED, certificate, data, now=now, entropy=ports.entropy
    )
    listing = IssuedListing(
        order_id=certificate.order_id, certificate_id=certificate.certificate_id, issued_at=now
    )
    told = traced(change, certificate, valid)
    ports.ledger.commit(valid, *followed(dossier.order, valid), thumbprint, listing, told)
    return IssueOutcome(outcome="issued", cause=f"serial {issued.serial:032x}")


def _issued(intent: Intent, der: bytes, now: datetime) -> Issued:
    return Issued(
        serial=intent.serial,
        issuer_id=intent.issuer_id,
        shard=intent.shard,
        sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(der).hexdigest(),
        not_before=intent.not_before,
        not_after=intent.not_after,
        issued_at=now,
    )


def refuse(
    dossier: Dossier, certificate: Certificate, refused: drafting.LintRefused, ports: Ports
) -> IssueOutcome:
    """The draft breaks a rule: final, since the same data would break it again."""
    now = ports.clock.now()
    cause = "; ".join(f"{finding.code}: {finding.message}" for finding in refused.findings)
    failed = replace(
        moved(certificate, CertificateStatus.INVALID, StatusReason.REFUSED_BY_LINT),
        next_look_at=None,
    )
    data = {"reason": StatusReason.REFUSED_BY_LINT.value, "cause": cause}
    change = certificate_change(end_told(failed), certificate, data, now=now, entropy=ports.entropy)
    told = traced(change, certificate, failed)
    ports.ledger.commit(failed, *followed(dossier.order, failed), told)
    return IssueOutcome(outcome="refused", cause=cause)


def give_up(
    dossier: Dossier, certificate: Certificate, intent: Intent, ports: Ports
) -> IssueOutcome:
    """The intent lapsed: assume it was signed, put its serial on the CRL, start over."""
    now = ports.clock.now()
    line = RevokedSerial(
        issuer_id=intent.issuer_id,
        shard=intent.shard,
        serial=intent.serial,
        revoked_at=now,
        reason=RevocationReason.UNSPECIFIED,
        not_after=intent.not_after,
        certificate_id=0,
        entry=drafting.revoked_entry(intent.serial, now, RevocationReason.UNSPECIFIED),
    )
    pending = moved(certificate, CertificateStatus.PENDING)
    pending = replace(pending, intent=None, named=None, caa=None)
    data = {"serial": f"{intent.serial:032x}"}
    change = certificate_change(
        ChangeKind.INTENT_GIVEN_UP, certificate, data, now=now, entropy=ports.entropy
    )
    told = traced(change, certificate, pending)
    ports.ledger.commit(pending, *followed(dossier.order, pending), line, told)
    return IssueOutcome(outcome="given_up", cause="the intent lapsed; its serial is on the CRL")
