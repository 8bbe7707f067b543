"""Look requests and reports as JSON between regions: strict, a wrong shape is an error here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from .looking import LookReport, LookRequest


def to_json(value: Any) -> dict[str, Any]:
    """A dataclass as plain JSON values: objects, arrays, strings, numbers, booleans."""
    plain: dict[str, Any] = _plain(value)
    return plain


def request_from_json(data: Any) -> LookRequest:
    """The request in `data`. Raises ValueError naming what is missing, unknown or mistyped."""
    request: LookRequest = _read(LookRequest, data, "request")
    return request


def report_from_json(data: Any) -> LookReport:
    """The report in `data`. Raises ValueError naming what is missing, unknown or mistyped."""
    report: LookReport = _read(LookReport, data, "report")
    return report


def read_json[T](kind: type[T], data: Any) -> T:
    """A dataclass of such values from `data`. Raises ValueError as the readers above."""
    value: T = _read(kind, data, kind.__name__)
    return value


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value


@cache
def _types(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any, path: str) -> Any:
    if get_origin(kind) is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{path} must be an array")
        item = get_args(kind)[0]
        return tuple(_read(item, each, f"{path}[{index}]") for index, each in enumerate(data))
    if is_dataclass(kind):
        return _read_object(kind, data, path)
    if issubclass(kind, StrEnum):
        return kind(_scalar(str, data, path))  # its ValueError names the word
    return _scalar(kind, data, path)


def _read_object(kind: Any, data: Any, path: str) -> Any:
    if not isinstance(data, dict):
        raise ValueError(f"{path} must be an object")
    types = _types(kind)
    wrong = set(types) ^ set(data)
    if wrong:
        raise ValueError(f"{path}: missing or unknown: {', '.join(sorted(map(str, wrong)))}")
    return kind(**{name: _read(types[name], data[name], f"{path}.{name}") for name in types})


def _scalar(kind: type, data: Any, path: str) -> Any:
    if type(data) is not kind:  # exactly: a bool is no int here
        raise ValueError(f"{path} must be {kind.__name__}")
    return data
