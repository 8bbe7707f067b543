"""A revocation becomes one for keyCompromise when evidence comes, once, and keeps its date."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT, a_request, an_order
from tests.fakes import Cut, FakeBook, FakeWorkflow, FrozenClock, SeededEntropy, Tripwire
from tests.revocation_world import ADMINISTRATOR, SERIAL, issued, world
from vouchsafe.domain.certificate import CertificateStatus, Revoked
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.crls import revoked_entry
from vouchsafe.domain.errors import VouchsafeError
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import Request, RequestKind, RequestStatus
from vouchsafe.domain.revocation import RevocationReason, RevokedSerial
from vouchsafe.services.announcing import announce_revocation
from vouchsafe.services.recording import record_revocation
from vouchsafe.services.revocation import CertificateTarget, request_revocation
from vouchsafe.services.withdrawing import Withdrawal, WithdrawalPorts, withdraw_certificate

COMPROMISED, SUPERSEDED = RevocationReason.KEY_COMPROMISE, RevocationReason.SUPERSEDED
LATER = FrozenClock(MOMENT + timedelta(days=3))


def done(reason: RevocationReason = SUPERSEDED) -> Request:
    return a_request(
        kind=RequestKind.REVOKE,
        status=RequestStatus.APPROVED,
        decided_at=MOMENT,
        done_at=MOMENT,
        reason=reason,
    )


def a_revoked_book(reason: RevocationReason = SUPERSEDED) -> FakeBook:
    revoked = Revoked(revoked_at=MOMENT, reason=reason, request_id=301, published_at=MOMENT)
    certificate = issued(revoked=revoked)
    line = RevokedSerial(
        issuer_id="test-ec-1",
        shard=SERIAL % 4,
        serial=SERIAL,
        revoked_at=MOMENT,
        reason=reason,
        not_after=MOMENT + timedelta(days=199),
        certificate_id=5001,
        entry=revoked_entry(SERIAL, MOMENT, reason),
    )
    gone = replace(certificate, status=CertificateStatus.REVOKED)
    return world(gone, an_order(status=OrderStatus.VALID), done(reason), line)


def ask(book: FakeBook, reason: RevocationReason) -> Request:
    return request_revocation(
        CertificateTarget(5001),
        ADMINISTRATOR,
        reason=reason,
        comments="",
        skip_approval=True,
        ledger=book,
        clock=LATER,
        entropy=SeededEntropy(),
        workflow=FakeWorkflow(),
    )


def carry_out(book: FakeBook, request: Request) -> None:
    recorded = record_revocation(1001, request.request_id, ledger=book, clock=LATER)
    assert recorded["shards"] == [{"issuer_id": "test-ec-1", "shard": SERIAL % 4}]
    announce_revocation(
        1001, request.request_id, ledger=book, clock=LATER, entropy=SeededEntropy(3)
    )


def told(book: FakeBook) -> list[Change]:
    changes = [each for each in book.records.values() if isinstance(each, Change)]
    return [each for each in changes if each.kind is ChangeKind.CERTIFICATE_REVOKED]


def assert_compromised(book: FakeBook) -> None:
    (line,) = book.revoked("test-ec-1", SERIAL % 4)
    assert (line.reason, line.revoked_at) == (COMPROMISED, MOMENT)
    assert line.entry == revoked_entry(SERIAL, MOMENT, COMPROMISED)
    (change,) = told(book)
    assert change.before == {"status": "revoked", "reason": "superseded"}
    assert change.after == {"status": "revoked", "reason": "keyCompromise"}
    dossier = book.order(1001)
    assert dossier is not None and dossier.newest.revoked is not None
    assert dossier.newest.revoked.published_at == LATER.now()


def test_evidence_that_comes_later_changes_the_entry_and_is_told_once() -> None:
    book = a_revoked_book()
    request = ask(book, COMPROMISED)
    assert request.request_id != 301
    for _ in range(2):
        carry_out(book, request)
    assert_compromised(book)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 6))
def test_cut_at_any_call_it_is_finished_by_the_next_run(at: int, after: bool) -> None:
    book = a_revoked_book()
    request = ask(book, COMPROMISED)
    book._tripwire = Tripwire(at, after=after)  # noqa: SLF001
    with pytest.raises(Cut):
        carry_out(book, request)
    carry_out(book, request)
    assert_compromised(book)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [(COMPROMISED, COMPROMISED), (COMPROMISED, SUPERSEDED), (SUPERSEDED, SUPERSEDED)],
)
def test_nothing_else_changes_an_entry(
    standing: RevocationReason, reason: RevocationReason
) -> None:
    book = a_revoked_book(standing)
    with pytest.raises(VouchsafeError, match="revoked already"):
        ask(book, reason)
    (line,) = book.revoked("test-ec-1", SERIAL % 4)
    assert (line.reason, line.version) == (standing, 1)


@pytest.mark.parametrize(
    ("days", "asked"), [(3, True), (199, True), (200, False)], ids=["valid", "last", "over"]
)
def test_a_sweep_attends_to_what_was_revoked_for_less(days: int, asked: bool) -> None:
    book, workflow = a_revoked_book(), FakeWorkflow()
    clock = FrozenClock(MOMENT + timedelta(days=days))
    ports = WithdrawalPorts(ledger=book, workflow=workflow, clock=clock, entropy=SeededEntropy())
    wish = Withdrawal(reason=COMPROMISED, comments="", actor="system")
    assert withdraw_certificate(1001, 5001, wish, ports) is asked
    assert withdraw_certificate(1001, 5001, wish, ports) is asked
    assert len(set(workflow.revocations)) == asked


def test_a_wish_for_less_is_asked_for_beside_and_stays_behind() -> None:
    book = world()
    ask(book, SUPERSEDED)
    worse = ask(book, COMPROMISED)
    assert worse.reason is COMPROMISED
    assert ask(book, COMPROMISED) == worse
