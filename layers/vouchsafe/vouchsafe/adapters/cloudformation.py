"""Answers to CloudFormation, which waits for what a custom resource did."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.request import Request, urlopen

from ..observability import logger

_ANSWER_SECONDS = 10
_LONGEST_REASON = 1000  # characters; an answer may have 4 KB in all


def as_custom_resource(
    event: Mapping[str, Any], name: str, work: Callable[[], Mapping[str, str]]
) -> dict[str, Any]:
    """Do `work` for a stack event, unless it deletes; the answer given, named `name`.

    A stack waits an hour for an answer, so whatever happens, it gets one.
    """
    status, reason, data = "SUCCESS", "done", {}
    try:
        if event["RequestType"] != "Delete":
            data = dict(work())
    except Exception as error:  # an edge: the stack must be told, whatever it was
        logger().exception("custom_resource.failed")
        status, reason = "FAILED", f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
    answer = {
        "Status": status,
        "Reason": reason,
        "PhysicalResourceId": event.get("PhysicalResourceId") or name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": data,
    }
    _send(str(event["ResponseURL"]), answer)
    return answer


def _send(url: str, answer: Mapping[str, Any]) -> None:
    """Put the answer where CloudFormation looks for it: a presigned address that takes no type."""
    body = json.dumps(answer).encode()
    request = Request(url, data=body, method="PUT", headers={"Content-Type": ""})
    with urlopen(request, timeout=_ANSWER_SECONDS) as response:
        response.read()
