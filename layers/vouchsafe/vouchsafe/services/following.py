"""All that follows a committed change behind its back, for whoever numbers it."""

from __future__ import annotations

from ..domain.changes import Change
from ..domain_ports import Domains
from ..order_ports import NameIndex, ParkedList
from ..ports import Ledger, Workflow
from .indexing import index_change
from .parked import wake_after


def follow_change(
    change: Change,
    *,
    ledger: Ledger,
    names: NameIndex,
    domains: Domains,
    parked: ParkedList,
    workflow: Workflow,
) -> None:
    """Index what it tells of, and wake what waited for it; doing it twice, or late, is harmless.

    Raises Unavailable for trouble that may pass.
    """
    index_change(change, ledger=ledger, names=names, domains=domains)
    wake_after(change, parked=parked, ledger=ledger, workflow=workflow)
