"""The committed revocation.asl.json, executed over the real services and fakes of the outside."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509

from tests.builders import MOMENT, a_request, an_order
from tests.fakes import FakeBook, SeededEntropy
from tests.revocation_world import SERIAL, issued, world
from tests.unit.revocation.test_publishing import ports
from tests.workflow.stage import Execution, Machines, Workers
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import RequestStatus
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.announcing import announce_revocation
from vouchsafe.services.publishing import publish_crl
from vouchsafe.services.recording import record_revocation

RECORD, PUBLISH, ANNOUNCE = (
    "RecordRevocationFunctionArn",
    "PublishCrlFunctionArn",
    "AnnounceRevocationFunctionArn",
)


class Withdrawal:
    """Approved request 301 of order 1001, and the functions that carry it out."""

    def __init__(self, workers: Workers, machines: Machines) -> None:
        self.workers = workers
        self._machines = machines
        self.book: FakeBook = world(
            issued(),
            an_order(status=OrderStatus.VALID),
            a_request(
                status=RequestStatus.APPROVED,
                decided_at=MOMENT,
                reason=RevocationReason.KEY_COMPROMISE,
            ),
        )
        self.publishing = ports(self.book)
        workers.by_name = {
            RECORD: self._record,
            PUBLISH: self._publish,
            ANNOUNCE: self._announce,
        }

    def run(self) -> Execution:
        given = {"order_id": 1001, "request_id": 301}
        return self._machines.run("revocation", "1001-revoke-301-a1", given)

    def _record(self, event: dict[str, Any]) -> dict[str, Any]:
        ids = event["order_id"], event["request_id"]
        return record_revocation(*ids, ledger=self.book, clock=self.workers.clock)

    def _publish(self, event: dict[str, Any]) -> dict[str, Any]:
        named = [(each["issuer_id"], each["shard"]) for each in event["shards"]]
        numbers = [publish_crl(*one, ports=self.publishing).number for one in named]
        return {"published": numbers}

    def _announce(self, event: dict[str, Any]) -> dict[str, Any]:
        announce_revocation(
            event["order_id"],
            event["request_id"],
            ledger=self.book,
            clock=self.workers.clock,
            entropy=SeededEntropy(),
        )
        return {}

    def assert_public(self) -> None:
        """The serial stands in the published CRL, the request is done, it was told once."""
        found = self.publishing.publication.crl("test-ec-1", SERIAL % 4)
        assert found is not None
        crl = x509.load_der_x509_crl(found[0])
        assert crl.get_revoked_certificate_by_serial_number(SERIAL) is not None
        dossier = self.book.order(1001)
        assert dossier is not None
        assert dossier.newest.status is CertificateStatus.REVOKED
        assert dossier.request(301).done_at is not None
        kinds = [r.kind for r in self.book.records.values() if isinstance(r, Change)]
        assert kinds.count(ChangeKind.CERTIFICATE_REVOKED) == 1


@pytest.fixture
def withdrawal(workers: Workers, machines: Machines) -> Withdrawal:
    return Withdrawal(workers, machines)


def test_an_approved_request_is_recorded_published_and_announced_in_that_order(
    withdrawal: Withdrawal,
) -> None:
    ended = withdrawal.run()
    assert ended.status == "SUCCEEDED"
    assert ended.states == [
        "RecordRevocation",
        "PublishCrl",
        "AnnounceRevocation",
        "RevocationIsPublished",
    ]
    withdrawal.assert_public()


@pytest.mark.parametrize("task", [RECORD, PUBLISH, ANNOUNCE])
@pytest.mark.parametrize("failures", [1, 7])
def test_whichever_task_fails_the_revocation_gets_done_once(
    withdrawal: Withdrawal, task: str, failures: int
) -> None:
    withdrawal.workers.failing(task, times=failures)
    ended = withdrawal.run()
    assert ended.status == "SUCCEEDED"
    assert any(state.startswith("WaitBefore") for state in ended.states) == (failures > 4)
    withdrawal.assert_public()


@pytest.mark.parametrize("task", [RECORD, PUBLISH, ANNOUNCE])
def test_a_task_that_dies_after_its_work_was_done_is_repeated_without_harm(
    withdrawal: Withdrawal, task: str
) -> None:
    works, died = withdrawal.workers.by_name[task], []

    def dies_at_the_end(event: dict[str, Any]) -> dict[str, Any]:
        result = works(event)
        if not died:
            died.append(True)
            raise RuntimeError("killed after the last write")
        return result

    withdrawal.workers.by_name[task] = dies_at_the_end
    ended = withdrawal.run()
    assert ended.status == "SUCCEEDED"
    withdrawal.assert_public()
