"""A domain's proof grows old: told 30 and 7 days before its end, and at its end, each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_proof
from tests.builders_domains import a_domain, an_approval, with_row
from tests.fakes import FakeBook, FrozenClock, SeededEntropy
from tests.letter_gallery import PEOPLE
from tests.letter_world import World as Letters
from vouchsafe.domain.audit import chained
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.domain_ages import counts_until, domain_ageing_due
from vouchsafe.domain.domains import Domain
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.shared_changes import told
from vouchsafe.services.ageing import Aged
from vouchsafe.services.ageing_domains import tell_domain_ages

DAY = timedelta(days=1)
#: Proven at MOMENT, in 2026: 200 days are not to be had, since from 2027-03-15 on 100 days hold.
ENDS = datetime(2027, 3, 15, tzinfo=UTC)
EXPIRING, EXPIRED = ChangeKind.DOMAIN_EXPIRING, ChangeKind.DOMAIN_EXPIRED


class Estate:
    """One domain, and whoever looks at its age."""

    def __init__(self, **changed: Any) -> None:
        self.book = FakeBook()
        self.clock = FrozenClock(MOMENT)
        self.entropy = SeededEntropy()
        given = {"approval": an_approval(), "next_look_at": None} | changed
        self.book.commit(*with_row(a_domain(**given)))

    def look(self, at: datetime) -> Aged:
        self.clock.advance(at - self.clock.now())
        return tell_domain_ages(
            domains=self.book, ledger=self.book, clock=self.clock, entropy=self.entropy
        )

    def told(self) -> list[tuple[ChangeKind, str, str]]:
        changes = [r for r in self.book.records.values() if isinstance(r, Change)]
        return [(c.kind, c.data["domain"], c.data["proven_until"]) for c in changes]

    def proven(self, domain: str, at: datetime) -> None:
        proof = a_proof(authorization_domain=domain, proven_at=at)
        self.book.commit(DomainProof(account_id=1, authorization_domain=domain, proof=proof))

    @property
    def domain(self) -> Domain:
        found = self.book.domain(1, 801)
        assert found is not None
        return found


def test_each_notice_is_given_once_when_it_is_due() -> None:
    estate = Estate()
    told = (EXPIRING, "example.com", ENDS.isoformat())
    assert estate.look(ENDS - 30 * DAY - timedelta(seconds=1)) == Aged(seen=0, told=0)
    assert estate.look(ENDS - 30 * DAY) == Aged(seen=1, told=1)
    assert estate.look(ENDS - 29 * DAY) == Aged(seen=0, told=0)
    assert estate.look(ENDS - 7 * DAY) == Aged(seen=1, told=1)
    assert estate.look(ENDS) == Aged(seen=1, told=1)
    assert estate.look(ENDS + 100 * DAY) == Aged(seen=0, told=0)
    assert estate.told() == [told, told, (EXPIRED, "example.com", ENDS.isoformat())]


def test_whoever_follows_the_feed_learns_which_domain_and_when() -> None:
    estate = Estate()
    estate.look(ENDS - 30 * DAY)
    (change,) = [r for r in estate.book.records.values() if isinstance(r, Change)]
    assert told(chained(change, 1, ""))["data"] == change.data


def test_who_was_away_for_long_tells_the_newest_alone() -> None:
    estate = Estate()
    estate.look(ENDS + DAY)
    assert [kind for kind, _, _ in estate.told()] == [EXPIRED]


def test_a_domain_proven_again_is_told_of_by_its_new_end() -> None:
    estate = Estate()
    estate.proven("example.com", MOMENT + 110 * DAY)
    assert estate.look(ENDS - 7 * DAY).told == 0
    assert estate.domain.approval is not None
    assert estate.domain.approval.proven_at == MOMENT + 110 * DAY
    estate.look(MOMENT + 211 * DAY)
    assert [kind for kind, _, _ in estate.told()] == [EXPIRED]


def test_a_domain_that_its_parents_proof_covers_for_longer_is_not_told_of() -> None:
    below = an_approval(authorization_domain="shop.example.com")
    estate = Estate(name="shop.example.com", approval=below)
    estate.proven("example.com", ENDS - 20 * DAY)
    estate.look(ENDS - 7 * DAY)
    assert estate.told() == []
    estate.look(ENDS + 80 * DAY)
    assert [kind for kind, _, _ in estate.told()] == [EXPIRED]


def test_a_domain_that_is_off_or_was_never_proven_is_not_told_of() -> None:
    for changed in ({"active": False}, {"approval": None}):
        estate = Estate(**changed)
        assert estate.look(ENDS + DAY) == Aged(seen=0, told=0)


def test_two_looks_at_once_tell_once() -> None:
    estate = Estate()
    plain: Any = estate.book.commit
    done: list[bool] = []

    def commit(*records: Any) -> None:
        if not done:
            done.append(True)
            estate.look(ENDS)
        plain(*records)

    estate.book.commit = commit  # type: ignore[method-assign]
    assert estate.look(ENDS).told == 0
    assert len(estate.told()) == 1


class Estates(Estate):
    """Six domains, proven over one day and the night after it; one came behind an order."""

    NAMES = (
        "a.example.net",
        "b.example.net",
        "c.example.net",
        "ordered.example.net",
        "late.example.net",
        "ko.example.net",
    )

    def __init__(self) -> None:
        super().__init__(active=False)
        for place, name in enumerate(self.NAMES, start=1):
            hours = 30 if name == "late.example.net" else place
            approval = an_approval(
                authorization_domain=name,
                proven_at=datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=hours),
            )
            behind = {"random_value": None} if name == "ordered.example.net" else {}
            domain = a_domain(
                domain_id=801 + place,
                place=place,
                name=name,
                approval=approval,
                next_look_at=None,
                locale="ko" if name == "ko.example.net" else "en",
                **behind,
            )
            self.book.commit(*with_row(domain))

    def changes(self) -> list[Change]:
        found = [r for r in self.book.records.values() if isinstance(r, Change)]
        return sorted(found, key=lambda change: (change.at, change.data["domain"]))

    def together(self) -> dict[str, Any]:
        """What the mail of each domain's change tells of; None: of that domain alone."""
        return {c.data["domain"]: c.data.get("together") for c in self.changes()}


