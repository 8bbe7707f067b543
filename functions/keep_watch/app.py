"""Scheduled: tells what is late, given up on or too old; each hour publishes the public numbers."""

from __future__ import annotations

from typing import Any

from vouchsafe import bootstrap_watch
from vouchsafe.domain.metrics import Metric
from vouchsafe.observability import emit, incident, logger
from vouchsafe.services.keeping_watch import Watched, publish_numbers, watch


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take anything; give the duties that are late, messages given up on, the oldest CRL's age.

    `{"numbers": false}` leaves the public numbers as they are.
    """
    ports = bootstrap_watch.keep_watch()
    watched = watch(ports=ports)
    seen = _told(watched)
    if event.get("numbers", True):
        publish_numbers(watched, ports=ports)
    logger().info("watched", extra=seen)
    return seen


def _told(watched: Watched) -> dict[str, Any]:
    """The metrics, each with the names of what it counts; first, so that no page can spoil them."""
    late = [duty.value for duty in watched.late]
    parked = {name: count for name, count in watched.parked.items() if count}
    emit(Metric.DUTIES_ON_TIME, watched.on_time, late=late)
    emit(Metric.MESSAGES_PARKED, sum(parked.values()), queues=parked)
    if watched.oldest_crl is not None:
        emit(Metric.OLDEST_CRL, watched.oldest_crl, crls=watched.crls)
    incident("crl_never_published", len(watched.unpublished), crls=list(watched.unpublished))
    return {"late": late, "parked": parked, "oldest_crl": watched.oldest_crl}
