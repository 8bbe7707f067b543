"""The stacks of one stage in AWS: how each is built and deployed, as `sam` commands."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: What the perspective stack takes of the primary's parameters.
SHARED = ("Stage", "Architecture", "DetailedAlarms", "LogLevel", "LogRetentionDays")
_DEFAULT_ARCHITECTURE = "arm64"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment of samconfig.toml: where the primary goes, under which name, with what."""

    stage: str
    stack: str
    region: str
    parameters: Mapping[str, str]

    @property
    def perspective_stack(self) -> str:
        """The name of the stack in every perspective region."""
        return f"{self.stack}-perspective"

    @property
    def architecture(self) -> str:
        """What the layers are built for, in Lambda's words."""
        return self.parameters.get("Architecture", _DEFAULT_ARCHITECTURE)

    def build_directory(self, what: str) -> Path:
        """Apart from the local stack's, whose wheels are for another machine."""
        return ROOT / ".aws-sam" / f"{self.stage}-{what}" / "build"


def read_environment(stage: str, config: str) -> Environment:
    """The environment `stage` of a samconfig file's text. Raises KeyError when it is not there."""
    table: dict[str, Any] = tomllib.loads(config)[stage]
    deploy = table["deploy"]["parameters"]
    pairs = [pair.partition("=") for pair in deploy["parameter_overrides"]]
    return Environment(
        stage=stage,
        stack=deploy["stack_name"],
        region=table["global"]["parameters"]["region"],
        parameters={name: value.strip("'\"") for name, _, value in pairs},
    )


def build_command(environment: Environment, what: str, template: str) -> list[str]:
    """`sam build` of one template."""
    directory = environment.build_directory(what)
    return [_sam(), "build", "--template", template, "--build-dir", str(directory)]


def deploy_command(
    environment: Environment, what: str, stack: str, region: str, parameters: Mapping[str, str]
) -> list[str]:
    """`sam deploy` of one built template; what is left out comes from samconfig.toml."""
    built = environment.build_directory(what) / "template.yaml"
    overrides = [f'{name}="{value}"' for name, value in parameters.items()]
    return [
        *(_sam(), "deploy", "--config-file", str(ROOT / "samconfig.toml")),
        *("--config-env", environment.stage, "--template", str(built)),
        *("--stack-name", stack, "--region", region, "--no-progressbar"),
        *("--parameter-overrides", *overrides),
    ]


def perspective_parameters(environment: Environment, region: str, rir: str) -> dict[str, str]:
    """The parameters of perspective.yaml in one region."""
    shared = {k: v for k, v in environment.parameters.items() if k in SHARED}
    return {**shared, "PerspectiveName": region, "PerspectiveRir": rir}


def primary_parameters(environment: Environment, arns: Sequence[str]) -> dict[str, str]:
    """The parameters of template.yaml: samconfig's and the perspectives."""
    return {**environment.parameters, "PerspectiveArns": ",".join(arns)}


def tool_environment(architecture: str) -> dict[str, str]:
    """This interpreter first on PATH (sam build looks for python3.13 there); wheels for Lambda."""
    here = str(Path(sys.executable).parent)
    path = f"{here}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "VOUCHSAFE_ARCH": architecture, "SAM_CLI_TELEMETRY": "0"}


def start(
    command: Sequence[str], architecture: str, log: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a command in the checkout's root; its output goes to `log`, or to the terminal."""
    environment = tool_environment(architecture)
    if log is None:
        return subprocess.Popen(command, cwd=ROOT, env=environment)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _sam() -> str:
    return str(Path(sys.executable).parent / "sam")
