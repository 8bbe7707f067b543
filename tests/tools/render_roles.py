"""Writes the tables of docs/roles.md from the code, or says that they are stale.

python -m tests.tools.render_roles --write    writes the tables
python -m tests.tools.render_roles --check    exit code 1 if they are stale
"""

from __future__ import annotations

import sys

from tests.tools.marked_page import DOCS, filled, table, write_or_check
from vouchsafe.api.people_words import RESTRICTIONS, ROLES
from vouchsafe.api.routes import ROUTES
from vouchsafe.domain.accounts import Restriction, Role
from vouchsafe.domain.privileges import ALLOWED, LEFT, Action, Scope, privileges

PAGE = DOCS / "roles.md"
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
    return table(head, rows)


def restriction_table() -> str:
    """Actions against what a key is limited to."""
    head = ["Action", *(f"{name} ({number})" for number, name in RESTRICTIONS.values())]
    rows = [
        [f"`{action}`", *("left" if action in LEFT[each] else "–" for each in RESTRICTIONS)]
        for action in Action
    ]
    return table(head, rows)


def route_table() -> str:
    """Every call and the action it counts as."""
    rows = [
        [f"`{action}`", ", ".join(f"`{r.method} {r.path.removeprefix('/v2/')}`" for r in found)]
        for action in Action
        if (found := [route for route in ROUTES if route.action is action])
    ]
    return table(["Action", "Calls"], rows)


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
    return filled(page, {name: make() for name, make in TABLES.items()})


def _columns() -> list[Role]:
    order = (Role.ADMINISTRATOR, Role.MANAGER, Role.FINANCE_MANAGER, Role.STANDARD_USER)
    return [*order, Role.LIMITED_USER, Role.OPERATOR]


def main() -> int:
    return write_or_check(__doc__, PAGE, rendered)


if __name__ == "__main__":
    sys.exit(main())
