"""Domains: the same over the fake and over DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_change, a_proof, an_account
from tests.builders_domains import a_domain, an_approval, with_row
from tests.contracts.aws import TABLE
from vouchsafe.adapters.dynamodb import DynamoDomains, DynamoLedger
from vouchsafe.domain.authorization import LookSummary
from vouchsafe.domain.domains import Domain, DomainRemoval, ProofHold
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.proofs import DomainProof


def _proof(domain: str = "example.com") -> DomainProof:
    proof = a_proof(authorization_domain=domain)
    return DomainProof(account_id=1, authorization_domain=domain, proof=proof, domain_id=801)


def _many(book: Any, count: int, **changed: Any) -> list[Domain]:
    """So many domains n0.example.com …, one container for all unless told otherwise."""
    made = []
    places = book.domains.domain_places(1, count)
    for number, place in enumerate(places):
        one = a_domain(domain_id=900 + place, place=place, name=f"n{place}.example.com")
        made.append(replace(one, container_id=3 + number % 2, **changed))
        book.ledger.commit(*with_row(made[-1]))
    return made


def test_a_domain_comes_back_as_it_was_written(book: Any) -> None:
    summary = LookSummary(looked_at=MOMENT, cause="value_differs", explanation="e", advice="a")
    domain = a_domain(last_look=summary, approval=an_approval(), emails=("admin@example.com",))
    book.ledger.commit(*with_row(domain))
    assert book.domains.domain(1, 801) == domain
    assert book.domains.domain_named(1, "example.com") == domain
    assert book.domains.known_domains(1, ["example.com", "example.net"]) == {"example.com": 801}


def test_another_account_has_nothing_of_it(book: Any) -> None:
    book.ledger.commit(*with_row(a_domain()))
    assert book.domains.domain(2, 801) is None
    assert book.domains.domain_named(2, "example.com") is None
    assert book.domains.known_domains(2, ["example.com"]) == {}
    assert book.domains.domains_page(2, container_id=None, offset=0, limit=9).total == 0
    book.ledger.commit(*with_row(a_domain(account_id=2, domain_id=802)))


def test_a_name_is_one_domain_of_an_account(book: Any) -> None:
    book.ledger.commit(*with_row(a_domain()))
    with pytest.raises(Conflict):
        book.ledger.commit(*with_row(a_domain(domain_id=802, place=1)))
    assert book.domains.domain(1, 802) is None
    assert book.domains.domains_page(1, container_id=None, offset=0, limit=9).total == 1


def test_a_domain_is_replaced_only_at_the_version_that_was_read(book: Any) -> None:
    book.ledger.commit(*with_row(a_domain()))
    book.ledger.commit(*with_row(a_domain(active=False, next_look_at=None, version=2)))
    with pytest.raises(Conflict):
        book.ledger.commit(a_domain(looks=1, version=2))
    found = book.domains.domain(1, 801)
    assert (found.active, found.next_look_at) == (False, None)
    page = book.domains.domains_page(1, container_id=None, offset=0, limit=9)
    assert [row.active for row in page.rows] == [False]
    assert page.total == 1


def test_places_are_given_once(book: Any) -> None:
    first, second = book.domains.domain_places(1, 3), book.domains.domain_places(1, 2)
    assert [*first, *second] == [0, 1, 2, 3, 4]
    assert list(book.domains.domain_places(2, 1)) == [0]


def test_pages_follow_one_another_in_the_order_domains_came(book: Any) -> None:
    made = _many(book, 7)
    names = []
    for offset in range(0, 8, 3):
        page = book.domains.domains_page(1, container_id=None, offset=offset, limit=3)
        assert page.total == 7
        names += [row.name for row in page.rows]
    assert names == [domain.name for domain in made]


def test_a_containers_domains_are_paged_by_themselves(book: Any) -> None:
    _many(book, 7)
    page = book.domains.domains_page(1, container_id=4, offset=1, limit=9)
    assert (page.total, [row.place for row in page.rows]) == (3, [3, 5])
    assert book.domains.domains_page(1, container_id=9, offset=0, limit=9).total == 0


def test_a_removed_domain_leaves_neither_name_nor_row_nor_proof(book: Any) -> None:
    made = _many(book, 3)
    gone = made[1]
    book.ledger.commit(_proof(gone.name), an_account())
    book.ledger.commit(a_change(), DomainRemoval(domain=gone))
    assert book.domains.domain(1, gone.domain_id) is None
    assert book.domains.known_domains(1, [gone.name]) == {}
    assert book.ledger.standing(1, [gone.name]).proofs == {}
    page = book.domains.domains_page(1, container_id=None, offset=1, limit=9)
    assert (page.total, [row.place for row in page.rows]) == (2, [2])
    book.ledger.commit(*with_row(replace(gone, domain_id=999, place=3)))
    assert book.domains.domains_page(1, container_id=None, offset=0, limit=9).total == 3


def test_a_domain_that_changed_is_not_removed_unseen(book: Any) -> None:
    book.ledger.commit(*with_row(a_domain()))
    book.ledger.commit(*with_row(a_domain(active=False, version=2)))
    with pytest.raises(Conflict):
        book.ledger.commit(a_change(), DomainRemoval(domain=a_domain()))
    assert book.domains.domain(1, 801) is not None
    assert book.domains.domains_page(1, container_id=None, offset=0, limit=9).total == 1


def test_what_is_due_comes_longest_overdue_first_and_goes_when_it_is_done(book: Any) -> None:
    late, later = MOMENT - timedelta(hours=2), MOMENT - timedelta(hours=1)
    book.ledger.commit(*with_row(a_domain(next_look_at=later)))
    other = a_domain(account_id=2, domain_id=802, next_look_at=late)
    book.ledger.commit(*with_row(other))
    ahead = a_domain(domain_id=803, place=1, name="example.net", next_look_at=MOMENT)
    book.ledger.commit(*with_row(ahead))
    assert [one.domain_id for one in book.domains.domains_due(MOMENT, 9)] == [802, 801]
    assert [one.domain_id for one in book.domains.domains_due(MOMENT, 1)] == [802]
    book.ledger.commit(replace(other, next_look_at=None, version=2))
    assert [one.domain_id for one in book.domains.domains_due(MOMENT, 9)] == [801]


def test_accounts_take_turns_however_many_domains_one_of_them_has(book: Any) -> None:
    for number in range(12):
        at = MOMENT - timedelta(hours=9) + timedelta(minutes=number)
        many = a_domain(
            domain_id=810 + number, place=number, name=f"n{number}.example.com", next_look_at=at
        )
        book.ledger.commit(*with_row(many))
    one = a_domain(account_id=2, domain_id=899, next_look_at=MOMENT - timedelta(minutes=1))
    book.ledger.commit(*with_row(one))
    due = [one.domain_id for one in book.domains.domains_due(MOMENT, 4)]
    assert due == [810, 899, 811, 812]


def test_a_held_proof_is_known_to_be_held_and_outlives_its_renewal(book: Any) -> None:
    hold = ProofHold(account_id=1, authorization_domain="example.com", held=True)
    book.ledger.commit(_proof())
    book.ledger.commit(hold)
    assert book.ledger.standing(1, ["example.com"]).proofs == {"example.com": None}
    book.ledger.commit(_proof())
    assert book.ledger.standing(1, ["example.com"]).proofs == {"example.com": None}
    book.ledger.commit(replace(hold, held=False))
    assert book.ledger.standing(1, ["example.com"]).proofs == {"example.com": _proof().proof}


def test_a_hold_without_a_proof_holds_what_comes_later(book: Any) -> None:
    hold = ProofHold(account_id=1, authorization_domain="example.com", held=True)
    book.ledger.commit(hold)
    assert book.ledger.standing(1, ["example.com"]).proofs == {"example.com": None}
    book.ledger.commit(replace(hold, held=False))
    assert book.ledger.standing(1, ["example.com"]).proofs == {}


class TestPagesOfALargeAccount:
    """Over DynamoDB alone: what a page costs, wherever it is."""

    @pytest.mark.parametrize("container_id", [None, 3])
    def test_a_page_anywhere_is_two_calls(self, dynamodb: Any, container_id: int | None) -> None:
        ledger = DynamoLedger(dynamodb, TABLE)
        counting = _Counting(dynamodb)
        domains = DynamoDomains(counting, TABLE)
        count, step = 1200, 40
        for place in range(0, count, step):  # the rest of the rows are made cheaply
            one = a_domain(domain_id=5000 + place, place=place, name=f"n{place}.example.com")
            ledger.commit(*with_row(one))
        counting.calls.clear()
        page = domains.domains_page(1, container_id=container_id, offset=27, limit=2)
        assert (page.total, [row.place for row in page.rows]) == (30, [1080, 1120])
        assert counting.calls == ["get_item", "query"]

    def test_rows_are_small_enough_for_a_thousand_in_one_call(self, dynamodb: Any) -> None:
        summary = LookSummary(looked_at=MOMENT, cause="c", explanation="e" * 300, advice="a" * 300)
        domain = a_domain(approval=an_approval(), last_look=summary, organization_id=601)
        DynamoLedger(dynamodb, TABLE).commit(*with_row(domain))
        key = {"pk": {"S": "DOMAINS#1"}, "sk": {"S": "0000000000"}}
        item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        assert 1500 * len(str(item)) < 1_500_000  # the text form is half as long again
        assert "last_look" not in item


class _Counting:
    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name not in {"exceptions", "meta"}:
            self.calls.append(name)
        return found
