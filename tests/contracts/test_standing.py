"""An account's rules and proofs in one read: the same over the fake and over DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, a_proof, an_account
from tests.builders_accounts import an_organization
from vouchsafe.domain.proofs import DomainProof


def proof_of(domain: str, account_id: int = 1) -> DomainProof:
    return DomainProof(
        account_id=account_id,
        authorization_domain=domain,
        proof=a_proof(authorization_domain=domain),
        order_id=1001,
        certificate_id=5001,
    )


def test_rules_and_proofs_come_together(book: Any) -> None:
    book.ledger.commit(an_account(), proof_of("example.com"), proof_of("example.net"))
    standing = book.ledger.standing(1, ("example.com", "example.org"))
    assert standing.account == an_account()
    assert standing.proofs == {"example.com": proof_of("example.com").proof}


def test_another_accounts_proofs_are_not_ours(book: Any) -> None:
    book.ledger.commit(proof_of("example.com", account_id=2))
    standing = book.ledger.standing(1, ("example.com",))
    assert (standing.account, standing.proofs) == (None, {})


def test_the_newest_proof_of_a_domain_stands(book: Any) -> None:
    book.ledger.commit(proof_of("example.com"))
    newer = replace(a_proof(), proven_at=MOMENT + timedelta(days=3))
    book.ledger.commit(replace(proof_of("example.com"), proof=newer))
    assert book.ledger.standing(1, ("example.com",)).proofs == {"example.com": newer}


def test_more_domains_than_one_call_holds_are_all_found(book: Any) -> None:
    domains = [f"n{number}.example.com" for number in range(230)]
    for domain in (domains[0], domains[150], domains[-1]):
        book.ledger.commit(proof_of(domain))
    found = book.ledger.standing(1, domains).proofs
    assert set(found) == {domains[0], domains[150], domains[-1]}


def test_an_organization_comes_along_when_it_is_the_accounts_own(book: Any) -> None:
    mine, theirs = an_organization(organization_id=9), an_organization(organization_id=8)
    book.ledger.commit(an_account(), mine, replace(theirs, account_id=2))
    assert book.ledger.standing(1, organization_id=9).organization == mine
    assert book.ledger.standing(1, organization_id=8).organization is None
    assert book.ledger.standing(1).organization is None
