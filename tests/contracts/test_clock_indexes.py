"""Ports UndecidedRevocations and DomainAges: what the time index holds of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, a_request
from tests.builders_domains import a_domain, an_approval, with_row
from vouchsafe.domain.domain_ages import counts_until, domain_ageing_due
from vouchsafe.domain.dossier import Work
from vouchsafe.domain.requests import RequestKind, RequestStatus

DAY = timedelta(days=1)
ENDS = counts_until(an_approval())


def test_only_revocations_without_a_reminder_ahead_are_undecided(book: Any) -> None:
    ahead = (MOMENT + DAY,)
    waiting = a_request(reminders=ahead, reminded=1)
    book.ledger.commit(waiting)
    book.ledger.commit(a_request(request_id=302, reminders=ahead))
    book.ledger.commit(a_request(request_id=303, kind=RequestKind.NEW))
    book.ledger.commit(a_request(request_id=304, status=RequestStatus.REJECTED))
    old = a_request(request_id=305, order_id=1005, created_at=MOMENT - DAY)
    book.ledger.commit(old)
    found = [
        Work(order_id=1005, certificate_id=None, request_id=305, due_at=MOMENT - DAY),
        Work(order_id=1001, certificate_id=None, request_id=301, due_at=MOMENT),
    ]
    assert list(book.work.undecided(10)) == found
    assert list(book.work.undecided(1)) == found[:1]
    book.ledger.commit(replace(waiting, status=RequestStatus.APPROVED, version=2))
    assert list(book.work.undecided(10)) == found[:1]


def test_domains_come_by_the_next_notice_about_their_proof(book: Any) -> None:
    early = a_domain(approval=an_approval())
    later = a_domain(
        domain_id=802,
        place=1,
        name="example.net",
        approval=an_approval(told=1),
        next_look_at=None,
    )
    none = a_domain(domain_id=803, place=2, name="example.org")
    off = a_domain(domain_id=804, place=3, name="b.example", active=False, approval=an_approval())
    for each in (early, later, none, off):
        book.ledger.commit(*with_row(each))
    assert domain_ageing_due(early) == ENDS - 30 * DAY
    second = timedelta(seconds=1)
    assert list(book.domains.domains_ageing(ENDS - 30 * DAY - second, 10)) == []
    assert list(book.domains.domains_ageing(ENDS - 30 * DAY, 10)) == [early]
    assert list(book.domains.domains_ageing(ENDS - 7 * DAY, 10)) == [early, later]
    assert list(book.domains.domains_ageing(ENDS - 7 * DAY, 1)) == [early]


def test_a_domain_leaves_the_index_when_all_was_told(book: Any) -> None:
    domain = a_domain(approval=an_approval(told=2))
    book.ledger.commit(*with_row(domain))
    assert list(book.domains.domains_ageing(ENDS, 10)) == [domain]
    told = replace(domain, approval=an_approval(told=3), version=2)
    book.ledger.commit(*with_row(told))
    assert list(book.domains.domains_ageing(ENDS + DAY, 10)) == []
    assert book.domains.domain(1, 801) == told
