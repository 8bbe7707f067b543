"""Builders of people's containers and addresses: valid by default, a keyword changes one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.builders import MOMENT, a_user
from vouchsafe.domain.accounts import User, UserEmail
from vouchsafe.domain.addresses import folded
from vouchsafe.domain.containers import Container


def a_container(**changed: Any) -> Container:
    """Container 31 of account 1, right below the root."""
    container = Container(
        container_id=31,
        account_id=1,
        parent_id=3,
        name="Sales",
        created_at=MOMENT,
        ancestor_ids=(3,),
    )
    return replace(container, **changed)


def a_colleague(**changed: Any) -> User:
    """User 12 of account 1, an administrator, too, in container 31."""
    fields: dict[str, Any] = {
        "user_id": 12,
        "first_name": "Grace",
        "last_name": "Example",
        "email": "grace@example.com",
        "container_id": 31,
    }
    return a_user(**(fields | changed))


def an_address(user: User, **changed: Any) -> UserEmail:
    """A person's address as taken."""
    taken = UserEmail(account_id=user.account_id, email=folded(user.email), user_id=user.user_id)
    return replace(taken, **changed)
