from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.validation.answers import TOKEN, agreed, caa
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.caa import judge_caa
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import CaaAnswer, CaaQuestion, LookReport, LookRequest
from vouchsafe.domain.sightings import judge_dcv
from vouchsafe.domain.wire import report_from_json, request_from_json, to_json

DCV = question_for(Identifier("*.www.example.com"), DcvMethodName.DNS_TXT, TOKEN)
CAA = CaaQuestion(name="www.example.com", wildcard=True, issuer_domains=("ca.example.net",))
REQUEST = LookRequest(dcv=(DCV, DCV), caa=(CAA,))
REPORT = LookReport(
    perspective="eu-central-1",
    rir="RIPE",
    dcv=(judge_dcv(DCV, [agreed("_dnsauth.www.example.com", (TOKEN,))]),),
    caa=(
        CaaAnswer(finding=judge_caa(CAA, [caa("www.example.com", (0, "issue", "ca.example.net"))])),
    ),
)


def sent(value: LookRequest | LookReport) -> Any:
    return json.loads(json.dumps(to_json(value)))


def test_requests_and_reports_come_over_unchanged() -> None:
    assert request_from_json(sent(REQUEST)) == REQUEST
    assert report_from_json(sent(REPORT)) == REPORT


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("dcv",), {}, "request.dcv must be an array"),
        (("dcv", 0, "value"), 7, r"request.dcv\[0\].value must be str"),
        (("dcv", 0, "wildcard"), 1, r"request.dcv\[0\].wildcard must be bool"),
        (("dcv", 0, "method"), "carrier_pigeon", "carrier_pigeon"),
        (("dcv", 0, "authorization_domains"), "x", "must be an array"),
        (("dcv", 0, "extra"), 1, "missing or unknown: extra"),
        (("caa", 0), None, r"request.caa\[0\] must be an object"),
    ],
)
def test_another_shape_is_refused_by_name(path: tuple[Any, ...], value: Any, reason: str) -> None:
    data = sent(REQUEST)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(ValueError, match=reason):
        request_from_json(data)


def test_a_missing_field_is_refused() -> None:
    data = sent(REPORT)
    del data["rir"]
    with pytest.raises(ValueError, match="missing or unknown: rir"):
        report_from_json(data)


@pytest.mark.parametrize("data", [None, [], "x", 1, {}])
def test_what_is_no_report_at_all_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match="report"):
        report_from_json(data)
