"""The layers as `sam build` makes them: complete, compiled, and quick to load."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import botocore
import pytest

from tests.infrastructure.templates import ROOT

#: CPython's flags of a compiled file that is taken without looking at its source (PEP 552).
UNCHECKED_HASH = (1).to_bytes(4, "little")
#: What importing an API function may cost, against boto3 with one client in the same run.
IMPORT_RATIO = 1.7
#: How often each is run: at least so often, and on a busy machine until the ratio holds.
ROUNDS, MOST_ROUNDS = 3, 25
API = (
    "orders_api",
    "certificates_api",
    "requests_api",
    "accounts_api",
    "operators_api",
    "unknown_route",
)
#: What Lambda's own runtime brings.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")

_TIMED = """
import time; started = time.process_time()
{code}
print(time.process_time() - started)
"""
_FLOOR = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three layers, made by the Makefiles' own commands; this machine's wheels."""
    made = {}
    for name in ("dependencies", "linting", "vouchsafe"):
        target = tmp_path_factory.mktemp(name)
        environment = {
            **os.environ,
            "ARTIFACTS_DIR": str(target),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "VOUCHSAFE_ARCH": "",
        }
        makefile = ROOT / "layers" / name / "Makefile"
        goal = f"build-{name.title()}Layer"
        done = subprocess.run(
            ["make", "--makefile", str(makefile), goal],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made[name] = target / "python"
    return made


def modules(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.py") if "__pycache__" not in path.parts]


@pytest.mark.parametrize("name", ["dependencies", "linting", "vouchsafe"])
def test_every_module_of_a_layer_ships_compiled_and_is_never_checked(
    layers: dict[str, Path], name: str
) -> None:
    for module in modules(layers[name]):
        compiled = module.parent / "__pycache__" / f"{module.stem}.cpython-313.pyc"
        assert compiled.read_bytes()[4:8] == UNCHECKED_HASH, module


def test_the_package_ships_whole(layers: dict[str, Path]) -> None:
    package = ROOT / "layers" / "vouchsafe" / "vouchsafe"
    here = {path.relative_to(package) for path in modules(package)}
    there = layers["vouchsafe"] / "vouchsafe"
    assert {path.relative_to(there) for path in modules(there)} == here


def test_no_package_ships_in_two_layers(layers: dict[str, Path]) -> None:
    def packages(name: str) -> set[str]:
        return {re.split("-[0-9]", p.name)[0] for p in layers[name].glob("*.dist-info")}

    assert packages("dependencies") and packages("linting")
    assert not packages("dependencies") & packages("linting")


def test_all_layers_together_stay_well_below_what_lambda_takes(layers: dict[str, Path]) -> None:
    size = sum(p.stat().st_size for each in layers.values() for p in each.rglob("*") if p.is_file())
    assert size < 150 * 2**20  # of 250 MiB


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SDK alone, as the managed runtime has it: tools installed here would be found, too."""
    folder = tmp_path_factory.mktemp("runtime")
    installed = Path(botocore.__file__).parents[1]
    for name in RUNTIME:
        (folder / name).symlink_to(installed / name)
    seconds(_FLOOR, folder)  # leaves compiled files behind
    return folder


def seconds(code: str, *folders: Path) -> float:
    """The processor time of `code` in a fresh interpreter that sees nothing but `folders`."""
    environment = {
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    base = str(getattr(sys, "_base_executable", sys.executable))
    done = subprocess.run(
        [base, "-S", "-c", _TIMED.format(code=code)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout.splitlines()[-1])


def visible(function: str, layers: dict[str, Path], runtime: Path) -> tuple[Path, ...]:
    """What a function's interpreter sees, in Lambda's order."""
    return (
        ROOT / "functions" / function,
        layers["vouchsafe"],
        layers["dependencies"],
        runtime,
    )


@pytest.fixture(scope="session")
def costs(layers: dict[str, Path], runtime: Path) -> dict[str, float]:
    """Processor seconds of boto3 with one client ("floor") and of each function's import.

    They alternate, and the least of several runs counts: whatever else the machine does only adds.
    """
    plan = {"floor": (_FLOOR, (runtime,))}
    for function in API:
        plan[function] = ("import app", visible(function, layers, runtime))
    least = dict.fromkeys(plan, math.inf)
    for done in range(MOST_ROUNDS):
        if done >= ROUNDS and not dear(least):
            break
        for what, (code, folders) in plan.items():
            least[what] = min(least[what], seconds(code, *folders))
    return least


def dear(costs: dict[str, float]) -> dict[str, float]:
    """The ratio of each function that costs more than it may."""
    ratios = {function: costs[function] / costs["floor"] for function in API}
    return {function: ratio for function, ratio in ratios.items() if ratio > IMPORT_RATIO}


@pytest.mark.long
def test_a_cold_api_function_costs_little_more_than_boto3(costs: dict[str, float]) -> None:
    for function in API:
        ratio = costs[function] / costs["floor"]
        print(f"{function}: import {ratio:.2f} x boto3 with one client")
    assert not dear(costs)


@pytest.mark.parametrize("function", API)
def test_an_api_function_loads_neither_the_linter_nor_the_resolver(
    layers: dict[str, Path], runtime: Path, function: str
) -> None:
    unwanted = "pkilint badkeys dns aiohttp aws_xray_sdk"
    code = (
        f"import app, sys; found = set('{unwanted}'.split()) & set(sys.modules); "
        "assert not found, found"
    )
    assert seconds(code, *visible(function, layers, runtime)) > 0


def test_an_unchanged_layer_is_not_made_twice(layers: dict[str, Path], tmp_path: Path) -> None:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "layers/install.py", "wheels", str(tmp_path), "requirements/layer.txt"],
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0
    assert time.perf_counter() - started < 5
    assert len(modules(tmp_path / "python")) == len(modules(layers["dependencies"]))
