"""One pass over many things, of which none is to stand in the way of another."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..domain.errors import Conflict, Unavailable, VouchsafeError


def one_by_one[A, B](
    things: Iterable[A], attend: Callable[[A], B]
) -> tuple[list[B], tuple[Exception, ...]]:
    """What `attend` gives for each thing, and the trouble there was with others.

    A Conflict is neither: a twin is at that thing, or a person.
    """
    done, troubles = list[B](), list[Exception]()
    for each in things:
        try:
            done.append(attend(each))
        except Conflict:
            continue
        except (Unavailable, VouchsafeError) as trouble:
            troubles.append(trouble)
    return done, tuple(troubles)
