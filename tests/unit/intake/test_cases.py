"""What operators do with reported problems, and the clock over them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.intake_world import REPORTER, SUBSCRIBER, IntakeWorld
from vouchsafe.domain.accounts import Principal, Restriction, Role
from vouchsafe.domain.errors import ErrorCode, VouchsafeError
from vouchsafe.domain.problem_reports import CaseStage, ProblemCase
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.problem_clock import attend_cases
from vouchsafe.services.problem_work import Verdict, add_note, decide, report_preliminarily

HOUR = timedelta(hours=1)
OPERATOR = Principal(
    account_id=0,
    user_id=9,
    container_id=0,
    role=Role.OPERATOR,
    restriction=Restriction.NONE,
    key_id=91,
)
REVOKE = Verdict(finding="It was misused.", reason=RevocationReason.PRIVILEGE_WITHDRAWN)


def reported(**changed: Any) -> tuple[IntakeWorld, str]:
    """A world with one report, of which the mails were sent."""
    world = IntakeWorld()
    case_id = world.report(problem="misuse", **changed).json()["case"]
    world.mails()
    return world, case_id


def the_case(world: IntakeWorld) -> ProblemCase:
    (case,) = world.cases()
    return case


def decided(world: IntakeWorld, case_id: str, verdict: Verdict) -> ProblemCase:
    return decide(case_id, verdict, OPERATOR, once=None, ports=world.case_ports)


def test_operators_are_reminded_at_1_4_12_and_20_hours_and_the_age_grows() -> None:
    world, _ = reported()
    subjects, ages = [], []
    for _ in range(26):
        world.clock.advance(HOUR)
        ages.append(attend_cases(world.case_ports).oldest)
        attend_cases(world.case_ports)  # twice does no harm
        for mail in world.mails():
            assert mail.to == ("operators@ca.example",)
            subjects.append(mail.subject.split(" hours")[0].rpartition(" ")[2])
    assert subjects == ["1", "4", "12", "20"]
    assert ages[19:21] == [20 * HOUR, 21 * HOUR]


def test_reminders_that_were_slept_through_are_one() -> None:
    world, _ = reported()
    world.clock.advance(13 * HOUR)
    assert attend_cases(world.case_ports).reminded == 1
    assert the_case(world).reminded == 3


def test_the_preliminary_report_goes_to_each_by_himself_and_stops_the_clock() -> None:
    world, case_id = reported()
    world.report(email="other@elsewhere.example")
    world.report(email=REPORTER)
    world.mails()
    text = "The site is a copy; we wait for its owner."
    report_preliminarily(case_id, text, OPERATOR, once=None, ports=world.case_ports)
    mails = world.mails()
    assert sorted(each.to for each in mails) == [
        SUBSCRIBER,
        (REPORTER,),
        ("other@elsewhere.example",),
    ]
    assert all(text in each.text and "elsewhere" not in each.text for each in mails)
    world.clock.advance(30 * HOUR)
    passed = attend_cases(world.case_ports)
    assert (passed.reminded, passed.oldest) == (0, timedelta(0))
    assert the_case(world).stage is CaseStage.ANSWERED


def test_a_decision_revokes_with_its_reason_and_tells_everybody() -> None:
    world, case_id = reported()
    decided(world, case_id, REVOKE)
    assert world.workflow.revocations == []
    assert attend_cases(world.case_ports).carried_out == 1
    ((order_id, request_id, _),) = world.workflow.revocations
    dossier = world.book.order(order_id)
    assert dossier is not None
    assert dossier.request(request_id).reason is RevocationReason.PRIVILEGE_WITHDRAWN
    assert world.block is None
    mails = [each for each in world.mails() if "is revoked" in each.subject]
    assert sorted(each.to for each in mails) == [SUBSCRIBER, (REPORTER,)]
    assert all("It was misused." in each.text for each in mails)
    assert attend_cases(world.case_ports).carried_out == 0


def test_a_compromise_that_an_operator_believes_blocks_the_key() -> None:
    world, case_id = reported()
    verdict = Verdict(finding="We saw the key.", reason=RevocationReason.KEY_COMPROMISE)
    decided(world, case_id, verdict)
    attend_cases(world.case_ports)
    assert world.block is not None
    assert world.block.actor == "operator 9"


def test_a_revocation_may_be_set_for_a_day_within_the_rules() -> None:
    world, case_id = reported()
    at = MOMENT + timedelta(days=4)
    decided(world, case_id, Verdict(finding="x", reason=REVOKE.reason, revoke_at=at))
    assert attend_cases(world.case_ports).carried_out == 0
    world.clock.advance(timedelta(days=4))
    assert attend_cases(world.case_ports).carried_out == 1
    assert len(world.workflow.revocations) == 1


@pytest.mark.parametrize(
    ("reason", "after"),
    [
        (RevocationReason.KEY_COMPROMISE, timedelta(hours=1)),
        (RevocationReason.PRIVILEGE_WITHDRAWN, timedelta(days=5, hours=1)),
        (RevocationReason.PRIVILEGE_WITHDRAWN, -timedelta(hours=1)),
        (RevocationReason.SUPERSEDED, timedelta(hours=25)),
    ],
)
def test_a_moment_that_the_rules_do_not_allow_is_refused(
    reason: RevocationReason, after: timedelta
) -> None:
    world, case_id = reported()
    with pytest.raises(VouchsafeError) as refusal:
        decided(world, case_id, Verdict(finding="x", reason=reason, revoke_at=MOMENT + after))
    assert [flaw.field for flaw in refusal.value.flaws] == ["revoke_at"]
    assert the_case(world).decision is None


def test_a_case_is_decided_once_and_a_new_report_opens_another() -> None:
    world, case_id = reported()
    decided(world, case_id, Verdict(finding="Nothing is wrong with it."))
    assert "is not revoked" in " ".join(each.subject for each in world.mails())
    with pytest.raises(VouchsafeError) as refusal:
        decided(world, case_id, REVOKE)
    assert refusal.value.code is ErrorCode.CONFLICT
    assert attend_cases(world.case_ports).carried_out == 0
    assert world.report().json()["case"] != case_id


def test_a_note_is_for_operators_alone() -> None:
    world, case_id = reported()
    add_note(case_id, "Asked the bank.", OPERATOR, once=None, ports=world.case_ports)
    assert world.mails() == []
    assert the_case(world).notes[0].text == "Asked the bank."
    with pytest.raises(VouchsafeError) as refusal:
        add_note("01NOSUCHCASE", "x", OPERATOR, once=None, ports=world.case_ports)
    assert refusal.value.code is ErrorCode.NOT_FOUND
