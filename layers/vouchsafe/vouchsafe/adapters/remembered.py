"""Issuers as a container remembers them: asked for again once a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ..domain.issuers import Issuer
from ..ports import Issuers

#: Seconds. A new issuer is used, and a withdrawn one is not, a minute after it is on record.
LIFE = 60.0


class RememberedIssuers:
    """Port Issuers over another one. What is not among those remembered is asked for at once."""

    def __init__(self, issuers: Issuers, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuers = issuers
        self._clock = clock
        self._known: tuple[float, Sequence[Issuer]] | None = None

    def get(self, issuer_id: str) -> Issuer | None:
        """The issuer of that id, or None."""
        found = (each for each in self.all() if each.issuer_id == issuer_id)
        return next(found, None) or self._issuers.get(issuer_id)

    def all(self) -> Sequence[Issuer]:
        """Every issuer, by id. None at all is never remembered."""
        now = self._clock()
        if self._known is None or now >= self._known[0] or not self._known[1]:
            self._known = (now + LIFE, self._issuers.all())
        return self._known[1]
