"""What the service decides by itself is in the log, too: what it was, what it became, no secret."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, NAMES, TOKEN, a_request, an_order
from tests.fakes import Cut, FakeBook, FrozenClock, SeededEntropy, Tripwire
from tests.issuance_world import IssuanceWorld
from tests.revocation_world import issued
from tests.revocation_world import world as revocation_world
from tests.unit.validation.checking import Bench
from vouchsafe.domain.certificate import CertificateStatus, Revoked
from vouchsafe.domain.changes import Change
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import RequestKind, RequestStatus
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.announcing import announce_revocation
from vouchsafe.services.lapsing import attend_request


def told(book: FakeBook) -> dict[str, Change]:
    """The changes of a book by kind, each of which must be fit for the log."""
    found = {c.kind.value: c for c in book.records.values() if isinstance(c, Change)}
    for change in found.values():
        assert change.actor in {"system", "user 7", "user 8"}
        assert change.subject
        assert change.before or change.after
        assert TOKEN not in json.dumps(asdict(change), default=str)
    return found


def states(change: Change) -> tuple[Any, Any]:
    return change.before.get("status"), change.after.get("status")


def test_proven_names() -> None:
    bench = Bench()
    bench.publish(*NAMES)
    bench.check_at(MOMENT + timedelta(minutes=2))
    change = told(bench.book)["name_proven"]
    assert change.data["names"] == list(NAMES)
    assert (change.subject, states(change)) == ("certificate 5001", ("pending", "valid"))


def test_the_end_of_the_window() -> None:
    bench = Bench()
    bench.check_at(MOMENT + timedelta(hours=73))
    change = told(bench.book)["order_timed_out"]
    assert states(change) == ("pending", "invalid")
    assert change.after["status_reason"] == "timed_out"


def test_an_issued_certificate() -> None:
    world = IssuanceWorld()
    world.issue()
    change = told(world.book)["certificate_issued"]
    assert (change.actor, change.subject) == ("system", "certificate 5001")
    assert change.after["status"] == "valid"
    assert int(change.data["serial"], 16) in world.claimed()


def test_a_draft_that_the_linter_refuses() -> None:
    world = IssuanceWorld()
    world.linter.findings = [Finding(Severity.ERROR, "x", "is wrong", "BR 7.1")]
    world.issue()
    change = told(world.book)["order_rejected"]
    assert change.after == {"status": "invalid", "status_reason": "refused_by_lint"}


def test_an_intent_that_is_given_up() -> None:
    world = IssuanceWorld()
    tripwire = Tripwire()
    world.wire(tripwire)
    tripwire.at = _before_signing(tripwire)
    with pytest.raises(Cut):
        world.issue()
    (serial,) = world.claimed()
    world.clock.advance(timedelta(days=2))
    world.issue()
    change = told(world.book)["intent_given_up"]
    assert change.data == {"serial": f"{serial:032x}"}
    assert states(change) == ("processing", "pending")


def _before_signing(tripwire: Tripwire) -> int:
    """The number of the call that signs, in a world like that one."""
    other = IssuanceWorld()
    other.wire(tripwire)
    other.issue()
    number = tripwire.calls.index("signer.sign") + 1
    tripwire.calls.clear()
    return number


def test_a_revocation_that_is_published() -> None:
    reason = RevocationReason.KEY_COMPROMISE
    certificate = replace(
        issued(),
        status=CertificateStatus.REVOKED,
        revoked=Revoked(revoked_at=MOMENT, reason=reason, request_id=301),
    )
    request = a_request(status=RequestStatus.APPROVED, reviewer_id=8, reason=reason)
    book = revocation_world(certificate, an_order(status=OrderStatus.VALID), request)
    announce_revocation(1001, 301, ledger=book, clock=FrozenClock(MOMENT), entropy=SeededEntropy())
    change = told(book)["certificate_revoked"]
    assert (change.actor, states(change)) == ("user 8", ("valid", "revoked"))
    assert change.after["reason"] == reason.value


@pytest.mark.parametrize("lapses", [False, True])
def test_a_request_that_waits_for_too_long(lapses: bool) -> None:
    due = MOMENT + timedelta(days=1)
    request = a_request(
        kind=RequestKind.REVOKE, reminders=(due,), lapses_at=due if lapses else None
    )
    book = revocation_world(issued(), an_order(status=OrderStatus.VALID), request)
    dossier = book.order(1001)
    assert dossier is not None
    attend_request(dossier, request, ledger=book, clock=FrozenClock(due), entropy=SeededEntropy())
    changes = told(book)
    if lapses:
        assert states(changes["request_lapsed"]) == ("pending", "lapsed")
    else:
        assert changes["request_reminder_due"].after == {"reminded": 1}
    assert {change.actor for change in changes.values()} == {"system"}
