"""Scheduled where the canary is on: brings an order of our own one step further, and measures."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_canary
from vouchsafe.domain.metrics import Metric
from vouchsafe.observability import emit, logger
from vouchsafe.services.canary import advance


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give the run's number and phase, what it waits for and why it failed.

    `{"at_once": true}` is for whoever has mended something: where the last run is over, the next
    one begins now.
    """
    seen = advance(bootstrap_canary.canary(), at_once=event.get("at_once") is True)
    run = seen.run
    found = {"run": run.run, "phase": run.phase.value, "waits": seen.waits, "failure": run.failure}
    found |= {"order_id": run.order_id, "certificate_id": run.certificate_id}
    if seen.seconds is not None:
        emit(Metric.CANARY_SECONDS, seen.seconds, run=run.run)
    emit(Metric.CANARY_FAILED, int(run.alarming), run=run.run, phase=run.phase.value)
    logger().info("canary", extra=found)
    return found
