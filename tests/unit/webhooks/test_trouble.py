"""People are told of a webhook that takes nothing: once, until something is taken again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.builders_accounts import an_organization
from tests.builders_webhooks import ENDPOINT, a_webhook
from tests.letter_gallery import PEOPLE
from tests.letter_world import World as Letters
from tests.unit.webhooks.hook_world import World
from vouchsafe.domain.changes import Change
from vouchsafe.domain.notices import Mail
from vouchsafe.domain.webhook_state import DEAD_AFTER, OPENS_AFTER


def mails(world: World) -> list[Mail]:
    """The mails that the changes of webhooks bring, in their order."""
    letters = Letters(people=PEOPLE, others=(an_organization(country="GB"),))
    changes = [each for each in world.book.records.values() if isinstance(each, Change)]
    for each in sorted(changes, key=lambda change: (change.at, change.change_id)):
        if each.subject.startswith("webhook"):
            letters.tell(each)
    return list(letters.mailer.sent)


def run_for(world: World, hours: float, *, events: bool = True) -> None:
    """Look at the webhook every five minutes, with an event each time."""
    for _ in range(int(hours * 12)):
        if events:
            world.happen()
        world.tell()
        world.clock.advance(timedelta(minutes=5))


def failing() -> World:
    world = World()
    world.add(a_webhook(endpoint=f"{ENDPOINT}/a-secret-in-the-path?key=another"))
    world.receiver.statuses[world.book.webhooks_of(1)[0].endpoint] = 500
    return world


def test_a_circuit_that_is_open_for_an_hour_is_told_once_to_administrators() -> None:
    world = failing()
    run_for(world, 0.9)
    assert world.state().circuit_open
    assert not mails(world), "a short outage is nobody's business"
    run_for(world, 30)
    (mail,) = mails(world)
    assert mail.to == ("boss@example.com",)
    assert "hooks.example.com has taken nothing since 2026-11-21 12:00 UTC" in mail.subject
    assert "secret" not in mail.text + mail.html
    assert "another" not in mail.text + mail.html


def test_each_opening_is_told() -> None:
    world = failing()
    run_for(world, 2)
    world.receiver.statuses.clear()
    run_for(world, 2)
    assert not world.state().circuit_open
    assert len(mails(world)) == 1
    world.receiver.statuses[world.book.webhooks_of(1)[0].endpoint] = 500
    run_for(world, 2)
    assert len(mails(world)) == 2


def test_a_quiet_webhook_that_does_not_take_its_one_event_for_a_day_is_told_too() -> None:
    world = failing()
    world.happen()
    run_for(world, 23.5, events=False)
    assert not mails(world)
    run_for(world, 2, events=False)
    (mail,) = mails(world)
    assert not world.state().circuit_open
    assert "has taken nothing" in mail.subject


def test_an_event_that_is_refused_beside_others_that_are_taken_is_not_told() -> None:
    world = World()
    world.add()
    world.receiver.refused = {1, 2, 3}
    run_for(world, 30)
    assert not mails(world)
    assert len(world.receiver.taken) == 30 * 12 - 3


@pytest.mark.parametrize("events", [1, OPENS_AFTER])
def test_that_it_was_switched_off_is_told(events: int) -> None:
    world = failing()
    while world.clock.now() - MOMENT < DEAD_AFTER + timedelta(hours=2):
        for _ in range(events):
            world.happen()
        world.tell()
        world.clock.advance(timedelta(minutes=61))
    first, second = mails(world)
    assert "has taken nothing" in first.subject
    assert second.subject.endswith("the webhook at hooks.example.com was switched off")
    assert "/changes?after=" in second.text
