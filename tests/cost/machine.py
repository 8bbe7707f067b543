"""The committed state machine walked state by state, each entry counted: that is what is billed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

type Work = Callable[[str, dict[str, Any]], dict[str, Any]]

_INVOKE = "arn:aws:states:::lambda:invoke"


def walk(
    machine: dict[str, Any],
    given: dict[str, Any],
    *,
    work: Work,
    wait: Callable[[float], None],
    entered: Counter[str],
) -> None:
    """Run to the end. `work` takes the function's placeholder and its event and gives its answer.

    Raises NotImplementedError for a kind of state or of test that the file has not had yet.
    """
    data, name = dict(given), machine["StartAt"]
    while name:
        state = machine["States"][name]
        entered[name] += 1
        match state["Type"]:
            case "Task" if state["Resource"] == _INVOKE:
                _put(data, state["ResultPath"], _task(state, data, work))
            case "Wait":
                seconds = state.get("Seconds")
                wait(_at(data, state["SecondsPath"]) if seconds is None else seconds)
            case "Succeed":
                return
            case "Choice":
                hits = (rule["Next"] for rule in state["Choices"] if _holds(rule, data))
                name = next(hits, state["Default"])
                continue
            case kind:
                raise NotImplementedError(kind)
        name = state.get("Next")


def _task(state: dict[str, Any], data: dict[str, Any], work: Work) -> Any:
    parameters = state["Parameters"]
    placeholder = re.fullmatch(r"\$\{(\w+)\}", parameters["FunctionName"])
    assert placeholder is not None
    answer = {"Payload": work(placeholder[1], _filled(parameters["Payload"], data))}
    return _filled(state["ResultSelector"], answer)


def _filled(template: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    return {
        name.removesuffix(".$"): _at(data, value) if name.endswith(".$") else value
        for name, value in template.items()
    }


def _at(data: Any, path: str) -> Any:
    for part in path.removeprefix("$.").split("."):
        data = data[part]
    return data


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    data[path.removeprefix("$.")] = value


def _holds(rule: dict[str, Any], data: dict[str, Any]) -> bool:
    if "Or" in rule:
        return any(_holds(each, data) for each in rule["Or"])
    if "StringEquals" not in rule:
        raise NotImplementedError(rule)
    return bool(_at(data, rule["Variable"]) == rule["StringEquals"])
