"""Reading request bodies: JSON objects only, of bounded size and depth, with one meaning each."""

from __future__ import annotations

import json
import math
from typing import Any

from ..domain.errors import ErrorCode, VouchsafeError

#: The largest body taken, in bytes; 250 names of full length and a large request fit twice over.
LARGEST_BODY = 64 * 1024
_DEEPEST = 32


def parse_body(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`.

    Raises VouchsafeError(MALFORMED) for other things: also for repeated keys, NaN and Infinity,
    unpaired surrogates and nesting deeper than 32, which two readers may understand differently.
    """
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
        if not isinstance(value, dict):
            raise ValueError("the body must be a JSON object")
        _check(value)
    except RecursionError:
        raise _malformed("it is nested too deeply") from None
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        raise _malformed(str(error)) from None
    return value


def check_size(raw: bytes | str, most: int = LARGEST_BODY) -> None:
    """Raises VouchsafeError(MALFORMED, subject too_large) for a body over `most` bytes."""
    if len(raw) > most:
        raise VouchsafeError(
            ErrorCode.MALFORMED,
            f"The body is larger than {most} bytes.",
            subject="too_large",
        )


def _malformed(why: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.MALFORMED, f"The body is not valid JSON: {why}.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("an object names the same key more than once")
    return value


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _check(value: Any) -> None:
    """Bounded depth, and only text that can be written as UTF-8."""
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        if not level:
            return
        level = [child for each in level for child in _children(each)]
    if level:
        raise ValueError("it is nested too deeply")


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError("a text holds half a character") from None
    return value if isinstance(value, list) else []
