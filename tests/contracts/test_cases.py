"""Reported problems and challenges: the fake, and the adapter over moto."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_certificate, an_order
from tests.builders_keys import a_case
from tests.contracts.aws import TABLE
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.domain.dossier import Thumbprint
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.key_challenges import new_challenge
from vouchsafe.domain.problem_reports import CaseNote, CaseStage, Decision, OpenCase
from vouchsafe.domain.revocation import RevocationReason

HOUR = timedelta(hours=1)


def decision(**changed: Any) -> Decision:
    reason = RevocationReason.PRIVILEGE_WITHDRAWN
    made = Decision(at=MOMENT, actor="operator 9", finding="x", reason=reason, revoke_at=MOMENT)
    return replace(made, **changed)


def test_a_case_comes_back_as_it_was_written(book: Any) -> None:
    note = CaseNote(at=MOMENT, actor="operator 9", text="한글")
    case = a_case(notes=(note,), decision=decision(), preliminary="y", preliminary_at=MOMENT)
    book.ledger.commit(case)
    assert book.cases.case(case.case_id) == case
    assert book.cases.case("01KAK0000000000000000000C9") is None
    with pytest.raises(Conflict):
        book.ledger.commit(case)


def test_cases_are_listed_by_their_stage_oldest_first(book: Any) -> None:
    waiting = [a_case(case_id=f"01KAK0000000000000000000D{n}") for n in (1, 3, 2)]
    done = a_case(decision=decision())
    for case in (*waiting, done):
        book.ledger.commit(case)
    ids = [each.case_id[-2:] for each in book.cases.cases(CaseStage.WAITING, "", 10)]
    assert ids == ["D1", "D2", "D3"]
    behind = book.cases.cases(CaseStage.WAITING, waiting[0].case_id, 1)
    assert [each.case_id[-2:] for each in behind] == ["D2"]
    assert book.cases.cases(CaseStage.DECIDED, "", 10) == [done]
    answered = replace(waiting[0], preliminary_at=MOMENT, version=2)
    book.ledger.commit(answered)
    assert book.cases.cases(CaseStage.ANSWERED, "", 10) == [answered]
    assert len(book.cases.cases(CaseStage.WAITING, "", 10)) == 2


def test_a_case_is_due_for_its_next_reminder_and_for_the_revocation_that_was_set(book: Any) -> None:
    case = a_case()
    book.ledger.commit(case)
    assert book.cases.cases_due(MOMENT + HOUR, 10) == []
    assert book.cases.cases_due(MOMENT + 2 * HOUR, 10) == [case]
    set_for = decision(revoke_at=MOMENT + 3 * HOUR)
    decided = replace(case, decision=set_for, version=2)
    book.ledger.commit(decided)
    assert book.cases.cases_due(MOMENT + 2 * HOUR, 10) == []
    assert book.cases.cases_due(MOMENT + 4 * HOUR, 10) == [decided]
    over = replace(decided, decision=replace(set_for, done_at=MOMENT), version=3)
    book.ledger.commit(over)
    assert book.cases.cases_due(MOMENT + 100 * HOUR, 10) == []


def test_a_serial_number_leads_to_the_newest_case(book: Any) -> None:
    assert book.cases.open_case(77) is None
    first = OpenCase(serial=77, case_id="01KAK0000000000000000000C1")
    book.ledger.commit(first)
    with pytest.raises(Conflict):
        book.ledger.commit(replace(first, case_id="01KAK0000000000000000000C2"))
    second = replace(first, case_id="01KAK0000000000000000000C2", version=2)
    book.ledger.commit(second)
    assert book.cases.open_case(77) == second


def test_a_challenge_is_spent_once(book: Any) -> None:
    made = new_challenge(77, MOMENT, bytes(16))
    book.ledger.commit(made)
    spent = replace(made, used_for="ab" * 32, version=2)
    book.ledger.commit(spent)
    assert book.cases.challenge(made.challenge) == spent
    assert book.cases.challenge("another") is None
    with pytest.raises(Conflict):
        book.ledger.commit(replace(spent, used_for="cd" * 32))


def test_the_table_forgets_a_challenge_and_no_case(dynamodb: Any) -> None:
    DynamoLedger(dynamodb, TABLE).commit(new_challenge(77, MOMENT, bytes(16)), a_case())
    items = dynamodb.scan(TableName=TABLE)["Items"]
    assert {each["entity"]["S"]: "ttl" in each for each in items} == {
        "challenge": True,
        "problem_case": False,
    }


def test_either_fingerprint_leads_to_the_order(book: Any) -> None:
    both = Thumbprint(sha1="ab" * 20, sha256="cd" * 32, order_id=1001, certificate_id=5001)
    book.ledger.commit(an_order(), a_certificate(), both)
    for digest in ("ab" * 20, "cd" * 32):
        assert book.ledger.order_of_thumbprint(digest).order.order_id == 1001
    assert book.ledger.order_of_thumbprint("ef" * 32) is None
