"""Reviews, ages, policy lists, clearances: the fakes, and the adapters over moto."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.builders_accounts import (
    a_registration,
    a_review,
    a_validation,
    a_verified_user,
    an_identity,
    an_organization,
    some_evidence,
)
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.organization import OrganizationCheck, Submission
from vouchsafe.domain.policy_lists import MOST_BYTES, Clearance, Clearances, PolicyLists
from vouchsafe.domain.reviews import (
    LONGEST_FILE_NAME,
    LONGEST_NOTE,
    MOST_FILES,
    MOST_NOTES,
    ReviewApproval,
    ReviewNote,
    ReviewStatus,
)

_EV = OrganizationCheck.EV


def test_a_review_comes_back_as_it_was_written(book: Any) -> None:
    approval = ReviewApproval(
        check=_EV,
        identity=an_identity(registration=a_registration()),
        collected_at=MOMENT,
        approved_at=MOMENT,
        operator_id=9,
    )
    review = a_review(
        checks=(OrganizationCheck.OV, _EV),
        evidence=(some_evidence(),),
        notes=(ReviewNote(text="Called", added_at=MOMENT, operator_id=9),),
        registration=a_registration(),
        approvals=(approval,),
    )
    book.ledger.commit(review)
    assert book.reviews.review(701) == review
    assert book.reviews.review(702) is None


def test_a_review_moves_on_from_the_version_before(book: Any) -> None:
    book.ledger.commit(a_review())
    book.ledger.commit(a_review(version=2, reason="first"))
    with pytest.raises(Conflict):
        book.ledger.commit(a_review(version=2, reason="second"))
    assert book.reviews.review(701).reason == "first"


def test_the_queue_holds_open_reviews_of_all_accounts_the_longest_waiting_first(book: Any) -> None:
    later = MOMENT + timedelta(minutes=1)
    book.ledger.commit(a_review(review_id=10, submitted_at=later, account_id=2))
    book.ledger.commit(a_review(review_id=11, status=ReviewStatus.REJECTED))
    book.ledger.commit(a_review(review_id=9, submitted_at=later), a_review(review_id=12))
    queue = book.reviews.open_reviews(None, 10)
    assert [each.review_id for each in queue] == [12, 9, 10]
    assert [each.review_id for each in book.reviews.open_reviews(queue[0], 1)] == [9]
    assert [each.review_id for each in book.reviews.open_reviews(queue[1], 9)] == [10]
    assert list(book.reviews.open_reviews(queue[2], 9)) == []


def test_a_decided_review_leaves_the_queue_and_stays_with_its_organization(book: Any) -> None:
    book.ledger.commit(a_review())
    book.ledger.commit(a_review(status=ReviewStatus.APPROVED, version=2))
    newer = a_review(review_id=705, submitted_at=MOMENT + timedelta(days=1))
    book.ledger.commit(newer, a_review(review_id=706, organization_id=602))
    assert [each.review_id for each in book.reviews.open_reviews(None, 9)] == [706, 705]
    assert [each.review_id for each in book.reviews.reviews_of(1, 601, 9)] == [705, 701]
    assert [each.review_id for each in book.reviews.reviews_of(1, 601, 1)] == [705]
    assert list(book.reviews.reviews_of(2, 601, 9)) == []


def test_an_organization_keeps_what_it_is_submitted_and_validated_for(book: Any) -> None:
    organization = an_organization(
        validations=(a_validation(identity=an_identity(), review_id=701, told=1),),
        review_id=702,
        submissions=(Submission(check=_EV, submitted_at=MOMENT, reason="why"),),
        verified_users=(a_verified_user(user_id=7),),
    )
    book.ledger.commit(organization)
    assert book.accounts.organization(1, 601) == organization


def test_organizations_are_due_thirty_days_before_the_end_of_a_validation(book: Any) -> None:
    ends = MOMENT + timedelta(days=100)
    book.ledger.commit(
        an_organization(validations=(a_validation(validated_until=ends),)),
        an_organization(organization_id=602),
        an_organization(
            organization_id=603, account_id=2, validations=(a_validation(validated_until=MOMENT),)
        ),
        an_organization(organization_id=604, validations=(a_validation(told=2),)),
    )
    due = ends - timedelta(days=30)
    assert list(book.reviews.ageing(due - timedelta(seconds=1), 9)) == [(2, 603)]
    assert list(book.reviews.ageing(due, 9)) == [(2, 603), (1, 601)]
    assert list(book.reviews.ageing(due, 1)) == [(2, 603)]


def test_lists_are_empty_until_set_and_every_version_stays(book: Any) -> None:
    assert book.policies.lists() == PolicyLists()
    first = PolicyLists(denied_names=("bad.example.com",), set_at=MOMENT, operator_id=9, version=1)
    second = replace(first, high_risk_names=("pay.example.com",), denied_names=(), version=2)
    book.ledger.commit(first)
    book.ledger.commit(second)
    with pytest.raises(Conflict):
        book.ledger.commit(replace(second, reason="late"))
    assert book.policies.lists() == second
    assert book.policies.lists_at(1) == first
    assert book.policies.lists_at(2) == second
    assert book.policies.lists_at(3) is None


def test_the_largest_lists_fit_into_one_item(book: Any) -> None:
    names = tuple(f"n{n:04}.{'.'.join(['a' * 60] * 4)}" for n in range(MOST_BYTES // 249))
    lists = PolicyLists(denied_names=names, version=1)
    book.ledger.commit(lists)
    assert book.policies.lists() == book.policies.lists_at(1) == lists


def test_clearances_are_those_of_one_account(book: Any) -> None:
    given = Clearance(name="pay.example.com", reason="theirs", cleared_at=MOMENT, operator_id=9)
    clearances = Clearances(account_id=1, items=(given,), version=1)
    book.ledger.commit(clearances)
    assert book.policies.clearances(1) == clearances
    assert book.policies.clearances(2) == Clearances(account_id=2)


def test_the_fullest_review_fits_into_one_item(book: Any) -> None:
    long = "\uac00" * LONGEST_NOTE
    notes = tuple(ReviewNote(text=long, added_at=MOMENT, operator_id=9) for _ in range(MOST_NOTES))
    files = tuple(
        some_evidence(evidence_id=n + 1, name="\uac00" * LONGEST_FILE_NAME)
        for n in range(MOST_FILES)
    )
    review = a_review(notes=notes, evidence=files)
    book.ledger.commit(review)
    assert book.reviews.review(701) == review


def test_ids_of_reviews_are_given_too(book: Any) -> None:
    first = book.ledger.allocate(reviews=1).reviews[0]
    assert book.ledger.allocate(reviews=1).reviews[0] > first
