"""Containers of an account: found by their owners, and where something new may be put."""

from __future__ import annotations

from ..domain.accounts import Principal, Role
from ..domain.containers import Container, is_open, lies_in
from ..domain.errors import Flaw, not_found
from ..domain.proofs import Standing
from ..ports import Ledger

FIELD = "container.id"
_NOWHERE = "is not an open container of this account that you may use"


def owned(container_id: int, principal: Principal, *, ledger: Ledger) -> Container:
    """The container of the caller's account. Raises not_found, as for an unknown one."""
    line = ledger.standing(principal.account_id, container_id=container_id).line
    if not line:
        raise not_found("container")
    return line[0]


def placing(
    given: int | None, principal: Principal, *, ledger: Ledger, field: str = FIELD
) -> Container | Flaw:
    """The container that something new is put in, or what is wrong with the one that was given.

    None and 0 mean the caller's own. See `placed_in` for which one may use.
    """
    wanted = given or principal.container_id
    standing = ledger.standing(principal.account_id, container_id=wanted)
    return placed_in(standing, principal, field=field)


def placed_in(standing: Standing, principal: Principal, *, field: str = FIELD) -> Container | Flaw:
    """The same for an account's standing, read with the container that is wanted.

    Anybody may use his own container and what lies below it, an administrator every one; unknown,
    foreign, closed and other people's containers are refused alike.
    """
    line = standing.line
    if not line or not is_open(line) or not _may_use(line[0], principal):
        return Flaw(field, _NOWHERE)
    return line[0]


def _may_use(container: Container, principal: Principal) -> bool:
    own = lies_in(container, principal.container_id)
    return own or principal.role is Role.ADMINISTRATOR
