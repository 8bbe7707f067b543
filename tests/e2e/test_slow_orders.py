"""Orders whose fate takes minutes; the file's name puts it last, when most of the wait is over."""

from __future__ import annotations

from tests.e2e.conftest import Slow
from tests.e2e.service import Service, until


def test_an_aborted_execution_is_revived_and_the_order_issued(service: Service, slow: Slow) -> None:
    service.until_status(slow.aborted, "issued", within=260)
    ended = [one["status"] for one in service.executions(slow.aborted)]
    assert ended.count("ABORTED") == 1
    assert len(ended) >= 2, "another execution took over"


def test_an_order_never_proven_is_rejected_as_timed_out_and_told(
    service: Service, slow: Slow
) -> None:
    found = service.until_status(slow.never_proven, "rejected", within=300)
    assert found["status_reason"] == "timed_out"
    assert {one["validation_status"] for one in found["validations"]} == {"Timeout"}
    until(lambda: service.mails("never.lab.example.com"), 60, "the mail about the time-out")
    ended = {one["status"] for one in service.executions(slow.never_proven)}
    until(
        lambda: all(o["status"] == "SUCCEEDED" for o in service.executions(slow.never_proven)),
        30,
        f"its execution ended well, not {ended}",
    )
