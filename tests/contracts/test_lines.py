"""Port Line: the fake and the queue; and how a reader is called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.builders import MOMENT
from tests.fakes import FrozenClock
from tests.fakes_lines import HELD_FOR, FakeLine
from vouchsafe.adapters.lines import CALL, SqsLine
from vouchsafe.line_ports import Line

_REGION = "us-east-1"
#: Seconds; the true one is minutes, which no test waits for.
_HELD = 2


class Invoked:
    """Stands for Lambda's client: takes calls, or refuses them by what it is given to raise."""

    def __init__(self, *refusals: Exception) -> None:
        self.calls: list[dict[str, Any]] = []
        self.refusals = list(refusals)

    def invoke(self, **asked: Any) -> dict[str, Any]:
        self.calls.append(asked)
        if self.refusals:
            raise self.refusals.pop(0)
        return {"StatusCode": 202}


def a_queue(sqs: Any) -> str:
    attributes = {"FifoQueue": "true", "VisibilityTimeout": str(_HELD)}
    return str(sqs.create_queue(QueueName="l.fifo", Attributes=attributes)["QueueUrl"])


def an_sqs_line(invoked: Invoked, reader: str | None = "reader") -> SqsLine:
    sqs = boto3.client("sqs", region_name=_REGION)
    return SqsLine(sqs, a_queue(sqs), invoker=lambda: invoked, reader=reader)


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture(params=["fake", "sqs"])
def line(request: pytest.FixtureRequest) -> Line:
    if request.param == "fake":
        return FakeLine(FrozenClock(MOMENT))
    return an_sqs_line(Invoked())


def send(line: Line, *bodies: str) -> None:
    """`a1` is in group `a`."""
    for body in bodies:
        line.send(body, group=body[0], key=body)


def bodies(taken: Any) -> list[str]:
    return [each.body for each in taken]


def test_messages_come_in_the_order_in_which_they_were_sent(line: Line) -> None:
    send(line, "a1", "a2", "a3")
    assert bodies(line.take(10)) == ["a1", "a2", "a3"]


def test_a_message_sent_again_comes_once(line: Line) -> None:
    send(line, "a1", "a1")
    assert bodies(line.take(10)) == ["a1"]


def test_no_more_are_taken_than_are_asked_for(line: Line) -> None:
    send(line, "a1", "b1", "c1")
    assert len(line.take(2)) == 2


def test_what_follows_a_message_that_somebody_holds_waits_and_other_groups_do_not(
    line: Line,
) -> None:
    send(line, "a1", "a2", "b1")
    (first,) = line.take(1)
    assert bodies(line.take(10)) == ["b1"]
    line.done(first)
    assert bodies(line.take(10)) == ["a2"]


def test_what_is_not_done_with_comes_again_and_is_counted() -> None:
    clock = FrozenClock(MOMENT)
    line = FakeLine(clock)
    send(line, "a1")
    assert [each.times for each in line.take(10)] == [1]
    assert line.take(10) == ()
    clock.advance(HELD_FOR + timedelta(seconds=1))
    assert [each.times for each in line.take(10)] == [2]


def test_a_queue_gives_what_is_not_done_with_again_and_counts() -> None:
    line = an_sqs_line(Invoked())
    send(line, "a1")
    (first,) = line.take(10)
    assert (first.group, first.times) == ("a", 1)
    again: list[Any] = []
    for _ in range(3 * _HELD):  # each take waits for a second
        again += line.take(10)
        if again:
            break
    assert [(each.body, each.times) for each in again] == [("a1", 2)]


def test_it_is_known_how_much_waits(line: Line) -> None:
    assert line.waiting() == 0
    send(line, "a1", "b1")
    assert line.waiting() == 2
    for message in line.take(10):
        line.done(message)
    assert line.waiting() == 0


def test_who_sent_something_has_to_call_and_then_has_not(line: Line) -> None:
    assert not line.called_for
    send(line, "a1")
    assert line.called_for
    line.call()
    assert not line.called_for


def test_a_reader_is_called_without_being_waited_for() -> None:
    invoked = Invoked()
    an_sqs_line(invoked).call()
    (asked,) = invoked.calls
    assert asked == {"FunctionName": "reader", "InvocationType": "Event", "Payload": CALL}


def _refusal(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "Invoke",
    )


def test_a_reader_that_cannot_be_called_now_holds_up_nobody() -> None:
    busy = [_refusal("TooManyRequestsException", 429) for _ in range(5)]
    invoked = Invoked(*busy)
    line = an_sqs_line(invoked)
    send(line, "a1")
    line.call()
    assert len(invoked.calls) == 5
    assert bodies(line.take(10)) == ["a1"], "it waits for the next pass"


def test_a_chain_of_calls_that_lambda_ends_goes_on_with_the_next_pass() -> None:
    line = an_sqs_line(Invoked(_refusal("RecursiveInvocationException", 400)))
    send(line, "a1")
    line.call()
    assert line.waiting() == 1


def test_a_reader_that_may_not_be_called_is_a_fault() -> None:
    with pytest.raises(ClientError):
        an_sqs_line(Invoked(_refusal("AccessDeniedException", 403))).call()
    with pytest.raises(ValueError, match="nobody"):
        an_sqs_line(Invoked(), reader=None).call()
