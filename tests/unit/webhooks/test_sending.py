"""Webhooks are told everything, in order, at least once, and none waits for another."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.builders_webhooks import ENDPOINT, SIGNING_SECRET, a_webhook, a_webhook_state
from tests.tripwire import Cut
from tests.unit.webhooks.hook_world import World
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.webhook_state import DEAD_AFTER, LEASE, MOST_ASIDE, OPENS_AFTER, PAUSES
from vouchsafe.domain.webhooks import (
    Errand,
    ErrandKind,
    Outcome,
    WebhookStatus,
    is_token,
    signature,
)
from vouchsafe.outgoing_ports import PostCause

OTHER = "https://other.example.net/"


def test_events_come_in_order_signed_and_with_the_owners_key() -> None:
    world = World()
    world.add(a_webhook(has_key=True, key_version=1), key="k" * 32)
    changes = [world.happen() for _ in range(3)]
    assert world.tell() == {
        "webhook_id": 901,
        "delivered": 3,
        "failed": 0,
        "more": False,
        "version": 5,
    }
    assert world.receiver.numbers(ENDPOINT) == [1, 2, 3]
    _, body, headers = world.receiver.got[0]
    assert json.loads(body)["event"] == "certificate_revoked"
    assert json.loads(body)["data"] == {"order_id": 1001, "certificate_id": 5001}
    assert headers["X-Vouchsafe-Signature"] == signature(SIGNING_SECRET, MOMENT, body)
    assert headers["X-WEBHOOK-KEY"] == "k" * 32
    assert headers["X-Vouchsafe-Event-Id"] == changes[0].change.change_id
    assert world.tell()["delivered"] == 0


def test_what_is_not_listed_or_was_before_the_activation_is_not_told() -> None:
    world = World()
    world.happen()
    world.add(a_webhook(after=1))
    world.happen(ChangeKind.ORDER_PLACED)
    world.happen(ChangeKind.ORDER_TIMED_OUT)
    world.tell()
    assert world.receiver.numbers(ENDPOINT) == [3]
    assert json.loads(world.receiver.got[0][1])["event"] == "order_rejected"
    assert world.state().cursor == 3


@pytest.mark.parametrize("seed", range(12))
def test_a_sender_that_is_killed_anywhere_repeats_and_never_loses(seed: int) -> None:
    """Repeats are as many as kills between a post and its note, at most one a kill."""
    world = World()
    world.add()
    wanted, kills = _troubled(world, random.Random(seed), moody=False)
    world.clock.advance(LEASE)
    world.tell()
    shown = world.receiver.numbers(ENDPOINT)
    assert sorted(set(shown)) == list(range(1, wanted + 1)), "nothing is lost"
    assert shown == sorted(shown), "where nothing is refused the order is kept, repeats included"
    assert kills > 3
    assert len(shown) - wanted <= kills
    ids = {h["X-Vouchsafe-Event-Id"] for _, _, h in world.receiver.got}
    assert len(ids) == wanted, "a repeat has the id of the first"


@pytest.mark.parametrize("seed", range(12))
def test_a_sender_that_is_killed_anywhere_loses_nothing_that_was_refused(seed: int) -> None:
    """The endpoint takes other events each time, or none; each is taken once, or again per kill."""
    world = World()
    world.add()
    wanted, kills = _troubled(world, random.Random(seed), moody=True)
    refusals = len(world.receiver.got) - len(world.receiver.taken)
    world.receiver.refused.clear()
    world.receiver.statuses.clear()
    world.clock.advance(timedelta(hours=1, minutes=1))
    world.tell()
    taken = world.receiver.taken
    assert sorted(set(taken)) == list(range(1, wanted + 1)), "nothing is lost"
    assert len(taken) - wanted <= kills
    assert kills > 3
    assert refusals > 5
    assert not world.state().aside
    assert Outcome.GIVEN_UP not in {each.outcome for each in world.book.deliveries}


def _troubled(world: World, dice: random.Random, *, moody: bool) -> tuple[int, int]:
    """Twenty events or so and sixty runs, many of them cut; how many events, and how many cuts."""
    kills, wanted = 0, 0
    for _ in range(60):
        if wanted < 20 and dice.random() < 0.6:
            world.happen()
            wanted += 1
        if moody:
            world.receiver.refused = {n for n in range(1, 21) if dice.random() < 0.4}
            world.receiver.statuses = {ENDPOINT: 500} if dice.random() < 0.2 else {}
        soon = dice.randrange(1, 14) if dice.random() < 0.5 else 10**9
        world.tripwire.at = len(world.tripwire.calls) + soon
        world.tripwire.after = dice.random() < 0.5
        try:
            world.tell()
        except Cut:
            kills += 1
        except Unavailable:
            pass  # who died holds it for a while
        world.tripwire.at = 0
        world.clock.advance(timedelta(seconds=dice.choice((5, 100))))
    return wanted, kills


def test_an_endpoint_that_is_dead_holds_up_no_other() -> None:
    world = World()
    world.add()
    world.add(a_webhook(webhook_id=902, endpoint=OTHER))
    world.receiver.statuses[ENDPOINT] = 500
    change = world.happen()
    assert world.wake(change) == 2
    assert [(number, why) for _, number, why in world.line.woken] == [
        (901, change.change.change_id),
        (902, change.change.change_id),
    ]
    assert world.tell(901)["failed"] == 1
    assert world.tell(902)["delivered"] == 1
    world.happen()
    assert world.tell(901)["failed"] == 1
    assert world.tell(902)["delivered"] == 1


def test_the_circuit_opens_when_five_events_in_a_row_are_refused_and_one_success_closes_it() -> (
    None
):
    world = World()
    world.add()
    world.receiver.statuses[ENDPOINT] = 503
    for _ in range(OPENS_AFTER + 3):
        world.happen()
    ran = world.tell()
    assert (ran["failed"], ran["more"]) == (OPENS_AFTER, False), "those behind wait"
    assert world.state().circuit_open
    (opened,) = _webhook_changes(world)
    assert (opened.before, opened.after) == ({"circuit": "closed"}, {"circuit": "open"})
    for seconds in PAUSES[:4]:
        assert world.state().due_at == world.clock.now() + timedelta(seconds=seconds)
        world.happen()
        assert world.tell()["failed"] == 0, "it is too early"
        assert world.sweep() == 0
        world.clock.advance(timedelta(seconds=seconds + 1))
        assert world.sweep() == 1
        world.receiver.got.clear()
        assert world.tell()["failed"] == 1
    world.receiver.statuses.clear()
    world.clock.advance(timedelta(seconds=PAUSES[4]))
    assert world.tell()["delivered"] == OPENS_AFTER + 7
    assert not world.state().circuit_open
    assert not world.state().aside
    assert sorted(world.receiver.taken) == list(range(1, OPENS_AFTER + 8)), "nothing is lost"
    assert [c.after for c in _webhook_changes(world)] == [
        {"circuit": "open"},
        {"circuit": "closed"},
    ]
    assert world.book.deliveries[0].first_bytes == "thank you?"
    assert world.sweep() == 0


def test_an_event_that_is_refused_is_set_aside_and_the_others_go_on() -> None:
    world = World()
    world.add()
    world.receiver.refused = {2}
    for _ in range(4):
        world.happen()
    world.tell()
    assert world.receiver.numbers(ENDPOINT) == [1, 2, 3, 4]
    (aside,) = world.state().aside
    assert (aside.number, aside.attempts, aside.since) == (2, 1, MOMENT)
    for tries, seconds in enumerate(PAUSES, start=1):
        assert world.state().due_at == world.clock.now() + timedelta(seconds=seconds)
        world.clock.advance(timedelta(seconds=seconds - 1))
        world.happen()
        assert world.tell() | {"version": 0} == _ran(delivered=1), "it has a pause of its own"
        world.clock.advance(timedelta(seconds=1))
        assert world.tell() | {"version": 0} == _ran(failed=1)
        assert world.book.webhook_deliveries(901, "", 1)[0].attempt == tries + 1
    assert not world.state().circuit_open, "the endpoint is well"
    assert not _webhook_changes(world)
    world.receiver.refused.clear()
    world.clock.advance(timedelta(hours=1))
    assert world.tell()["delivered"] == 1
    assert world.receiver.taken[-1] == 2
    assert world.state().aside == ()


def _ran(**counts: int) -> dict[str, object]:
    return {"webhook_id": 901, "delivered": 0, "failed": 0, "more": False, "version": 0} | counts


def test_refusals_of_single_events_open_no_circuit_while_others_are_taken() -> None:
    world = World()
    world.add()
    world.receiver.refused = set(range(1, 100, 2))
    for _ in range(30):
        world.happen()
        world.tell()
        world.clock.advance(timedelta(minutes=7))
    assert not _webhook_changes(world)
    assert sorted(world.receiver.taken) == list(range(2, 31, 2))
    assert {each.number for each in world.state().aside} == set(range(1, 31, 2))


def test_with_a_hundred_set_aside_it_waits_and_loses_nothing() -> None:
    world = World()
    world.add()
    world.receiver.refused = {n for n in range(1, 1000) if n % 5}
    for _ in range(MOST_ASIDE * 5 // 4 + 20):
        world.happen()
        world.tell()
        world.clock.advance(timedelta(seconds=1))
    state = world.state()
    assert len(state.aside) == MOST_ASIDE
    assert state.cursor == MOST_ASIDE * 5 // 4 - 1
    assert not {n for n in world.receiver.numbers(ENDPOINT) if n > state.cursor}
    world.receiver.refused.clear()
    world.clock.advance(timedelta(hours=1))
    while world.tell()["delivered"]:
        pass
    assert sorted(world.receiver.taken) == list(range(1, MOST_ASIDE * 5 // 4 + 21))


def test_when_the_circuit_closes_what_was_set_aside_is_tried_at_once() -> None:
    world = World()
    world.add()
    world.receiver.statuses[ENDPOINT] = 500
    world.happen()
    for seconds in PAUSES:
        world.tell()
        world.clock.advance(timedelta(seconds=seconds))
    world.tell()
    for _ in range(OPENS_AFTER):
        world.happen()
    world.tell()
    assert world.state().circuit_open
    world.receiver.statuses.clear()
    world.clock.advance(timedelta(seconds=PAUSES[0]))
    assert world.tell()["delivered"] == OPENS_AFTER + 1


def test_an_outage_of_three_days_loses_nothing() -> None:
    world = World()
    world.add()
    world.receiver.statuses[ENDPOINT] = 500
    for _ in range(72):
        world.happen()
        world.tell()
        world.clock.advance(timedelta(hours=1, seconds=1))
    world.receiver.statuses.clear()
    while world.tell()["delivered"]:
        pass
    assert sorted(world.receiver.taken) == list(range(1, 73))
    assert Outcome.GIVEN_UP not in {each.outcome for each in world.book.deliveries}


def _webhook_changes(world: World) -> list[Change]:
    changes = [record for record in world.book.records.values() if isinstance(record, Change)]
    return [change for change in changes if change.kind is ChangeKind.WEBHOOK_CHANGED]


def test_an_event_nobody_takes_for_a_day_after_its_first_post_is_given_up() -> None:
    world = World()
    world.add()
    world.receiver.causes[ENDPOINT] = PostCause.TIME_OUT
    world.happen()
    world.tell()
    while world.state().aside:
        assert {each.outcome for each in world.book.deliveries} == {Outcome.FAILED}
        world.clock.advance(timedelta(minutes=5))
        world.tell()
    last = world.book.webhook_deliveries(901, "", 1)[0]
    assert last.outcome is Outcome.GIVEN_UP
    assert 24 <= last.attempt <= 40
    assert timedelta(hours=24) <= last.at - MOMENT <= timedelta(hours=25)
    assert not world.state().circuit_open, "it is one event"
    world.receiver.causes.clear()
    world.happen()
    assert world.tell()["delivered"] == 1
    assert world.receiver.numbers(ENDPOINT) == [2]
    assert world.sweep() == 0


def test_a_webhook_that_is_switched_off_and_on_again_is_not_told_what_it_refused_before() -> None:
    world = World()
    hook = world.add()
    world.receiver.refused = {1}
    world.happen()
    world.tell()
    world.book.commit(replace(hook, status=WebhookStatus.ACTIVE, after=1, version=2))
    world.receiver.refused.clear()
    world.happen()
    world.clock.advance(timedelta(hours=1))
    world.tell()
    assert world.receiver.taken == [2]
    assert world.state().aside == ()


def test_a_webhook_that_takes_nothing_for_a_week_is_switched_off_and_says_so() -> None:
    world = World()
    world.add()
    world.receiver.statuses[ENDPOINT] = 404
    while world.clock.now() - MOMENT < DEAD_AFTER + timedelta(hours=3):
        world.happen()
        world.tell()
        world.clock.advance(timedelta(hours=1, minutes=1))
    hook = world.book.webhook(1, 901)
    assert hook is not None and hook.status is WebhookStatus.INACTIVE
    assert _webhook_changes(world)[-1].after["reason"] == "took nothing for 7 days"
    assert world.sweep() in {0, 1}
    world.tell()
    assert world.sweep() == 0


def test_a_challenge_reaches_a_webhook_that_is_not_active_and_its_token_is_kept_as_a_hash() -> None:
    world = World()
    errand = Errand(number=1, kind=ErrandKind.CHALLENGE, asked_at=MOMENT)
    world.add(a_webhook(status=WebhookStatus.PENDING, errands=(errand,), asked=1))
    world.happen()
    world.tell()
    ((_, body, _),) = world.receiver.got
    told = json.loads(body)
    assert (told["event"], told["data"]["webhook_id"]) == ("challenge_webhook_endpoint", 901)
    token = told["data"]["token"]
    assert is_token(world.state(), token, MOMENT, ENDPOINT)
    assert not is_token(world.state(), token, MOMENT, OTHER)
    assert not is_token(world.state(), token, MOMENT + timedelta(minutes=30), ENDPOINT)
    assert token not in repr(world.book.records) + repr(world.book.deliveries)
    world.tell()
    assert len(world.receiver.got) == 1, "it was asked for once"


def test_a_test_that_is_taken_ends_the_pause() -> None:
    world = World()
    hook = world.add()
    world.receiver.statuses[ENDPOINT] = 500
    world.happen()
    world.tell()
    world.receiver.statuses.clear()
    errand = Errand(number=1, kind=ErrandKind.TEST, asked_at=MOMENT)
    world.book.commit(replace(hook, errands=(errand,), asked=1, version=2))
    world.tell()
    world.tell()
    assert [json.loads(body)["event"] for _, body, _ in world.receiver.got[1:]] == [
        "test_webhook_endpoint",
        "certificate_revoked",
    ]


def test_a_span_is_told_again_behind_the_news_and_marked_as_such() -> None:
    world = World()
    hook = world.add()
    for _ in range(4):
        world.happen()
    world.tell()
    errand = Errand(number=1, kind=ErrandKind.REPLAY, asked_at=MOMENT, first=2, last=3)
    world.book.commit(replace(hook, errands=(errand,), asked=1, version=2))
    world.happen()
    world.tell()
    assert world.receiver.numbers(ENDPOINT) == [1, 2, 3, 4, 5, 2, 3]
    again = world.receiver.got[-1][2]
    assert again["X-Vouchsafe-Replay"] == "true"
    assert again["X-Vouchsafe-Event-Id"] == world.receiver.got[2][2]["X-Vouchsafe-Event-Id"]
    world.tell()
    assert len(world.receiver.got) == 7


def test_what_is_refused_of_a_span_is_set_aside_as_such() -> None:
    world = World()
    hook = world.add()
    for _ in range(3):
        world.happen()
    world.tell()
    errand = Errand(number=1, kind=ErrandKind.REPLAY, asked_at=MOMENT, first=1, last=3)
    world.book.commit(replace(hook, errands=(errand,), asked=1, version=2))
    world.receiver.refused = {2}
    world.tell()
    assert world.receiver.taken == [1, 2, 3, 1, 3]
    assert world.state().done == (1,)
    world.receiver.refused.clear()
    world.clock.advance(timedelta(seconds=PAUSES[0]))
    world.tell()
    assert world.receiver.taken == [1, 2, 3, 1, 3, 2]
    assert world.receiver.got[-1][2]["X-Vouchsafe-Replay"] == "true"


def test_two_at_once_do_not_post_the_same() -> None:
    world = World()
    world.add()
    world.happen()
    held = a_webhook_state(held_until=MOMENT + LEASE)
    world.book.commit(held)
    with pytest.raises(Unavailable):
        world.tell()
    world.clock.advance(LEASE)
    assert world.tell()["delivered"] == 1


def test_a_change_wakes_those_alone_whom_it_concerns() -> None:
    world = World()
    world.add()
    world.add(a_webhook(webhook_id=902, events=("domain_validated",)))
    world.add(a_webhook(webhook_id=903, status=WebhookStatus.INACTIVE))
    world.wake(world.happen())
    world.wake(world.happen(ChangeKind.WEBHOOK_CHANGED, subject="webhook 903"))
    world.wake(world.happen(ChangeKind.ORDER_PLACED))
    assert [number for _, number, _ in world.line.woken] == [901, 903]
