"""Ports that also count: what was written is told as metrics, once it is written.

A metric is a line in the function's log, which CloudWatch reads: no call more, and nothing that can
fail an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..domain.dossier import LookRecord
from ..domain.watched import Fact, facts_of_commit, facts_of_look

type Tell = Callable[[Fact], None]


class MeteredLedger:
    """Port Ledger (and Desks) over another one. Counts the ends of certificates it commits."""

    def __init__(self, ledger: Any, tell: Tell) -> None:
        self._ledger = ledger
        self._tell = tell

    def commit(self, *records: Any) -> None:
        """As the one behind. What it raised over is not told."""
        self._ledger.commit(*records)
        _each(facts_of_commit(records), self._tell)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


class MeteredLooks:
    """Port Looks over another one. Counts causes, and the places that see it otherwise."""

    def __init__(self, looks: Any, tell: Tell) -> None:
        self._looks = looks
        self._tell = tell

    def add(self, look: LookRecord) -> None:
        """As the one behind."""
        self._looks.add(look)
        _each(facts_of_look(look), self._tell)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._looks, name)


def _each(facts: Iterable[Fact], tell: Tell) -> None:
    for fact in facts:
        tell(fact)
