"""A certificate issued by the real service over fakes, with all that its packet is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.builders import MOMENT, a_change, a_request
from tests.fake_packets import FakePacketKeyPublication, FakePacketStore, SoftwarePacketSigner
from tests.issuance_world import DV, IssuanceWorld
from tests.tripwire import Tripwire
from vouchsafe.domain.authorization import CaaFinding
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.packets import IssuedListing
from vouchsafe.services.packing import Ports, pack_evidence

REMARK = "cabf.serverauth.dv.common_name_attribute_present"


class EvidenceWorld:
    """Certificate 5001 of order 1001, issued; its changes are numbered, its packet not made."""

    def __init__(self, *, product: str = DV, numbered: bool = True) -> None:
        self.issuance = IssuanceWorld(product=product)
        self.book = self.issuance.book
        self.issuance.linter.findings = [Finding(Severity.WARNING, REMARK, "a name")]
        self._prepare()
        assert self.issuance.issue().outcome == "issued"
        self.clock = self.issuance.clock
        self.packets = FakePacketStore()
        self.signer = SoftwarePacketSigner()
        self.publication = FakePacketKeyPublication()
        self.ports = Ports(
            ledger=self.book,
            log=self.book,
            issuers=self.book,
            store=self.issuance.store,
            packets=self.packets,
            issued=self.book,
            signer=self.signer,
            publication=self.publication,
            clock=self.clock,
            publication_url="http://ca.example.com",
        )
        if numbered:
            self.number()

    def _prepare(self) -> None:
        """An approved request, a change of before, and CAA of both names."""
        certificate = self.issuance.dossier().newest
        assert certificate.caa is not None
        findings = tuple(_permits(each.value) for each in certificate.identifiers)
        caa = replace(certificate.caa, findings=findings)
        self.book.commit(
            replace(certificate, caa=caa, version=certificate.version + 1), a_request(), a_change()
        )

    def number(self) -> None:
        """What the pump does with all that was told."""
        for change in self.book.left_behind(MOMENT + timedelta(days=1), 100):
            self.book.number(change)

    def pack(self) -> bool:
        return pack_evidence(1001, 5001, ports=self.ports)

    def wire(self, tripwire: Tripwire) -> None:
        """From now on every call crosses this tripwire."""
        self.issuance.wire(tripwire)
        for part in (self.packets, self.signer):
            part._tripwire = tripwire

    @property
    def packet(self) -> bytes:
        return self.packets.objects[5001]

    def listing(self) -> IssuedListing:
        (found,) = [r for k, r in self.book.records.items() if k[0] is IssuedListing]
        assert isinstance(found, IssuedListing)
        return found

    def issued_told(self) -> bool:
        rows = self.book.of_order(1001)
        return any(row.change.kind is ChangeKind.CERTIFICATE_ISSUED for row in rows)


def _permits(name: str) -> CaaFinding:
    return CaaFinding(
        name=name,
        completed=True,
        permitted=True,
        deciding_name="example.com",
        deciding_record='0 issue "ca.example.com"',
        ttl=300,
        detail="names us",
    )
