"""A line of messages whose reader runs only when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.fakes import FrozenClock
from vouchsafe.line_ports import Message

#: As the template has it for the queues.
HELD_FOR = timedelta(minutes=6)


@dataclass
class FakeLine:
    """Port Line. `calls`: how often the reader was called."""

    clock: FrozenClock
    calls: int = 0
    called_for: bool = False
    _keys: set[str] = field(default_factory=set)
    _messages: list[Message] = field(default_factory=list)
    _held: dict[str, datetime] = field(default_factory=dict)

    def send(self, body: str, *, group: str, key: str) -> None:
        self.called_for = True
        if key not in self._keys:
            self._keys.add(key)
            self._messages.append(
                Message(message_id=key, body=body, group=group, times=0, receipt=key)
            )

    def take(self, most: int) -> Sequence[Message]:
        now = self.clock.now()
        holding = {m.group for m in self._messages if self._held.get(m.receipt, now) > now}
        free = [m for m in self._messages if m.group not in holding][:most]
        taken = [replace(message, times=message.times + 1) for message in free]
        by_id = {message.message_id: message for message in taken}
        self._messages = [by_id.get(m.message_id, m) for m in self._messages]
        self._held |= {message.receipt: now + HELD_FOR for message in taken}
        return tuple(taken)

    def done(self, message: Message) -> None:
        self._messages = [m for m in self._messages if m.receipt != message.receipt]

    def waiting(self) -> int:
        now = self.clock.now()
        return sum(1 for m in self._messages if self._held.get(m.receipt, now) <= now)

    def call(self) -> None:
        self.calls += 1
        self.called_for = False
