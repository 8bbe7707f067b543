"""Pages whose tables are written by a program, between markers that stay in the page."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BEGIN = "<!-- BEGIN generated: {name} -->\n"
_END = "<!-- END generated -->"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def filled(page: str, tables: Mapping[str, str]) -> str:
    """The page with these tables, by the name in their markers. Raises ValueError for a missing
    marker."""
    for name, text in tables.items():
        before, begin, rest = page.partition(_BEGIN.format(name=name))
        _, end, after = rest.partition(_END)
        if not begin or not end:
            raise ValueError(f"the page lacks the markers of {name}")
        page = f"{before}{begin}{text}{end}{after}"
    return page


def write_or_check(about: str | None, page: Path, render: Callable[[str], str]) -> int:
    """The command line: write the page, or say by exit code 1 that it is stale."""
    parser = argparse.ArgumentParser(description=about)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", action="store_true")
    choice.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    standing = page.read_text(encoding="utf-8")
    wanted = render(standing)
    if arguments.write:
        page.write_text(wanted, encoding="utf-8")
    return 0 if arguments.write or standing == wanted else 1
