"""Ports FirstLook and LintOnly: the functions behind them, and those that stand for them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from cryptography.hazmat.primitives.serialization import Encoding

from functions.lint_draft import app as lint_draft
from tests.builders import MOMENT, TOKEN, a_hierarchy
from tests.fake_trial import FakeFirstLook, FakeLintOnly
from tests.fakes import FrozenClock
from tests.unit.validation.checking import eyes_over
from tests.unit.validation.eyes import World
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.adapters.trial import LambdaFirstLook, LambdaLintOnly
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.first_look import (
    CaaNameQuestion,
    FirstLookReport,
    FirstLookRequest,
    NameQuestion,
)
from vouchsafe.domain.lint_wire import finding_from_json, finding_to_json
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.wire import read_json, to_json
from vouchsafe.services.first_look import HIDDEN, first_look

TXT = DcvMethodName.DNS_TXT


class Client:
    """Stands for the Lambda client; `function` is what is invoked."""

    def __init__(self, function: Callable[[Any], Any], **more: Any) -> None:
        self._function, self._more = function, more
        self.asked: list[dict[str, Any]] = []

    def invoke(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        answer = self._function(json.loads(asked["Payload"]))
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **self._more}


def raising(error: Exception) -> Callable[[Any], Any]:
    def function(_: Any) -> Any:
        raise error

    return function


def _ask(*names: str, value: str = TOKEN, caa: bool = False) -> FirstLookRequest:
    return FirstLookRequest(
        account_id=1,
        names=tuple(NameQuestion(name=one, method=TXT, value=value) for one in names),
        caa=tuple(CaaNameQuestion(name=one, validation_method="ca-tbr-7") for one in names)
        if caa
        else (),
    )


class TestFirstLook:
    @pytest.fixture
    def world(self) -> World:
        return World()

    @pytest.fixture(params=["fake", "lambda"])
    def port(self, request: pytest.FixtureRequest, world: World) -> Any:
        eyes = eyes_over(world, FrozenClock(MOMENT))
        if request.param == "fake":
            return FakeFirstLook(eyes)

        def checker(event: Any) -> Any:
            return to_json(first_look(read_json(FirstLookRequest, event["first_look"]), eyes))

        return LambdaFirstLook(Client(checker), "check-domain")

    def test_what_is_published_is_proven_and_nothing_else_is(self, port: Any, world: World) -> None:
        world.publish(TOKEN, "www.example.com")
        seen = port.look(_ask("www.example.com", "*.example.org"))
        assert [(one.name, one.proven) for one in seen.names] == [
            ("www.example.com", True),
            ("*.example.org", False),
        ]
        assert seen.names[0].cause == "proven"
        assert (seen.permitted, seen.findings) == (False, ())

    def test_the_value_is_not_told_back(self, port: Any) -> None:
        (seen,) = port.look(_ask("www.example.com")).names
        assert TOKEN not in seen.advice + seen.explanation
        assert HIDDEN in seen.advice

    def test_caa_is_asked_where_it_is_asked_for(self, port: Any, world: World) -> None:
        seen = port.look(_ask("www.example.com", "*.example.org", caa=True))
        assert seen.permitted
        assert [(one.name, one.wildcard) for one in seen.findings] == [
            ("www.example.com", False),
            ("example.org", True),
        ]
        world.caa["example.org"] = (0, "issuewild", "other.example")
        assert not port.look(_ask("www.example.com", "*.example.org", caa=True)).permitted

    def test_an_account_of_caa_is_the_one_that_asks(self, port: Any, world: World) -> None:
        record = "ca.example.net; accounturi=acct:2@ca.example.net"
        world.caa["example.org"] = (0, "issue", record)
        assert not port.look(_ask("example.org", caa=True)).permitted

    def test_nothing_asked_is_nothing_seen(self, port: Any) -> None:
        assert port.look(FirstLookRequest(account_id=1)) == FirstLookReport()


class TestLintOnly:
    @pytest.fixture(params=["fake", "lambda"])
    def port(self, request: pytest.FixtureRequest) -> tuple[Any, list[Finding]]:
        """The port, and the findings it is to tell."""
        findings = [
            Finding(Severity.ERROR, "pkix.odd", "it is odd", "RFC 5280 4.1"),
            Finding(Severity.NOTICE, "pkix.remark", "é"),
        ]
        if request.param == "fake":
            fake = FakeLintOnly()
            fake.findings = findings
            return fake, findings
        told = {"findings": [finding_to_json(one) for one in findings]}
        return LambdaLintOnly(Client(lambda _: told), "lint-draft"), findings

    def test_findings_arrive_as_they_were_found(self, port: Any) -> None:
        lint, findings = port
        assert list(lint.certificate(b"\x30\x00")) == findings


def test_the_function_lints_what_it_is_sent_as_the_linter_itself_does() -> None:
    der = a_hierarchy().issuing.public_bytes(Encoding.DER)
    itself = PkilintLinter(waive_local_urls=False)
    lint = LambdaLintOnly(Client(lambda event: lint_draft.handler(event, None)), "lint-draft")
    assert list(lint.certificate(der)) == list(itself.certificate(der))
    assert lint.certificate(b"no certificate")[0].code == "pkilint.unreadable"


SILENT = [
    Client(raising(ReadTimeoutError(endpoint_url="https://lambda.example"))),
    Client(raising(ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke"))),
    Client(lambda _: {"errorMessage": "Task timed out"}, FunctionError="Unhandled"),
    Client(lambda _: None),
    Client(lambda _: {"names": 5, "permitted": True, "findings": 5}),
    Client(lambda _: {"findings": [{"severity": "ODD", "code": "", "message": "", "clause": ""}]}),
    Client(lambda _: {"findings": [{"severity": "INFO", "code": 5, "message": "", "clause": ""}]}),
]


@pytest.mark.parametrize("client", SILENT)
def test_whatever_else_comes_is_no_answer(client: Client) -> None:
    with pytest.raises(Unavailable):
        LambdaFirstLook(client, "check-domain").look(_ask("example.com"))
    with pytest.raises(Unavailable):
        LambdaLintOnly(client, "lint-draft").certificate(b"\x30\x00")


def test_the_functions_are_waited_for() -> None:
    client = Client(lambda _: {"findings": []})
    LambdaLintOnly(client, "lint-draft").certificate(b"\x30\x00")
    (asked,) = client.asked
    assert (asked["FunctionName"], asked["InvocationType"]) == ("lint-draft", "RequestResponse")
    assert json.loads(asked["Payload"]) == {"certificate": "MAA="}


@pytest.mark.parametrize("data", [None, [], {}, {"code": "x"}])
def test_what_is_no_finding_is_refused(data: Any) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        finding_from_json(data)
