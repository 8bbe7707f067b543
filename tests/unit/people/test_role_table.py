"""The table of roles: shown as it is, pinned cell by cell, and asked for by every route."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import render_roles
from vouchsafe.api.permissions import allow
from vouchsafe.api.routes import ROUTES
from vouchsafe.domain.accounts import Principal, Restriction, Role
from vouchsafe.domain.errors import ErrorCode, VouchsafeError
from vouchsafe.domain.privileges import ALLOWED, LEFT, Action, Scope, may, narrowed, reach

GOLDEN = Path(__file__).parents[2] / "golden" / "privileges.txt"
#: Asked for inside services alone: skipping an approval comes with the call that asks for it.
WITHOUT_ROUTE = {Action.SKIP_APPROVAL}


def _principal(role: Role, restriction: Restriction = Restriction.NONE) -> Principal:
    return Principal(
        account_id=1, user_id=7, container_id=3, role=role, restriction=restriction, key_id=41
    )


def test_the_page_shows_the_table_as_it_is() -> None:
    page = render_roles.PAGE.read_text(encoding="utf-8")
    assert page == render_roles.rendered(page), "python -m tests.tools.render_roles --write"


def test_every_cell_is_as_it_was_agreed() -> None:
    assert GOLDEN.read_text().splitlines() == render_roles.golden_lines()


def test_every_action_belongs_to_a_call() -> None:
    assert {route.action for route in ROUTES} == set(Action) - WITHOUT_ROUTE


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("restriction", Restriction)
@pytest.mark.parametrize("action", Action)
def test_the_door_lets_in_whom_the_table_names(
    role: Role, restriction: Restriction, action: Action
) -> None:
    principal = _principal(role, restriction)
    named = role in ALLOWED[action] and action in LEFT[restriction]
    assert may(principal, action) is named
    if named:
        assert allow(action, principal) == narrowed(principal, action)
    else:
        with pytest.raises(VouchsafeError) as refused:
            allow(action, principal)
        assert refused.value.code is ErrorCode.FORBIDDEN
        assert reach(principal, action) is Scope.NOTHING


def test_an_administrator_reaches_as_far_as_anybody() -> None:
    for action in set(Action) - {Action.OVERSEE, Action.OPERATE}:
        cells = {role: scope for role, scope in ALLOWED[action].items() if role != Role.OPERATOR}
        assert cells[Role.ADMINISTRATOR] == max(cells.values())


def test_a_limited_user_is_held_to_his_own_where_others_are_not() -> None:
    limited, standard = _principal(Role.LIMITED_USER), _principal(Role.STANDARD_USER)
    for action in (Action.ORDER, Action.REVOKE):
        assert narrowed(limited, action).own_only
        assert not narrowed(standard, action).own_only
    assert not narrowed(limited, Action.LOOK).own_only
