"""How big things may get before they must become two."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.infrastructure.templates import ROOT

TYPICAL_LINES = 20  # of nine functions in ten
MOST_LINES = 40
MOST_FILE_LINES = 250
MOST_POSITIONAL = 5

type Function = ast.FunctionDef | ast.AsyncFunctionDef


def files() -> list[Path]:
    folders = ("layers", "functions", "deploy")
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def functions() -> tuple[tuple[str, Function], ...]:
    """Every function with where it stands."""
    return tuple(
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node)
        for path in files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def length(function: Function) -> int:
    """Lines from the signature to the end, without the docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_there_is_something_to_measure() -> None:
    assert len(files()) > 50
    assert len(functions()) > 300


def test_nine_functions_in_ten_are_short() -> None:
    lengths = sorted(length(function) for _, function in functions())
    assert lengths[int(len(lengths) * 0.9)] <= TYPICAL_LINES


def test_no_function_is_long() -> None:
    assert not [where for where, function in functions() if length(function) > MOST_LINES]


def test_no_file_is_long() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in files()
        if (lines := len(path.read_text().splitlines())) > MOST_FILE_LINES
    ]
    assert not too_long


def test_no_function_takes_many_things_by_position() -> None:
    def positional(function: Function) -> int:
        names = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
        return len([name for name in names if name not in ("self", "cls")])

    assert not [where for where, function in functions() if positional(function) > MOST_POSITIONAL]
