"""Schemathesis draws requests from docs/openapi.json and holds every answer against it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients.installed import python_of
from tests.e2e.service import PRODUCT, Service
from tests.lab.accounts import create
from tests.lab.build import ROOT
from tests.lab.stack import Stack

DOCUMENT = ROOT / "docs" / "openapi.json"
BUDGET = 180  # seconds, for all phases together
SEED = 20261121
#: Below the service's own limit for one key, so that answers say more than "too many".
RATE = "18/s"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What paths are filled with: things that exist, so that requests get past a 404."""

    order: int
    certificate: int
    container: int
    user: int

    def settings(self) -> str:
        """The program's settings file; TRACE is left out, which no proxy passes on."""
        rows = {
            r"^/v2/order/certificate/\\{id\\}": self.order,
            r"^/v2/certificate/\\{id\\}": self.certificate,
            r"^/v2/certificate/download/order/": self.order,
            r"^/v2/(container|report/order)/": self.container,
            r"^/v2/(key/)?user/\\{id\\}": self.user,
        }
        parts = [
            f'[[operations]]\ninclude-path-regex = "{path}"\nparameters = {{ "path.id" = {value} }}'
            for path, value in rows.items()
        ]
        placing = 'include-name = "POST /v2/order/certificate/{id}"'
        parts.append(f'[[operations]]\n{placing}\nparameters = {{ "path.id" = "{PRODUCT}" }}')
        methods = '[phases.coverage]\nunexpected-methods = ["PATCH", "PUT", "POST", "DELETE"]'
        return "\n\n".join([methods, *parts])


def known_to(service: Service) -> Known:
    """An issued order of the account, and who the key belongs to."""
    issued = service.issue("drawn.lab.example.com")
    me = service.client.ask("GET", "user/me")
    return Known(issued["id"], issued["certificate"]["id"], me["container"]["id"], me["id"])


def run(service: Service, known: Known, folder: Path) -> tuple[dict[str, Any], str]:
    """Run the program; its report and the end of what it printed."""
    program = python_of("schemathesis").parent / "schemathesis"
    (folder / "settings.toml").write_text(known.settings())
    command = [str(program), "--config-file", str(folder / "settings.toml"), "run", str(DOCUMENT)]
    command += ["--url", f"{service.stack.front}/services", "--seed", str(SEED)]
    command += ["--header", f"X-DC-DEVKEY: {service.account.key}", "--checks", ",".join(CHECKS)]
    command += ["--phases", "coverage,fuzzing", "--max-examples", "20", "--workers", "4"]
    command += ["--max-time", str(BUDGET), "--rate-limit", RATE, "--request-timeout", "60"]
    command += ["--continue-on-failure", "--generation-database", "none", "--warnings", "off"]
    command += ["--no-color", "--report", "json", "--report-json-path", str(folder / "report.json")]
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=BUDGET + 120, check=False
    )
    said = "\n".join(line[:300] for line in ended.stdout.splitlines())
    assert (folder / "report.json").exists(), said + ended.stderr[-2000:]
    return json.loads((folder / "report.json").read_text()), said[-8000:]


@pytest.mark.timeout(420)
def test_every_answer_is_one_that_the_document_describes(stack: Stack, tmp_path: Path) -> None:
    service = Service(stack, create(stack, "Drawn Ltd"))
    report, said = run(service, known_to(service), tmp_path)
    documented = json.loads(DOCUMENT.read_text())["paths"]
    operations = sum(len(methods) for methods in documented.values())
    assert report["operations"]["tested"] == operations, said
    assert report["test_cases"]["generated"] > 5 * operations
    assert report["failures"] == [], said
