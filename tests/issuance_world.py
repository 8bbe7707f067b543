"""A world in which one certificate is ready to be issued, every call of it on one tripwire."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders import (
    MOMENT,
    TOKEN,
    a_certificate,
    a_hierarchy,
    an_authorization,
    an_issuer_record,
    an_order,
)
from tests.builders_organizations import a_validated_organization
from tests.fakes import FakeBook, FakeStore, FrozenClock, SeededEntropy, Tripwire
from vouchsafe.domain import drafting
from vouchsafe.domain.authorization import (
    AuthorizationStatus,
    CaaCheck,
    DcvMethodName,
    Proof,
)
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations, Dossier
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.linting import Finding
from vouchsafe.domain.organization import OrganizationCheck
from vouchsafe.services.issuance import issue_certificate
from vouchsafe.services.issuance_outcomes import IssueOutcome, Ports

DV = "ssl_dv_geotrust_flex"
FAR = MOMENT + timedelta(days=4000)


class TrippingSigner:
    """Port CertificateSigner with the test hierarchy's key."""

    def __init__(self, tripwire: Tripwire) -> None:
        self._tripwire = tripwire
        self.signatures = 0

    def sign(self, issuer: Issuer, draft: drafting.LintedDraft) -> bytes:
        with self._tripwire.crossing("signer.sign"):
            self.signatures += 1
            key = a_hierarchy().issuing_key
            return drafting.assemble(draft.tbs, key.sign(draft.tbs, ec.ECDSA(hashes.SHA256())))


class QuietLinter:
    """Port Linter that finds what it is told to."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def certificate(self, der: bytes) -> Sequence[Finding]:
        return self.findings

    def crl(self, der: bytes) -> Sequence[Finding]:
        return self.findings


class IssuanceWorld:
    """The book, the store and the signer around certificate 5001 of order 1001."""

    def __init__(self, tripwire: Tripwire | None = None, *, product: str = DV) -> None:
        self.tripwire = Tripwire()
        self.book = FakeBook(self.tripwire)
        self.store = FakeStore(self.tripwire)
        self.linter = QuietLinter()
        self.clock = FrozenClock(MOMENT + timedelta(minutes=5))
        self.signer = TrippingSigner(self.tripwire)
        self.ports = Ports(
            ledger=self.book,
            desks=self.book,
            policies=self.book,
            issuers=self.book,
            store=self.store,
            signer=self.signer,
            linter=self.linter,
            clock=self.clock,
            entropy=SeededEntropy(),
            publication_url="http://ca.example.com",
        )
        self._set_up(product)
        if tripwire is not None:
            self.wire(tripwire)

    def _set_up(self, product: str) -> None:
        """One certificate ready for issue; for OV and EV its organization is validated."""
        named = product != DV
        order = replace(an_order(), product_id=product, organization_id=601 if named else None)
        certificate = replace(ready_certificate(), product_id=product)
        self.book.commit(order, certificate, proven(), an_issuer_record())
        if named:
            self.book.commit(a_validated_organization(OrganizationCheck.EV))

    def wire(self, tripwire: Tripwire) -> None:
        """From now on every call crosses this tripwire; the set-up did not."""
        for part in (self.book, self.store, self.signer):
            part._tripwire = tripwire  # noqa: SLF001
        self.tripwire = tripwire

    def issue(self, run: int = 1) -> IssueOutcome:
        return issue_certificate(1001, 5001, run, ports=self.ports)

    def dossier(self) -> Dossier:
        dossier = self.book.order(1001)
        assert dossier is not None
        return dossier

    def assert_exactly_one(self) -> None:
        """One stored certificate, recorded as what stands there, told once, no serial left over."""
        certificate = self.dossier().newest
        assert certificate.status is CertificateStatus.VALID
        assert list(self.store.objects) == [5001]
        stored = self.store.objects[5001]
        parsed = x509.load_der_x509_certificate(stored)
        parsed.verify_directly_issued_by(a_hierarchy().issuing)
        assert certificate.issued is not None
        assert certificate.issued.serial == parsed.serial_number
        assert certificate.issued.sha256 == hashlib.sha256(stored).hexdigest()
        told = [
            c for c in self.book.left_behind(FAR, 50) if c.kind is ChangeKind.CERTIFICATE_ISSUED
        ]
        assert len(told) == 1
        assert self.claimed() == {parsed.serial_number} | self.given_up()

    def claimed(self) -> set[int]:
        """Every serial ever claimed."""
        return self.book.serials()

    def given_up(self) -> set[int]:
        """Serials on the CRL ledger that belong to no certificate."""
        return {
            line.serial
            for shard in range(4)
            for line in self.book.revoked("test-ec-1", shard)
            if line.certificate_id == 0
        }


def ready_certificate() -> Certificate:
    """Certificate 5001 with every gate open."""
    return replace(a_certificate(), run=1, caa=permitted(MOMENT))


def permitted(at: datetime) -> CaaCheck:
    """A CAA check from `at` that permits, for eight hours."""
    return CaaCheck(checked_at=at, good_until=at + timedelta(hours=8), permitted=True, findings=())


def proven() -> Authorizations:
    """Both names proven at MOMENT."""
    proof = Proof(
        method=DcvMethodName.DNS_TXT,
        br_section="3.2.2.4.7",
        authorization_domain="example.com",
        steps=(),
        value=TOKEN,
        proven_at=MOMENT,
        quorum="6/6",
        perspectives=(),
    )
    items = tuple(
        an_authorization(name, status=AuthorizationStatus.VALID, proof=proof)
        for name in an_order().dns_names
    )
    return Authorizations(order_id=1001, certificate_id=5001, items=items)
