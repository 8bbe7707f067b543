"""Ports NoticeQueue, Mailer and Workflow, and the clock and dice of the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from tests.builders import MOMENT, a_change
from tests.contracts.aws import make_machine
from tests.fakes import (
    Cut,
    FakeMailer,
    FakeNoticeQueue,
    FakeWorkflow,
    FrozenClock,
    SeededEntropy,
    Tripwire,
)
from vouchsafe.adapters.clock import OsEntropy, SystemClock
from vouchsafe.adapters.lines import SqsLine
from vouchsafe.adapters.ses import SesMailer
from vouchsafe.adapters.sqs import ForkedQueue, LinedNotices, from_message, to_message
from vouchsafe.adapters.stepfunctions import StepFunctionsWorkflow
from vouchsafe.domain.changes import ChangeKind, NumberedChange
from vouchsafe.domain.errors import MailRefused
from vouchsafe.domain.notices import Mail


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with mock_aws():
        yield


def a_numbered(number: int = 1, **changed: Any) -> NumberedChange:
    change = a_change(change_id=f"change-{number}", data={"text": "é", "n": 1})
    return NumberedChange(number=number, change=replace(change, **changed))


def a_line(sqs: Any, url: str) -> SqsLine:
    """Nobody who only sends is asked for a client of Lambda."""
    return SqsLine(sqs, url, invoker=lambda: None)


class TestNoticeQueue:
    @pytest.fixture
    def sqs(self) -> Any:
        return boto3.client("sqs")

    @pytest.fixture(params=["fake", "sqs"])
    def queue(self, request: pytest.FixtureRequest) -> tuple[Any, Any]:
        """The port, and a function that tells what arrived."""
        if request.param == "fake":
            fake = FakeNoticeQueue()
            return fake, lambda: list(fake.sent)
        client = request.getfixturevalue("sqs")
        url = client.create_queue(QueueName="n.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        return LinedNotices(a_line(client, url)), lambda: received(client, url)

    def test_changes_arrive_in_order(self, queue: Any) -> None:
        port, arrived = queue
        for number in (1, 2, 3):
            port.send(a_numbered(number))
        assert arrived() == [a_numbered(1), a_numbered(2), a_numbered(3)]

    def test_a_change_sent_again_arrives_once(self, queue: Any) -> None:
        port, arrived = queue
        port.send(a_numbered())
        port.send(a_numbered())
        assert arrived() == [a_numbered()]

    def test_the_group_is_the_order_or_else_the_account(self, sqs: Any) -> None:
        url = sqs.create_queue(QueueName="g.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        queue = LinedNotices(a_line(sqs, url))
        queue.send(a_numbered(1))
        queue.send(a_numbered(2, order_id=None))
        messages = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )["Messages"]
        groups = {message["Attributes"]["MessageGroupId"] for message in messages}
        assert groups == {"order-1001", "account-1"}

    def test_a_fork_sends_some_kinds_the_other_way_as_well(self) -> None:
        common, other = FakeNoticeQueue(), FakeNoticeQueue()
        fork = ForkedQueue(common, other, [ChangeKind.CERTIFICATE_ISSUED])
        issued = a_numbered(2, kind=ChangeKind.CERTIFICATE_ISSUED)
        for each in (a_numbered(1), issued):
            fork.send(each)
        assert common.sent == [a_numbered(1), issued]
        assert other.sent == [issued]

    @pytest.mark.parametrize("at", [1, 2])
    def test_a_fork_that_was_cut_sends_both_ways_the_next_time(self, at: int) -> None:
        tripwire = Tripwire(at)
        common, other = FakeNoticeQueue(tripwire), FakeNoticeQueue(tripwire)
        fork = ForkedQueue(common, other, [ChangeKind.CERTIFICATE_ISSUED])
        issued = a_numbered(1, kind=ChangeKind.CERTIFICATE_ISSUED)
        with pytest.raises(Cut):
            fork.send(issued)
        fork.send(issued)
        assert common.sent == other.sent == [issued]

    def test_a_message_from_newer_code_is_understood(self) -> None:
        body = json.loads(to_message(a_numbered())) | {"mood": "good"}
        assert from_message(json.dumps(body)) == a_numbered()

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"number": 1}'])
    def test_what_is_no_message_is_refused(self, text: str) -> None:
        with pytest.raises((KeyError, TypeError, ValueError)):
            from_message(text)


def received(client: Any, url: str) -> list[NumberedChange]:
    """Everything in the queue, taken out of it."""
    found: list[NumberedChange] = []
    while True:
        messages = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        if not messages:
            return found
        for message in messages:
            found.append(from_message(message["Body"]))
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


A_MAIL = Mail(
    to=("ada@example.com", "ops@example.com"),
    subject="인증서 발급",
    text="Hello",
    html="<p>Hello</p>",
    tags=(("kind", "certificate_issued"),),
)


class TestMailer:
    @pytest.fixture(params=["fake", "ses"])
    def mailer(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeMailer()
        client = boto3.client("sesv2")
        client.create_email_identity(EmailIdentity="ca@example.org")
        return SesMailer(client, sender="ca@example.org", configuration_set="mail")

    def test_each_mail_gets_an_id_of_its_own(self, mailer: Any) -> None:
        first, second = mailer.send(A_MAIL), mailer.send(replace(A_MAIL, html=""))
        assert first
        assert second
        assert first != second

    def test_ses_gets_every_part_of_it(self) -> None:
        client = boto3.client("sesv2", region_name="eu-central-1")
        client.create_email_identity(EmailIdentity="ca@example.org")
        sent: list[dict[str, Any]] = []
        client.meta.events.register(
            "provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params)
        )
        SesMailer(client, sender="ca@example.org", configuration_set="mail").send(A_MAIL)
        (arguments,) = sent
        assert arguments["FromEmailAddress"] == "ca@example.org"
        assert arguments["ConfigurationSetName"] == "mail"
        assert arguments["EmailTags"] == [{"Name": "kind", "Value": "certificate_issued"}]
        message = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages[0]
        assert message.destinations["ToAddresses"] == list(A_MAIL.to)
        assert message.subject == A_MAIL.subject

    def test_a_sender_that_ses_does_not_know_is_not_hidden(self) -> None:
        mailer = SesMailer(
            boto3.client("sesv2"), sender="nobody@example.org", configuration_set="mail"
        )
        with pytest.raises(ClientError):
            mailer.send(A_MAIL)

    @pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
    def test_a_mail_that_ses_will_never_carry_is_refused(self, code: str) -> None:
        client = boto3.client("sesv2")
        client.create_email_identity(EmailIdentity="ca@example.org")
        error = {"Error": {"Code": code, "Message": "Address blacklisted."}}

        def refuse(**_: Any) -> None:
            raise ClientError(error, "SendEmail")  # type: ignore[arg-type]

        client.meta.events.register("before-call.sesv2.SendEmail", refuse)
        mailer = SesMailer(client, sender="ca@example.org", configuration_set="mail")
        with pytest.raises(MailRefused, match="Address blacklisted"):
            mailer.send(A_MAIL)


class TestWorkflow:
    @pytest.fixture
    def machines(self) -> tuple[Any, str, str]:
        client = boto3.client("stepfunctions")
        return client, make_machine(client, "order"), make_machine(client, "revocation")

    @pytest.fixture(params=["fake", "stepfunctions"])
    def workflow(self, request: pytest.FixtureRequest) -> tuple[Any, Any]:
        """The port, and a function that ends a run."""
        if request.param == "fake":
            fake = FakeWorkflow()
            return fake, fake.end
        client, order, revocation = request.getfixturevalue("machines")
        port = StepFunctionsWorkflow(
            client, order_machine_arn=order, revocation_machine_arn=revocation
        )
        runs = order.replace(":stateMachine:", ":execution:")
        return port, lambda *ids: client.stop_execution(
            executionArn=f"{runs}:{ids[0]}-{ids[1]}-r{ids[2]}"
        )

    def test_a_run_runs_from_its_start_to_its_end(self, workflow: Any) -> None:
        port, end = workflow
        assert not port.order_running(1001, 5001, 1)
        port.start_order(1001, 5001, 1)
        assert port.order_running(1001, 5001, 1)
        assert not port.order_running(1001, 5001, 2)
        end(1001, 5001, 1)
        assert not port.order_running(1001, 5001, 1)

    def test_a_used_name_is_no_error_and_starts_nothing(self, workflow: Any) -> None:
        port, end = workflow
        port.start_order(1001, 5001, 1)
        port.start_order(1001, 5001, 1)
        end(1001, 5001, 1)
        port.start_order(1001, 5001, 1)
        assert not port.order_running(1001, 5001, 1)

    def test_a_revocation_may_be_started_twice(self, workflow: Any) -> None:
        port, _ = workflow
        port.start_revocation(1001, 301, 1)
        port.start_revocation(1001, 301, 1)

    def test_executions_carry_ids_alone_and_names_people_can_read(self, machines: Any) -> None:
        client, order, revocation = machines
        port = StepFunctionsWorkflow(
            client, order_machine_arn=order, revocation_machine_arn=revocation
        )
        port.start_order(1001, 5001, 2)
        port.start_revocation(1001, 301, 3)
        assert inputs(client, order) == {
            "1001-5001-r2": {"order_id": 1001, "certificate_id": 5001, "run": 2}
        }
        assert inputs(client, revocation) == {
            "1001-revoke-301-a3": {"order_id": 1001, "request_id": 301}
        }


def inputs(client: Any, machine: str) -> dict[str, Any]:
    """What each execution of the machine was given, by its name."""
    executions = client.list_executions(stateMachineArn=machine)["executions"]
    return {
        each["name"]: json.loads(
            client.describe_execution(executionArn=each["executionArn"])["input"]
        )
        for each in executions
    }


class TestClockAndEntropy:
    @pytest.mark.parametrize("clock", [SystemClock(), FrozenClock(MOMENT)])
    def test_the_time_is_aware_utc(self, clock: Any) -> None:
        assert clock.now().tzinfo is UTC

    def test_the_machines_clock_is_right(self) -> None:
        assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)

    @pytest.mark.parametrize("entropy", [OsEntropy(), SeededEntropy()])
    def test_bytes_come_as_many_as_asked_and_never_the_same(self, entropy: Any) -> None:
        assert [len(entropy.bytes(count)) for count in (0, 1, 16)] == [0, 1, 16]
        assert entropy.bytes(16) != entropy.bytes(16)
