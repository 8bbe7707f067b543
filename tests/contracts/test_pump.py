"""From the table's stream to the mail: both handlers as deployed, over moto."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from functions.number_changes.app import handler as number_changes
from functions.send_mail.app import handler as send_mail
from tests.builders import (
    TOKEN,
    a_certificate,
    a_change,
    a_user,
    an_account,
    an_authorization,
    an_order,
)
from tests.contracts.aws import TABLE, make_table
from vouchsafe import bootstrap, bootstrap_mail, clients, parts
from vouchsafe.adapters.dynamodb import DynamoLedger
from vouchsafe.adapters.sqs import from_message
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import Authorizations

REGION = "eu-central-1"


class Aws:
    """The table with a placed order, the queue, and a sender that SES knows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dynamodb = boto3.client("dynamodb")
        make_table(self.dynamodb)
        self.sqs = boto3.client("sqs")
        fifo = {"FifoQueue": "true"}
        self.queue = self.sqs.create_queue(QueueName="n.fifo", Attributes=fifo)["QueueUrl"]
        self.to_pack = self.sqs.create_queue(QueueName="e.fifo", Attributes=fifo)["QueueUrl"]
        boto3.client("events").create_event_bus(Name="outsiders")
        self.to_post = self.sqs.create_queue(QueueName="r.fifo", Attributes=fifo)["QueueUrl"]
        self.to_hooks = self.sqs.create_queue(QueueName="w.fifo", Attributes=fifo)["QueueUrl"]
        boto3.client("sesv2").create_email_identity(EmailIdentity="ca@example.org")
        environment = {
            "STAGE": "local",
            "TABLE_NAME": TABLE,
            "NOTICE_QUEUE_URL": self.queue,
            "EVIDENCE_QUEUE_URL": self.to_pack,
            "EVENT_BUS_NAME": "outsiders",
            "NOTICE_READER": "send-mail",
            "EVIDENCE_READER": "pack-evidence",
            "REPORT_READER": "send-reports",
            "WEBHOOK_READER": "send-webhooks",
            "REPORT_QUEUE_URL": self.to_post,
            "WEBHOOK_QUEUE_URL": self.to_hooks,
            "STORE_BUCKET": "store",
            "MAIL_FROM": "ca@example.org",
            "SES_CONFIGURATION_SET": "mail",
            "BASE_URL": "https://ca.example/services/v2",
            "ORDER_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:order",
            "REVOCATION_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:revoke",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        self.called: list[str] = []
        clients.client("lambda").meta.events.register("before-call.lambda.Invoke", self._call)
        pack = Authorizations(order_id=1001, certificate_id=5001, items=(an_authorization(),))
        self.commit(an_order(), a_certificate(), pack, an_account(), a_user())

    def _call(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        """Lambda's answer to a call that nobody waits for."""
        assert params["headers"]["X-Amz-Invocation-Type"] == "Event"
        self.called.append(params["url_path"].split("/")[-2])
        return SimpleNamespace(status_code=202), {"StatusCode": 202}

    def commit(self, *records: Any) -> None:
        DynamoLedger(self.dynamodb, TABLE).commit(*records)

    def stream(self, *changes: Change, event: str = "INSERT") -> dict[str, Any]:
        """What the stream says of these changes, as Lambda receives it."""
        return {"Records": [self._record(change, event) for change in changes]}

    def _record(self, change: Change, event: str) -> dict[str, Any]:
        key = {"pk": {"S": f"CHANGE#{change.change_id}"}, "sk": {"S": "CHANGE"}}
        image = self.dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        return {
            "eventID": change.change_id,
            "eventName": event,
            "dynamodb": {
                "Keys": key,
                "NewImage": image,
                "SequenceNumber": f"seq-{change.change_id}",
            },
        }

    def messages(self) -> list[Any]:
        """What waits in the line of notices, held from now on."""
        return [from_message(each.body) for each in parts.line("notice").take(10)]

    @property
    def sent(self) -> list[Any]:
        return list(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)


def forget_everything_cached() -> None:
    for cached in (
        parts.line,
        parts.settings,
        bootstrap.number_changes,
        bootstrap_mail.send_mail,
        clients.client,
        clients._session,
    ):
        cached.cache_clear()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    forget_everything_cached()
    with mock_aws():
        yield Aws(monkeypatch)
    forget_everything_cached()


def changes(aws: Aws, count: int) -> list[Change]:
    made = [a_change(change_id=f"change-{number}") for number in range(count)]
    aws.commit(*made)
    return made


FINE: dict[str, Any] = {"batchItemFailures": []}
CALLED = {"waiting": True}


class TestNumberChanges:
    def test_changes_of_the_stream_are_numbered_and_queued_in_order(self, aws: Aws) -> None:
        made = changes(aws, 3)
        assert number_changes(aws.stream(*made), None) == FINE
        queued = aws.messages()
        assert [each.number for each in queued] == [1, 2, 3]
        assert [each.change for each in queued] == made
        assert sorted(aws.called) == ["send-mail", "send-webhooks"], "once for the whole batch"

    def test_a_batch_that_comes_again_changes_nothing(self, aws: Aws) -> None:
        event = aws.stream(*changes(aws, 2))
        assert number_changes(event, None) == FINE
        assert number_changes(event, None) == FINE
        assert len(aws.messages()) == 2

    def test_an_issue_goes_to_be_packed_as_well(self, aws: Aws) -> None:
        issued = a_change(change_id="issued", kind=ChangeKind.CERTIFICATE_ISSUED)
        aws.commit(issued)
        assert number_changes(aws.stream(*changes(aws, 1), issued), None) == FINE
        assert len(aws.messages()) == 2
        (to_pack,) = aws.sqs.receive_message(QueueUrl=aws.to_pack)["Messages"]
        assert from_message(to_pack["Body"]).change == issued

    def test_a_refusal_by_caa_goes_to_be_posted_as_well(self, aws: Aws) -> None:
        refused = replace(a_change(), kind=ChangeKind.CAA_REFUSED, data={"refusals": []})
        aws.commit(refused)
        assert number_changes(aws.stream(refused), None) == FINE
        assert len(aws.messages()) == 1
        (to_post,) = aws.sqs.receive_message(QueueUrl=aws.to_post)["Messages"]
        assert from_message(to_post["Body"]).change == refused

    def test_it_stops_at_what_it_cannot_read_and_names_it(self, aws: Aws) -> None:
        event = aws.stream(*changes(aws, 3))
        del event["Records"][1]["dynamodb"]["NewImage"]["kind"]
        expected = {"batchItemFailures": [{"itemIdentifier": "seq-change-1"}]}
        assert number_changes(event, None) == expected
        assert "send-mail" in aws.called, "for what was queued before it"
        assert len(aws.messages()) == 1

    def test_only_new_changes_count(self, aws: Aws) -> None:
        assert number_changes(aws.stream(*changes(aws, 1), event="MODIFY"), None) == FINE
        assert aws.messages() == []


def read(done: int, failed: int = 0) -> dict[str, Any]:
    return {"done": done, "failed": failed, "more": False}


class TestSendMail:
    def test_a_queued_change_becomes_a_mail(self, aws: Aws) -> None:
        number_changes(aws.stream(*changes(aws, 1)), None)
        assert send_mail(CALLED, None) == read(1)
        (mail,) = aws.sent
        assert mail.destinations["ToAddresses"] == ["ada@example.com", "ops@example.com"]
        assert TOKEN in mail.body
        assert send_mail(CALLED, None) == read(0)

    def test_a_message_that_comes_again_sends_nothing(self, aws: Aws) -> None:
        event = aws.stream(*changes(aws, 1))
        number_changes(event, None)
        (message,) = parts.line("notice").take(10)
        parts.line("notice").send(message.body, group="again", key="again")
        assert send_mail(CALLED, None) == read(1)
        parts.line("notice").send(message.body, group="again", key="once more")
        assert send_mail(CALLED, None) == read(1)
        assert len(aws.sent) == 1

    def test_what_cannot_be_read_holds_up_its_own_group_alone(self, aws: Aws) -> None:
        line = parts.line("notice")
        line.send("{}", group="order-1001", key="poison")
        number_changes(aws.stream(*changes(aws, 1)), None)
        other = replace(a_change(change_id="other"), order_id=None)
        aws.commit(other)
        number_changes(aws.stream(other), None)
        assert send_mail(CALLED, None) == read(1, failed=2)
        assert aws.sent == []

    def test_a_kind_without_a_mail_is_done_with(self, aws: Aws) -> None:
        proven = replace(a_change(), kind=ChangeKind.NAME_PROVEN)
        aws.commit(proven)
        number_changes(aws.stream(proven), None)
        assert send_mail(CALLED, None) == read(1)
        assert aws.sent == []

    def test_logs_hold_no_value_to_publish(
        self, aws: Aws, caplog: pytest.LogCaptureFixture
    ) -> None:
        number_changes(aws.stream(*changes(aws, 1)), None)
        send_mail(CALLED, None)
        ours = [record for record in caplog.records if record.filename == "app.py"]
        assert [record.message for record in ours] == ["change.numbered", "mail.done"]
        assert all(TOKEN not in str(vars(record)) for record in ours)


class TestTheBusForOutsiders:
    @pytest.fixture
    def inbox(self, aws: Aws) -> str:
        """A queue that an outsider's rule fills from the bus."""
        url: str = aws.sqs.create_queue(QueueName="inbox")["QueueUrl"]
        named = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        events = boto3.client("events")
        pattern = '{"source": ["vouchsafe"]}'
        events.put_rule(Name="all", EventBusName="outsiders", EventPattern=pattern)
        target = {"Id": "inbox", "Arn": named["Attributes"]["QueueArn"]}
        events.put_targets(Rule="all", EventBusName="outsiders", Targets=[target])
        return url

    def test_a_shared_change_is_an_event_with_what_the_feed_shows(
        self, aws: Aws, inbox: str
    ) -> None:
        number_changes(aws.stream(*changes(aws, 1)), None)
        (message,) = aws.sqs.receive_message(QueueUrl=inbox)["Messages"]
        event = json.loads(message["Body"])
        assert (event["source"], event["detail-type"]) == ("vouchsafe", "order_placed")
        assert event["detail"]["account_id"] == 1
        assert (event["detail"]["cursor"], event["detail"]["id"]) == (1, "change-0")

    def test_what_is_kept_back_never_gets_there(self, aws: Aws, inbox: str) -> None:
        kept = a_change(change_id="kept", kind=ChangeKind.USER_CREATED)
        aws.commit(kept)
        assert number_changes(aws.stream(kept), None) == FINE
        assert "Messages" not in aws.sqs.receive_message(QueueUrl=inbox)
        assert len(aws.messages()) == 1
