"""The ceremony's function: a stack always gets its answer, and public trust waits for people."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from functions.ceremony.app import serve
from tests.ceremony_world import LINTER, World, a_world
from tests.fakes import SeededEntropy
from vouchsafe.dependencies import Ceremony
from vouchsafe.settings import Settings

ENVIRONMENT = {
    "STAGE": "staging",
    "PUBLICATION_URL": "http://ca.example.org",
    "ROOT_KEY_REF": "root-key",
    "ISSUING_KEY_REF": "issuing-key",
    "ISSUER_KEY_TYPE": "ec_p256",
    "ISSUER_TRUST": "private",
    "CRL_SHARDS": "3",
}


@dataclass
class Stack:
    """Where CloudFormation waits: the address to answer to, and the answers that came."""

    url: str
    answers: list[dict[str, Any]] = field(default_factory=list)
    types: list[str | None] = field(default_factory=list)


@pytest.fixture
def stack() -> Iterator[Stack]:
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            waiting.types.append(self.headers["Content-Type"])
            body = self.rfile.read(int(self.headers["Content-Length"]))
            waiting.answers.append(json.loads(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    waiting = Stack(f"http://127.0.0.1:{server.server_port}/answer?signature=x")
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    yield waiting
    server.shutdown()
    thread.join()
    server.server_close()


def _given(world: World, **changed: str) -> Ceremony:
    return Ceremony(
        settings=Settings.from_environment(ENVIRONMENT | changed),
        clock=world.clock,
        entropy=SeededEntropy(),
        ledger=world.book,
        issuers=world.book,
        keys=world.keys,
        publication=world.publication,
        linter=LINTER,
    )


def _event(stack: Stack, kind: str = "Create", **properties: str) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResponseURL": stack.url,
        "StackId": "arn:stack",
        "RequestId": "r-1",
        "LogicalResourceId": "Hierarchy",
        "ResourceProperties": {"ServiceToken": "arn:function", **properties},
    }


def test_a_new_stack_gets_its_hierarchy_and_an_answer(stack: Stack) -> None:
    world = a_world()
    serve(_event(stack), None, lambda: _given(world))
    (answer,) = stack.answers
    assert answer["Status"] == "SUCCESS"
    assert answer["Data"]["IssuerId"] == "e1"
    assert answer["Data"]["MadeNow"] == "true"
    assert {answer["StackId"], answer["RequestId"]} == {"arn:stack", "r-1"}
    assert answer["LogicalResourceId"] == "Hierarchy"
    issuer = world.book.get("e1")
    assert issuer is not None
    assert issuer.shards == 3
    assert stack.types == [""]


def test_an_update_finds_it_done(stack: Stack) -> None:
    world = a_world()
    serve(_event(stack), None, lambda: _given(world))
    event = _event(stack, "Update") | {"PhysicalResourceId": "kept"}
    serve(event, None, lambda: _given(world))
    assert stack.answers[1]["Data"]["MadeNow"] == "false"
    assert stack.answers[1]["PhysicalResourceId"] == "kept"


def test_deleting_the_stack_leaves_the_hierarchy_and_is_answered(stack: Stack) -> None:
    world = a_world()
    serve(_event(stack), None, lambda: _given(world))
    published = dict(world.publication.objects)

    def never() -> Ceremony:
        raise AssertionError("nothing is needed to delete nothing")

    serve(_event(stack, "Delete"), None, never)
    assert stack.answers[1]["Status"] == "SUCCESS"
    assert world.publication.objects == published
    assert world.book.get("e1") is not None


def test_whatever_fails_the_stack_is_told(stack: Stack) -> None:
    world = a_world()
    serve(_event(stack, Country="zz"), None, lambda: _given(world))
    serve(_event(stack), None, lambda: _given(world, ISSUER_KEY_TYPE="rsa_4096"))
    serve(_event(stack), None, lambda: _given(world, ROOT_KEY_REF=""))
    assert [answer["Status"] for answer in stack.answers] == ["FAILED"] * 3
    assert "LintRefused" in stack.answers[0]["Reason"]
    assert "rsa_4096" in stack.answers[1]["Reason"]
    assert "ROOT_KEY_REF" in stack.answers[2]["Reason"]
    assert world.book.get("e1") is None


def test_rules_that_loosen_anything_fail_the_deployment_whoever_holds_the_ceremony(
    stack: Stack,
) -> None:
    world = a_world()
    for rules in ("max_days=90,ev.rsa=no", "max_days=398"):
        event = _event(stack, "Update", Only="settings", ProfileRules=rules)
        given = {"ISSUER_TRUST": "public", "PROFILE_RULES": rules}
        serve(event, None, lambda given=given: _given(world, **given))  # type: ignore[misc]
    taken, refused = stack.answers
    assert (taken["Status"], taken["Data"]) == ("SUCCESS", {"ProfileRules": "2 rules"})
    assert refused["Status"] == "FAILED"
    assert "PROFILE_RULES: max_days=398: is looser than the rules" in refused["Reason"]
    assert world.book.get("e1") is None


def test_names_come_from_the_properties(stack: Stack) -> None:
    world = a_world()
    serve(_event(stack, IssuerId="r2", RootName="A Root R7"), None, lambda: _given(world))
    assert stack.answers[0]["Data"]["IssuerId"] == "r2"
    issuer = world.book.get("r2")
    assert issuer is not None
    assert b"A Root R7" in issuer.root


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_a_public_hierarchy_never_makes_itself(stack: Stack, stage: str) -> None:
    world = a_world()
    serve(_event(stack), None, lambda: _given(world, ISSUER_TRUST="public", STAGE=stage))
    (answer,) = stack.answers
    assert answer["Status"] == "SUCCESS"
    assert "directly" in answer["Data"]["Operator"]
    assert world.keys.signatures == 0
    assert world.book.get("e1") is None


def test_a_public_hierarchy_makes_itself_in_stage_local(stack: Stack) -> None:
    world = a_world()
    serve(_event(stack), None, lambda: _given(world, ISSUER_TRUST="public", STAGE="local"))
    assert world.book.get("e1") is not None


def test_an_operator_makes_a_public_hierarchy_by_direct_invocation() -> None:
    world = a_world()
    answer = serve({"action": "ensure"}, None, lambda: _given(world, ISSUER_TRUST="public"))
    assert answer["MadeNow"] == "true"
    assert world.book.get("e1") is not None


def test_another_action_is_refused() -> None:
    world = a_world()
    answer = serve({"action": "delete"}, None, lambda: _given(world))
    assert "must be one of ensure, add" in answer["errors"][0]["message"]
    assert world.keys.signatures == 0
