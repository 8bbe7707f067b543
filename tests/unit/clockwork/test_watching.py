"""What must not grow old is measured: CRLs, the re-audit, undecided revocations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.builders import MOMENT, a_request, an_issuer_record
from tests.fakes import FakeBook, FrozenClock
from vouchsafe.domain.approvals import reminders
from vouchsafe.domain.reaudit import AuditCursor
from vouchsafe.domain.requests import RequestKind, RequestStatus
from vouchsafe.domain.revocation import CrlState
from vouchsafe.services.watching import Watched, watch

HOUR = timedelta(hours=1)


def watched(book: FakeBook, after: timedelta) -> Watched:
    clock = FrozenClock(MOMENT + after)
    return watch(issuers=book, revocations=book, issued=book, requests=book, clock=clock)


def a_crl(shard: int, age_at_moment: timedelta) -> CrlState:
    return CrlState(
        issuer_id="test-ec-1",
        shard=shard,
        number=3,
        published_number=3,
        published_at=MOMENT - age_at_moment,
        next_update=MOMENT,
        etag='"e"',
    )


def a_book() -> FakeBook:
    book = FakeBook()
    book.commit(an_issuer_record(created_at=MOMENT - 9 * HOUR))
    return book


def test_nothing_made_nothing_old() -> None:
    none = timedelta()
    assert watched(FakeBook(), 9 * HOUR) == Watched(
        oldest_crl=none, audit_lag=none, undecided_revocations=0
    )


def test_the_oldest_of_all_shards_counts() -> None:
    book = a_book()
    book.commit(*(a_crl(shard, shard * HOUR) for shard in range(4)))
    assert watched(book, HOUR).oldest_crl == 4 * HOUR


def test_a_shard_that_was_never_published_is_as_old_as_its_issuer() -> None:
    book = a_book()
    book.commit(*(a_crl(shard, HOUR) for shard in range(3)))
    assert watched(book, HOUR).oldest_crl == 10 * HOUR


def test_an_issuer_whose_time_is_over_publishes_no_more() -> None:
    book = FakeBook()
    book.commit(an_issuer_record(not_after=MOMENT))
    assert watched(book, HOUR).oldest_crl == timedelta()


def test_the_re_audit_lags_by_as_much_as_its_cursor() -> None:
    book = a_book()
    assert watched(book, HOUR).audit_lag == 10 * HOUR
    book.commit(AuditCursor(at=MOMENT, version=1))
    assert watched(book, HOUR).audit_lag == HOUR


def test_a_revocation_that_all_reminders_were_given_of_counts_until_somebody_decides() -> None:
    book = a_book()
    moments = reminders(RequestKind.REVOKE, MOMENT)
    assert moments[-1] == MOMENT + 20 * HOUR
    request = a_request(reminders=moments, reminded=len(moments) - 1)
    book.commit(request)
    assert watched(book, 20 * HOUR).undecided_revocations == 0
    book.commit(replace(request, reminded=len(moments), version=2))
    assert watched(book, 21 * HOUR).undecided_revocations == 1
    decided = replace(request, reminded=4, status=RequestStatus.REJECTED, version=3)
    book.commit(decided)
    assert watched(book, 22 * HOUR).undecided_revocations == 0
