"""One order under check: the real service on fakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.builders import MOMENT, NAMES, TOKEN, a_certificate, a_random_value, an_order
from tests.fakes import FakeLedger, FrozenClock, SeededEntropy, Tripwire
from tests.unit.validation.eyes import SeeingLooker, SeeingPerspectives, World
from vouchsafe.domain.authorization import Authorization, AuthorizationStatus, DcvMethodName
from vouchsafe.domain.certificate import Certificate
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import Authorizations, Dossier
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.schedule import Schedule
from vouchsafe.services.looking import Eyes
from vouchsafe.services.validation import CheckOutcome, ValidationPolicy, check_order

DEADLINE = MOMENT + timedelta(hours=72)
POLICY = ValidationPolicy(caa_domains=("ca.example.net",), dcv_domain="ca.example.net")


def eyes_over(world: World, clock: FrozenClock) -> Eyes:
    """The real eyes over what a test publishes."""
    return Eyes(
        looker=SeeingLooker(world),
        perspectives=SeeingPerspectives(world),
        clock=clock,
        policy=POLICY,
    )


class Bench:
    """Order 1001 with certificate 5001 for `names`, placed at MOMENT."""

    def __init__(
        self, names: Sequence[str] = NAMES, tripwire: Tripwire | None = None, **certificate: Any
    ) -> None:
        self.clock = FrozenClock(MOMENT)
        self.book = FakeLedger(tripwire)
        self.world = World()
        self.looker = SeeingLooker(self.world)
        self.perspectives = SeeingPerspectives(self.world)
        self.schedule = Schedule()
        self.agreement = ""  # the version in force
        self._entropy = SeededEntropy()
        identifiers = tuple(Identifier(name) for name in names)
        self.book.commit(
            an_order(dns_names=tuple(names), common_name=names[0]),
            a_certificate(identifiers=identifiers, common_name=names[0], **certificate),
            Authorizations(
                order_id=1001,
                certificate_id=5001,
                items=tuple(
                    Authorization(
                        identifier=one,
                        method=DcvMethodName.DNS_TXT,
                        random_value=a_random_value(),
                    )
                    for one in identifiers
                ),
            ),
        )

    def check(self, run: int = 1) -> CheckOutcome:
        return check_order(
            1001,
            5001,
            run,
            ledger=self.book,
            looks=self.book,
            looker=self.looker,
            perspectives=self.perspectives,
            policies=self.book,
            clock=self.clock,
            entropy=self._entropy,
            schedule=self.schedule,
            policy=replace(POLICY, agreement=self.agreement),
        )

    def check_at(self, when: datetime, run: int = 1) -> CheckOutcome:
        """Check at that moment."""
        self.clock.advance(when - self.clock.now())
        return self.check(run)

    def publish(self, *names: str) -> None:
        self.world.publish(TOKEN, *names)

    @property
    def dossier(self) -> Dossier:
        dossier = self.book.order(1001)
        assert dossier is not None
        return dossier

    @property
    def certificate(self) -> Certificate:
        return self.dossier.certificate(5001)

    @property
    def names(self) -> dict[str, Authorization]:
        return {one.identifier.value: one for one in self.dossier.authorizations[5001]}

    @property
    def changes(self) -> list[Change]:
        return [record for key, record in self.book.records.items() if key[0] is Change]

    def rewrite(self, **changed: Any) -> None:
        """Somebody else changes the certificate."""
        before = self.certificate
        self.book.commit(replace(before, version=before.version + 1, **changed))


def run_machine(bench: Bench, run: int = 1, limit: int = 1000) -> tuple[CheckOutcome, int]:
    """What the state machine does until it issues or ends: the last outcome, and its loops."""
    for loops in range(1, limit):
        outcome = bench.check(run)
        if outcome.verdict is not Verdict.WAITING:
            return outcome, loops
        bench.clock.advance(timedelta(seconds=outcome.wait_seconds))
    raise AssertionError(f"still waiting after {limit} loops")


def wait_72_hours_in_vain(names: int) -> None:
    """3 transitions a loop (check, choice, wait; the last: check, choice, end), 9 events each."""
    bench = Bench(names=[f"n{number}.example.com" for number in range(names)])
    outcome, loops = run_machine(bench)
    assert outcome.verdict is Verdict.DONE
    assert bench.clock.now() == DEADLINE
    assert 3 * loops <= 600
    assert 9 * loops + 2 <= 1800
    assert bench.certificate.looks == loops - 1  # the first loop only waits
    kinds = [one.kind for one in bench.changes]
    assert kinds == [*[ChangeKind.PROOF_REMINDER_DUE] * 4, ChangeKind.ORDER_TIMED_OUT]
    assert {one.status for one in bench.names.values()} == {AuthorizationStatus.TIMED_OUT}
