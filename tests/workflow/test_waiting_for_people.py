"""OV orders and the order machine: it parks when only people are waited for, and goes on by itself.

The committed file runs over the real API and functions; operators' decisions are committed records.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509

from tests.builders import MOMENT, an_account, an_issuer_record
from tests.builders_organizations import a_found_validation, an_identity
from tests.unit.api.driving import Api
from tests.unit.api.material import order_body
from tests.unit.api.test_orders_of_organizations import DESCRIBED
from tests.workflow.stage import Execution, Machines, Workers
from tests.workflow.test_order_machine import ISSUE, SETTINGS, World
from vouchsafe.domain.accounts import AgreementAcceptance
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from vouchsafe.domain.organization import Organization, OrganizationValidation
from vouchsafe.domain.products import ValidationLevel
from vouchsafe.domain.subjects import organization_subject
from vouchsafe.services.parked import wake, wake_after
from vouchsafe.services.reconciliation import Reconciled, reconcile

NAMES = ("www.example.com", "example.com")
DAY = timedelta(days=1)


class Company(World):
    """An account that orders OV for an organization nobody knows yet."""

    def __init__(self, workers: Workers, machines: Machines) -> None:
        super().__init__(workers, machines)
        self.place()
        self.api = Api(clock=workers.clock)
        self.bench.book = self.api.book
        accepted = AgreementAcceptance(
            version=SETTINGS.subscriber_agreement_version, accepted_at=MOMENT, user_id=7
        )
        self.api.book.commit(an_issuer_record(), an_account(agreement=accepted, version=2))

    def order(self) -> int:
        """An order with the organization in its body; its names are proven as soon as looked at."""
        body = order_body(organization=DESCRIBED, certificate__dns_names=list(NAMES[1:]))
        placed = self.api.call("POST", "order/certificate/ssl_basic", body)
        assert placed.status == 201, placed.json
        number: int = placed.json["id"]
        self.publish(number)
        return number

    def publish(self, order_id: int) -> None:
        for one in self.read(order_id)["validations"]:
            self.bench.world.publish(one["record_value"], one["record_name"])

    def read(self, order_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.api.call("GET", f"order/certificate/{order_id}").json
        return found

    def execute(self, order_id: int, certificate_id: int, run: int) -> Execution:
        """That execution, from its start to its end."""
        name = f"{order_id}-{certificate_id}-r{run}"
        given = {"order_id": order_id, "certificate_id": certificate_id, "run": run}
        ended = self._machines.run("order", name, given)
        self.api.workflow.end(order_id, certificate_id, run)
        return ended

    def execute_last(self) -> Execution:
        """The execution that was started last."""
        return self.execute(*self.api.workflow.orders[-1])

    def reconcile(self) -> Reconciled:
        book, clock = self.api.book, self.workers.clock
        return reconcile(
            work=book,
            ledger=book,
            workflow=self.api.workflow,
            clock=clock,
            entropy=self.api.entropy,
        )

    def records[T](self, kind: type[T]) -> list[T]:
        return [record for key, record in self.api.book.records.items() if key[0] is kind]

    def approve(self) -> Change:
        """Operators are done with the review; the change that says so."""
        now = self.workers.clock.now()
        found = a_found_validation(validated_at=now, validated_until=now + 398 * DAY)
        (organization,) = self.records(Organization)
        change = Change(
            change_id=new_change_id(now, self.api.entropy.bytes(NOISE_BYTES)),
            account_id=1,
            kind=ChangeKind.ORGANIZATION_VALIDATED,
            at=now,
            actor="operator 9",
            data={"organization_id": organization.organization_id},
        )
        self.find(found)
        self.api.book.commit(change)
        return change

    def find(self, *found: OrganizationValidation) -> None:
        """What was found of the organization is that from now on."""
        (standing,) = self.records(Organization)
        version = standing.version + 1
        self.api.book.commit(replace(standing, validations=found, version=version))

    def wake(self) -> int:
        book, workflow = self.api.book, self.api.workflow
        return wake(1, parked=book, ledger=book, workflow=workflow)


@pytest.fixture
def company(workers: Workers, machines: Machines) -> Company:
    return Company(workers, machines)


def parked_order(company: Company) -> int:
    order_id = company.order()
    ended = company.execute_last()
    assert ended.states[-1] == "OrderWaitsForAPerson"
    assert company.read(order_id)["waiting_for"][0]["gate"] == "organization"
    return order_id


def test_an_order_approved_long_after_its_window_is_issued_by_itself(company: Company) -> None:
    order_id = parked_order(company)
    assert company.passed < timedelta(minutes=5), "no execution sleeps for people"
    company.workers.clock.advance(60 * DAY)
    company.approve()
    assert company.wake() == 1
    opened = company.workers.clock.now()
    ended = company.execute_last()
    assert ended.states[-3:] == ["CheckOrder", "WhatDidTheCheckSay?", "OrderIsDone"]
    took = company.workers.clock.now() - opened
    print(f"last gate open to issued: {took.total_seconds():.0f} s, {ended.transitions} steps")
    assert took <= timedelta(minutes=5)
    order = company.read(order_id)
    assert order["status"] == "issued"
    (issued,) = company.store.objects.values()
    subject = x509.load_der_x509_certificate(issued).subject
    expected = organization_subject(an_identity(), ValidationLevel.OV, NAMES[0])
    assert subject.public_bytes() == expected.public_bytes()
    assert company.wake() == 0


def test_the_change_of_the_decision_wakes_what_the_decision_itself_did_not(
    company: Company,
) -> None:
    parked_order(company)
    change, book = company.approve(), company.api.book
    for _ in range(2):
        workflow = company.api.workflow
        assert wake_after(change, parked=book, ledger=book, workflow=workflow) == 1
    company.execute_last()
    assert len(company.store.objects) == 1


def test_what_every_wake_up_missed_is_found_within_a_day(company: Company) -> None:
    parked_order(company)
    company.approve()
    company.workers.clock.advance(DAY + timedelta(minutes=3))
    seen = company.reconcile()
    assert (seen.revived, seen.troubles) == (1, ())
    company.execute_last()
    assert len(company.store.objects) == 1


def test_an_organization_that_expires_before_the_signature_is_waited_for_again(
    company: Company,
) -> None:
    order_id = parked_order(company)
    company.approve()
    works = company.workers.by_name[ISSUE]

    def expired_first(event: dict[str, Any]) -> dict[str, Any]:
        company.find()
        company.workers.by_name[ISSUE] = works
        return works(event)

    company.workers.by_name[ISSUE] = expired_first
    company.wake()
    ended = company.execute_last()
    assert ended.states[-1] == "OrderWaitsForAPerson"
    assert company.store.objects == {}
    assert company.read(order_id)["waiting_for"][0]["gate"] == "organization"
    company.approve()
    company.wake()
    company.execute_last()
    assert company.read(order_id)["status"] == "issued"


def test_after_90_days_the_order_is_rejected_and_says_why(company: Company) -> None:
    order_id = parked_order(company)
    until = company.read(order_id)["waiting_for"][0]["until"]
    for _ in range(10):
        company.workers.clock.advance(10 * DAY)
        company.reconcile()
        if company.api.workflow.running:
            company.execute_last()
    order = company.read(order_id)
    assert (order["status"], order["status_reason"]) == ("rejected", "organization_not_validated")
    assert (order["certificate_status_code"], order["validation_status"]) == (-3, "Failed")
    assert "waiting_for" not in order
    told = company.records(Change)
    (rejected,) = [change for change in told if change.kind is ChangeKind.ORDER_REJECTED]
    assert rejected.at.isoformat() >= until


def test_two_orders_of_one_organization_are_woken_by_one_decision(company: Company) -> None:
    first, second = parked_order(company), parked_order(company)
    company.approve()
    assert company.wake() == 2
    for execution in company.api.workflow.orders[-2:]:
        company.execute(*execution)
    assert {company.read(number)["status"] for number in (first, second)} == {"issued"}
    assert {one.status for one in company.records(Certificate)} == {CertificateStatus.VALID}
