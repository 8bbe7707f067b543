"""What the canary needs besides the order book: its memory, a zone, a key, and the public CRLs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only
    from .domain.canary import CanaryRun


class CanaryMemory(Protocol):
    """The run at hand, in one place."""

    def canary(self) -> CanaryRun | None:
        """The newest run; None before the first. Strongly consistent."""

    def remember(self, run: CanaryRun) -> None:
        """Write it over the version before; 1: there must be none. Raises Conflict."""


class CanaryZone(Protocol):
    """A zone in which names may be shown that are nobody else's. Raises Unavailable."""

    def publish(self, name: str, value: str) -> None:
        """Make `value` the only TXT record at `name`; again changes nothing."""

    def withdraw(self, name: str, value: str) -> None:
        """Take that record away; nothing when it is not there."""


class RequestMaker(Protocol):
    """Makes keys that are gone as soon as they have signed."""

    def request(self, name: str) -> str:
        """A PEM certificate request for `name` with a fresh key, of which nothing is kept."""


class PublishedLists(Protocol):
    """CRLs as anybody gets them, from the outside."""

    def fetch(self, url: str) -> bytes:
        """What stands at the URL. Raises Unavailable."""
