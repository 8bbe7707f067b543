"""The state machine files: well formed, every way leads somewhere, nothing is left to chance."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cfnlint import ManualArgs, lint

from tests.infrastructure.machines import FOLDER, NAMES, definition, targets, text
from tests.infrastructure.templates import PRIMARY, source

#: The machine that runs a file, and its first placeholder's function.
MACHINES = {"order": "OrderMachine", "revocation": "RevocationMachine"}
#: AWS keeps at most this many events of one execution.
HISTORY_LIMIT = 25_000


def states(name: str) -> dict[str, dict[str, Any]]:
    return dict(definition(name)["States"])


def of_kind(name: str, kind: str) -> dict[str, dict[str, Any]]:
    return {key: state for key, state in states(name).items() if state["Type"] == kind}


def test_every_file_is_tested_here() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.asl.json" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_file_follows_the_states_language(name: str) -> None:
    filled = re.sub(r"\$\{\w+\}", "arn:aws:lambda:us-east-1:123456789012:function:task", text(name))
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": "arn:aws:iam::123456789012:role/machine",
            "Definition": json.loads(filled),
        },
    }
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Machine": machine}}
    matches = lint(json.dumps(template), config=ManualArgs(regions=["us-east-1"]))
    assert not [str(match) for match in matches]


@pytest.mark.parametrize("name", NAMES)
def test_every_way_out_of_a_state_leads_to_a_state(name: str) -> None:
    for key, state in states(name).items():
        assert set(targets(state)) <= set(states(name)), key


@pytest.mark.parametrize("name", NAMES)
def test_every_state_can_be_reached(name: str) -> None:
    seen: set[str] = set()
    ahead = [definition(name)["StartAt"]]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += targets(states(name)[here])
    assert seen == set(states(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_task_is_tried_again_and_then_waits_whatever_went_wrong(name: str) -> None:
    for key, task in of_kind(name, "Task").items():
        assert [each["ErrorEquals"] for each in task["Retry"]] == [["States.ALL"]], key
        assert [each["ErrorEquals"] for each in task["Catch"]] == [["States.ALL"]], key
        for catch in task["Catch"]:
            assert states(name)[catch["Next"]]["Type"] == "Wait", key


@pytest.mark.parametrize("name", NAMES)
def test_no_machine_can_fail_by_itself(name: str) -> None:
    assert not of_kind(name, "Fail")
    for key, choice in of_kind(name, "Choice").items():
        assert "Default" in choice, key


@pytest.mark.parametrize("name", NAMES)
def test_placeholders_and_substitutions_are_the_same(name: str) -> None:
    properties = source(PRIMARY)["Resources"][MACHINES[name]]["Properties"]
    assert properties["DefinitionUri"] == f"statemachines/{name}.asl.json"
    assert set(re.findall(r"\$\{(\w+)\}", text(name))) == set(properties["DefinitionSubstitutions"])


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_may_invoke_exactly_the_functions_it_names(name: str) -> None:
    found = source(PRIMARY)["Resources"]
    named = {
        value["Fn::GetAtt"][0]
        for value in found[MACHINES[name]]["Properties"]["DefinitionSubstitutions"].values()
    }
    (policy,) = found[f"{MACHINES[name]}Role"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert {arn["Fn::GetAtt"][0] for arn in statement["Resource"]} == named


@pytest.mark.parametrize("name", NAMES)
def test_every_decision_says_why(name: str) -> None:
    assert definition(name)["Comment"]
    for key, state in states(name).items():
        assert state.get("Comment"), key


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_identifiers_goes_in(name: str) -> None:
    fields = {
        value
        for task in of_kind(name, "Task").values()
        for value in _leaves(task["Parameters"])
        if value.startswith("$.")
    }
    assert fields <= {
        "$.order_id",
        "$.certificate_id",
        "$.check.told",  # ids to read along; as a whole, since an older check may name none
        "$.run",
        "$.request_id",
        "$.recorded",
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_longest_trouble_stays_within_the_history(name: str) -> None:
    """Each round: a task's attempts of 3 events within 2, a Wait of 2, and the way back to it."""
    machine = definition(name)
    for key, task in of_kind(name, "Task").items():
        (retry,) = task["Retry"]
        (catch,) = task["Catch"]
        pause = states(name)[catch["Next"]]
        back = 0 if pause["Next"] == key else 5 + 2  # another task and the choice after it
        events = 2 + 3 * (1 + retry["MaxAttempts"]) + 2 + back
        rounds = machine["TimeoutSeconds"] / pause["Seconds"]
        assert rounds * events < HISTORY_LIMIT, key


def test_the_order_machine_outlives_the_longest_window_by_a_day() -> None:
    window = source(PRIMARY)["Parameters"]["WindowSeconds"]
    assert definition("order")["TimeoutSeconds"] == window["MaxValue"] + 24 * 3600
    assert window["Default"] == window["MaxValue"] == 72 * 3600


def _leaves(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [leaf for value in node.values() for leaf in _leaves(value)]
    return [node] if isinstance(node, str) else []
