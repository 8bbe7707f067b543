"""Field types that take what real clients send: zeros and blanks for nothing, digits for numbers.

Each type says in its schema what it means and in its validator what else it tolerates.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from ..domain.errors import Flaw
from ..domain.validity import is_given, whole_number

_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
_LONGEST_TEXT = 4096
_NEGATIVE = re.compile(r"-[0-9]{1,12}")
_LARGEST_NUMBER = 2**53  # what every reader of JSON keeps exactly
#: How clients written in Go spell a time that was never set.
_GO_ZERO_TIME = "0001-01-01T00:00:00Z"


class Part(BaseModel):
    """A JSON object of a request. Unknown fields are kept aside, to be warned about.

    A model is built when it is first used: a request uses one of many.
    """

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)


def says_something(value: Any) -> bool:
    """Whether a value, at any depth, is more than zeros and blanks."""
    if isinstance(value, dict):
        return any(map(says_something, value.values()))
    if isinstance(value, list):
        return any(map(says_something, value))
    return is_given(value) and value != _GO_ZERO_TIME


def _blank(value: Any) -> Any:
    """None for what says nothing: null, zero in any spelling, false, empty text."""
    return value if is_given(value) else None


def _text(value: Any) -> Any:
    """Numbers where text is meant (zip codes, telephones) become text."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number and value != 0 else _blank(value)


def _number(value: Any) -> Any:
    if not is_given(value):
        return None
    number = whole_number(value)
    if number is None and isinstance(value, str) and _NEGATIVE.fullmatch(value.strip()):
        number = int(value)
    if number is None or abs(number) > _LARGEST_NUMBER:
        raise PydanticCustomError("number", "must be a whole number")
    return number


def _word(value: Any, info: ValidationInfo) -> Any:
    """A word out of a list: typographic hyphens and capitals are read as meant."""
    if not isinstance(value, str) or not value.strip():
        return _blank(value)
    straight = value.strip().translate(_HYPHENS)
    if straight != value.strip() and info.context is not None:
        info.context["warnings"].append(
            f"{info.field_name}: typographic hyphens were read as plain ones"
        )
    return straight


def _texts(value: Any) -> Any:
    """A list of texts, or one text with commas. A list's entries stay as they are, to be judged."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value or []


_Bounded = Annotated[str, Field(max_length=_LONGEST_TEXT)]
Text = Annotated[_Bounded | None, BeforeValidator(_text)]
LongText = Annotated[str | None, BeforeValidator(_blank)]
Number = Annotated[int | None, BeforeValidator(_number)]
Switch = Annotated[bool | None, BeforeValidator(_blank)]
Word = Annotated[str | None, BeforeValidator(_word)]
Texts = Annotated[list[str], BeforeValidator(_texts)]
Anything = Annotated[Any, BeforeValidator(_blank)]

_REASONS = {
    "string_type": "must be a text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "missing": "is required",
}


def flaws_of(error: ValidationError) -> tuple[Flaw, ...]:
    """Every finding of a model as a flaw: the field's path as the client wrote it, and a reason."""
    return tuple(Flaw(_path(each["loc"]), _reason(each)) for each in error.errors())


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _reason(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind == "string_too_long":
        return f"is longer than {error['ctx']['max_length']} characters"
    return _REASONS.get(kind, error["msg"])


def unknown_fields(part: Part, path: str = "") -> list[str]:
    """A warning for every field that says something and that we do not know, at any depth."""
    found = [
        f"{path}{name}: unknown field, ignored"
        for name, value in (part.model_extra or {}).items()
        if says_something(value)
    ]
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Part):
            found += unknown_fields(value, f"{path}{name}.")
        elif isinstance(value, list):
            parts = [(at, each) for at, each in enumerate(value) if isinstance(each, Part)]
            for at, each in parts:
                found += unknown_fields(each, f"{path}{name}[{at}].")
    return found
