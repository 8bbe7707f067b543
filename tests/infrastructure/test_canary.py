"""The canary's part of the template: not there by default, and on with little right to anything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infrastructure.templates import (
    CANARY,
    PRIMARY,
    allowed_to,
    expanded,
    of_type,
    resources,
    role_of,
)
from vouchsafe.domain.canary import ACCOUNT, PATIENCE
from vouchsafe.domain.metrics import Metric

BOOK = {"Fn::GetAtt": ["Table", "Arn"]}
ALARM = "CanaryFails"


def mine() -> list[dict[str, Any]]:
    return allowed_to(PRIMARY, "CanaryRole", **CANARY)


def test_nothing_of_it_exists_unless_it_is_asked_for() -> None:
    off, on = resources(PRIMARY), resources(PRIMARY, **CANARY)
    assert set(on) - set(off) == {
        "CanaryClock",
        "CanaryFailures",
        ALARM,
        "CanaryFunction",
        "CanaryLogGroup",
        "CanaryRole",
    }
    assert [name for name in off if off[name] != on[name]] == ["ClockworkRole"]
    assert "Canary" not in str(off["ClockworkRole"])


def test_its_own_alarm_on_failures_comes_with_those_of_the_others() -> None:
    assert "CanaryErrors" not in resources(PRIMARY, DetailedAlarms="on")
    assert "CanaryErrors" in resources(PRIMARY, DetailedAlarms="on", **CANARY)


def test_a_name_needs_a_zone() -> None:
    rule = expanded(PRIMARY)["Rules"]["ACanaryHasAZone"]
    assert rule["RuleCondition"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CanaryName"}, ""]}]}
    (assertion,) = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CanaryZoneId"}, ""]}]}


def test_it_is_a_function_like_the_others() -> None:
    function = of_type(PRIMARY, "AWS::Lambda::Function", **CANARY)["CanaryFunction"]
    assert role_of(function) == "CanaryRole"
    assert function["LoggingConfig"] == {"LogGroup": {"Ref": "CanaryLogGroup"}}
    assert function["TracingConfig"] == {"Mode": "Active"}
    told = function["Environment"]["Variables"]
    assert (told["CANARY_NAME"], told["CANARY_ZONE_ID"]) == tuple(CANARY.values())
    every = of_type(PRIMARY, "AWS::Lambda::Function", **CANARY).values()
    assert [role_of(each) for each in every].count("CanaryRole") == 1


def test_its_schedule_calls_it_and_may() -> None:
    clock = of_type(PRIMARY, "AWS::Scheduler::Schedule", **CANARY)["CanaryClock"]
    arn = {"Fn::GetAtt": ["CanaryFunction", "Arn"]}
    assert (clock["Target"]["Arn"], clock["ScheduleExpression"]) == (arn, "rate(5 minutes)")
    (invoking,) = allowed_to(PRIMARY, "ClockworkRole", **CANARY)
    assert arn in invoking["Resource"]


def test_the_alarm_goes_off_at_a_failure_and_when_nobody_tells_anything() -> None:
    alarm = of_type(PRIMARY, "AWS::CloudWatch::Alarm", **CANARY)[ALARM]
    assert (alarm["MetricName"], alarm["Statistic"]) == (Metric.CANARY_FAILED, "Maximum")
    assert (alarm["Threshold"], alarm["TreatMissingData"]) == (1, "breaching")
    assert f"within {PATIENCE.seconds // 60} minutes" in alarm["AlarmDescription"]


def test_it_may_change_txt_records_below_its_name_in_its_zone_and_no_other_record() -> None:
    (on_dns,) = [s for s in mine() if str(s["Action"]).count("route53")]
    assert on_dns["Action"] == ["route53:ChangeResourceRecordSets"]
    assert on_dns["Resource"] == [
        {"Fn::Sub": "arn:${AWS::Partition}:route53:::hostedzone/${CanaryZoneId}"}
    ]
    assert on_dns["Condition"] == {
        "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
            "route53:ChangeResourceRecordSetsActions": ["UPSERT", "DELETE"],
        },
        "ForAllValues:StringLike": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
                {"Fn::Sub": "*.${CanaryName}"}
            ]
        },
    }


def test_it_signs_sends_and_stores_nothing() -> None:
    actions = {action for statement in mine() for action in statement["Action"]}
    assert {action.partition(":")[0] for action in actions} == {
        "dynamodb",
        "logs",
        "route53",
        "s3",
        "states",
        "xray",
    }
    assert {a for a in actions if a.startswith("s3:")} == {"s3:GetObject", "s3:ListBucket"}
    assert not actions & {"dynamodb:Scan", "dynamodb:DeleteItem"}


@pytest.mark.parametrize("name", ["ACCOUNT", "IDEMPOTENCY", "LISTED", "TOTALS"])
def test_of_what_belongs_to_accounts_it_writes_its_own_alone(name: str) -> None:
    (writing,) = [s for s in mine() if "dynamodb:PutItem" in s["Action"]]
    assert writing["Resource"] == [BOOK]
    keys = writing["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    (key,) = [each for each in keys if each.startswith(name)]
    assert key in (f"{name}#{ACCOUNT}", f"{name}#{ACCOUNT}#*")
