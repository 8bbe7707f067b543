"""A perspective gets the question and nothing else: no right, no name of anything of ours."""

from __future__ import annotations

from tests.infrastructure.templates import PERSPECTIVE, allowed_to, resources

_GENERAL = {"STAGE", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}


def test_it_may_write_to_its_own_log_and_nowhere_else() -> None:
    writing = [
        statement["Resource"]
        for statement in allowed_to(PERSPECTIVE, "PerspectiveRole")
        if any(action.startswith("logs:") for action in statement["Action"])
    ]
    assert writing == [[{"Fn::GetAtt": ["PerspectiveLogGroup", "Arn"]}]]


def test_it_is_told_its_place_and_no_name_of_a_table_bucket_queue_or_key() -> None:
    function = resources(PERSPECTIVE)["PerspectiveFunction"]["Properties"]
    own = set(function["Environment"]["Variables"])
    told = {name for name in own - _GENERAL if not name.startswith("LAB_")}
    assert told == {"PERSPECTIVE_NAME", "PERSPECTIVE_RIR"}
    assert "VpcConfig" not in function


def test_nobody_but_who_is_allowed_to_invoke_it_reaches_it() -> None:
    """No event, no URL, no permission for others: the primary's role alone may invoke it."""
    kinds = {each["Type"] for each in resources(PERSPECTIVE).values()}
    assert not kinds & {"AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Serverless::Api"}
    function = resources(PERSPECTIVE)["PerspectiveFunction"]["Properties"]
    assert "Events" not in function and "FunctionUrlConfig" not in function
