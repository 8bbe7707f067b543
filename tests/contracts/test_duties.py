"""When duties were done: the fake, and the adapter over moto. And what else the watch reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.builders import MOMENT
from tests.contracts.aws import TABLE
from tests.fake_watch import FakeDuties
from vouchsafe.adapters.cloudwatch import CloudWatchMeasurements
from vouchsafe.adapters.dynamodb import DynamoDuties
from vouchsafe.adapters.s3 import S3NumbersPage
from vouchsafe.adapters.sqs import SqsParkedMessages
from vouchsafe.domain.duties import Duty, DutyDone

_LATER = MOMENT + timedelta(minutes=7)


@pytest.fixture(params=["dynamodb", "fake"])
def duties(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeDuties()
    return DynamoDuties(request.getfixturevalue("dynamodb"), TABLE)


def test_a_duty_never_noted_counts_from_when_it_was_first_asked_for(duties: Any) -> None:
    first = [DutyDone(duty=Duty.RECONCILE, done_at=MOMENT)]
    assert list(duties.all([Duty.RECONCILE], MOMENT)) == first
    assert list(duties.all([Duty.RECONCILE], _LATER)) == first


def test_a_duty_counts_from_when_it_was_last_done(duties: Any) -> None:
    duties.all([*Duty], MOMENT)
    duties.done(Duty.PUBLISH_CRL, _LATER)
    found = {each.duty: each.done_at for each in duties.all([*Duty], _LATER)}
    assert found == dict.fromkeys(Duty, MOMENT) | {Duty.PUBLISH_CRL: _LATER}


def test_what_is_done_before_anybody_watches_is_not_noted(duties: Any) -> None:
    duties.done(Duty.PUBLISH_CRL, MOMENT)
    (found,) = duties.all([Duty.PUBLISH_CRL], _LATER)
    assert found.done_at == _LATER


def test_the_depths_of_queues_go_by_their_names() -> None:
    with mock_aws():
        sqs = boto3.client("sqs")
        urls = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "empty")]
        for _ in range(3):
            sqs.send_message(QueueUrl=urls[0], MessageBody="x")
        assert SqsParkedMessages(sqs, urls).depths() == {"dead": 3, "empty": 0}


def test_numbers_are_published_in_place_of_older_ones_and_go_stale_soon() -> None:
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="public")
        for text in (b"1", b"2"):
            S3NumbersPage(s3, "public").publish("numbers.json", text, "application/json")
        found = s3.get_object(Bucket="public", Key="numbers.json")
        assert found["Body"].read() == b"2"
        assert (found["ContentType"], found["CacheControl"]) == ("application/json", "max-age=300")


class Metrics:
    """CloudWatch's GetMetricData, with days of values by metric, state and statistic."""

    def __init__(self, days: dict[tuple[str, str, str], list[float]]) -> None:
        self.days = days

    def get_metric_data(self, **asked: Any) -> Any:
        results = []
        for query in asked["MetricDataQueries"]:
            stat = query["MetricStat"]
            assert stat["Metric"]["Namespace"] == "stack"
            state = "".join(each["Value"] for each in stat["Metric"]["Dimensions"])
            found = self.days.get((stat["Metric"]["MetricName"], state, stat["Stat"]), [])
            times = [asked["EndTime"] - timedelta(days=n + 1, minutes=5) for n in range(len(found))]
            results.append({"Id": query["Id"], "Timestamps": times, "Values": found})
        return {"MetricDataResults": results}


def test_sums_are_of_all_days_and_medians_the_middle_one_of_the_days() -> None:
    metrics = Metrics(
        {
            ("Orders", "issued", "Sum"): [4.0, 10.0, 1.0],
            ("ProofToIssue", "", "p50"): [3.0, 90.0, 5.0],
            ("DutiesOnTime", "", "Average"): [100.0, 80.0],
        }
    )
    until = datetime(2026, 11, 21, 12, tzinfo=UTC)
    found = CloudWatchMeasurements(metrics, "stack").measured(until - timedelta(days=30), until)
    assert (found.issued, found.issued_last_day, found.revoked) == (15, 4, 0)
    assert (found.proof_to_issue, found.revoked_to_published) == (5.0, None)
    assert found.duties_on_time == 90.0


def test_the_query_is_one_that_cloudwatch_takes() -> None:
    with mock_aws():
        client = boto3.client("cloudwatch", region_name="us-east-1")
        now = datetime.now(UTC)
        found = CloudWatchMeasurements(client, "stack").measured(now - timedelta(days=30), now)
    assert (found.issued, found.proof_to_issue) == (0, None)
