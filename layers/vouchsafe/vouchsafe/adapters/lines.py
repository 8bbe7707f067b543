"""A FIFO queue that no event source mapping polls, and the function that reads it when invoked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import ClientError

from ..domain.errors import Unavailable
from ..line_ports import Message
from .sdk import code_of, patiently

#: Seconds a take waits: a long poll asks all servers of the queue, a short one only some.
_WAIT = 1
#: Lambda ends a chain of functions that call each other after sixteen; the next pass goes on.
_CHAIN_TOO_LONG = "RecursiveInvocationException"
#: The function's answer to it is that it reads.
CALL = b'{"waiting": true}'


class SqsLine:
    """Port Line. `invoker` gives the client of Lambda, which only callers need; without a `reader`
    nobody can be called."""

    def __init__(
        self, sqs: Any, queue_url: str, *, invoker: Callable[[], Any], reader: str | None = None
    ) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._invoker = invoker
        self._reader = reader
        self._called_for = False

    def send(self, body: str, *, group: str, key: str) -> None:
        """See Line. The queue itself drops the same key for five minutes."""
        arguments = {
            "QueueUrl": self._queue_url,
            "MessageBody": body,
            "MessageGroupId": group,
            "MessageDeduplicationId": key,
        }
        patiently(lambda: self._sqs.send_message(**arguments))
        self._called_for = True

    def take(self, most: int) -> Sequence[Message]:
        """See Line."""
        arguments = {
            "QueueUrl": self._queue_url,
            "MaxNumberOfMessages": most,
            "WaitTimeSeconds": _WAIT,
            "MessageSystemAttributeNames": ["MessageGroupId", "ApproximateReceiveCount"],
        }
        answer = patiently(lambda: self._sqs.receive_message(**arguments))
        return tuple(_message(each) for each in answer.get("Messages", ()))

    def done(self, message: Message) -> None:
        """See Line."""
        receipt = {"QueueUrl": self._queue_url, "ReceiptHandle": message.receipt}
        patiently(lambda: self._sqs.delete_message(**receipt))

    def waiting(self) -> int:
        """See Line."""
        name = "ApproximateNumberOfMessages"
        asked = {"QueueUrl": self._queue_url, "AttributeNames": [name]}
        return int(patiently(lambda: self._sqs.get_queue_attributes(**asked))["Attributes"][name])

    @property
    def called_for(self) -> bool:
        """See Line."""
        return self._called_for

    def call(self) -> None:
        """See Line. Raises ValueError without a reader, and ClientError for what will not pass."""
        if self._reader is None:
            raise ValueError("nobody is named who reads this line")
        arguments = {
            "FunctionName": self._reader,
            "InvocationType": "Event",
            "Payload": CALL,
        }
        self._called_for = False
        try:
            patiently(lambda: self._invoker().invoke(**arguments))
        except Unavailable:  # the message is in the queue: the reconciler's next pass calls again
            return
        except ClientError as error:
            if code_of(error) != _CHAIN_TOO_LONG:
                raise


def _message(received: dict[str, Any]) -> Message:
    about = received["Attributes"]
    return Message(
        message_id=received["MessageId"],
        body=received["Body"],
        group=about["MessageGroupId"],
        times=int(about["ApproximateReceiveCount"]),
        receipt=received["ReceiptHandle"],
    )
