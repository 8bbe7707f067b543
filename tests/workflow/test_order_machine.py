"""The committed order.asl.json, executed over the real functions and fakes of the outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from functions.check_order.app import check
from tests.builders import MOMENT, an_account, an_issuer_record
from tests.fake_managed_keys import FakeKeyService
from tests.fakes import FakeStore, SeededEntropy, Tripwire
from tests.issuance_world import QuietLinter, TrippingSigner
from tests.unit.validation.checking import Bench
from tests.workflow.stage import Execution, Machines, Workers
from vouchsafe.dependencies import Checking
from vouchsafe.domain.accounts import AgreementAcceptance
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.desk import Hint
from vouchsafe.domain.order import OrderStatus, StatusReason
from vouchsafe.services.issuance import issue_certificate
from vouchsafe.services.issuance_outcomes import Ports
from vouchsafe.services.managed_keys import MakingPorts, make_key
from vouchsafe.settings import Settings

SETTINGS = Settings.from_environment({"CAA_DOMAINS": "ca.example.net"})
CHECK, ISSUE = "CheckOrderFunctionArn", "IssueCertificateFunctionArn"
MAKE = "MakeKeyFunctionArn"


class World:
    """Order 1001 with certificate 5001, placed at MOMENT, and the functions that work on it."""

    def __init__(self, workers: Workers, machines: Machines) -> None:
        self.workers = workers
        self._machines = machines
        self.on_look: list[Callable[[], None]] = []

    def place(self, *names: str, **certificate: Any) -> World:
        """An order for these names; by default for two."""
        self.bench = Bench(names, **certificate) if names else Bench(**certificate)
        self.bench.clock = self.workers.clock
        accepted = AgreementAcceptance(
            version=SETTINGS.subscriber_agreement_version, accepted_at=MOMENT, user_id=7
        )
        self.bench.book.commit(an_issuer_record(), an_account(agreement=accepted))
        self.store = FakeStore()
        self.signer = TrippingSigner(Tripwire())
        self.keys = FakeKeyService()
        self.workers.by_name = {CHECK: self._check, ISSUE: self._issue, MAKE: self._make}
        return self

    def run(self, run: int = 1) -> Execution:
        """The machine's execution of that run, from its start to its end."""
        given = {"order_id": 1001, "certificate_id": 5001, "run": run}
        return self._machines.run("order", f"1001-5001-r{run}", given)

    def _check(self, event: dict[str, Any]) -> dict[str, Any]:
        bench = self.bench
        given = Checking(
            settings=SETTINGS,
            clock=self.workers.clock,
            entropy=SeededEntropy(),
            ledger=bench.book,
            looks=bench.book,
            looker=bench.looker,
            perspectives=bench.perspectives,
            policies=bench.book,
        )
        return asdict(check(event["order_id"], event["certificate_id"], event["run"], given))

    def _issue(self, event: dict[str, Any]) -> dict[str, Any]:
        ports = Ports(
            ledger=self.bench.book,
            desks=self.bench.book,
            policies=self.bench.book,
            issuers=self.bench.book,
            store=self.store,
            signer=self.signer,
            linter=QuietLinter(),
            clock=self.workers.clock,
            entropy=SeededEntropy(11),
            publication_url="http://ca.example.com",
        )
        ids = event["order_id"], event["certificate_id"], event["run"]
        hint = Hint(**event["check"]["hint"])
        return asdict(issue_certificate(*ids, ports=ports, hint=hint))

    def _make(self, event: dict[str, Any]) -> dict[str, Any]:
        ports = MakingPorts(
            ledger=self.bench.book,
            maker=self.keys,
            clock=self.workers.clock,
            entropy=SeededEntropy(12),
        )
        return asdict(make_key(event["order_id"], event["certificate_id"], ports=ports))

    @property
    def kinds(self) -> list[ChangeKind]:
        return [change.kind for change in self.bench.changes]

    @property
    def passed(self) -> timedelta:
        return self.workers.clock.now() - MOMENT


@pytest.fixture
def world(workers: Workers, machines: Machines) -> World:
    return World(workers, machines)


def test_an_order_whose_record_appears_is_issued(world: World) -> None:
    world.place()
    world.bench.looker.meanwhile = [
        lambda: None,
        lambda: world.bench.publish("www.example.com", "example.com"),
    ]
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert ended.states == [
        *("CheckOrder", "WhatDidTheCheckSay?", "WaitForTheNextLook") * 2,
        *("CheckOrder", "WhatDidTheCheckSay?", "IssueCertificate", "DidIssuingMoveTheOrder?"),
        *("CheckOrder", "WhatDidTheCheckSay?", "OrderIsDone"),
    ]
    assert world.bench.certificate.status is CertificateStatus.VALID
    assert world.bench.dossier.order.status is OrderStatus.VALID
    assert list(world.store.objects) == [5001]
    assert world.kinds.count(ChangeKind.CERTIFICATE_ISSUED) == 1


def test_a_managed_product_gets_its_key_once_its_names_are_proven(world: World) -> None:
    world.place(product_id="cloud_basic", csr=b"")
    world.bench.looker.meanwhile = [
        lambda: None,
        lambda: world.bench.publish("www.example.com", "example.com"),
    ]
    world.workers.failing(MAKE, 2)
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert ended.states[6:] == [
        *("CheckOrder", "WhatDidTheCheckSay?", "IssueCertificate", "DidIssuingMoveTheOrder?"),
        *("MakeKey", "IsThereAKey?", "IssueCertificate", "DidIssuingMoveTheOrder?"),
        *("CheckOrder", "WhatDidTheCheckSay?", "OrderIsDone"),
    ]
    assert world.bench.certificate.status is CertificateStatus.VALID
    assert len(world.keys.made) == 1
    assert world.kinds.count(ChangeKind.MANAGED_KEY_MADE) == 1


