"""A world in which order 1001 is issued, and reissued or duplicated by whoever calls."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

from cryptography import x509

from tests.builders import NAMES, a_csr, a_hierarchy, a_proof
from tests.fakes import FakeWorkflow, SeededEntropy
from tests.issuance_world import DV, FAR, IssuanceWorld, permitted
from tests.revocation_world import ADMINISTRATOR
from tests.tripwire import Tripwire
from vouchsafe.domain.certificate import CertificateKind, CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.issuers import KeyType
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.requests import Request
from vouchsafe.domain.wishes import OrderWish
from vouchsafe.services.cancelling import cancel_order
from vouchsafe.services.decisions import decide_request
from vouchsafe.services.issuance import issue_certificate
from vouchsafe.services.issuance_outcomes import IssueOutcome
from vouchsafe.services.new_orders import RegistrationPolicy
from vouchsafe.services.placing import RegistrationPorts
from vouchsafe.services.reissue_records import AgainWish, PlacedAgain
from vouchsafe.services.reissues import place_again

POLICY = RegistrationPolicy(
    window=timedelta(hours=72), first_gap=timedelta(minutes=1), issuer_keys=KeyType.EC_P256
)


class AgainWorld(IssuanceWorld):
    """Certificate 5001 is issued, its names proven for good; calls act on what comes after."""

    def __init__(self, kind: CertificateKind, product: str = DV) -> None:
        super().__init__(product=product)
        self.kind = kind
        self.workflow = FakeWorkflow()
        self.issue()
        self.book.allocate(certificates=6000, requests=400)
        self.book.commit(
            DomainProof(
                account_id=1,
                authorization_domain="example.com",
                proof=a_proof(),
                order_id=1001,
                certificate_id=5001,
            )
        )

    def place(self, *, skip: bool = True) -> PlacedAgain:
        """Ask for the reissue or duplicate, with its approval unless told otherwise."""
        wish = OrderWish(
            common_name=NAMES[0],
            dns_names=NAMES[1:],
            csr=base64.b64encode(a_csr(*NAMES)).decode(),
            skip_approval=skip,
        )
        return place_again(
            1001,
            AgainWish(kind=self.kind, wish=wish),
            ADMINISTRATOR,
            once=None,
            policy=POLICY,
            ports=RegistrationPorts(
                ledger=self.book,
                workflow=self.workflow,
                accounts=self.book,
                reviews=self.book,
                issuers=self.book,
                clock=self.clock,
                entropy=self.ports.entropy,
            ),
        )

    def made_ready(self, tripwire: Tripwire) -> int:
        """Place it and let CAA permit; its id. From then on every call crosses `tripwire`."""
        number = self.place().certificate_id
        certificate = self.dossier().certificate(number)
        ready = replace(
            certificate,
            run=1,
            caa=permitted(self.clock.now()),
            version=certificate.version + 1,
        )
        self.book.commit(ready)
        self.wire(tripwire)
        return number

    def issue_again(self, number: int, run: int = 1) -> IssueOutcome:
        return issue_certificate(1001, number, run, ports=self.ports)

    def cancel(self) -> None:
        cancel_order(
            1001,
            ADMINISTRATOR,
            note="",
            ledger=self.book,
            clock=self.clock,
            entropy=SeededEntropy(99),
        )

    def decide(self, number: int, *, approve: bool) -> Request:
        return decide_request(
            number,
            ADMINISTRATOR,
            approve=approve,
            comment="",
            times=POLICY.times,
            policies=self.book,
            ledger=self.book,
            workflow=self.workflow,
            clock=self.clock,
            entropy=SeededEntropy(100 + approve),
        )

    def assert_one_more(self, number: int) -> None:
        """Two stored certificates in all, each recorded and told once; the first is untouched."""
        dossier = self.dossier()
        assert sorted(self.store.objects) == [5001, number]
        assert {c.status for c in dossier.certificates} == {CertificateStatus.VALID}
        parsed = x509.load_der_x509_certificate(self.store.objects[number])
        parsed.verify_directly_issued_by(a_hierarchy().issuing)
        issued = dossier.certificate(number).issued
        assert issued is not None
        assert issued.serial == parsed.serial_number
        told = [
            c for c in self.book.left_behind(FAR, 90) if c.kind is ChangeKind.CERTIFICATE_ISSUED
        ]
        assert sorted(c.certificate_id or 0 for c in told) == [5001, number]
        self.assert_order_points(number)

    def assert_order_points(self, number: int) -> None:
        """The order is issued, and points at a reissue, but not at a duplicate."""
        order = self.dossier().order
        assert order.status is OrderStatus.VALID
        points = number if self.kind is CertificateKind.REISSUE else 5001
        assert order.certificate_id == points
