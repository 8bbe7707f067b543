"""The remote perspectives over scripted Lambda clients."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.unit.validation.eyes import World
from vouchsafe.adapters.perspectives import LambdaPerspectives, region_of
from vouchsafe.domain.corroboration import REGIONS, REMOTE_REGIONS
from vouchsafe.domain.looking import CaaQuestion, LookRequest
from vouchsafe.domain.wire import request_from_json, to_json

REQUEST = LookRequest(
    caa=(CaaQuestion(name="www.example.com", wildcard=False, issuer_domains=("ca.example.net",)),)
)
ARNS = [f"arn:aws:lambda:{place}:123456789012:function:perspective" for place in REMOTE_REGIONS]


class ScriptedLambda:
    """A Lambda client of one region, whose function answers as told."""

    def __init__(self, region: str, meeting: threading.Barrier | None = None) -> None:
        self.region = region
        self.meeting = meeting
        self.answer: Any = None
        self.failure: Exception | None = None
        self.error = ""
        self.payloads: list[bytes] = []

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert region_of(FunctionName) == self.region
        assert InvocationType == "RequestResponse"
        if self.meeting is not None:
            self.meeting.wait(5)
        if self.failure is not None:
            raise self.failure
        self.payloads.append(Payload)
        request = request_from_json(json.loads(Payload))
        answer = self.answer
        if answer is None:
            report = World().report(self.region, REGIONS[self.region].rir, request)
            answer = to_json(report)
        made = {"Payload": io.BytesIO(json.dumps(answer).encode())}
        return made | ({"FunctionError": self.error} if self.error else {})


@pytest.fixture
def clients() -> dict[str, ScriptedLambda]:
    return {place: ScriptedLambda(place) for place in REMOTE_REGIONS}


def test_every_place_is_asked_in_its_own_region_at_the_same_time() -> None:
    meeting = threading.Barrier(len(REMOTE_REGIONS))  # breaks unless all calls run side by side
    clients = {place: ScriptedLambda(place, meeting) for place in REMOTE_REGIONS}
    reports = LambdaPerspectives(ARNS, clients.__getitem__).ask(REQUEST)
    assert [one.perspective for one in reports] == list(REMOTE_REGIONS)
    assert [one.error for one in reports] == [""] * 6
    assert all(one.caa[0].finding.permitted for one in reports)


def test_a_call_that_fails_is_a_report_that_says_so(clients: dict[str, ScriptedLambda]) -> None:
    clients["sa-east-1"].failure = ReadTimeoutError(endpoint_url="https://lambda")
    clients["us-west-2"].answer = {"errorMessage": "out of memory"}
    clients["us-west-2"].error = "Unhandled"
    clients["eu-west-1"].answer = {"perspective": "eu-west-1"}
    reports = LambdaPerspectives(ARNS, clients.__getitem__).ask(REQUEST)
    errors = {one.perspective: one.error for one in reports if one.error}
    assert errors["sa-east-1"].startswith("ReadTimeoutError: Read timeout")
    assert errors["us-west-2"] == "ValueError: the function failed: out of memory"
    assert errors["eu-west-1"].startswith("ValueError: report: missing or unknown")
    assert len(reports) == 6
    assert {one.rir for one in reports} == {"ARIN", "RIPE", "APNIC", "LACNIC"}


def test_a_place_that_claims_to_be_another_is_not_believed(
    clients: dict[str, ScriptedLambda],
) -> None:
    clients["sa-east-1"].answer = to_json(World().report("eu-central-1", "RIPE", REQUEST))
    clients["us-west-2"].answer = to_json(World().report("us-west-2", "RIPE", REQUEST))
    reports = LambdaPerspectives(ARNS, clients.__getitem__).ask(REQUEST)
    assert {one.perspective for one in reports if one.error} == {"sa-east-1", "us-west-2"}


def test_without_perspectives_nobody_is_asked() -> None:
    assert LambdaPerspectives([], {}.__getitem__).ask(REQUEST) == ()


@pytest.mark.parametrize(
    ("regions", "home", "flaw"),
    [
        (("eu-west-1", "eu-west-2"), "us-east-1", "466 km apart"),
        (("us-west-2",), "us-west-2", "0 km apart"),
        (("xx-moon-1",), "", "no region whose place is known"),
    ],
)
def test_functions_too_near_or_nowhere_are_refused_before_they_are_asked(
    regions: tuple[str, ...], home: str, flaw: str
) -> None:
    arns = [f"arn:aws:lambda:{place}:123456789012:function:perspective" for place in regions]
    with pytest.raises(ValueError, match=flaw):
        LambdaPerspectives(arns, {}.__getitem__, home=home)


def test_a_place_gets_the_question_and_nothing_else(clients: dict[str, ScriptedLambda]) -> None:
    """No order, no account, no name of a person: what is sent is the questions alone."""
    LambdaPerspectives(ARNS, clients.__getitem__).ask(REQUEST)
    asked = {
        "name": "www.example.com",
        "wildcard": False,
        "issuer_domains": ["ca.example.net"],
        "validation_method": "",
        "account_uri": "",
    }
    for client in clients.values():
        sent = json.loads(client.payloads[0])
        assert sent.pop("caa") == [asked]
        assert not any(sent.values())


@pytest.mark.parametrize("arn", ["", "perspective", "arn:aws:lambda"])
def test_what_is_no_arn_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match="is not an ARN"):
        region_of(arn)
