"""A world in which a ceremony can be held again and again, and cut short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.builders_pki import NOW, a_config, a_key
from tests.fake_book import FakeBook
from tests.fakes import FakePublication, FrozenClock, SeededEntropy
from tests.fakes_pki import PrivateKey, SoftwareCeremonyKeys
from tests.tripwire import Tripwire
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.services.ceremony import Hierarchy, Ports, ensure_hierarchy

LINTER = PkilintLinter(waive_local_urls=False)


@dataclass
class World:
    """Everything a ceremony meets; the same book, publication and keys in every run."""

    book: FakeBook
    publication: FakePublication
    keys: SoftwareCeremonyKeys
    clock: FrozenClock
    seed: int = 0

    def ensure(self, **changed: Any) -> Hierarchy:
        self.seed += 1
        ports = Ports(
            keys=self.keys,
            ledger=self.book,
            issuers=self.book,
            publication=self.publication,
            linter=LINTER,
            clock=self.clock,
            entropy=SeededEntropy(self.seed),
        )
        return ensure_hierarchy(ports=ports, config=a_config(**changed))


def a_world(
    tripwire: Tripwire | None = None,
    *,
    root: PrivateKey | None = None,
    issuing: PrivateKey | None = None,
) -> World:
    """An empty world; `root` and `issuing` are the keys behind `root-key` and `issuing-key`."""
    tripwire = tripwire or Tripwire()
    keys = {"root-key": root or a_key("p384", "root"), "issuing-key": issuing or a_key("p256", "i")}
    return World(
        book=FakeBook(tripwire),
        publication=FakePublication(tripwire),
        keys=SoftwareCeremonyKeys(keys, tripwire),
        clock=FrozenClock(NOW),
    )