def test_a_key_that_cannot_be_made_is_waited_for_without_haste(world: World) -> None:
    world.place(product_id="cloud_basic", csr=b"")
    world.bench.publish("www.example.com", "example.com")
    world.workers.failing(MAKE, 7)
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert ended.states.count("WaitAfterOurOwnTrouble") == 1
    assert world.bench.certificate.status is CertificateStatus.VALID


@pytest.mark.parametrize("count", [1, 250])
def test_an_order_that_never_validates_times_out_once_at_72_hours_within_its_budget(
    world: World, count: int
) -> None:
    world.place(*(f"n{number}.example.com" for number in range(count)))
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert ended.states[-1] == "OrderIsDone"
    assert world.passed == timedelta(hours=72)
    print(f"{count} names: {ended.transitions} transitions, {len(ended.events)} events in 72 h")
    assert ended.transitions <= 600
    assert len(ended.events) <= 1800
    assert world.kinds == [*[ChangeKind.PROOF_REMINDER_DUE] * 4, ChangeKind.ORDER_TIMED_OUT]
    assert world.bench.dossier.order.status_reason is StatusReason.TIMED_OUT
    statuses = {one.status for one in world.bench.names.values()}
    assert statuses == {AuthorizationStatus.TIMED_OUT}
    assert world.store.objects == {}


def test_a_run_ends_when_a_newer_one_has_recorded_itself(world: World) -> None:
    world.place()

    def wake_up() -> None:
        world.bench.check(run=2)

    world.bench.looker.meanwhile = [wake_up]
    ended = world.run(run=1)
    assert ended.status == "SUCCEEDED"
    assert ended.states[-1] == "ANewerRunTookOver"
    assert world.bench.certificate.status is CertificateStatus.PENDING
    assert world.bench.certificate.run == 2


def test_an_order_that_waits_for_approval_parks_without_a_look(world: World) -> None:
    world.place(status=CertificateStatus.AWAITING_APPROVAL, window=None)
    ended = world.run()
    assert ended.states == ["CheckOrder", "WhatDidTheCheckSay?", "OrderWaitsForAPerson"]
    assert world.bench.looker.requests == []


def test_a_check_that_fails_for_a_while_is_tried_again_and_costs_the_order_nothing(
    world: World,
) -> None:
    world.place()
    world.bench.publish("www.example.com", "example.com")
    world.workers.failing(CHECK, times=3)
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert "WaitAfterOurOwnTrouble" not in ended.states
    assert world.bench.certificate.status is CertificateStatus.VALID


def test_a_check_that_fails_beyond_all_retries_is_waited_out(world: World) -> None:
    world.place()
    world.bench.publish("www.example.com", "example.com")
    world.workers.failing(CHECK, times=12)
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert ended.states[:4] == ["CheckOrder", "WaitAfterOurOwnTrouble"] * 2
    assert world.bench.certificate.status is CertificateStatus.VALID


@pytest.mark.parametrize("failures", [1, 4, 5, 9])
def test_issuing_that_fails_leads_to_one_certificate_all_the_same(
    world: World, failures: int
) -> None:
    world.place()
    world.bench.publish("www.example.com", "example.com")
    world.workers.failing(ISSUE, times=failures)
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert ("WaitAfterOurOwnTrouble" in ended.states) == (failures > 4)
    assert world.bench.certificate.status is CertificateStatus.VALID
    assert list(world.store.objects) == [5001]
    assert world.kinds.count(ChangeKind.CERTIFICATE_ISSUED) == 1


def test_an_issuing_task_that_dies_after_its_work_was_done_does_not_issue_twice(
    world: World,
) -> None:
    world.place()
    world.bench.publish("www.example.com", "example.com")
    works, died = world.workers.by_name[ISSUE], []

    def dies_at_the_end(event: dict[str, Any]) -> dict[str, Any]:
        result = works(event)
        if not died:
            died.append(result)
            raise RuntimeError("killed after the last write")
        return result

    world.workers.by_name[ISSUE] = dies_at_the_end
    ended = world.run()
    assert ended.status == "SUCCEEDED"
    assert died[0]["outcome"] == "issued"
    assert world.signer.signatures == 1
    assert world.kinds.count(ChangeKind.CERTIFICATE_ISSUED) == 1


def test_an_unknown_verdict_is_waited_out_and_never_fails_the_execution(world: World) -> None:
    world.place()
    world.bench.publish("www.example.com", "example.com")
    works, said = world.workers.by_name[CHECK], []

    def confused(event: dict[str, Any]) -> dict[str, Any]:
        if not said:
            said.append(True)
            return {"verdict": "perhaps", "wait_seconds": 0, "phase": "", "cause": ""}
        return works(event)

    world.workers.by_name[CHECK] = confused
    ended = world.run()
    assert ended.states[2] == "WaitAfterOurOwnTrouble"
    assert ended.status == "SUCCEEDED"


def test_the_first_look_comes_one_gap_after_the_value_was_shown(world: World) -> None:
    world.place()
    looked: list[timedelta] = []
    world.bench.looker.meanwhile = [lambda: looked.append(world.passed)] * 2
    world.run()
    assert looked == [timedelta(seconds=60), timedelta(seconds=125)]
