"""The deployed functions over an AWS inside this process, with a clock that jumps, all counted.

The functions' own handlers, put together by the real composition root, call the real adapters and
the SDK; answers come from moto (table, store) or from here (KMS, queues, bus, mail, other
functions). Only a program of its own may make one: it sets the environment and the clock.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import io
import json
import os
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.core.models import botocore_stubber
from moto.core.serialize import AttributePicker

from tests.builders import MOMENT, a_hierarchy, a_private_key
from tests.contracts.aws import TABLE, make_table
from tests.cost.meter import Item, Meter, Written
from tests.unit.validation.eyes import SeeingLooker, World
from vouchsafe import clients
from vouchsafe.domain.corroboration import REGIONS, REMOTE_REGIONS
from vouchsafe.domain.wire import request_from_json, to_json

_ACCOUNT = "us-east-1:123456789012"
_LIMITS, _STORE, _PUBLICATION = "limits", "store", "publication"
ENVIRONMENT = {
    "STAGE": "staging",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "vouchsafe",
    "POWERTOOLS_METRICS_NAMESPACE": "Vouchsafe",
    "LOG_LEVEL": "INFO",
    "TABLE_NAME": TABLE,
    "LIMITS_TABLE_NAME": _LIMITS,
    "STORE_BUCKET": _STORE,
    "PUBLICATION_BUCKET": _PUBLICATION,
    "PUBLICATION_URL": "http://ca.example.com",
    "CAA_DOMAINS": "ca.example.com",
    "DCV_DOMAIN": "ca.example.com",
    "CHECK_DOMAIN_FUNCTION": "check-domain",
    "LINT_DRAFT_FUNCTION": "lint-draft",
    "ORDER_MACHINE_ARN": f"arn:aws:states:{_ACCOUNT}:stateMachine:order",
    "REVOCATION_MACHINE_ARN": f"arn:aws:states:{_ACCOUNT}:stateMachine:revocation",
    "NOTICE_QUEUE_URL": f"https://sqs.us-east-1.amazonaws.com/{_ACCOUNT}/notices.fifo",
    "EVIDENCE_QUEUE_URL": f"https://sqs.us-east-1.amazonaws.com/{_ACCOUNT}/evidence.fifo",
    "WEBHOOK_QUEUE_URL": f"https://sqs.us-east-1.amazonaws.com/{_ACCOUNT}/webhooks.fifo",
    "NOTICE_READER": "send_mail",
    "EVIDENCE_READER": "pack_evidence",
    "WEBHOOK_READER": "send_webhooks",
    "REPORT_READER": "send_reports",
    "PARKED_QUEUE_URLS": f"https://sqs.us-east-1.amazonaws.com/{_ACCOUNT}/parked.fifo",
    "REPORT_QUEUE_URL": f"https://sqs.us-east-1.amazonaws.com/{_ACCOUNT}/reports.fifo",
    "EVENT_BUS_NAME": "vouchsafe",
    "EVIDENCE_KEY_REF": "evidence-key",
    "MAIL_FROM": "ca@example.com",
    "SES_CONFIGURATION_SET": "mail",
    "BASE_URL": "https://api.example.com/services/v2",
    "PERSPECTIVE_ARNS": ",".join(
        f"arn:aws:lambda:{region}:123456789012:function:look" for region in REMOTE_REGIONS
    ),
}


_pick = AttributePicker.__call__


def _pick_quickly(picker: AttributePicker, context: Any) -> Any:
    """What moto does for items of a table, without a search for other spellings of each name."""
    if isinstance(context.obj, dict) and context.service_model.service_name == "dynamodb":
        return context.obj.get(context.key)
    return _pick(picker, context)


class CountedOutput(io.StringIO):
    """Stands for a container's standard output: counts what is written, keeps the end of it."""

    total = 0
    tail: deque[str] = deque(maxlen=4)

    def write(self, text: str) -> int:
        CountedOutput.total += len(text.encode())
        CountedOutput.tail.append(text)
        return len(text)