LAST = datetime(2027, 4, 11, tzinfo=UTC)  # of the proofs of 1 January 2027


def test_domains_whose_proofs_end_on_one_day_are_told_of_by_one_mail() -> None:
    estates = Estates()
    assert estates.look(LAST - 30 * DAY - timedelta(seconds=1)).told == 0
    assert estates.look(LAST - 30 * DAY).told == 5, "each has a change of its own"
    assert estates.together() == {
        "a.example.net": ["a.example.net", "b.example.net", "c.example.net"],
        "b.example.net": [],
        "c.example.net": [],
        "ko.example.net": None,
        "ordered.example.net": [],
    }


def test_the_mails_of_a_day_name_each_domain_that_is_kept_once() -> None:
    estates = Estates()
    estates.look(LAST + 2 * DAY)
    assert [change.kind for change in estates.changes()] == [EXPIRED] * 6
    letters = Letters(people=PEOPLE)
    letters.book = estates.book
    letters.book.commit(*PEOPLE)
    for change in estates.changes():
        letters.tell(change)
    assert [mail.subject for mail in letters.mailer.sent] == [
        "a.example.net and 2 more names: the proof of control has ended",
        "ko.example.net: 도메인 소유 확인이 만료되었습니다",
        "late.example.net: the proof of control has ended",
    ]


def test_what_ended_is_not_told_before_it_ended() -> None:
    estates = Estates()
    estates.look(LAST - 7 * DAY)
    before = len(estates.changes())
    estates.look(LAST + DAY - timedelta(seconds=1))
    assert len(estates.changes()) == before + 1, "late.example.net ends in less than seven days"
    estates.look(LAST + DAY)
    assert [change.kind for change in estates.changes()][before + 1 :] == [EXPIRED] * 5


def test_another_stands_for_the_day_where_the_first_was_changed_meanwhile() -> None:
    estates = Estates()
    plain: Any = estates.book.commit
    refused: list[bool] = []

    def commit(*records: Any) -> None:
        if not refused:
            refused.append(True)
            raise Conflict("a.example.net was changed")
        plain(*records)

    estates.book.commit = commit  # type: ignore[method-assign]
    estates.look(LAST - 7 * DAY)
    assert estates.together()["b.example.net"] == ["b.example.net", "c.example.net"]
    assert estates.together()["c.example.net"] == []
    estates.look(LAST - 7 * DAY)
    assert estates.together()["a.example.net"] is None, "its own mail, by the next pass"


@pytest.mark.parametrize(
    ("proven", "method", "ends"),
    [
        (datetime(2026, 4, 1, 8, tzinfo=UTC), DcvMethodName.DNS_TXT, datetime(2026, 10, 18, 8)),
        (datetime(2026, 11, 21, tzinfo=UTC), DcvMethodName.DNS_TXT, datetime(2027, 3, 15)),
        (datetime(2027, 1, 1, tzinfo=UTC), DcvMethodName.DNS_TXT, datetime(2027, 4, 11)),
        (datetime(2028, 2, 1, tzinfo=UTC), DcvMethodName.DNS_TXT, datetime(2028, 5, 11)),
        (datetime(2028, 2, 1, tzinfo=UTC), DcvMethodName.EMAIL, datetime(2028, 3, 15)),
        (datetime(2029, 2, 1, tzinfo=UTC), DcvMethodName.DNS_TXT, datetime(2029, 3, 15)),
        (datetime(2029, 6, 1, tzinfo=UTC), DcvMethodName.DNS_TXT, datetime(2029, 6, 11)),
    ],
)
def test_a_proof_ends_by_the_limits_of_the_days_to_come(
    proven: datetime, method: DcvMethodName, ends: datetime
) -> None:
    approval = an_approval(proven_at=proven, method=method)
    assert counts_until(approval) == ends.replace(tzinfo=UTC)


def test_where_proofs_live_ten_days_the_first_notice_is_that_of_seven() -> None:
    domain = a_domain(approval=an_approval(proven_at=datetime(2029, 6, 1, tzinfo=UTC)))
    assert domain_ageing_due(domain) == datetime(2029, 6, 4, tzinfo=UTC)
