"""Webhooks, their state, secrets and log: the fake, and the adapter over moto."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest

from tests.builders import MOMENT
from tests.builders_webhooks import a_delivery, a_webhook, a_webhook_state, secrets_of_webhook
from tests.contracts.aws import TABLE
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.adapters.lines import SqsLine
from vouchsafe.adapters.webhook_queue import LinedWebhooks, woken
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.webhook_state import MOST_ASIDE
from vouchsafe.domain.webhooks import Errand, ErrandKind, SecretName, WebhookSettings


def test_a_webhook_comes_back_as_it_was_written_and_changes_one_version_at_a_time(
    book: Any,
) -> None:
    errand = Errand(number=1, kind=ErrandKind.REPLAY, asked_at=MOMENT, first=2, last=3)
    hook = a_webhook(errands=(errand,), settings=WebhookSettings(instant=True, days=(30, -7)))
    book.ledger.commit(hook, *secrets_of_webhook())
    assert book.webhooks.webhook(1, 901) == hook
    assert book.webhooks.webhook(2, 901) is None
    book.ledger.commit(replace(hook, after=5, version=2))
    with pytest.raises(Conflict):
        book.ledger.commit(replace(hook, after=6, version=2))
    book.ledger.commit(a_webhook(webhook_id=89), a_webhook(webhook_id=902, account_id=2))
    assert [each.webhook_id for each in book.webhooks.webhooks_of(1)] == [89, 901]


def test_a_secret_is_replaced_without_being_read(book: Any) -> None:
    (signing, key) = secrets_of_webhook(key="k" * 32)
    book.ledger.commit(signing, key)
    assert book.webhooks.webhook_secret(901, SecretName.SIGNING) == signing.value
    assert book.webhooks.webhook_secret(901, SecretName.KEY) == "k" * 32
    book.ledger.commit(replace(key, value="", version=2))
    assert book.webhooks.webhook_secret(901, SecretName.KEY) == ""
    assert book.webhooks.webhook_secret(902, SecretName.SIGNING) == ""


def test_a_webhook_is_due_while_its_state_says_so_the_longest_due_first(book: Any) -> None:
    late, soon = MOMENT - timedelta(hours=1), MOMENT - timedelta(minutes=1)
    first = a_webhook_state(webhook_id=901, due_at=soon)
    book.ledger.commit(first)
    book.ledger.commit(a_webhook_state(webhook_id=902, account_id=2, held_until=late))
    book.ledger.commit(a_webhook_state(webhook_id=903, due_at=MOMENT + timedelta(minutes=1)))
    book.ledger.commit(a_webhook_state(webhook_id=904))
    assert book.webhooks.webhooks_due(MOMENT, 10) == [(2, 902), (1, 901)]
    assert book.webhooks.webhooks_due(MOMENT, 1) == [(2, 902)]
    book.ledger.commit(replace(first, due_at=None, version=2))
    assert book.webhooks.webhooks_due(MOMENT, 10) == [(2, 902)]
    assert book.webhooks.webhook_state(1, 901) == replace(first, due_at=None, version=2)
    assert book.webhooks.webhook_state(1, 999) is None


def test_a_full_state_comes_back_as_it_was_written(book: Any) -> None:
    state = a_webhook_state(opened_at=MOMENT, circuit_open=True, trouble_told=True, version=0)
    for number in range(MOST_ASIDE):
        state = state.set_aside(number, MOMENT, replay=number % 2 == 0)
    book.ledger.commit(state.next())
    assert book.webhooks.webhook_state(1, 901) == state.next()


def test_the_log_comes_newest_first_page_by_page_and_keeps_each_post_once(book: Any) -> None:
    ids = [f"01KAKT5E80000000000000DE0{n}" for n in (1, 2, 9)]
    for each in ids:
        book.webhooks.note_delivery(a_delivery(delivery_id=each))
    book.webhooks.note_delivery(a_delivery(webhook_id=902))
    assert [d.delivery_id for d in book.webhooks.webhook_deliveries(901, "", 9)] == ids[::-1]
    assert [d.delivery_id for d in book.webhooks.webhook_deliveries(901, ids[2], 1)] == [ids[1]]
    assert book.webhooks.webhook_deliveries(901, ids[0], 9) == []
    assert book.webhooks.webhook_delivery(901, ids[0]) == a_delivery()
    assert book.webhooks.webhook_delivery(901, "0" * 26) is None
    with pytest.raises(Conflict):
        book.webhooks.note_delivery(a_delivery())


def test_webhooks_stand_under_keys_of_their_own(dynamodb: Any) -> None:
    """Stored keys are for good, and roles are written by them."""
    ledger = DynamoLedger(dynamodb, TABLE)
    ledger.commit(a_webhook(), *secrets_of_webhook(), a_webhook_state(due_at=MOMENT))
    found = {
        (item["pk"]["S"], item["sk"]["S"]): item for item in dynamodb.scan(TableName=TABLE)["Items"]
    }
    assert set(found) == {
        ("WEBHOOKS#1", "WEBHOOK#901"),
        ("WEBHOOKS#1", "STATE#901"),
        ("WEBHOOKSECRET#901", "SIGNING"),
    }
    state = found["WEBHOOKS#1", "STATE#901"]
    assert state["gsi3pk"]["S"] == "WEBHOOKWORK#5"
    assert state["gsi3sk"]["S"] == "2026-11-21T12:00:00.000000Z#901"


def test_webhooks_wait_in_groups_of_their_own(dynamodb: Any) -> None:
    del dynamodb  # its fixture has AWS stand in
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="w.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    queue = LinedWebhooks(SqsLine(sqs, url, invoker=lambda: None))
    for number, reason in ((901, "a"), (902, "a"), (901, "a"), (901, "b")):
        queue.wake(1, number, reason)
    messages = []
    while page := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]
    ).get("Messages"):
        messages += page
        for each in page:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    assert sorted(woken(m["Body"]) or () for m in messages) == [(1, 901), (1, 901), (1, 902)]
    groups = {m["Attributes"]["MessageGroupId"] for m in messages}
    assert groups == {"webhook-901", "webhook-902"}
    assert woken('{"kind": "order_placed", "account_id": 1}') is None
