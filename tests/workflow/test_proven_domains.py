"""A domain proven ahead of any order, and the order machine over the committed file."""

from __future__ import annotations

import pytest

from tests.builders import MOMENT, an_account, an_issuer_record
from tests.fakes import SeededEntropy
from tests.unit.api.driving import Api
from tests.unit.api.material import PRODUCT, order_body, pem_csr
from tests.workflow.stage import Execution, Machines, Workers
from tests.workflow.test_order_machine import CHECK, ISSUE, SETTINGS, World
from vouchsafe.domain.accounts import AgreementAcceptance
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.domains import CheckResult
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.schedule import Schedule
from vouchsafe.services.domain_checks import Checks, check_domain
from vouchsafe.services.looking import Eyes, ValidationPolicy

NAMES = ("shop.example.com", "*.example.com")


class Ahead(World):
    """An account with a domain proven by what the test publishes, and the machine behind orders."""

    def __init__(self, workers: Workers, machines: Machines) -> None:
        super().__init__(workers, machines)
        self.place()
        self.api = Api(clock=workers.clock)
        self.bench.book = self.api.book
        accepted = AgreementAcceptance(
            version=SETTINGS.subscriber_agreement_version, accepted_at=MOMENT, user_id=7
        )
        self.api.book.commit(an_issuer_record(), an_account(agreement=accepted, version=2))

    def run_order(self, order_id: int, certificate_id: int) -> Execution:
        """The first execution of that order, from its start to its end."""
        given = {"order_id": order_id, "certificate_id": certificate_id, "run": 1}
        return self._machines.run("order", f"{order_id}-{certificate_id}-r1", given)

    def prove(self, name: str) -> int:
        """Add the domain, publish what it asks for, and have it looked at; its id."""
        sent = {"name": name, "dcv_method": "dns-txt-token"}
        added = self.api.call("POST", "domain", sent).json
        self.bench.world.publish(added["dcv_record"]["value"], added["dcv_record"]["name"])
        checks = Checks(
            ledger=self.api.book,
            domains=self.api.book,
            eyes=Eyes(
                looker=self.bench.looker,
                perspectives=self.bench.perspectives,
                clock=self.workers.clock,
                policy=ValidationPolicy(caa_domains=SETTINGS.caa_domains),
            ),
            entropy=SeededEntropy(3),
            schedule=Schedule(),
        )
        assert check_domain(1, added["id"], checks).result is CheckResult.PROVEN
        return int(added["id"])

    def order(self) -> tuple[int, int]:
        """An order for NAMES; its id and its certificate's."""
        body = order_body(
            certificate__common_name=NAMES[0],
            certificate__dns_names=list(NAMES[1:]),
            certificate__csr=pem_csr(*NAMES),
        )
        placed = self.api.call("POST", f"order/certificate/{PRODUCT}", body)
        assert placed.status == 201, placed.json
        return placed.json["id"], placed.json["certificate_id"]


@pytest.fixture
def ahead(workers: Workers, machines: Machines) -> Ahead:
    return Ahead(workers, machines)


def test_an_order_for_proven_names_is_issued_at_its_first_look(ahead: Ahead) -> None:
    ahead.prove("example.com")
    order_id, certificate_id = ahead.order()
    execution = ahead.run_order(order_id, certificate_id)
    assert execution.status == "SUCCEEDED"
    assert "WaitForTheNextLook" not in execution.states
    assert (ahead.workers.calls[CHECK], ahead.workers.calls[ISSUE]) == (2, 1)
    dossier = ahead.api.book.order(order_id)
    assert dossier is not None
    assert dossier.order.status is OrderStatus.VALID
    asked = [request for request in ahead.bench.looker.requests if request.dcv]
    assert len(asked) == 1  # the domain's own look; the order's was about CAA alone


def test_an_order_for_a_domain_that_is_off_has_to_prove_its_names(ahead: Ahead) -> None:
    number = ahead.prove("example.com")
    assert ahead.api.call("PUT", f"domain/{number}/deactivate").status == 204
    order_id, certificate_id = ahead.order()
    dossier = ahead.api.book.order(order_id)
    assert dossier is not None
    statuses = {one.status for one in dossier.authorizations[certificate_id]}
    assert statuses == {AuthorizationStatus.PENDING}
