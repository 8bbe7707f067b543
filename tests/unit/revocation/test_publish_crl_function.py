"""A stack that asks for its first CRLs always gets an answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from vouchsafe.adapters.cloudformation import as_custom_resource

Answers = list[dict[str, Any]]


@pytest.fixture
def waiting() -> Iterator[tuple[str, Answers]]:
    """Where CloudFormation waits, and what it was told."""
    answers: Answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/answer?signature=x", answers
    server.shutdown()
    thread.join()
    server.server_close()


def event(url: str, kind: str) -> dict[str, Any]:
    return {
        "ResponseURL": url,
        "RequestType": kind,
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "FirstCrls",
    }


def failing() -> dict[str, str]:
    raise RuntimeError("the issuer is not on record")


def test_the_stack_is_told_what_was_done(waiting: tuple[str, Answers]) -> None:
    url, answers = waiting
    given = as_custom_resource(event(url, "Create"), "first", lambda: {"Published": "16"})
    assert answers == [given]
    assert given["Status"] == "SUCCESS"
    assert given["PhysicalResourceId"] == "first"
    assert given["Data"] == {"Published": "16"}


def test_the_stack_is_told_of_a_failure(waiting: tuple[str, Answers]) -> None:
    url, answers = waiting
    as_custom_resource(event(url, "Update"), "first", failing)
    (told,) = answers
    assert told["Status"] == "FAILED"
    assert told["Reason"] == "RuntimeError: the issuer is not on record"


def test_a_deleted_stack_takes_nothing_with_it(waiting: tuple[str, Answers]) -> None:
    url, answers = waiting
    as_custom_resource(event(url, "Delete"), "first", failing)
    assert answers[0]["Status"] == "SUCCESS"
