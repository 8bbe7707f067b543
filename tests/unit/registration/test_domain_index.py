"""Whatever an account has proven is one of its domains from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import (
    MOMENT,
    a_certificate,
    a_change,
    a_proof,
    a_random_value,
    an_authorization,
    an_order,
)
from tests.builders_domains import a_domain, an_approval, with_row
from tests.fakes import Cut, FakeBook, Tripwire
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.domains import Domain, DomainRemoval, approval_of
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.products import ValidationLevel
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.services.indexing import index_change

NAMES = ("www.example.com", "shop.example.com", "example.net")


def _book(tripwire: Tripwire | None = None) -> FakeBook:
    """Order 1001: two names proven at example.com, one at itself."""
    book = FakeBook(tripwire)
    book.allocate(domains=800)
    domains = ("example.com", "example.com", "example.net")
    proofs = [a_proof(authorization_domain=domain) for domain in domains]
    items = tuple(
        an_authorization(name, status=AuthorizationStatus.VALID, proof=proof)
        for name, proof in zip(NAMES, proofs, strict=True)
    )
    book.commit(
        an_order(container_id=3, container_name="Example Ltd"),
        a_certificate(),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
        *(
            DomainProof(account_id=1, authorization_domain=domain, proof=proof, order_id=1001)
            for domain, proof in dict(zip(domains, proofs, strict=True)).items()
        ),
    )
    return book


def _proven(*names: str) -> Change:
    change = a_change(kind=ChangeKind.NAME_PROVEN)
    return replace(change, data={"names": list(names or NAMES)})


def _domains(book: FakeBook) -> dict[str, Domain]:
    return {r.name: r for key, r in book.records.items() if key[0] is Domain}


def _index(book: FakeBook, change: Change | None = None) -> None:
    index_change(change or _proven(), ledger=book, names=book, domains=book)


def _added(book: FakeBook) -> list[Change]:
    changes = [record for key, record in book.records.items() if key[0] is Change]
    return [change for change in changes if change.kind is ChangeKind.DOMAIN_ADDED]


def test_each_proven_domain_of_an_order_is_a_domain_of_the_account() -> None:
    book = _book()
    _index(book)
    found = _domains(book)
    assert sorted(found) == ["example.com", "example.net"]
    domain = found["example.com"]
    proof = book.records[DomainProof, 1, "example.com"].proof
    assert domain.approval == approval_of(proof)
    assert (domain.random_value, domain.next_look_at) == (None, None)
    assert domain.kinds == (ValidationLevel.DV,)
    assert (domain.container_id, domain.container_name) == (3, "Example Ltd")
    assert len({each.domain_id for each in found.values()}) == 2
    assert book.domains_page(1, container_id=None, offset=0, limit=9).total == 2


def test_only_the_names_of_the_change_are_looked_up() -> None:
    book = _book()
    _index(book, _proven("example.net"))
    assert list(_domains(book)) == ["example.net"]


def test_doing_it_again_changes_nothing() -> None:
    book = _book()
    _index(book)
    before = _domains(book)
    _index(book)
    assert _domains(book) == before
    assert len(_added(book)) == 2
    assert {change.actor for change in _added(book)} == {"system"}


def test_a_newer_proof_is_noted_with_the_domain_there_is_an_older_is_not() -> None:
    book = _book()
    own = an_approval(proven_at=MOMENT - timedelta(days=50), value="_old")
    value = a_random_value(value="_" + "z" * 26)
    book.commit(*with_row(a_domain(approval=own, random_value=value)))
    _index(book)
    domain = _domains(book)["example.com"]
    assert domain.domain_id == 801
    assert domain.approval == approval_of(book.records[DomainProof, 1, "example.com"].proof)
    assert domain.next_look_at == a_domain().next_look_at  # its own value is still to be proven

    newest = an_approval(proven_at=MOMENT + timedelta(days=1))
    book.commit(*with_row(replace(domain, approval=newest, version=domain.version + 1)))
    _index(book)
    assert _domains(book)["example.com"].approval == newest


def test_a_domain_forgotten_meanwhile_stays_forgotten() -> None:
    book = _book()
    _index(book)
    book.commit(DomainRemoval(domain=_domains(book)["example.com"]))
    _index(book)
    assert list(_domains(book)) == ["example.net"]


def test_a_domain_proven_at_its_parent_makes_the_parent_a_domain() -> None:
    book = FakeBook()
    below = a_domain(name="shop.example.com")
    proof = a_proof(authorization_domain="example.com")
    book.commit(
        *with_row(below),
        DomainProof(account_id=1, authorization_domain="example.com", proof=proof, domain_id=801),
    )
    change = replace(
        a_change(kind=ChangeKind.DOMAIN_PROVEN),
        order_id=None,
        certificate_id=None,
        data={"domain_id": 801, "name": "shop.example.com"},
        after={"authorization_domain": "example.com"},
    )
    _index(book, change)
    assert sorted(_domains(book)) == ["example.com", "shop.example.com"]
    assert _domains(book)["example.com"].container_id == 3


@pytest.mark.parametrize("call", range(1, 8))
@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_dies_half_way_leaves_nothing_that_a_second_try_cannot_finish(
    call: int, after: bool
) -> None:
    tripwire = Tripwire(after=after)
    book = _book(tripwire)
    tripwire.at = len(tripwire.calls) + call
    with pytest.raises(Cut):
        _index(book)
    _index(book)
    assert sorted(_domains(book)) == ["example.com", "example.net"]
    assert len(_added(book)) == 2
