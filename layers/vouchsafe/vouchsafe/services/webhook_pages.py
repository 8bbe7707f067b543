"""The feed as one run over a webhook reads it: page by page, each entry when it is its turn."""

from __future__ import annotations

from collections import deque

from ..domain.changes import NumberedChange
from ..ports import Feed

_PAGE = 100  # changes read at a time


class Pages:
    """An account's feed, read until a page is empty; what comes after that is for the next run."""

    def __init__(self, feed: Feed, account_id: int) -> None:
        self._feed, self._account_id = feed, account_id
        self._read: deque[NumberedChange] = deque()
        self._ended = False

    def behind(self, cursor: int) -> NumberedChange | None:
        """The entry that follows upon that number; None at the end."""
        while self._read and self._read[0].number <= cursor:
            self._read.popleft()
        if not self._read and not self._ended:
            self._read.extend(self._feed.after(self._account_id, cursor, _PAGE))
            self._ended = not self._read
        return self._read[0] if self._read else None

    def entry(self, number: int) -> NumberedChange | None:
        """The entry of that number."""
        found = self._feed.after(self._account_id, number - 1, 1)
        return found[0] if found and found[0].number == number else None
