"""Containers: the divisions of an account, one tree under its root.

A container never moves, so what lies above it is kept in it; a tree made like that has no cycles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .accounts import Account

#: How many levels there may be below the root, and how many containers in one account.
MOST_LEVELS = 5
MOST_CONTAINERS = 500
LONGEST_NAME = 100
LONGEST_DESCRIPTION = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A division of an account. `ancestor_ids` are the ids above it, from the root to its parent.

    Its id is taken from the same numbers as those of accounts: a root has its account's number.
    `active` is its own switch; it is open only while everything above it is active, too.
    """

    container_id: int
    account_id: int
    parent_id: int  # 0 for a root
    name: str
    description: str = ""
    active: bool = True
    created_at: datetime
    ancestor_ids: tuple[int, ...] = ()
    version: int = 1


def root_of(account: Account) -> Container:
    """The root of an account's tree. It is no record of its own: it is as old as its account."""
    return Container(
        container_id=account.root_container_id,
        account_id=account.account_id,
        parent_id=0,
        name=account.name,
        created_at=account.created_at,
    )


def lies_in(container: Container, outer_id: int) -> bool:
    """Whether it is the container of that id, or one below it."""
    return outer_id in {container.container_id, *container.ancestor_ids}


def is_open(line: Iterable[Container]) -> bool:
    """Whether new things may be put in a container; `line` is itself and all that is above it."""
    return all(each.active for each in line)


def line_of(container: Container, tree: Mapping[int, Container]) -> Sequence[Container]:
    """The container and all that is above it, itself first. `tree` has the account's by id."""
    return [container, *(tree[number] for number in reversed(container.ancestor_ids))]
