"""Addresses that notices cannot reach: marked by the mail system's word, left out, cleared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.mail_events import app
from tests.builders import MOMENT, a_change, a_user, an_order
from tests.fakes import SeededEntropy
from tests.letter_gallery import BOSS, PEOPLE
from tests.letter_world import World
from vouchsafe.adapters.ses_events import contact_reports_in
from vouchsafe.dependencies_mail import MailEvents
from vouchsafe.domain.accounts import UserStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.mail_marks import MailMark, MailState
from vouchsafe.domain.order import OrderDetails

EVENTS = Path(__file__).parents[3] / "events"
OPS = "ops@example.com"


def event(name: str) -> dict[str, Any]:
    return json.loads((EVENTS / f"mail_events-{name}.json").read_text())  # type: ignore[no-any-return]


def a_mark(email: str = OPS, **changed: Any) -> MailMark:
    mark = MailMark(account_id=1, email=email, state=MailState.BOUNCED, since=MOMENT)
    return replace(mark, **changed)


def take(world: World, told: dict[str, Any]) -> dict[str, Any]:
    given = MailEvents(
        clock=world.clock,
        entropy=SeededEntropy(),
        accounts=world.book,
        ledger=world.book,
        messages=world.book,
        domains=world.book,
    )
    return app.note(told, given)


def mark_of(world: World, email: str = OPS) -> MailMark | None:
    return world.book.mail_marks(1, [email]).get(email)


class TestMarking:
    @pytest.mark.parametrize(
        ("name", "state"), [("notice_bounce", "bounced"), ("notice_complaint", "complained")]
    )
    def test_a_notice_that_does_not_arrive_marks_the_address_with_its_account(
        self, name: str, state: str
    ) -> None:
        world = World()
        assert take(world, event(name)) == {"noted": 0, "marked": 1}
        mark = mark_of(world)
        assert mark is not None and (mark.state, mark.since) == (state, MOMENT)

    def test_the_same_report_again_changes_nothing(self) -> None:
        world = World()
        take(world, event("notice_bounce"))
        assert take(world, event("notice_bounce")) == {"noted": 0, "marked": 0}

    def test_a_complaint_outweighs_a_bounce_and_not_the_other_way_round(self) -> None:
        world = World()
        for name in ("notice_bounce", "notice_complaint", "notice_bounce"):
            take(world, event(name))
        mark = mark_of(world)
        assert mark is not None and (mark.state, mark.version) == ("complained", 2)

    @pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
    def test_a_full_mailbox_or_an_unclear_answer_marks_nobody(self, kind: str) -> None:
        told = event("notice_bounce")
        told["detail"]["bounce"]["bounceType"] = kind
        assert contact_reports_in(told) == []

    def test_of_several_possible_complainers_none_is_silenced(self) -> None:
        told = event("notice_complaint")
        told["detail"]["complaint"]["complainedRecipients"].append(
            {"emailAddress": "b@example.com"}
        )
        assert contact_reports_in(told) == []

    def test_each_of_several_bounced_addresses_is_marked(self) -> None:
        told = event("notice_bounce")
        told["detail"]["bounce"]["bouncedRecipients"].append({"emailAddress": "B@example.com"})
        world = World()
        assert take(world, told)["marked"] == 2
        assert mark_of(world, "b@example.com") is not None

    @pytest.mark.parametrize("account", ["0", "x", ""])
    def test_mails_of_no_account_mark_nobody(self, account: str) -> None:
        told = event("notice_bounce")
        told["detail"]["mail"]["tags"]["account_id"] = [account]
        assert contact_reports_in(told) == []

    def test_events_of_others_are_none_of_its_business(self) -> None:
        assert contact_reports_in(event("notice_bounce") | {"source": "else"}) == []
        assert contact_reports_in(event("bounce")) == []  # of an approval: noted with its order


class TestLeavingOut:
    def test_a_marked_address_gets_nothing_and_the_outcome_says_so(self) -> None:
        world = World(others=(a_mark(),))
        assert world.tell() == "told, 1 left out"
        assert [mail.to for mail in world.mailer.sent] == [("ada@example.com",)]

    def test_with_all_marked_nothing_is_sent(self) -> None:
        world = World(others=(a_mark(), a_mark("ada@example.com")))
        assert world.tell() == "nobody can be reached, 2 left out"
        assert world.mailer.sent == []

    def test_a_mark_counts_whatever_the_case_of_the_address(self) -> None:
        order = an_order(details=OrderDetails(notify=("OPS@Example.com",)))
        assert World(order=order, others=(a_mark(),)).tell() == "told, 1 left out"

    def test_another_accounts_mark_and_a_cleared_one_do_not_count(self) -> None:
        world = World(others=(a_mark(account_id=2), a_mark("ada@example.com", state=None)))
        assert world.tell() == "told"
        assert len(world.mailer.sent[0].to) == 2

    def test_people_who_are_not_active_get_nothing(self) -> None:
        for status in (UserStatus.INACTIVE, UserStatus.DELETED):
            world = World(people=(PEOPLE[0], a_user(status=status)))
            world.tell()
            assert world.mailer.sent[0].to == (OPS,)


class TestTelling:
    def change_after(self, world: World) -> Change:
        take(world, event("notice_bounce"))
        changes = [each for key, each in world.book.records.items() if key[0] is Change]
        (change,) = changes
        assert change.kind is ChangeKind.MAIL_BOUNCED
        return change

    def test_the_administrators_learn_of_it_and_the_marked_one_is_not_written_to(self) -> None:
        world = World(people=(PEOPLE[0], a_user(email=OPS), BOSS))
        assert world.tell(self.change_after(world)) == "told"
        (mail,) = world.mailer.sent
        assert mail.to == ("boss@example.com",)
        assert "Person: Ada Example" in mail.text and "user/7/mail-state" in mail.text

    def test_a_mark_once_cleared_is_set_again_by_the_next_bounce(self) -> None:
        world = World(others=(a_mark(state=None),))
        assert take(world, event("notice_bounce"))["marked"] == 1
        mark = mark_of(world)
        assert mark is not None and (mark.state, mark.version) == ("bounced", 2)


def test_every_notice_carries_the_account_it_is_of() -> None:
    world = World()
    world.tell(a_change(at=MOMENT + timedelta(hours=1)))
    assert ("account_id", "1") in world.mailer.sent[0].tags
    assert all(key != "message_id" for key, _ in world.mailer.sent[0].tags)
