"""Finds the route of a method and a path. Loaded by every API function, and so loads nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .route import Route

_STAGE_PREFIX = "/services"  # present in the path behind a custom domain's base path
#: What may stand for a variable: RFC 3986's characters of a segment, and what the gateway decodes.
_VALUE = re.compile(r"[-._~()'!*:@,;=+&$%<> \[\]{}|^\w]+")


class Finder:
    """The routes of one function. Of two that match, the one without variables is meant."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._fixed = {(r.method, r.path): r for r in routes if "{" not in r.path}
        self._open: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}
        for route in routes:
            if "{" in route.path:
                pieces = route.path.split("/")
                self._open.setdefault((route.method, len(pieces)), []).append((pieces, route))

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """The route and the path's variables by name; None if there is none.

        Slashes at the end of `path` do not count.
        """
        path = path.removeprefix(_STAGE_PREFIX) if path.startswith(f"{_STAGE_PREFIX}/") else path
        path = path.rstrip("/")
        fixed = self._fixed.get((method, path))
        if fixed is not None:
            return fixed, {}
        given = path.split("/")
        for pieces, route in self._open.get((method, len(given)), ()):
            parts = _parts(pieces, given)
            if parts is not None:
                return route, parts
        return None


def _parts(pieces: Sequence[str], given: Sequence[str]) -> dict[str, str] | None:
    """What `given` has where `pieces` has variables; None if the two do not match."""
    parts: dict[str, str] = {}
    for piece, value in zip(pieces, given, strict=True):
        if not piece.startswith("{"):
            if piece != value:
                return None
        elif _VALUE.fullmatch(value):
            parts[piece[1:-1]] = value
        else:
            return None
    return parts
