"""Asking for a revocation and deciding about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import (
    MOMENT,
    a_certificate,
    an_account,
    an_order,
)
from tests.fakes import FakeBook, FakeWorkflow, FrozenClock, SeededEntropy
from tests.revocation_world import ADMINISTRATOR, MANAGER, issued, world
from vouchsafe.domain.accounts import Principal
from vouchsafe.domain.certificate import CertificateKind, CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.errors import ErrorCode, VouchsafeError
from vouchsafe.domain.requests import Request, RequestStatus
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.decisions import decide_request
from vouchsafe.services.opening import ValidationTimes
from vouchsafe.services.revocation import (
    CertificateTarget,
    OrderTarget,
    SerialTarget,
    Target,
    request_revocation,
)


class Desk:
    """A book with one issued certificate, and the two calls under test bound to it."""

    def __init__(self) -> None:
        self.book: FakeBook = world()
        self.workflow = FakeWorkflow()
        self.ports = {
            "ledger": self.book,
            "clock": FrozenClock(MOMENT),
            "entropy": SeededEntropy(),
            "workflow": self.workflow,
        }

    def ask(
        self,
        target: Target = CertificateTarget(5001),  # noqa: B008  frozen
        principal: Principal = ADMINISTRATOR,
        *,
        skip: bool = False,
    ) -> Request:
        return request_revocation(
            target,
            principal,
            reason=RevocationReason.SUPERSEDED,
            comments="moved",
            skip_approval=skip,
            **self.ports,  # type: ignore[arg-type]
        )

    def decide(self, request: Request, principal: Principal, *, approve: bool = True) -> Request:
        return decide_request(
            request.request_id,
            principal,
            approve=approve,
            comment="ok",
            times=ValidationTimes(window=timedelta(hours=72), first_gap=timedelta(minutes=1)),
            policies=self.book,
            **self.ports,  # type: ignore[arg-type]
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_request_waits_for_a_decision_and_changes_nothing_yet(desk: Desk) -> None:
    request = desk.ask()
    assert request.status is RequestStatus.PENDING
    assert desk.workflow.revocations == []
    dossier = desk.book.order(1001)
    assert dossier is not None and dossier.newest.status is CertificateStatus.VALID


@pytest.mark.parametrize("target", [CertificateTarget(5001), SerialTarget(77), OrderTarget(1001)])
def test_a_certificate_is_found_by_its_id_its_serial_or_its_order(
    desk: Desk, target: Target
) -> None:
    assert desk.ask(target).certificate_ids == (5001,)


def test_asking_twice_for_the_same_gives_the_same_request(desk: Desk) -> None:
    assert desk.ask().request_id == desk.ask().request_id


def test_an_administrator_may_skip_the_decision(desk: Desk) -> None:
    request = desk.ask(skip=True)
    assert request.status is RequestStatus.APPROVED
    assert desk.workflow.revocations == [(1001, request.request_id, 1)]


def test_anybody_else_asking_to_skip_waits_all_the_same(desk: Desk) -> None:
    assert desk.ask(principal=MANAGER, skip=True).status is RequestStatus.PENDING


def test_approving_starts_the_revocation_and_says_who_decided(desk: Desk) -> None:
    request = desk.decide(desk.ask(), ADMINISTRATOR)
    assert (request.status, request.reviewer_id) == (RequestStatus.APPROVED, 7)
    assert desk.workflow.revocations == [(1001, request.request_id, 1)]
    changes = desk.book.left_behind(MOMENT + timedelta(days=1), 10)
    kinds = {change.kind for change in changes}
    assert kinds == {ChangeKind.REQUEST_CREATED, ChangeKind.REQUEST_APPROVED}


def test_approving_twice_is_one_decision(desk: Desk) -> None:
    request = desk.ask()
    first = desk.decide(request, ADMINISTRATOR)
    assert desk.decide(request, ADMINISTRATOR) == first


def test_a_rejected_request_starts_nothing_and_cannot_be_approved_later(desk: Desk) -> None:
    request = desk.ask()
    desk.decide(request, ADMINISTRATOR, approve=False)
    with pytest.raises(VouchsafeError) as refused:
        desk.decide(request, ADMINISTRATOR)
    assert refused.value.code is ErrorCode.CONFLICT
    assert desk.workflow.revocations == []


def test_a_manager_may_not_decide_his_own_request(desk: Desk) -> None:
    request = desk.ask(principal=MANAGER)
    with pytest.raises(VouchsafeError) as refused:
        desk.decide(request, MANAGER)
    assert (refused.value.code, refused.value.subject) == (ErrorCode.FORBIDDEN, "invalid_approver")


def test_another_accounts_certificate_is_unknown(desk: Desk) -> None:
    stranger = replace(ADMINISTRATOR, account_id=2)
    with pytest.raises(VouchsafeError) as foreign:
        desk.ask(principal=stranger)
    with pytest.raises(VouchsafeError) as unknown:
        desk.ask(CertificateTarget(999999))
    assert str(foreign.value) == str(unknown.value)
    assert foreign.value.code is unknown.value.code is ErrorCode.NOT_FOUND


def test_nothing_to_revoke_is_said_as_such() -> None:
    desk = Desk()
    desk.book = world(a_certificate(), an_order())
    desk.ports["ledger"] = desk.book
    with pytest.raises(VouchsafeError, match="Nothing was issued yet"):
        desk.ask()


def test_a_whole_order_is_not_revoked_while_a_reissue_is_under_way_one_certificate_is() -> None:
    desk = Desk()
    reissue = a_certificate(certificate_id=5002, kind=CertificateKind.REISSUE)
    desk.book = world(issued(), an_order(certificate_id=5002), reissue)
    desk.ports["ledger"] = desk.book
    with pytest.raises(VouchsafeError, match="under way"):
        desk.ask(OrderTarget(1001))
    assert desk.ask(CertificateTarget(5001)).certificate_ids == (5001,)


def test_a_request_for_the_whole_order_covers_its_certificates_but_not_the_other_way() -> None:
    desk = Desk()
    one = desk.ask(CertificateTarget(5001))
    whole = desk.ask(OrderTarget(1001))
    assert whole.request_id != one.request_id
    assert whole.whole_order
    assert not one.whole_order


def test_skipping_approves_the_request_that_waits_already(desk: Desk) -> None:
    waiting = desk.ask()
    approved = desk.ask(skip=True)
    assert (approved.request_id, approved.status) == (waiting.request_id, RequestStatus.APPROVED)
    assert desk.workflow.revocations == [(1001, waiting.request_id, 1)]


def test_people_are_reminded_of_a_revocation_and_it_never_lapses(desk: Desk) -> None:
    request = desk.ask()
    hours = [(moment - MOMENT).total_seconds() / 3600 for moment in request.reminders]
    assert hours == [1, 4, 12, 20]
    assert request.lapses_at is None


def test_who_wants_a_second_person_lets_nobody_decide_his_own_nor_skip() -> None:
    desk = Desk()
    desk.book.commit(an_account(two_person=True))
    request = desk.ask(skip=True)
    assert request.status is RequestStatus.PENDING
    with pytest.raises(VouchsafeError) as refused:
        desk.decide(request, ADMINISTRATOR)
    assert refused.value.subject == "invalid_approver"
    other = replace(ADMINISTRATOR, user_id=70)
    assert desk.decide(request, other).status is RequestStatus.APPROVED


def test_an_account_can_forbid_skipping() -> None:
    desk = Desk()
    desk.book.commit(an_account(may_skip_approval=False))
    assert desk.ask(skip=True).status is RequestStatus.PENDING