@dataclass(slots=True)
class Invocation:
    """One run of a function: when, its CPU without the emulation's, its calls, its output, and how
    many names it looked at on the network; how long it waited for messages that did not come."""

    function: str
    at: float
    cpu_ms: float
    calls: dict[str, int]
    log_bytes: int
    names: int = 0
    waited_ms: int = 0


@dataclass
class CountedWorld:
    """Everything deployed. `seconds` is the clock; `invocations` every run since `reset`."""

    seen: World = field(default_factory=World)
    seconds: float = 0.0
    used: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    invocations: list[Invocation] = field(default_factory=list)
    started: deque[dict[str, Any]] = field(default_factory=deque)
    mails: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        os.environ.update(ENVIRONMENT)
        AttributePicker.__call__ = _pick_quickly  # type: ignore[method-assign]
        self._plain = boto3.client("dynamodb", region_name="us-east-1")
        make_table(self._plain)
        self._plain.create_table(
            TableName=_LIMITS,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        for bucket in (_STORE, _PUBLICATION):
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=bucket)
        self._meter = Meter(self._peek, self.used, self.calls)
        self._changed: list[Written] = []
        self._queues: dict[str, list[Any]] = {"notices.fifo": [], "evidence.fifo": []}
        self._queues |= {"reports.fifo": [], "webhooks.fifo": []}
        self._called: deque[tuple[str, Any]] = deque()
        self._held: list[Any] = []
        self._waited = 0
        self._emulation = 0.0
        self.looker = SeeingLooker(self.seen)
        events = clients._session().get_component("event_emitter")  # noqa: SLF001
        events.register_first("before-send", self._answer)

    def now(self) -> datetime:
        """The clock that every function sees."""
        return MOMENT + timedelta(seconds=self.seconds)

    def invoke(self, function: str, event: Any) -> Any:
        """Run a function's handler once; what it gave, as JSON would carry it."""
        module = importlib.import_module(f"functions.{function}.app")
        calls, written, emulation = self.calls.copy(), CountedOutput.total, self._emulation
        waited = self._waited
        began = time.process_time()
        result = module.handler(json.loads(json.dumps(event)), None)
        spent = time.process_time() - began - (self._emulation - emulation)
        self.invocations.append(
            Invocation(
                function,
                self.seconds,
                1000 * max(spent, 0.0),
                {name: n - calls[name] for name, n in self.calls.items() if n > calls[name]},
                CountedOutput.total - written,
                waited_ms=self._waited - waited,
            )
        )
        return json.loads(json.dumps(result))

    def settle(self) -> None:
        """Hand on what was written, as the stream does, and run whoever was called, till all
        rests."""
        while self._changed or self._called:
            self._stream()
            while self._called:
                answer = self.invoke(*self._called.popleft())
                assert answer["failed"] == 0, list(CountedOutput.tail)
        assert not any(self._queues.values()), self._queues

    def _stream(self) -> None:
        images = [new for table, old, new in self._changed if table == TABLE and old is None]
        self._changed.clear()
        records = [
            {
                "eventName": "INSERT",
                "eventID": str(place),
                "dynamodb": {"NewImage": image, "SequenceNumber": str(place)},
            }
            for place, image in enumerate(images)
            if image and image.get("entity") == {"S": "change"}
        ]
        if records:
            answer = self.invoke("number_changes", {"Records": records})
            assert answer == _ALL_DONE, list(CountedOutput.tail)

    def _peek(self, table: str, key: Item) -> Item | None:
        found = self._plain.get_item(TableName=table, Key=_plainly(key), ConsistentRead=True)
        item = found.get("Item")
        return None if item is None else json.loads(json.dumps(item, default=_as_base64))

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        """Count a call and answer it; the CPU that takes is the emulation's, not the function's."""
        began = time.thread_time()
        service, operation = event_name.split(".")[1:]
        service = _NAMES.get(service, service)
        body = _content(request)
        before = self._meter.begin(service, operation, body)
        answer = self._own(service, operation, request, body)
        response: Any = answer or botocore_stubber(event_name, request)
        content = response.content if service == "dynamodb" else b""  # others may be streams
        self._changed += self._meter.end(service, operation, body, content, before)
        self._emulation += time.thread_time() - began
        return response

    def _own(self, service: str, operation: str, request: Any, body: bytes) -> AWSResponse | None:
        """The answer of a service that is played here; None for moto's."""
        if service in ("cloudwatch", "dynamodb", "s3"):
            return None
        asked = json.loads(body or b"{}")
        return _reply(request.url, getattr(self, f"_{service}")(operation, asked, request.url))

    def _stepfunctions(self, operation: str, asked: Any, _: str) -> Any:
        self.started.append(json.loads(asked["input"]))
        arn = asked["stateMachineArn"].replace(":stateMachine:", ":execution:")
        return {"executionArn": f"{arn}:{asked['name']}", "startDate": 0}

    def _sqs(self, operation: str, asked: Any, _: str) -> Any:
        if operation == "GetQueueAttributes":
            return {"Attributes": {"ApproximateNumberOfMessages": "0"}}
        queue = self._queues[asked["QueueUrl"].rpartition("/")[2]]
        if operation == "ReceiveMessage":
            most = asked["MaxNumberOfMessages"]
            self._held, queue[:] = queue[:most], queue[most:]
            self._waited += 0 if self._held else 1000 * asked["WaitTimeSeconds"]
            return {"Messages": self._held}
        if operation == "DeleteMessage":
            self._held = [m for m in self._held if m["ReceiptHandle"] != asked["ReceiptHandle"]]
            return {}
        body, known = asked["MessageBody"], f"{asked['MessageDeduplicationId']}"
        about = {"MessageGroupId": asked["MessageGroupId"], "ApproximateReceiveCount": "1"}
        queue.append(
            {"MessageId": known, "ReceiptHandle": known, "Body": body, "Attributes": about}
        )
        return {"MessageId": known, "MD5OfMessageBody": hashlib.md5(body.encode()).hexdigest()}

    def _events(self, operation: str, asked: Any, _: str) -> Any:
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in asked["Entries"]]}

    def _sesv2(self, operation: str, asked: Any, _: str) -> Any:
        self.mails.append(asked["Content"]["Simple"]["Subject"]["Data"])
        return {"MessageId": f"mail-{len(self.mails)}"}

    def _kms(self, operation: str, asked: Any, _: str) -> Any:
        evidence = asked["KeyId"] == "evidence-key"
        key = a_private_key("evidence") if evidence else a_hierarchy().issuing_key
        if operation == "GetPublicKey":
            public = key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return {"KeyId": asked["KeyId"], "PublicKey": base64.b64encode(public).decode()}
        digest = base64.b64decode(asked["Message"])
        signature = key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        return {"KeyId": asked["KeyId"], "Signature": base64.b64encode(signature).decode()}

    def _lambda(self, operation: str, asked: Any, url: str) -> Any:
        """The perspectives, which are waited for; and who reads a line, who is not."""
        called = url.split("/")[-2]
        if called in ENVIRONMENT.values():
            self._called.append((called, asked))
            return {}
        region = next(each for each in REMOTE_REGIONS if each in url)
        asking = request_from_json(asked)
        names = len({one.name for one in (*asking.dcv, *asking.caa)})
        self.invocations.append(Invocation("perspective", self.seconds, 0.0, {}, 0, names))
        return to_json(self.seen.report(region, REGIONS[region].rir, asking))


#: The SDK's names of services whose endpoints are called otherwise.
_NAMES = {"sfn": "stepfunctions", "eventbridge": "events"}
_ALL_DONE: dict[str, list[Any]] = {"batchItemFailures": []}


class _Raw(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


def _reply(url: str, answer: Any) -> AWSResponse:
    content = json.dumps(answer).encode()
    headers = HTTPHeaders.from_dict({"Content-Length": str(len(content))})
    return AWSResponse(url, 200, headers, _Raw(content))


def _content(request: Any) -> bytes:
    body = request.body
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    content = body.read()
    body.seek(0)
    return bytes(content)


def _plainly(key: Item) -> Any:
    return {name: dict(value) for name, value in key.items()}


def _as_base64(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()
