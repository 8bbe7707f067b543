"""Writes the tables of docs/roles.md from the code, or says that they are stale.

python -m tests.tools.render_roles --write    writes the tables
python -m tests.tools.render_roles --check    exit code 1 if they are stale
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vouchsafe.api.people_words import RESTRICTIONS, ROLES
from vouchsafe.api.routes import ROUTES
from vouchsafe.domain.accounts import Restriction, Role
from vouchsafe.domain.privileges import ALLOWED, LEFT, Action, Scope, privileges

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
BEGIN = "<!-- BEGIN generated: {name} -->"
END = "<!-- END generated -->"
WORDS = {
    None: "–",
    Scope.NOTHING: "refused as no approver",
    Scope.OWN: "own",
    Scope.CONTAINERS: "own containers",
    Scope.EVERYTHING: "all",
}


def role_table() -> str:
    """Actions against roles: how far each reaches."""
    head = ["Action", *(f"{ROLES[role][1]} ({ROLES[role][0]})" for role in _columns())]
    rows = [
        [f"`{action}`", *(WORDS[ALLOWED[action].get(role)] for role in _columns())]
        for action in Action
    ]
    return _table(head, rows)


def restriction_table() -> str:
    """Actions against what a key is limited to."""
    head = ["Action", *(f"{name} ({number})" for number, name in RESTRICTIONS.values())]
    rows = [
        [f"`{action}`", *("left" if action in LEFT[each] else "–" for each in RESTRICTIONS)]
        for action in Action
    ]
    return _table(head, rows)


def route_table() -> str:
    """Every call and the action it counts as."""
    rows = [
        [f"`{action}`", ", ".join(f"`{r.method} {r.path.removeprefix('/v2/')}`" for r in found)]
        for action in Action
        if (found := [route for route in ROUTES if route.action is action])
    ]
    return _table(["Action", "Calls"], rows)


def golden_lines() -> list[str]:
    """Every action under every role and restriction, a line each."""
    return [
        f"{role} {restriction} {action}: {scope.name.lower()}"
        for role in Role
        for restriction in Restriction
        for action in Action
        if (scope := privileges(role, restriction).get(action, Scope.NOTHING))
    ]


TABLES = {"roles": role_table, "restrictions": restriction_table, "calls": route_table}


def rendered(page: str) -> str:
    """The page with its tables as they should be. Raises ValueError for a missing marker."""
    for name, make in TABLES.items():
        before, begin, rest = page.partition(BEGIN.format(name=name))
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise ValueError(f"the page lacks the markers of {name}")
        page = f"{before}{begin}\n{make()}{end}{after}"
    return page


def _columns() -> list[Role]:
    order = (Role.ADMINISTRATOR, Role.MANAGER, Role.FINANCE_MANAGER, Role.STANDARD_USER)
    return [*order, Role.LIMITED_USER, Role.OPERATOR]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", action="store_true")
    choice.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    standing = PAGE.read_text(encoding="utf-8")
    wanted = rendered(standing)
    if arguments.write:
        PAGE.write_text(wanted, encoding="utf-8")
    return 0 if arguments.write or standing == wanted else 1


if __name__ == "__main__":
    sys.exit(main())
