"""A compromised key: blocked for all, and everything that holds it revoked, whatever is cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import MOMENT, a_certificate, a_request, an_order
from tests.builders_keys import a_blocked_key, a_use
from tests.builders_pki import a_csr, a_key
from tests.fakes import Cut, FakeBook, FakeWorkflow, FrozenClock, SeededEntropy, Tripwire
from tests.revocation_world import issued
from vouchsafe.domain.blocked_keys import USES_AT_ONCE, key_hash
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import Request, RequestStatus
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.blocking import key_of, report_keys
from vouchsafe.services.recording import record_revocation
from vouchsafe.services.sweeping import Swept, sweep_blocked_keys
from vouchsafe.services.withdrawing import NOBODY, WithdrawalPorts

KEY = key_hash(key_of(a_certificate()))


class World:
    """A book of certificates with one key, each in an order of its own; every other one foreign."""

    def __init__(self, count: int = 2) -> None:
        self.book = FakeBook()
        self.workflow = FakeWorkflow()
        self.clock = FrozenClock(MOMENT)
        self.entropy = SeededEntropy()
        self.count = count
        for number in range(count):
            self.add(number)
        self.book.allocate(requests=1000)  # 301 is taken by the report

    def wire(self, tripwire: Tripwire) -> Tripwire:
        """From now on every call crosses this tripwire."""
        for part in (self.book, self.workflow):
            part._tripwire = tripwire  # noqa: SLF001
        return tripwire

    def add(self, number: int, **changed: Any) -> None:
        ids: dict[str, Any] = {"order_id": 1001 + number, "account_id": 1 + number % 2}
        certificate = issued(77 + number, certificate_id=5001 + number, **ids)
        self.book.commit(
            replace(certificate, **changed),
            an_order(status=OrderStatus.VALID, certificate_id=5001 + number, **ids),
            a_use(5001 + number, spki_sha256=KEY, **ids),
        )

    def report(self, **changed: Any) -> tuple[str, ...]:
        """Account 1's revocation of certificate 5001 for compromise, approved, and its task."""
        given: dict[str, Any] = {
            "status": RequestStatus.APPROVED,
            "decided_at": MOMENT,
            "reason": RevocationReason.KEY_COMPROMISE,
        }
        self.book.commit(a_request(**(given | changed)))
        return self.tell()

    def block(self) -> None:
        """The report, and an operator whom it convinced."""
        self.report()
        self.book.commit(a_blocked_key(spki_sha256=KEY))

    def tell(self) -> tuple[str, ...]:
        return report_keys(1001, 301, ledger=self.book, clock=self.clock, entropy=self.entropy)

    def sweep(self) -> Swept:
        ports = WithdrawalPorts(
            ledger=self.book,
            workflow=self.workflow,
            clock=self.clock,
            entropy=self.entropy,
        )
        return sweep_blocked_keys(keys=self.book, ports=ports)

    def run_machines(self) -> None:
        """What the revocation machine does with every execution that was started."""
        for order_id, request_id, _ in self.workflow.revocations:
            record_revocation(order_id, request_id, ledger=self.book, clock=self.clock)

    def statuses(self) -> list[CertificateStatus]:
        found = []
        for number in range(self.count):
            dossier = self.book.order(1001 + number)
            assert dossier is not None
            found.append(dossier.certificate(5001 + number).status)
        return found

    def requests(self) -> list[Request]:
        return [record for record in self.book.records.values() if isinstance(record, Request)]


REVOKED = CertificateStatus.REVOKED


def test_a_report_is_told_to_operators_and_blocks_nothing_by_itself() -> None:
    world = World()
    assert world.report() == (KEY,)
    assert world.book.blocked_key(KEY) is None
    (told,) = [c for c in world.book.records.values() if isinstance(c, Change)]
    assert (told.kind, told.account_id, told.actor) == (ChangeKind.KEY_REPORTED, 0, "user 7")
    assert told.data == {"spki_sha256": KEY, "account_id": 1}


class OneByOne(FakeBook):
    """A book that takes one record a commit, as a table takes no more than so many."""

    def commit(self, *records: Any) -> None:
        assert len(records) <= 1
        super().commit(*records)


def test_every_key_of_an_order_is_told_by_itself() -> None:
    world = World()
    sent = [a_csr(key=a_key(label=label)) for label in ("first", "second")]
    duplicates = [
        replace(
            issued(90 + n),
            certificate_id=6001 + n,
            order_id=1001,
            csr=csr.public_bytes(Encoding.DER),
        )
        for n, csr in enumerate(sent)
    ]
    world.book.commit(*duplicates)
    book = OneByOne()
    book.records = world.book.records
    world.book = book
    told = world.report(certificate_ids=(6001, 6002))
    assert len(set(told)) == 2
    kinds = [c.kind for c in book.records.values() if isinstance(c, Change)]
    assert kinds == [ChangeKind.KEY_REPORTED] * 2


