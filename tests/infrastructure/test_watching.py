"""Alarms, metrics, runbooks and the dashboard: few enough to cost nothing, and nothing unseen.

How a new function, queue, schedule or metric joins is in docs/monitoring.md; each test names what
is missing.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from tests.infrastructure.templates import (
    CANARY,
    PERSPECTIVE,
    PRIMARY,
    ROOT,
    allowed_to,
    of_type,
    resources,
)
from vouchsafe.domain.duties import PATIENCE, Duty
from vouchsafe.domain.metrics import KINDS, Metric
from vouchsafe.domain.numbers_words import DUTY_NAMES

FREE_ALARMS = FREE_METRICS = 10  # a month, of CloudWatch's free tier
FREE_DASHBOARDS = 3
MOST_METRICS = 30
RUNBOOKS = ROOT / "docs" / "runbooks"
OURS = {"Ref": "AWS::StackName"}
WATCH = "KeepWatchFunction"
PACKAGE = ROOT / "layers" / "vouchsafe" / "vouchsafe"


def alarms(
    detailed: str = "off", names: tuple[str, ...] = (PRIMARY, PERSPECTIVE), **given: str
) -> Any:
    found: dict[str, Any] = {}
    for name in names:
        found |= of_type(name, "AWS::CloudWatch::Alarm", DetailedAlarms=detailed, **given)
    return found


def functions(name: str) -> dict[str, Any]:
    return of_type(name, "AWS::Lambda::Function")


def text_of(alarm: Any) -> str:
    said = alarm["AlarmDescription"]
    return str(said.get("Fn::Sub", said) if isinstance(said, dict) else said)


def runbook_of(alarm: Any) -> str:
    match = re.search(r"See docs/runbooks/([a-z-]+)\.md$", text_of(alarm))
    assert match, f"no runbook in: {text_of(alarm)}"
    return match[1]


def filters() -> dict[str, list[str]]:
    """The log groups whose lines become each metric."""
    found: dict[str, list[str]] = {}
    for each in of_type(PRIMARY, "AWS::Logs::MetricFilter").values():
        (made,) = each["MetricTransformations"]
        assert made["MetricNamespace"] == OURS and made["MetricValue"] == "1"
        found.setdefault(made["MetricName"], []).append(each["LogGroupName"]["Ref"])
    return found


def test_a_deployment_has_no_more_alarms_than_are_free() -> None:
    assert len(alarms(**CANARY)) <= FREE_ALARMS
    assert not alarms(names=(PERSPECTIVE,))  # they would count six times


def test_every_alarm_watches_a_metric_that_we_publish_and_tells_somebody() -> None:
    for name, alarm in alarms().items():
        assert alarm["Namespace"] == OURS, name
        assert not KINDS[Metric(alarm["MetricName"])].states, name
        written = resources(PRIMARY, HasTopic="", AlarmTopicArn="arn:topic")[name]["Properties"]
        assert written["AlarmActions"] == ["arn:topic"], name


@pytest.mark.parametrize("name", [PERSPECTIVE, PRIMARY])
def test_each_function_has_an_alarm_of_its_own_where_that_is_asked_for(name: str) -> None:
    watched = {
        alarm["Dimensions"][0]["Value"]["Ref"]
        for alarm in alarms("on", (name,)).values()
        if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    }
    assert watched == set(functions(name))


def test_every_function_that_fails_raises_the_alarm() -> None:
    groups = [name.replace("Function", "LogGroup") for name in functions(PRIMARY)]
    assert sorted(filters()[Metric.FUNCTION_FAILURES]) == sorted(groups)


def test_every_machine_whose_execution_ends_badly_raises_the_alarm() -> None:
    machines = of_type(PRIMARY, "AWS::StepFunctions::StateMachine")
    assert sorted(filters()[Metric.MACHINE_FAILURES]) == [f"{name}LogGroup" for name in machines]


@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ("2026-11-21T12:00:00Z 1f Task timed out after 30.00 seconds", True),
        ("RequestId: 1f Error: Runtime exited with error: signal: killed Runtime.ExitError", True),
        ("[ERROR] Runtime.ImportModuleError: Unable to import module 'app'", True),
        ("[ERROR] ExceptionGroup: overdue things could not be attended to", True),
        ('{"level":"ERROR","message":"mail.failed"}', False),
        ("REPORT RequestId: 1f Duration: 12.00 ms", False),
    ],
)
def test_what_counts_as_a_failure_is_what_the_platform_writes(line: str, fails: bool) -> None:
    patterns = {
        each["FilterPattern"]
        for each in of_type(PRIMARY, "AWS::Logs::MetricFilter").values()
        if each["MetricTransformations"][0]["MetricName"] == Metric.FUNCTION_FAILURES
    }
    (pattern,) = patterns
    terms = re.findall(r'\?"([^"]+)"', pattern)
    assert any(term in line for term in terms) is fails


def test_every_queue_of_messages_given_up_is_watched() -> None:
    ends = {
        queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for queue in of_type(PRIMARY, "AWS::SQS::Queue").values()
        if "RedrivePolicy" in queue
    }
    for mapping in of_type(PRIMARY, "AWS::Lambda::EventSourceMapping").values():
        if parked := mapping.get("DestinationConfig"):
            ends.add(parked["OnFailure"]["Destination"]["Fn::GetAtt"][0])
    told = functions(PRIMARY)[WATCH]["Environment"]["Variables"]["PARKED_QUEUE_URLS"]
    assert {each["Ref"] for each in told["Fn::Join"][1]} == ends
    (reading,) = [
        statement["Resource"]
        for statement in allowed_to(PRIMARY, "KeepWatchRole")
        if statement["Action"] == ["sqs:GetQueueAttributes"]
    ]
    assert {each["Fn::GetAtt"][0] for each in reading} == ends


def scheduled() -> set[str]:
    """The folders of the functions that schedules call, the watch aside."""
    targets = {
        each["Target"]["Arn"]["Fn::GetAtt"][0]
        for each in of_type(PRIMARY, "AWS::Scheduler::Schedule").values()
    }
    assert WATCH in targets
    return {Path(_source(name)).name for name in targets - {WATCH}}


def _source(name: str) -> str:
    found = re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Function")).lower()
    assert (ROOT / "functions" / found).is_dir()
    return found


def test_every_schedule_has_a_duty_that_is_noted_when_it_is_done() -> None:
    assert scheduled() == {duty.value for duty in Duty}
    for duty in Duty:
        source = (ROOT / "functions" / duty.value / "app.py").read_text()
        assert f"duty_done(Duty.{duty.name})" in source, duty


def test_every_duty_has_a_time_after_which_it_is_late_and_a_name_in_each_language() -> None:
    for names in (PATIENCE, *DUTY_NAMES.values()):
        assert set(names) == set(Duty)


def test_a_watch_that_is_silent_raises_the_alarm_too() -> None:
    alarm = alarms()["DutiesLate"]
    assert alarm["TreatMissingData"] == "breaching"
    assert (alarm["MetricName"], alarm["Threshold"]) == (Metric.DUTIES_ON_TIME, 100)
    assert alarm["ComparisonOperator"] == "LessThanThreshold"


def test_an_idle_deployment_publishes_no_more_metrics_than_are_free() -> None:
    assert sum(kind.series for kind in KINDS.values() if kind.idle) <= FREE_METRICS


def test_a_busy_deployment_publishes_a_number_of_metrics_that_the_page_names() -> None:
    most = sum(kind.series for kind in KINDS.values())
    assert most <= MOST_METRICS
    page = (ROOT / "docs" / "monitoring.md").read_text()
    idle = sum(kind.series for kind in KINDS.values() if kind.idle)
    assert f"{idle} custom metrics where nothing happens and {most} at most" in page


def code() -> Iterator[tuple[Path, str]]:
    for folder in (PACKAGE, ROOT / "functions"):
        for path in folder.rglob("*.py"):
            yield path, path.read_text()


def test_metrics_are_told_in_one_way_which_knows_how_many_there_are() -> None:
    for path, text in code():
        if path.name != "observability.py":
            assert not re.search(r"add_metric\(|\bmetrics\(\)|single_metric", text), path


@pytest.mark.parametrize("metric", sorted(each for each in Metric if not KINDS[each].filtered))
def test_every_metric_is_told_somewhere(metric: Metric) -> None:
    known = f"Metric.{metric.name}"
    assert [path for path, text in code() if known in text and path.name != "metrics.py"]


@cache
def dashboard() -> Any:
    (found,) = of_type(PRIMARY, "AWS::CloudWatch::Dashboard").values()
    return json.loads(found["DashboardBody"]["Fn::Sub"])


def test_there_are_no_more_dashboards_than_are_free() -> None:
    assert len(of_type(PRIMARY, "AWS::CloudWatch::Dashboard")) <= FREE_DASHBOARDS


def test_the_dashboard_shows_every_metric_with_all_its_states() -> None:
    shown: set[tuple[str, str]] = set()
    for widget in dashboard()["widgets"]:
        for row in widget["properties"].get("metrics", ()):
            namespace, name, *more = row
            assert namespace == "${AWS::StackName}"
            shown.add((name, more[1] if more[:1] == ["state"] else ""))
    every = {(name, state) for name, kind in KINDS.items() for state in kind.states or ("",)}
    assert shown == {(metric.value, state) for metric, state in every}


def test_widgets_stand_side_by_side_on_a_grid_of_24() -> None:
    taken: set[tuple[int, int]] = set()
    for each in dashboard()["widgets"]:
        assert each["x"] + each["width"] <= 24
        cells = {
            (x, y)
            for x in range(each["x"], each["x"] + each["width"])
            for y in range(each["y"], each["y"] + each["height"])
        }
        assert not cells & taken
        taken |= cells


def test_the_logs_that_the_dashboard_asks_are_there_and_know_what_is_asked() -> None:
    groups = {
        str(group["LogGroupName"]) for group in of_type(PRIMARY, "AWS::Logs::LogGroup").values()
    }
    queries = [w["properties"]["query"] for w in dashboard()["widgets"] if w["type"] == "log"]
    assert queries
    for query in queries:
        (group,) = re.findall(r"SOURCE '([^']+)'", query)
        assert str({"Fn::Sub": group}) in groups
        assert set(re.findall(r"(\w+)\.0", query)) - {"places"} <= set(Metric)


def pages() -> list[Path]:
    return sorted(RUNBOOKS.glob("*.md"))


def test_every_alarm_has_a_runbook_and_every_runbook_an_alarm() -> None:
    named = {runbook_of(alarm) for alarm in alarms("on", **CANARY).values()}
    assert {path.stem for path in pages()} == named


def test_a_runbook_names_the_alarms_that_lead_to_it() -> None:
    for name, alarm in alarms(**CANARY).items():
        page = (RUNBOOKS / f"{runbook_of(alarm)}.md").read_text()
        assert f"Alarm `{name}`." in page


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_a_runbook_says_what_it_means_what_it_is_what_to_do_and_when_it_is_over(
    path: Path,
) -> None:
    headings = re.findall(r"(?m)^## (.+)$", path.read_text())
    assert headings == ["What it means", "What is it?", "What to do", "When it is over"]


def test_every_link_of_a_runbook_leads_somewhere() -> None:
    for path in pages():
        for link in re.findall(r"\]\(([^)#:]+)", path.read_text()):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def commands(text: str) -> list[str]:
    """The shell commands of a page: its blocks, and the single ones in its sentences."""
    return re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", text) + re.findall(r"`(aws [^`]+)`", text)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_the_commands_of_a_runbook_can_be_run(path: Path) -> None:
    found = commands(path.read_text())
    assert found
    for command in found:
        checked = subprocess.run(["bash", "-n", "-c", command], capture_output=True, check=False)
        assert checked.returncode == 0, (command, checked.stderr)
        for call in re.findall(r"aws ((?:[^\n`]|\\\n)+)", command.replace("\\\n", " ")):
            _is_a_call(call)


#: Options of the command line itself, for every operation.
_OF_THE_CLI = {"--query", "--output", "--region", "--cli-binary-format"}


def _is_a_call(text: str) -> None:
    """An operation that AWS has, with options that it takes."""
    service, operation, *_ = text.split()
    model = _model(service)
    known = {xform_name(each, "-"): each for each in model.operation_names}
    assert operation in known, text
    shape = model.operation_model(known[operation]).input_shape
    options = {f"--{xform_name(each, '-')}" for each in (shape.members if shape else ())}
    options |= {"--max-results"} | _OF_THE_CLI
    given = [each for each in shlex.split(_balanced(text)) if each.startswith("--")]
    assert {each.partition("=")[0] for each in given} <= options, text


def _balanced(text: str) -> str:
    """A call without what is around it: the end of a $( … ), a pipe, a next command."""
    for end in range(len(text), 0, -1):
        piece = text[:end].rstrip(" )`;")
        try:
            shlex.split(piece)
        except ValueError:
            continue
        return piece.partition("; ")[0]
    raise AssertionError(text)


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


#: What queries of logs look for: words that the code says, and fields that are there.
@pytest.mark.parametrize("path", pages(), ids=lambda path: path.stem)
def test_the_queries_of_a_runbook_ask_for_what_is_logged(path: Path) -> None:
    text = path.read_text()
    said = "\n".join(each for _, each in code())
    for event in re.findall(r"message = [\"']([a-z_.]+)[\"']", text):
        assert f'"{event}"' in said, event
    for metric in re.findall(r"\$\.(\w+)\[0\]|([A-Z]\w+)\.0", text):
        assert set(metric) - {""} <= set(Metric), metric
