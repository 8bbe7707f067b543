"""`sam deploy` of the committed templates: six regions at once, then the primary."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.regions import PERSPECTIVES
from tests.lab import hosted_zone, topology
from tests.lab.build import ROOT, TEMPLATES, run, sam, tools_path
from tests.lab.emulator import PRIMARY_REGION, Emulator

STACK = "vouchsafe-local"
PERSPECTIVE_STACK = f"{STACK}-perspective"
CA_DOMAIN = "vouchsafe.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person may choose about a local stack.

    `dns` (host:port) and `http_port` name other people's servers to be asked instead of the lab's.
    """

    window: int = 259_200  # seconds
    first_gap: int = 60
    gap_cap: int = 1800
    dns: str = ""
    http_port: int = 0
    rate_limits: str = ""  # calls/seconds, comma separated; "" is what the template says
    canary: bool = False  # called by hand: its schedule comes once a day


def lab_parameters(options: Options, ports: Mapping[str, int]) -> dict[str, str]:
    """The parameters only a lab may have; both templates take them."""
    where = {
        "LabHttpPort": str(options.http_port or ports["web"]),
        "LabLoopback": "true",
    }
    if options.dns:
        return {**where, "LabDnsDirect": options.dns}
    return {
        **where,
        "LabDnsRoots": topology.ROOT,
        "LabDnsPort": str(ports["dns"]),
        "LabTrustAnchors": topology.trust_anchor(),
    }


def deploy_perspectives(emulator: Emulator, lab: Mapping[str, str], logs: Path) -> list[str]:
    """Deploy perspective.yaml to all its regions in parallel; the functions' ARNs.

    Raises RuntimeError naming the log of a region that failed.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for place in PERSPECTIVES:
            named = {"PerspectiveName": place.region, "PerspectiveRir": place.rir}
            parameters = {**_common(), **lab, **named}
            running[place.region] = _begin(emulator, place.region, parameters, logs)
        failed = [region for region, process in running.items() if process.wait()]
    finally:
        for process in running.values():
            process.kill()  # only after an interruption is one still there
            process.wait()
    if failed:
        raise RuntimeError(f"sam deploy failed; see {logs / f'deploy-{failed[0]}.log'}")
    return [outputs(emulator, PERSPECTIVE_STACK, region)["Arn"] for region in running]


def _begin(
    emulator: Emulator, region: str, parameters: Mapping[str, str], logs: Path
) -> subprocess.Popen[bytes]:
    """Start deploying perspective.yaml to one region."""
    with (logs / f"deploy-{region}.log").open("ab") as log:
        return subprocess.Popen(
            _command("perspective.yaml", PERSPECTIVE_STACK, region, parameters),
            cwd=ROOT,
            env=_environment(emulator, region),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def deploy_primary(
    emulator: Emulator,
    parameters: Mapping[str, str],
    logs: Path,
) -> dict[str, str]:
    """Deploy template.yaml; its outputs."""
    command = _command("template.yaml", STACK, PRIMARY_REGION, {**_common(), **parameters})
    log = logs / f"deploy-{PRIMARY_REGION}.log"
    run(command, log, _environment(emulator, PRIMARY_REGION), what="sam deploy of template.yaml")
    return outputs(emulator, STACK, PRIMARY_REGION)


def primary_parameters(
    options: Options, lab: Mapping[str, str], front: str, perspectives: list[str]
) -> dict[str, str]:
    """The parameters of template.yaml for a stack behind the front at `front`."""
    return {
        **lab,
        "LabLintWaiver": "true",
        "PublicationBaseUrl": front,
        "BaseUrl": f"{front}/services/v2",
        "PerspectiveArns": ",".join(perspectives),
        "MailFrom": f"ca@{CA_DOMAIN}",
        "CaaDomains": CA_DOMAIN,
        "DcvDomain": CA_DOMAIN,
        "FirstGapSeconds": str(options.first_gap),
        "GapCapSeconds": str(options.gap_cap),
        "WindowSeconds": str(options.window),
        "ReconcileSchedule": "rate(1 minute)",
        "RateLimits": options.rate_limits,
    }


def canary_parameters(zone_id: str) -> dict[str, str]:
    """What switches the canary on, with that hosted zone."""
    return {
        "CanaryName": hosted_zone.NAME,
        "CanaryZoneId": zone_id,
        "CanarySchedule": "rate(1 day)",
    }


def outputs(emulator: Emulator, stack: str, region: str) -> dict[str, str]:
    """The outputs of a deployed stack."""
    found = emulator.client("cloudformation", region).describe_stacks(StackName=stack)
    return {row["OutputKey"]: row["OutputValue"] for row in found["Stacks"][0]["Outputs"]}


def architecture() -> str:
    """This machine's, in Lambda's words: the emulator runs functions on it."""
    return "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"


def _common() -> dict[str, str]:
    return {"Stage": "local", "Architecture": architecture(), "LogRetentionDays": "1"}


def _environment(emulator: Emulator, region: str) -> dict[str, str]:
    return {
        **emulator.environment(region=region),
        "PATH": tools_path(),
        "SAM_CLI_POLL_DELAY": "1",  # seconds; the emulator is quicker than AWS
    }


def _command(template: str, stack: str, region: str, parameters: Mapping[str, str]) -> list[str]:
    built = TEMPLATES[template] / "template.yaml"
    overrides = [f'{name}="{value}"' for name, value in parameters.items() if value]
    return [
        *(sam(), "deploy", "--config-file", str(ROOT / "samconfig.toml"), "--config-env", "local"),
        *("--template", str(built.relative_to(ROOT)), "--capabilities", "CAPABILITY_IAM"),
        *("--stack-name", stack, "--region", region, "--resolve-s3"),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
        *("--parameter-overrides", *overrides),
    ]