def test_a_key_blocked_already_is_not_told_again() -> None:
    world = World()
    world.book.commit(a_blocked_key(spki_sha256=KEY))
    assert world.report() == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": RevocationReason.SUPERSEDED},
        {"reason": None},
        {"status": RequestStatus.PENDING, "decided_at": None},
        {"status": RequestStatus.REJECTED},
    ],
)
def test_nothing_else_is_told(changed: dict[str, Any]) -> None:
    world = World()
    assert world.report(**changed) == ()
    assert not [c for c in world.book.records.values() if isinstance(c, Change)]


def test_the_sweep_revokes_what_holds_the_key_in_every_account() -> None:
    world = World(3)
    world.block()
    assert world.sweep() == Swept(revoked=3)
    world.run_machines()
    assert world.statuses() == [REVOKED] * 3
    foreign = next(r for r in world.requests() if r.order_id == 1002)
    assert (foreign.account_id, foreign.requester_id, foreign.reason) == (
        2,
        NOBODY,
        RevocationReason.KEY_COMPROMISE,
    )
    block = world.book.blocked_key(KEY)
    assert block is not None
    assert (block.sweep_due, block.swept_to, block.revoked) == (None, 5003, 3)


def test_the_reporters_own_revocation_is_not_asked_for_again() -> None:
    world = World(1)
    world.block()
    world.sweep()
    assert [r.request_id for r in world.requests()] == [301]
    assert world.workflow.revocations == [(1001, 301, 1)]


def test_what_is_revoked_or_has_expired_is_left_alone() -> None:
    world = World(3)
    expired = replace(
        issued(78).issued,  # type: ignore[type-var]
        not_after=MOMENT - timedelta(seconds=1),
    )
    dossier = world.book.order(1002)
    assert dossier is not None
    world.book.commit(replace(dossier.newest, issued=expired, version=2))
    third = world.book.order(1003)
    assert third is not None
    world.book.commit(replace(third.newest, status=REVOKED, version=2))
    world.book.commit(a_blocked_key(spki_sha256=KEY))
    assert world.sweep() == Swept(revoked=1)
    assert [r.order_id for r in world.requests()] == [1001]


def test_a_key_with_more_certificates_than_a_pass_takes_is_swept_in_several() -> None:
    world = World(USES_AT_ONCE + 3)
    world.block()
    assert world.sweep().revoked == USES_AT_ONCE
    assert world.sweep().revoked == 3
    assert world.sweep().revoked == 0
    world.run_machines()
    assert set(world.statuses()) == {REVOKED}


def test_a_certificate_that_is_being_issued_keeps_the_sweep_open_until_it_is() -> None:
    world = World(3)
    middle = world.book.order(1002)
    assert middle is not None
    processing = replace(middle.newest, status=CertificateStatus.PROCESSING, version=2)
    world.book.commit(processing)
    world.block()
    assert world.sweep().revoked == 2
    world.clock.advance(timedelta(minutes=2))
    assert world.sweep().revoked == 1  # the one behind it is found to be under way
    world.book.commit(replace(processing, status=CertificateStatus.VALID, version=3))
    world.clock.advance(timedelta(minutes=2))
    world.sweep()
    world.run_machines()
    assert world.statuses() == [REVOKED] * 3
    world.clock.advance(timedelta(minutes=2))
    assert world.sweep() == Swept(revoked=0)
    assert len(world.requests()) == 3


def test_wherever_the_sweep_is_cut_the_next_pass_finishes_it() -> None:
    world = World(3)
    world.block()
    whole = world.wire(Tripwire())
    world.sweep()
    assert len(whole.calls) > 10
    for at in range(1, len(whole.calls) + 1):
        for after in (False, True):
            world = World(3)
            world.block()
            world.wire(Tripwire(at=at, after=after))
            with pytest.raises(Cut):
                world.sweep()
            world.wire(Tripwire())
            world.sweep()
            world.run_machines()
            assert world.statuses() == [REVOKED] * 3, (at, after)
            assert len(world.requests()) == 3


def test_trouble_with_one_key_stops_no_other() -> None:
    world = World(1)
    world.block()
    lost = a_blocked_key(spki_sha256="00" * 32)
    world.book.commit(a_use(4999, order_id=999, spki_sha256="00" * 32))
    world.book.commit(lost)
    swept = world.sweep()
    assert swept.revoked == 1
    assert [type(trouble) for trouble in swept.troubles] == [Unavailable]
