"""The deployment to AWS: what would be run, in which order, with what."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import __main__ as deploying
from deploy.regions import PERSPECTIVES, PRIMARY_REGION, SPARE_REGIONS, perspectives_for
from deploy.stacks import (
    SHARED,
    deploy_command,
    perspective_parameters,
    primary_parameters,
    read_environment,
    tool_environment,
)
from tests.infrastructure.templates import GIVEN, PERSPECTIVE, PRIMARY, ROOT, source
from vouchsafe.domain.calendar import CALENDAR
from vouchsafe.domain.regions import REGIONS, REMOTE_REGIONS, placement_flaws

CONFIG = (ROOT / "samconfig.toml").read_text()
STAGES = ("local", "staging", "production")


@pytest.mark.parametrize("stage", STAGES)
def test_every_environment_gives_what_the_primary_demands(stage: str) -> None:
    parameters = source(PRIMARY)["Parameters"]
    demanded = {key for key, declared in parameters.items() if "Default" not in declared}
    given = read_environment(stage, CONFIG).parameters
    assert demanded <= set(given) <= set(parameters)
    assert given["Stage"] == stage


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_an_environment_in_aws_never_names_the_lab(stage: str) -> None:
    assert not [k for k in read_environment(stage, CONFIG).parameters if k.startswith("Lab")]


def test_the_perspectives_get_what_they_share_with_the_primary_and_their_place() -> None:
    environment = read_environment("production", CONFIG)
    given = perspective_parameters(environment, "eu-central-1", "RIPE")
    assert set(given) <= set(source(PERSPECTIVE)["Parameters"])
    assert {**GIVEN[PERSPECTIVE], "Stage": "production"}.items() <= given.items()
    assert set(SHARED) <= set(source(PERSPECTIVE)["Parameters"])


def test_there_are_always_enough_places_and_one_to_spare() -> None:
    assert len(PERSPECTIVES) > max(rules.remote_perspectives for rules in CALENDAR)
    assert PRIMARY_REGION not in {place.region for place in PERSPECTIVES}
    assert len({place.rir for place in PERSPECTIVES}) >= 2


@pytest.mark.parametrize("home", REGIONS)
def test_wherever_the_primary_is_its_perspectives_may_corroborate_it(home: str) -> None:
    places = perspectives_for(home)
    chosen = [place.region for place in places]
    assert placement_flaws(chosen, home) == ()
    assert len(set(chosen)) == len(REMOTE_REGIONS)
    assert len({place.rir for place in places}) >= 2
    assert set(chosen) <= {*REMOTE_REGIONS, *SPARE_REGIONS}


def test_only_what_the_primarys_region_is_too_near_to_is_replaced() -> None:
    assert [place.region for place in PERSPECTIVES] == list(REMOTE_REGIONS)
    moved = {place.region for place in perspectives_for("us-west-2")}
    assert moved == {*REMOTE_REGIONS, "us-east-1"} - {"us-west-2"}


def test_a_region_nobody_knows_is_refused_before_anything_is_deployed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = CONFIG.replace('region = "us-east-1"', 'region = "xx-nowhere-1"')
    (tmp_path / "samconfig.toml").write_text(config)
    monkeypatch.setattr(deploying, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["deploy", "staging"])
    assert deploying.main() == 2
    assert "nothing was deployed: xx-nowhere-1" in capsys.readouterr().err


def test_the_primary_is_given_all_the_perspectives() -> None:
    environment = read_environment("staging", CONFIG)
    parameters = primary_parameters(environment, ["arn:one", "arn:two"])
    command = deploy_command(environment, "primary", environment.stack, "us-east-1", parameters)
    assert 'PerspectiveArns="arn:one,arn:two"' in command
    assert command[command.index("--config-env") + 1] == "staging"


def test_layers_are_built_for_the_architecture_that_is_deployed() -> None:
    architecture = read_environment("production", CONFIG).architecture
    assert tool_environment(architecture)["VOUCHSAFE_ARCH"] == "arm64"


def test_a_dry_run_shows_the_perspectives_before_the_primary() -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'layers' / 'vouchsafe'}:{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "deploy", "staging", "--dry-run"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    deployed = [line for line in lines if " deploy " in line]
    assert len(deployed) == len(PERSPECTIVES) + 1
    assert all("vouchsafe-staging-perspective" in line for line in deployed[:-1])
    assert "--region us-east-1" in deployed[-1]
