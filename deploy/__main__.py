"""`python -m deploy STAGE`: perspectives in all their regions at once, then the primary.

With `--dry-run` it prints the commands instead. Credentials are AWS's usual ones.
"""

from __future__ import annotations

import argparse
import shlex
import sys

from deploy.regions import perspectives_for
from deploy.stacks import (
    ROOT,
    Environment,
    build_command,
    deploy_command,
    perspective_parameters,
    primary_parameters,
    read_environment,
    start,
)

LOGS = ROOT / ".local" / "logs"


def main() -> int:
    """Deploy; the exit code is 0 when every stack stands."""
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument("stage", choices=["staging", "production"])
    parser.add_argument("--dry-run", action="store_true", help="print the commands, run none")
    chosen = parser.parse_args()
    environment = read_environment(chosen.stage, (ROOT / "samconfig.toml").read_text())
    try:
        perspectives_for(environment.region)
    except ValueError as reason:
        print(f"nothing was deployed: {reason}", file=sys.stderr)
        return 2
    if chosen.dry_run:
        for command in _all_commands(environment):
            print(shlex.join(command))
        return 0
    return _build(environment) or _deploy(environment)


def _builds(environment: Environment) -> list[list[str]]:
    return [
        build_command(environment, "perspective", "perspective.yaml"),
        build_command(environment, "primary", "template.yaml"),
    ]


def _perspective(environment: Environment, region: str, rir: str) -> list[str]:
    parameters = perspective_parameters(environment, region, rir)
    stack = environment.perspective_stack
    command = deploy_command(environment, "perspective", stack, region, parameters)
    return [*command, "--no-confirm-changeset"]


def _primary(environment: Environment, arns: list[str]) -> list[str]:
    parameters = primary_parameters(environment, arns)
    return deploy_command(environment, "primary", environment.stack, environment.region, parameters)


def _all_commands(environment: Environment) -> list[list[str]]:
    """Everything that would run; the ARNs are known only afterwards."""
    places = perspectives_for(environment.region)
    arns = [f"<Arn of {environment.perspective_stack} in {place.region}>" for place in places]
    remote = [_perspective(environment, place.region, place.rir) for place in places]
    return [*_builds(environment), *remote, _primary(environment, arns)]


def _build(environment: Environment) -> int:
    print(f"building for {environment.architecture}", flush=True)
    codes = [start(each, environment.architecture).wait() for each in _builds(environment)]
    return max(codes)


def _deploy(environment: Environment) -> int:
    """Perspectives at once, each with its own log; the primary on the terminal, which may ask."""
    running = {}
    for place in perspectives_for(environment.region):
        log = LOGS / f"{environment.stage}-{place.region}.log"
        print(f"{place.region} ({place.rir}): deploying a perspective, log in {log}", flush=True)
        command = _perspective(environment, place.region, place.rir)
        running[place.region] = start(command, environment.architecture, log)
    failed = [region for region, process in running.items() if process.wait()]
    if failed:
        print(f"failed: {', '.join(failed)}; the primary was not touched", file=sys.stderr)
        return 1
    arns = [_arn(environment.perspective_stack, region) for region in running]
    print(f"{environment.region}: deploying {environment.stack}", flush=True)
    return start(_primary(environment, arns), environment.architecture).wait()


def _arn(stack: str, region: str) -> str:
    """The output `Arn` of a deployed perspective."""
    import boto3

    found = boto3.client("cloudformation", region_name=region).describe_stacks(StackName=stack)
    outputs = {row["OutputKey"]: row["OutputValue"] for row in found["Stacks"][0]["Outputs"]}
    return str(outputs["Arn"])


if __name__ == "__main__":
    sys.exit(main())
