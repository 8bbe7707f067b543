"""One request and its answer, free of any framework and of the gateway's event format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..domain.accounts import Principal
from ..domain.errors import not_found
from .bodies import parse_body

JSON = "application/json"
_LARGEST_ID = 2**31
_DIGITS_OF_IDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back. `content` is text or bytes as they are; None is an empty body."""

    status: int = 200
    content: str | bytes | None = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_json(value: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer. Header names are written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Answer(status=status, content=text, headers=named)


def names_tag(asked: str, etag: str) -> bool:
    """Whether an If-None-Match names the ETag, weakly compared (RFC 9110 13.1.2)."""
    tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    return etag in tags or "*" in tags


def told(warnings: Sequence[str]) -> dict[str, Any]:
    """The part of an answer that says what was ignored or changed; nothing without warnings."""
    return {"warnings": list(warnings)} if warnings else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An authenticated request. `id` is the one variable part of the path, `format` the other."""

    principal: Principal
    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    raw_body: bytes
    pause: Callable[[float], None]
    is_file: bool = False  # the body is no JSON

    def body(self) -> dict[str, Any]:
        """The body, which must be a JSON object. Raises VouchsafeError."""
        return parse_body(self.raw_body)

    def optional_body(self) -> dict[str, Any]:
        """The body; nothing, white space and `null` count as an empty object."""
        return {} if self.raw_body.strip() in {b"", b"null"} else parse_body(self.raw_body)

    def number(self, subject: str) -> int:
        """The id in the path. Raises not_found(subject) for what cannot be one."""
        number = as_id(self.parts["id"])
        if number is None:
            raise not_found(subject)
        return number


def as_id(text: str) -> int | None:
    """A public id as a number; None for other text."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_OF_IDS):
        return None
    number = int(text)
    return number if 0 < number < _LARGEST_ID else None
