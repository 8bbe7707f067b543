"""The composition root of the watch, and of the duties that are watched."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from . import parts
from .adapters.clock import SystemClock
from .clients import client

if TYPE_CHECKING:
    from .domain.duties import Duty
    from .services import keeping_watch


def duty_done(duty: Duty) -> None:
    """Note that a scheduled function did all there was to do; the watch alarms where none does."""
    parts.table("DynamoDuties").done(duty, SystemClock().now())


@cache
def keep_watch() -> keeping_watch.Ports:
    from .adapters.cloudwatch import CloudWatchMeasurements
    from .adapters.s3 import S3NumbersPage
    from .adapters.sqs import SqsParkedMessages
    from .services import keeping_watch

    settings = parts.settings()
    return keeping_watch.Ports(
        duties=parts.table("DynamoDuties"),
        parked=SqsParkedMessages(client("sqs"), settings.parked_queue_urls),
        issuers=parts.table("DynamoIssuers"),
        revocations=parts.table("DynamoRevocations"),
        measurements=CloudWatchMeasurements(client("cloudwatch"), settings.metrics_namespace),
        page=S3NumbersPage(client("s3"), settings.require("publication_bucket")),
        clock=SystemClock(),
    )
