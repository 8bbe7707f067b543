"""Numbered changes on their way to be told: in a line, order kept for each order id."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from ..domain.changes import Change, ChangeKind, NumberedChange
from ..line_ports import Line
from ..ports import NoticeQueue
from .sdk import patiently


class LinedNotices:
    """Port NoticeQueue: a line's end. A change sent again within five minutes is dropped."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def send(self, numbered: NumberedChange) -> None:
        """Queue one change. Raises Unavailable for trouble that may pass."""
        change = numbered.change
        self._line.send(to_message(numbered), group=_group(change), key=change.change_id)


def _group(change: Change) -> str:
    if change.order_id is not None:
        return f"order-{change.order_id}"
    return f"account-{change.account_id}"


def to_message(numbered: NumberedChange) -> str:
    """The change as JSON text: its fields, and its number."""
    change = numbered.change
    body = {each.name: getattr(change, each.name) for each in fields(change)}
    body |= {"kind": str(change.kind), "at": change.at.isoformat(), "number": numbered.number}
    return json.dumps(body, ensure_ascii=False)


def from_message(text: str) -> NumberedChange:
    """The change a message carries; fields we do not know are ignored.

    Raises KeyError, TypeError or ValueError for text that is no such message.
    """
    body: dict[str, Any] = json.loads(text)
    number = int(body.pop("number"))
    body |= {"kind": ChangeKind(body["kind"]), "at": datetime.fromisoformat(body["at"])}
    known = {each.name: body[each.name] for each in fields(Change) if each.name in body}
    return NumberedChange(number=number, change=Change(**known))


class ForkedQueue:
    """Port NoticeQueue: changes of some kinds go another way as well, before the common one."""

    def __init__(
        self, common: NoticeQueue, other: NoticeQueue, kinds: Collection[ChangeKind]
    ) -> None:
        self._common = common
        self._other = other
        self._kinds = frozenset(kinds)

    def send(self, numbered: NumberedChange) -> None:
        """Queue one change. Raises Unavailable when one of the ways is closed: then again, both."""
        if numbered.change.kind in self._kinds:
            self._other.send(numbered)
        self._common.send(numbered)


class SqsParkedMessages:
    """Port ParkedMessages: dead-letter queues by their URLs."""

    def __init__(self, client: Any, queue_urls: Collection[str]) -> None:
        self._client = client
        self._queue_urls = queue_urls

    def depths(self) -> dict[str, int]:
        """How many messages lie in each, about. Raises Unavailable for trouble that may pass."""
        return {url.rpartition("/")[2]: self._depth(url) for url in self._queue_urls}

    def _depth(self, url: str) -> int:
        name = "ApproximateNumberOfMessages"
        asked = {"QueueUrl": url, "AttributeNames": [name]}
        answer = patiently(lambda: self._client.get_queue_attributes(**asked))
        return int(answer["Attributes"][name])
