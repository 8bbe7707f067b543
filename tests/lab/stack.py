"""A whole local stack: emulator, lab servers, front, deployed templates, first account."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.lab import emulator as emulators
from tests.lab import hosted_zone, ports, topology
from tests.lab.build import ROOT, ensure_built, tools_path
from tests.lab.deploy import (
    Options,
    canary_parameters,
    deploy_perspectives,
    deploy_primary,
    lab_parameters,
    primary_parameters,
)
from tests.lab.emulator import Emulator
from tests.lab.process import Processes
from tests.lab.web import make_certificate

LOCAL = ROOT / ".local"
_CLEAN_STOP = 60.0  # seconds; the emulator writes down all it holds

#: Told what is about to happen, in plain words.
Progress = Callable[[str], None]


@dataclass
class Stack:
    """One stack and its directory below .local/. Nothing happens until `start`."""

    name: str
    options: Options = field(default_factory=Options)
    wanted_ports: dict[str, int] = field(default_factory=dict)
    #: Where functions send their calls instead of to the emulator: to somebody who passes them on.
    tap: str = ""

    @property
    def home(self) -> Path:
        return LOCAL / self.name

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def webroot(self) -> Path:
        return self.home / "webroot"

    @property
    def tls_roots(self) -> Path:
        """The lab web server's key and certificate; nobody else trusts it."""
        return self.home / "web.pem"

    @property
    def front(self) -> str:
        """The base of every address people use."""
        return f"http://127.0.0.1:{self.ports['front']}"

    @cached_property
    def processes(self) -> Processes:
        return Processes(self.home)

    @cached_property
    def ports(self) -> dict[str, int]:
        return json.loads((self.home / "ports.json").read_text())  # type: ignore[no-any-return]

    @cached_property
    def emulator(self) -> Emulator:
        return emulators.recorded(self.ports["gateway"], self.home)

    @cached_property
    def outputs(self) -> dict[str, str]:
        """What the primary template's deployment returned."""
        return json.loads((self.home / "outputs.json").read_text())  # type: ignore[no-any-return]

    def recorded_options(self) -> Options:
        """The options the running stack was started with."""
        return Options(**json.loads((self.home / "options.json").read_text()))

    def running(self) -> bool:
        """Whether the stack's processes are all alive."""
        names = self.processes.names()
        return bool(names) and all(self.processes.running(name) for name in names)

    def start(self, progress: Progress) -> None:
        """Stop what an earlier run left, start everything, deploy. Raises RuntimeError, OSError."""
        self.stop()
        self._clear()
        self.ports = ports.reserve(self.home / "ports.json", self.wanted_ports)
        self.emulator = emulators.fresh(self.ports["gateway"], self.home)
        (self.home / "options.json").write_text(json.dumps(asdict(self.options)))
        progress("starting the emulator of AWS, the lab's name servers and its web server")
        self._start_processes()
        progress("building the functions (a minute the first time, nothing when unchanged)")
        ensure_built(self.logs / "build.log", self.emulator.environment())
        self._deploy(progress)

    def stop(self) -> list[str]:
        """End every process this stack has on record; the names of those that were alive."""
        return self.processes.stop_all()

    def restart(self, progress: Progress) -> None:
        """End everything cleanly and start it again with what the emulator kept. Raises
        RuntimeError, OSError.

        Executions that ran have failed, as the emulator has it; what the table's stream had not
        given out is lost; the lab's zones are empty again.
        """
        progress("stopping everything cleanly")
        self.processes.stop_all(_CLEAN_STOP)
        self.emulator.begin_streams_anew()
        progress("starting it again")
        self._start_processes()
        self._tell_front()

    def _clear(self) -> None:
        """A new stack starts empty: what the last one kept is of no use to it."""
        for leftover in ("state", "tmp", "logs", "processes"):
            shutil.rmtree(self.home / leftover, ignore_errors=True)
        for directory in (self.logs, self.webroot):
            directory.mkdir(parents=True, exist_ok=True)

    def _start_processes(self) -> None:
        make_certificate(self.tls_roots, [f"*.{zone}" for zone in topology.LAB_ZONES])
        config = self.home / "front.json"
        config.write_text(json.dumps({"gateway_port": self.ports["gateway"]}))
        here = {**self.emulator.environment(), "PATH": tools_path()}
        python = sys.executable
        tapped = {"AWS_ENDPOINT_URL": self.tap} if self.tap else {}
        self.processes.start(
            "ministack",
            [python, "-m", "ministack"],
            cwd=self.home,
            env={**self.emulator.server_environment(), "PATH": tools_path(), **tapped},
        )
        for name, arguments in {
            "dns": [str(self.ports["dns"])],
            "web": [
                *(topology.WEB, str(self.ports["web"]), str(self.webroot)),
                *("--https", str(self.ports["https"]), "--certificate", str(self.tls_roots)),
            ],
            "front": [str(self.ports["front"]), str(config)],
        }.items():
            command = [python, "-m", f"tests.lab.{name}", *arguments]
            self.processes.start(name, command, cwd=ROOT, env=here)
        self.emulator.wait(lambda: self.processes.running("ministack"))

    def _deploy(self, progress: Progress) -> None:
        lab = lab_parameters(self.options, self.ports)
        progress("deploying six perspectives to six regions (sam deploy, in parallel)")
        arns = deploy_perspectives(self.emulator, lab, self.logs)
        progress("deploying the service itself (sam deploy)")
        posts = {"LabHttpsPort": str(self.ports["https"]), "LabTlsRoots": str(self.tls_roots)}
        parameters = primary_parameters(self.options, {**lab, **posts}, self.front, arns)
        if self.options.canary:
            parameters |= canary_parameters(hosted_zone.make(self.emulator))
        self.outputs = deploy_primary(self.emulator, parameters, self.logs)
        (self.home / "outputs.json").write_text(json.dumps(self.outputs, indent=2))
        self._tell_front()

    def _tell_front(self) -> None:
        """Where the front finds what was deployed."""
        front: dict[str, Any] = {
            "gateway_port": self.ports["gateway"],
            "api_id": self.outputs["ApiId"],
            "distribution": self.outputs["DistributionDomain"],
        }
        (self.home / "front.json").write_text(json.dumps(front))
