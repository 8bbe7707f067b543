"""How many different questions one look may ask, whatever was ordered.

Whoever runs a zone did not order anything: without an end, an order for many deep names below it
would have us flood its name servers, again and again until the window closes.
"""

from __future__ import annotations

import threading
from typing import Protocol

from ..domain.resolution import Resolution, Status

#: 250 names with all places of three levels, with what explains a failure, are some 4,000.
MOST_QUESTIONS = 10_000
_SPENT = "a look asks so many questions at most, and all of them are asked"


class _Session(Protocol):
    def ask(self, name: str, rdtype: str) -> Resolution: ...


class Budgeted:
    """A session that answers equal questions once, and no more than `most` different ones.

    What goes beyond is not asked, and told as trouble of ours. Safe to use from several threads.
    """

    def __init__(self, session: _Session, most: int = MOST_QUESTIONS) -> None:
        self._session = session
        self._most = most
        self._asked: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def ask(self, name: str, rdtype: str) -> Resolution:
        """The session's own answer, or none."""
        with self._lock:
            if (name, rdtype) not in self._asked:
                if len(self._asked) >= self._most:
                    return Resolution(
                        name=name, rdtype=rdtype, status=Status.OWN_TROUBLE, detail=_SPENT
                    )
                self._asked.add((name, rdtype))
        return self._session.ask(name, rdtype)
