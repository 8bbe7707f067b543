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
from vouchsafe.domain.webhooks import (
    DEAD_AFTER,
    LEASE,
    OPENS_AFTER,
    PAUSES,
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
    dice = random.Random(seed)
    world = World()
    world.add()
    kills, wanted = 0, 0
    for _ in range(60):
        if wanted < 20 and dice.random() < 0.6:
            world.happen()
            wanted += 1
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
    world.clock.advance(LEASE)
    world.tell()
    shown = world.receiver.numbers(ENDPOINT)
    assert sorted(set(shown)) == list(range(1, wanted + 1)), "nothing is lost"
    assert shown == sorted(shown), "the order is kept, repeats included"
    assert kills > 3
    assert len(shown) - wanted <= kills
    ids = {h["X-Vouchsafe-Event-Id"] for _, _, h in world.receiver.got}
    assert len(ids) == wanted, "a repeat has the id of the first"


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
    assert world.tell(901) == {
        "webhook_id": 901,
        "delivered": 0,
        "failed": 0,
        "more": False,
        "version": 0,
    }, "it waits"
    assert world.tell(902)["delivered"] == 1


def test_pauses_grow_the_circuit_opens_and_one_success_closes_it() -> None:
    world = World()
    world.add()
    world.receiver.statuses[ENDPOINT] = 503
    world.happen()
    for seconds in PAUSES[:OPENS_AFTER]:
        assert world.tell()["failed"] == 1
        assert world.state().due_at == world.clock.now() + timedelta(seconds=seconds)
        assert world.sweep() == 0
        world.clock.advance(timedelta(seconds=seconds + 1))
        assert world.sweep() == 1
    assert world.state().circuit_open
    (opened,) = _webhook_changes(world)
    assert (opened.before, opened.after) == ({"circuit": "closed"}, {"circuit": "open"})
    world.happen()
    world.receiver.statuses.clear()
    assert world.tell()["delivered"] == 2
    assert not world.state().circuit_open
    assert [c.after for c in _webhook_changes(world)] == [
        {"circuit": "open"},
        {"circuit": "closed"},
    ]
    log = world.book.deliveries
    assert [d.outcome for d in log] == [Outcome.FAILED] * 5 + [Outcome.DELIVERED] * 2
    assert [d.attempt for d in log] == [1, 2, 3, 4, 5, 6, 1]
    assert log[0].first_bytes == "thank you?"


def _webhook_changes(world: World) -> list[Change]:
    changes = [record for record in world.book.records.values() if isinstance(record, Change)]
    return [change for change in changes if change.kind is ChangeKind.WEBHOOK_CHANGED]


def test_an_event_nobody_takes_for_a_day_lets_the_next_one_through() -> None:
    world = World()
    world.add()
    world.receiver.causes[ENDPOINT] = PostCause.TIME_OUT
    world.happen()
    tries = 0
    while world.state().cursor == 0 if tries else True:
        tries += world.tell()["failed"]
        world.clock.advance(timedelta(minutes=61))
    assert 24 <= tries <= 40
    assert world.clock.now() - MOMENT >= timedelta(hours=24)
    assert world.book.webhook_deliveries(901, "", 1)[0].outcome is Outcome.GIVEN_UP
    world.receiver.causes.clear()
    world.happen()
    assert world.tell()["delivered"] == 1
    assert world.receiver.numbers(ENDPOINT) == [2]


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
