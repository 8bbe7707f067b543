"""A world in which a ceremony can be held again and again, and cut short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from functions.ceremony.app import serve
from tests.builders_pki import NOW, PUBLICATION_URL, a_config, a_key
from tests.fake_book import FakeBook
from tests.fakes import FakePublication, FrozenClock, SeededEntropy
from tests.fakes_pki import PrivateKey, SoftwareCeremonyKeys, SoftwareCrlSigner
from tests.tripwire import Tripwire
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.dependencies import Ceremony
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.drafting import LintedCrl
from vouchsafe.domain.issuers import Issuer
from vouchsafe.services import publishing
from vouchsafe.services.ceremony import Hierarchy, Ports, ensure_hierarchy
from vouchsafe.services.publishing import Published, publish_due
from vouchsafe.settings import Settings

LINTER = PkilintLinter(waive_local_urls=False)
SETTINGS = Settings.from_environment(
    {
        "STAGE": "staging",
        "PUBLICATION_URL": PUBLICATION_URL,
        "ROOT_KEY_REF": "root-key",
        "ISSUING_KEY_REF": "issuing-key",
        "CRL_SHARDS": "2",
    }
)


@dataclass
class World:
    """Everything a ceremony meets; the same book, publication and keys in every run."""

    book: FakeBook
    publication: FakePublication
    keys: SoftwareCeremonyKeys
    clock: FrozenClock
    seed: int = 0

    def ports(self) -> Ports:
        """What the next ceremony is given; each draws other random numbers."""
        self.seed += 1
        return Ports(
            keys=self.keys,
            ledger=self.book,
            issuers=self.book,
            publication=self.publication,
            linter=LINTER,
            clock=self.clock,
            entropy=SeededEntropy(self.seed),
        )

    def ensure(self, **changed: Any) -> Hierarchy:
        return ensure_hierarchy(ports=self.ports(), config=a_config(**changed))

    def ask(self, action: str, **properties: Any) -> dict[str, Any]:
        """Ask the function as an operator does, under the settings of `SETTINGS`."""
        return serve({"action": action} | properties, None, self.given)

    def given(self) -> Ceremony:
        """What the function is given."""
        ports = self.ports()
        return Ceremony(
            settings=SETTINGS,
            clock=ports.clock,
            entropy=ports.entropy,
            ledger=ports.ledger,
            issuers=ports.issuers,
            keys=ports.keys,
            publication=ports.publication,
            linter=ports.linter,
        )

    def issuer(self, issuer_id: str) -> Issuer:
        """The issuer on record."""
        found = self.book.get(issuer_id)
        assert found is not None, issuer_id
        return found

    def publish_crls(self) -> list[Published]:
        """What the function that publishes CRLs does by schedule, with each issuer's own key."""
        return publish_due(
            ports=publishing.Ports(
                ledger=self.book,
                issuers=self.book,
                revocations=self.book,
                publication=self.publication,
                signer=_EachKeysCrlSigner(self.keys),
                linter=LINTER,
                clock=self.clock,
                publication_url=PUBLICATION_URL,
                pause=float,  # sleeps not at all
            )
        )

    def changes(self) -> list[Change]:
        """What was recorded about issuers, oldest first."""
        left = self.book.left_behind(self.clock.now() + timedelta(days=1), 1000)
        return [each for each in left if each.kind is ChangeKind.ISSUER_CHANGED]


@dataclass
class _EachKeysCrlSigner:
    keys: SoftwareCeremonyKeys

    def sign(self, issuer: Issuer, crl: LintedCrl) -> bytes:
        return SoftwareCrlSigner(self.keys.private(issuer.key_ref)).sign(issuer, crl)


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
