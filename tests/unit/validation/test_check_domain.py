"""Looking for domains' values: the real service and the real eyes over what a test publishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, TOKEN, a_random_value
from tests.builders_domains import a_domain, with_row
from tests.fakes import Cut, FakeBook, FrozenClock, SeededEntropy, Tripwire
from tests.unit.validation.checking import POLICY
from tests.unit.validation.eyes import SeeingLooker, SeeingPerspectives, World
from vouchsafe.domain.authorization import DcvMethodName, DnssecStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.corroboration import REMOTE_REGIONS
from vouchsafe.domain.domains import CheckResult, Domain, DomainListing, DomainRemoval
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.records import record_for
from vouchsafe.domain.resolution import Resolution
from vouchsafe.domain.schedule import Schedule
from vouchsafe.services.domain_checks import AT_ONCE, Checks, check_domain, check_due_domains
from vouchsafe.services.looking import Eyes

SOON = MOMENT + timedelta(minutes=2)
BUDGET = timedelta(seconds=80)


class Signed(World):
    """Answers about these names carry a status; those about others are insecure."""

    def __init__(self, statuses: dict[str, DnssecStatus]) -> None:
        super().__init__()
        self.statuses = statuses

    def ask(self, name: str, rdtype: str) -> Resolution:
        found = super().ask(name, rdtype)
        return replace(found, dnssec=self.statuses.get(name, DnssecStatus.INSECURE))


class Bench:
    """Some domains of account 1, and what is published."""

    def __init__(self, *domains: Domain, tripwire: Tripwire | None = None) -> None:
        self.book = FakeBook(tripwire)
        self.clock = FrozenClock(SOON)
        self.world = World()
        self.looker = SeeingLooker(self.world)
        self.perspectives = SeeingPerspectives(self.world)
        self._entropy = SeededEntropy()
        for domain in domains or (a_domain(),):
            self.book.commit(*with_row(domain))

    @property
    def checks(self) -> Checks:
        eyes = Eyes(
            looker=self.looker,
            perspectives=self.perspectives,
            clock=self.clock,
            policy=POLICY,
        )
        return Checks(
            ledger=self.book,
            domains=self.book,
            eyes=eyes,
            entropy=self._entropy,
            schedule=Schedule(),
        )

    def check(self) -> CheckResult:
        return check_domain(1, 801, self.checks).result

    def domain(self, number: int = 801, account: int = 1) -> Domain:
        found: Domain = self.book.records[Domain, account, number]
        return found

    @property
    def changes(self) -> list[Change]:
        return [record for key, record in self.book.records.items() if key[0] is Change]


def test_a_published_value_proves_the_domain_for_orders_too() -> None:
    bench = Bench()
    bench.world.publish(TOKEN, "example.com")
    assert bench.check() is CheckResult.PROVEN
    proof = bench.book.records[DomainProof, 1, "example.com"]
    assert (proof.domain_id, proof.order_id) == (801, 0)
    assert (proof.proof.value, proof.proof.proven_at, proof.proof.quorum) == (TOKEN, SOON, "6/6")
    domain = bench.domain()
    assert (domain.next_look_at, domain.looks) == (None, 1)
    assert domain.approval is not None
    assert bench.book.records[DomainListing, 1, 0].approval == domain.approval
    (change,) = bench.changes
    assert (change.kind, change.actor) == (ChangeKind.DOMAIN_PROVEN, "system")
    assert change.data["evidence"]["quorum"] == "6/6"
    assert TOKEN not in str(change)


@pytest.mark.parametrize("method", [DcvMethodName.DNS_CNAME, DcvMethodName.HTTP_FILE])
def test_what_is_printed_proves_the_domain_by_the_other_methods_too(method: DcvMethodName) -> None:
    bench = Bench(a_domain(method=method))
    assert bench.check() is CheckResult.ABSENT
    record = record_for(Identifier("example.com"), method, TOKEN, POLICY.dcv_domain)
    published = bench.world.files if method is DcvMethodName.HTTP_FILE else bench.world.aliases
    published[record.name] = record.value
    assert bench.check() is CheckResult.PROVEN
    proof = bench.book.records[DomainProof, 1, "example.com"].proof
    assert (proof.method, proof.authorization_domain) == (method, "example.com")


def test_how_the_answers_stood_to_dnssec_is_part_of_the_proof() -> None:
    bench = Bench()
    bench.looker = SeeingLooker(Signed({"example.com": DnssecStatus.SECURE}))
    for world in (bench.world, bench.looker.world):
        world.publish(TOKEN, "example.com")
    assert bench.check() is CheckResult.PROVEN
    proof = bench.book.records[DomainProof, 1, "example.com"].proof
    assert proof.dnssec is DnssecStatus.SECURE
    assert bench.changes[0].data["evidence"]["dnssec"] == "secure"


def test_a_value_at_a_parent_proves_the_parent() -> None:
    bench = Bench(a_domain(name="shop.example.com"))
    bench.world.publish(TOKEN, "example.com")
    assert bench.check() is CheckResult.PROVEN
    assert (DomainProof, 1, "example.com") in bench.book.records
    assert (DomainProof, 1, "shop.example.com") not in bench.book.records


def test_a_value_where_the_names_cname_leads_proves_no_domain() -> None:
    bench = Bench(a_domain(name="shop.example.com"))
    bench.world.aliases["shop.example.com"] = "shop.host.example.net"
    bench.world.publish(TOKEN, "shop.host.example.net")
    check = check_domain(1, 801, bench.checks)
    assert (check.result, check.cause) == (CheckResult.ABSENT, "value_behind_alias")
    assert "_dnsauth.shop.example.com" in check.advice
    assert not [key for key in bench.book.records if key[0] is DomainProof]
    assert bench.domain().approval is None
    assert bench.domain().next_look_at is not None


def test_what_is_not_there_is_recorded_with_its_cause_and_looked_for_again() -> None:
    bench = Bench()
    bench.world.publish("_something_else_altogether_000", "example.com")
    check = check_domain(1, 801, bench.checks)
    assert (check.result, check.cause) == (CheckResult.ABSENT, "value_differs")
    assert TOKEN in check.advice
    domain = bench.domain()
    assert domain.last_look is not None
    assert domain.last_look.cause == "value_differs"
    assert domain.next_look_at == SOON + Schedule().gap_after(1)
    assert not bench.changes


def test_what_the_other_places_do_not_see_is_neither_proven_nor_absent() -> None:
    bench = Bench()
    bench.world.publish(TOKEN, "example.com")
    bench.perspectives.blind = set(REMOTE_REGIONS[:3])
    assert bench.check() is CheckResult.UNCLEAR
    assert (DomainProof, 1, "example.com") not in bench.book.records


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({"active": False}, CheckResult.IDLE),
        ({"random_value": None}, CheckResult.IDLE),
        (
            {"random_value": a_random_value(expires_at=SOON)},
            CheckResult.IDLE,
        ),
        ({"account_id": 2}, CheckResult.GONE),
    ],
)
def test_where_nothing_is_to_be_looked_for_nobody_is_asked(
    changed: dict[str, Any], result: CheckResult
) -> None:
    bench = Bench(a_domain(**changed))
    assert bench.check() is result
    assert not bench.looker.requests


def test_a_proven_domain_is_not_looked_at_again() -> None:
    bench = Bench()
    bench.world.publish(TOKEN, "example.com")
    bench.check()
    bench.clock.advance(timedelta(hours=1))
    assert bench.check() is CheckResult.PROVEN
    assert len(bench.looker.requests) == 1


def _renews(bench: Bench) -> None:
    value = a_random_value(value="_" + "z" * 26)
    bench.book.commit(*with_row(replace(bench.domain(), random_value=value, version=2)))


def _removes(bench: Bench) -> None:
    bench.book.commit(DomainRemoval(domain=bench.domain()))


def _switches_off(bench: Bench) -> None:
    off = replace(bench.domain(), active=False, next_look_at=None, version=2)
    bench.book.commit(*with_row(off))


@pytest.mark.parametrize(
    ("meanwhile", "result", "proven"),
    [
        (_renews, CheckResult.UNCLEAR, False),
        (_removes, CheckResult.GONE, False),
        (_switches_off, CheckResult.PROVEN, True),
    ],
)
def test_what_happens_during_a_look_decides_what_it_is_worth(
    meanwhile: Callable[[Bench], None], result: CheckResult, proven: bool
) -> None:
    bench = Bench()
    bench.world.publish(TOKEN, "example.com")
    bench.looker.meanwhile.append(lambda: meanwhile(bench))
    assert bench.check() is result
    assert ((DomainProof, 1, "example.com") in bench.book.records) is proven


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("after", [False, True])
def test_a_check_that_dies_half_way_is_simply_made_again(call: int, after: bool) -> None:
    tripwire = Tripwire(after=after)
    bench = Bench(tripwire=tripwire)
    bench.world.publish(TOKEN, "example.com")
    tripwire.at = len(tripwire.calls) + call
    with pytest.raises(Cut):
        bench.check()
    assert bench.check() is CheckResult.PROVEN
    assert [change.kind for change in bench.changes] == [ChangeKind.DOMAIN_PROVEN]


class TestRounds:
    def _round(self, bench: Bench, most: int = 1000) -> tuple[int, int, int]:
        made = check_due_domains(bench.checks, most=most, budget=BUDGET)
        return made.looked_at, made.proven, made.left

    def _many(self, count: int) -> list[Domain]:
        return [
            a_domain(domain_id=900 + n, place=n, name=f"n{n}.example.com") for n in range(count)
        ]

    def test_only_what_is_due_is_looked_at(self) -> None:
        later = SOON + timedelta(minutes=1)
        ahead = a_domain(domain_id=802, place=1, name="example.net", next_look_at=later)
        done = a_domain(domain_id=803, place=2, name="example.org", next_look_at=None)
        bench = Bench(a_domain(), ahead, done)
        bench.world.publish(TOKEN, "example.com", "example.net", "example.org")
        assert self._round(bench) == (1, 1, 0)
        assert self._round(bench) == (0, 0, 0)
        assert bench.domain(802).approval is None

    def test_many_are_looked_at_together(self) -> None:
        bench = Bench(*self._many(AT_ONCE + 5))
        bench.world.publish(TOKEN, "n3.example.com")
        assert self._round(bench) == (AT_ONCE + 5, 1, 0)
        assert [len(request.dcv) for request in bench.looker.requests] == [AT_ONCE, 5]
        assert bench.domain(903).approval is not None
        assert bench.domain(904).last_look is not None

    def test_two_accounts_may_have_one_name_with_values_of_their_own(self) -> None:
        value = a_random_value(value="_" + "z" * 26)
        bench = Bench(a_domain(), a_domain(account_id=2, domain_id=802, random_value=value))
        bench.world.publish(value.value, "example.com")
        assert self._round(bench) == (2, 1, 0)
        assert bench.domain().approval is None
        assert bench.domain(802, account=2).approval is not None

    def test_a_round_ends_with_its_time_and_the_rest_stays_due(self) -> None:
        bench = Bench(*self._many(AT_ONCE * 3))
        bench.looker.meanwhile = [lambda: bench.clock.advance(BUDGET)]
        assert self._round(bench) == (AT_ONCE, 0, AT_ONCE * 2)
        assert self._round(bench)[0] == AT_ONCE * 2

    def test_an_account_with_very_many_does_not_keep_others_waiting(self) -> None:
        later = SOON - timedelta(seconds=1)
        other = a_domain(account_id=2, domain_id=802, next_look_at=later)
        bench = Bench(*self._many(AT_ONCE * 3), other)
        bench.looker.meanwhile = [lambda: bench.clock.advance(BUDGET)]
        assert self._round(bench) == (AT_ONCE, 0, AT_ONCE * 2 + 1)
        assert bench.domain(802, account=2).looks == 1

    def test_at_most_so_many_are_taken_up(self) -> None:
        assert self._round(Bench(*self._many(5)), most=2) == (2, 0, 0)

    def test_looking_ends_with_the_values_life_and_says_so(self) -> None:
        bench = Bench()
        rounds = 0
        while (due := bench.domain().next_look_at) is not None:
            bench.clock.advance(due - bench.clock.now())
            self._round(bench)
            rounds += 1
            assert rounds < 2000
        assert bench.clock.now() == a_random_value().expires_at
        last = bench.domain().last_look
        assert last is not None
        assert last.cause == "value_expired"
        assert 1000 < rounds < 1700
