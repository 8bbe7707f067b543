"""Until when a revocation has to be published, and what is answered where nothing is left to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT, a_request, an_order
from tests.fakes import FakeBook, FakeWorkflow, FrozenClock, SeededEntropy
from tests.revocation_world import ADMINISTRATOR, issued, world
from tests.unit.api.driving import Api
from tests.unit.api.material import issue
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.errors import ErrorCode, VouchsafeError
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import Request, RequestKind, RequestStatus
from vouchsafe.domain.revocation import RevocationReason, revoke_by
from vouchsafe.services.revocation import CertificateTarget, request_revocation


@pytest.mark.parametrize("reason", [None, *RevocationReason])
def test_every_reason_has_its_clock(reason: RevocationReason | None) -> None:
    own_finding = reason is RevocationReason.PRIVILEGE_WITHDRAWN
    given = timedelta(days=5) if own_finding else timedelta(hours=24)
    assert revoke_by(reason, MOMENT) == MOMENT + given


def test_a_revocation_shows_its_clock_and_when_it_was_published() -> None:
    api = Api()
    issue(api)
    asked = a_request(kind=RequestKind.REVOKE, reason=RevocationReason.KEY_COMPROMISE)
    api.book.commit(asked)
    info = api.call("GET", "request/301").json
    assert info["revoke_by"] == "2026-11-22T12:00:00+00:00"
    assert "date_revoked" not in info
    done = replace(
        asked,
        status=RequestStatus.APPROVED,
        decided_at=MOMENT,
        done_at=MOMENT + timedelta(minutes=1),
        version=2,
    )
    api.book.commit(done)
    assert api.call("GET", "request/301").json["date_revoked"] == "2026-11-21T12:01:00+00:00"


def _ask(book: FakeBook, number: int = 5001, *, days: int = 0) -> Request:
    return request_revocation(
        CertificateTarget(number),
        ADMINISTRATOR,
        reason=RevocationReason.UNSPECIFIED,
        comments="",
        skip_approval=True,
        ledger=book,
        clock=FrozenClock(MOMENT + timedelta(days=days)),
        entropy=SeededEntropy(),
        workflow=FakeWorkflow(),
    )


def test_one_that_is_revoked_already_is_refused_and_stays_as_it_is() -> None:
    revoked = replace(issued(), status=CertificateStatus.REVOKED)
    book = world(revoked, an_order(status=OrderStatus.VALID))
    for _ in range(2):
        with pytest.raises(VouchsafeError, match="revoked already") as error:
            _ask(book)
        assert error.value.code is ErrorCode.CONFLICT
    dossier = book.order(1001)
    assert dossier is not None and dossier.requests == ()


def test_one_that_expired_can_be_revoked_so_that_its_key_can_be_reported() -> None:
    request = _ask(world(), days=400)
    assert request.status is RequestStatus.APPROVED


def test_one_that_was_replaced_is_revoked_alone() -> None:
    older, newer = issued(), issued(78, certificate_id=5002)
    book = world(older, newer, an_order(status=OrderStatus.VALID, certificate_id=5002))
    assert _ask(book).certificate_ids == (5001,)
    assert _ask(book, 5002).certificate_ids == (5002,)


def test_asking_twice_gives_the_same_request() -> None:
    book = world()
    assert _ask(book).request_id == _ask(book).request_id
