"""What somebody proves by the key settles the cases that wait for it, and operators see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.intake_world import REPORTER, SUBSCRIBER, IntakeWorld, a_proof, pem
from tests.tripwire import Cut
from tests.unit.intake.test_cases import OPERATOR
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.problem_reports import MOST_REPORTS, CaseStage
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.problem_clock import attend_cases
from vouchsafe.services.problem_settling import settle_case
from vouchsafe.services.problem_work import Verdict, decide


def revoke(world: IntakeWorld, reason: str = "keyCompromise", csr: str = "") -> Any:
    csr = csr or a_proof(world.challenge())
    fields = {"certificate": pem(), "csr": csr, "reason": reason}
    return world.post("revoke-by-key", fields)


def steps(world: IntakeWorld) -> list[Change]:
    """The steps of cases that the key's holder made, but for what is told to people."""
    found = [each for each in world.changes() if each.kind is ChangeKind.PROBLEM_CHANGED]
    return [each for each in found if each.actor == "key_holder" and "to" not in each.data]


def test_a_proof_decides_the_open_case_and_tells_everybody() -> None:
    world = IntakeWorld()
    world.report()
    world.mails()
    assert revoke(world).status == 202
    (case,) = world.cases()
    assert case.stage is CaseStage.DECIDED
    assert case.decision is not None
    assert (case.decision.actor, case.decision.reason) == (
        "key_holder",
        RevocationReason.KEY_COMPROMISE,
    )
    assert case.decision.done_at is not None
    (step,) = steps(world)
    assert (step.data["step"], step.subject) == ("decided", f"problem {case.case_id}")
    told = {each for mail in world.mails() for each in mail.to}
    assert {REPORTER, *SUBSCRIBER} <= told
    world.clock.advance(timedelta(hours=20))
    assert attend_cases(world.case_ports).reminded == 0, "its clock has stopped"
    assert len(world.workflow.revocations) == 1


def test_the_same_call_again_changes_nothing() -> None:
    world = IntakeWorld()
    world.report()
    world.report(problem="misuse")
    proof = a_proof(world.challenge())
    revoke(world, csr=proof)
    before = world.cases()
    revoke(world, csr=proof)
    revoke(world)
    assert world.cases() == before
    assert len(steps(world)) == 1


def test_a_case_that_reports_other_things_too_stays_open_and_says_what_was_done() -> None:
    world = IntakeWorld()
    world.report()
    world.report(problem="misuse", email="other@elsewhere.example")
    revoke(world)
    (case,) = world.cases()
    assert case.stage is CaseStage.WAITING
    (note,) = case.notes
    assert note.actor == "key_holder"
    assert "(keyCompromise). The key is blocked." in note.text
    assert [each.data["step"] for each in steps(world)] == ["noted"]


@pytest.mark.parametrize("reason", ["superseded", "unspecified"])
def test_another_reason_decides_nothing_and_is_noted(reason: str) -> None:
    world = IntakeWorld()
    world.report()
    revoke(world, reason)
    (case,) = world.cases()
    assert case.stage is CaseStage.WAITING
    assert [f"({reason})" in note.text for note in case.notes] == [True]


def test_of_an_expired_certificate_it_is_noted() -> None:
    world = IntakeWorld()
    world.clock.advance(timedelta(days=91))
    world.report()
    revoke(world)
    (case,) = world.cases()
    assert case.stage is CaseStage.WAITING
    assert case.notes[0].text.endswith("The key is blocked. The certificate has expired.")


@pytest.mark.parametrize("way", ["report", "revoke"])
def test_full_cases_before_the_newest_are_settled_too(way: str) -> None:
    world = IntakeWorld()
    world.limits.failures = [Unavailable("not asked")] * 200
    for _ in range(2 * MOST_REPORTS + 1):
        world.report()
    assert len(world.cases()) == 3
    if way == "report":
        world.report(csr=a_proof(world.challenge()))
    else:
        revoke(world)
    assert {case.stage for case in world.cases()} == {CaseStage.DECIDED}


def test_what_an_operator_decided_meanwhile_stands() -> None:
    world = IntakeWorld()
    world.report()
    (case,) = world.cases()
    verdict = Verdict(finding="It is a test key.")
    decide(case.case_id, verdict, OPERATOR, once=None, ports=world.case_ports)
    before = world.cases()
    settle_case(case.case_id, "another finding", world.ports)
    revoke(world)
    assert world.cases() == before


def test_a_call_that_was_cut_is_finished_by_its_repeat() -> None:
    cut = 0
    for at in range(1, 60):
        world = IntakeWorld()
        world.report()
        proof = a_proof(world.challenge())
        tripwire = world.world.tripwire
        tripwire.at, tripwire.after = len(tripwire.calls) + at, bool(at % 2)
        try:
            revoke(world, csr=proof)
        except Cut:
            cut += 1
        tripwire.at = 0
        revoke(world, csr=proof)
        assert world.cases()[0].stage is CaseStage.DECIDED
        assert len(steps(world)) == 1
        assert world.block is not None
    assert cut > 5
