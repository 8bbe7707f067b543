"""Messages that wait in order, and a reader that runs only when it is called.

Nobody polls: whoever sends calls the reader, and the reconciler calls it again where something
still waits (docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it was taken. `times`: how often it was, this time with it; `receipt`: what its
    end is noted under."""

    message_id: str
    body: str
    group: str
    times: int
    receipt: str


class Line(Protocol):
    """Messages in order for each group; one that was taken and is not done with comes again."""

    def send(self, body: str, *, group: str, key: str) -> None:
        """Put a message at the end of its group. The same key again within minutes is dropped.

        Raises Unavailable for trouble that may pass.
        """

    def take(self, most: int) -> Sequence[Message]:
        """At most so many (1 to 10), in order within a group, none of a group whose earlier
        messages somebody holds; () for none. Raises Unavailable for trouble that may pass."""

    def done(self, message: Message) -> None:
        """The message is not to come again. Raises Unavailable for trouble that may pass."""

    def waiting(self) -> int:
        """About how many could be taken, or follow one that is held. Raises Unavailable."""

    @property
    def called_for(self) -> bool:
        """Whether something was sent since the reader was last called."""

    def call(self) -> None:
        """Have the reader run, and do not wait for it. One that cannot be called now is called by
        the next pass: that is no error of the sender's."""
