"""The re-audit: nothing is found of what was issued rightly, and each planted fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import MOMENT
from tests.builders_keys import a_blocked_key
from tests.builders_pki import a_csr, a_key
from tests.issuance_world import DV, FAR, IssuanceWorld, proven
from tests.tripwire import Cut, Tripwire
from vouchsafe.domain.authorization import DcvMethodName, PerspectiveVerdict
from vouchsafe.domain.blocked_keys import KeyUse
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations, SerialClaim, Thumbprint
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.packets import IssuedListing
from vouchsafe.domain.reaudit import CHECKS, AuditCursor
from vouchsafe.services.letter_operators import for_reaudit
from vouchsafe.services.notification import TOLD
from vouchsafe.services.reauditing import Audited, Ports, audit_issued

_PLACES = [("primary", "ARIN")] + [
    (f"place-{n}", rir) for n, rir in enumerate(["RIPE", "APNIC"] * 3)
]
SEEN = tuple(
    PerspectiveVerdict(perspective=name, rir=rir, completed=True, passed=True)
    for name, rir in _PLACES
)


class AuditWorld:
    """Certificate 5001 of order 1001, issued and old enough to be looked at again."""

    def __init__(self, product: str = DV) -> None:
        self.issuance = IssuanceWorld(product=product)
        self.book, self.store = self.issuance.book, self.issuance.store
        items = tuple(
            replace(each, proof=replace(each.proof, perspectives=SEEN))
            for each in proven().items
            if each.proof
        )
        self.book.records[(Authorizations, 5001)] = replace(proven(), items=items)
        assert self.issuance.issue().outcome == "issued"
        self.issuance.clock.advance(timedelta(minutes=30))
        self.ports = Ports(
            ledger=self.book,
            issued=self.book,
            keys=self.book,
            issuers=self.book,
            store=self.store,
            linter=self.issuance.linter,
            clock=self.issuance.clock,
            entropy=self.issuance.ports.entropy,
            publication_url="http://ca.example.com",
        )

    def audit(self, limit: int = 100) -> Audited:
        return audit_issued(limit, ports=self.ports)

    def told(self) -> list[Any]:
        every = self.book.left_behind(FAR, 1000)
        return [each for each in every if each.kind is ChangeKind.REAUDIT_FOUND]

    # What faults are planted with, behind everybody's back.

    def certificate(self, **changed: Any) -> None:
        key = (Certificate, 5001)
        self.book.records[key] = replace(self.book.records[key], **changed)

    def part(self, name: str, **changed: Any) -> None:
        standing = getattr(self.book.records[(Certificate, 5001)], name)
        self.certificate(**{name: replace(standing, **changed)})

    def proof(self, **changed: Any) -> None:
        pack = self.book.records[(Authorizations, 5001)]
        first, *others = pack.items
        changed_one = replace(first, proof=replace(first.proof, **changed))
        self.items(changed_one, *others)

    def items(self, *items: Any) -> None:
        key = (Authorizations, 5001)
        self.book.records[key] = replace(self.book.records[key], items=items)

    def uses(self) -> list[KeyUse]:
        return [each for each in self.book.records.values() if isinstance(each, KeyUse)]

    def forget(self, kind: type) -> None:
        for key in [key for key in self.book.records if key[0] is kind]:
            del self.book.records[key]


def _badly_signed(world: AuditWorld) -> None:
    import hashlib

    der = bytearray(world.store.objects[5001])
    der[-1] ^= 1
    world.store.objects[5001] = bytes(der)
    world.part("issued", sha256=hashlib.sha256(der).hexdigest())


def _by_file_for_all_below(world: AuditWorld) -> None:
    world.proof(method=DcvMethodName.HTTP_FILE)


def _another_key(world: AuditWorld) -> None:
    csr = a_csr(key=a_key(label="another"))
    world.certificate(csr=csr.public_bytes(Encoding.DER))


def _another_shard(world: AuditWorld) -> None:
    shard = (world.book.records[(Certificate, 5001)].issued.shard + 1) % 4
    world.part("issued", shard=shard)
    world.part("intent", shard=shard)


def _one_name_less(world: AuditWorld) -> None:
    world.items(*world.book.records[(Authorizations, 5001)].items[1:])


def _badly_linted(world: AuditWorld) -> None:
    world.issuance.linter.findings = [Finding(Severity.ERROR, "a.new.rule", "is broken")]


def _claimed_by_another(world: AuditWorld) -> None:
    (key,) = [key for key in world.book.records if key[0] is SerialClaim]
    world.book.records[key] = replace(world.book.records[key], order_id=1002)


FAULTS: list[tuple[str, Callable[[AuditWorld], object]]] = [
    ("record", lambda w: w.certificate(status=CertificateStatus.CANCELLED)),
    ("record", lambda w: w.part("intent", serial=7)),
    ("stored", lambda w: w.part("issued", sha256="00" * 32)),
    ("signature", _badly_signed),
    ("intent", lambda w: w.part("intent", tbs=b"other")),
    ("names", _one_name_less),
    ("proofs", lambda w: w.proof(proven_at=MOMENT - timedelta(days=300))),
    ("methods", lambda w: w.proof(authorization_domain="ample.com")),
    ("methods", _by_file_for_all_below),
    ("quorum", lambda w: w.proof(perspectives=SEEN[:3])),
    ("quorum", lambda w: w.proof(perspectives=())),
    ("caa", lambda w: w.certificate(caa=None)),
    ("caa", lambda w: w.part("caa", permitted=False)),
    ("caa", lambda w: w.part("caa", good_until=MOMENT)),
    ("dates", lambda w: w.part("issued", not_after=FAR)),
    ("dates", lambda w: w.certificate(ends_at=MOMENT)),
    ("key", _another_key),
    ("gate", lambda w: w.certificate(product_id="ssl_securesite_flex")),
    ("lint", _badly_linted),
    ("crl", _another_shard),
    ("serial", lambda w: w.forget(SerialClaim)),
    ("serial", _claimed_by_another),
    ("thumbprint", lambda w: w.forget(Thumbprint)),
    ("use", lambda w: w.forget(KeyUse)),
    ("complete", lambda w: w.store.objects.clear()),
    ("complete", lambda w: w.store.objects.update({5001: b"no certificate"})),
    ("complete", lambda w: w.certificate(issued=None)),
    ("complete", lambda w: w.forget(Issuer)),
    ("complete", lambda w: w.forget(Authorizations)),
    ("complete", lambda w: w.forget(Certificate)),
]


@pytest.mark.parametrize("product", [DV, "ssl_securesite_flex", "ssl_ev_securesite_flex"])
def test_nothing_is_found_of_what_was_issued_rightly(product: str) -> None:
    world = AuditWorld(product)
    audited = world.audit()
    assert (audited.seen, audited.faults) == (1, {})
    assert world.told() == []


@pytest.mark.parametrize(("check", "plant"), FAULTS)
def test_a_planted_fault_is_found_and_nothing_else(
    check: str, plant: Callable[[AuditWorld], object]
) -> None:
    world = AuditWorld()
    world.book.commit(AuditCursor(at=MOMENT))
    plant(world)
    audited = world.audit()
    assert audited.seen == 1
    assert {fault.check for fault in audited.faults.get(5001, ())} == {check}


def test_every_check_has_a_fault_that_it_alone_finds() -> None:
    assert {check for check, _ in FAULTS} == {check.name for check in CHECKS} | {"complete"}


def test_a_fault_is_told_to_operators_alone_and_in_no_orders_log() -> None:
    world = AuditWorld()
    world.forget(Thumbprint)
    world.audit()
    (change,) = world.told()
    assert (change.account_id, change.subject, change.order_id) == (0, "certificate 5001", None)
    assert change.data["order_id"] == 1001
    assert change.data["faults"] == [
        "thumbprint: its thumbprint does not lead to its order (BR 5.4.1)"
    ]
    assert TOLD[change.kind] is for_reaudit  # operators, where they have an address


def test_the_row_that_a_sweep_finds_it_by_is_written_where_it_is_missing() -> None:
    world = AuditWorld()
    (before,) = world.uses()
    world.forget(KeyUse)
    world.audit()
    assert world.uses() == [before]


def test_a_certificate_whose_key_was_blocked_without_that_row_is_told_to_be_revoked() -> None:
    world = AuditWorld()
    (use,) = world.uses()
    world.forget(KeyUse)
    world.book.commit(a_blocked_key(spki_sha256=use.spki_sha256))
    told = [fault.detail for fault in world.audit().faults[5001]]
    assert any("revoke it" in detail for detail in told)
    assert world.uses() == []
    assert world.audit().seen == 0  # and holds up none behind it


def test_each_certificate_is_looked_at_once() -> None:
    world = AuditWorld()
    assert world.audit().seen == 1
    assert world.audit().seen == 0


def test_what_is_too_young_is_looked_at_the_next_time() -> None:
    world = AuditWorld()
    world.book.commit(
        IssuedListing(order_id=1009, certificate_id=5009, issued_at=world.ports.clock.now())
    )
    assert world.audit().seen == 1
    world.issuance.clock.advance(timedelta(hours=1))
    audited = world.audit()
    assert (audited.seen, list(audited.faults)) == (1, [5009])  # nothing is held about it


def test_many_are_looked_at_in_pages_up_to_the_limit() -> None:
    world = AuditWorld()
    for number in range(100):
        at = MOMENT + timedelta(minutes=6, seconds=number)
        world.book.commit(IssuedListing(order_id=9, certificate_id=6000 + number, issued_at=at))
    assert world.audit(limit=60).seen == 60
    assert world.audit(limit=60).seen == 41
    told = [each.subject for each in world.told()]
    assert sorted(told) == sorted(f"certificate {6000 + number}" for number in range(100))


@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_died_anywhere_tells_every_fault_once_in_the_end(after: bool) -> None:
    cuts = 0
    for at in range(1, 30):
        world = AuditWorld()
        world.forget(Thumbprint)
        tripwire = Tripwire(at, after=after)
        world.issuance.wire(tripwire)
        for _ in range(3):
            try:
                world.audit()
            except Cut:
                cuts += 1
        tripped = tripwire.tripped
        world.issuance.wire(Tripwire())
        assert len(world.told()) == 1
        if not tripped:
            break
    assert cuts >= 8
