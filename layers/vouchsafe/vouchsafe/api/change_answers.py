"""The shape of the feed of changes; for documents and tests alone."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .answers import Shape


class ChangeRow(Shape):
    """One change. The same change has the same `cursor` and `id` wherever it is told."""

    cursor: int = Field(description="Its number in the account, without gaps of others' making.")
    id: str = Field(description="Unique; what arrives twice by other ways has the same id.")
    type: str = Field(description="What happened: certificate_issued; docs/changes.md has all.")
    date: str
    actor: str = Field(description="user, operator, mail or system.")
    order_id: int | None
    certificate_id: int | None
    request_id: int | None
    object: str = Field(description="What changed, where no id above says it: organization 12.")
    data: dict[str, Any] = Field(description="Facts of this type of change.")


class ChangeFeed(Shape):
    """A page of the feed, oldest change first."""

    changes: list[ChangeRow]
    cursor: int = Field(description="`after` of the next call; kept for as long as one likes.")
    more: bool = Field(description="Whether the next call has something to give now.")
