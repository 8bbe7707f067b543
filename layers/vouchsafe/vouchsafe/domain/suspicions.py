"""Where a record lands by mistake: looked at only to explain why it is not where it counts."""

from __future__ import annotations

from enum import StrEnum

from .authorization import DcvMethodName
from .identifiers import registrable_domain
from .looking import DcvQuestion
from .methods import METHODS
from .resolution import Resolution

_LONGEST_NAME = 253  # RFC 1035 3.1, text form


class Suspicion(StrEnum):
    """A common mistake."""

    DOUBLED = "doubled"  # a DNS form added the domain to the whole name
    WITHOUT_UNDERSCORE = "without_underscore"
    ELSEWHERE = "elsewhere"  # the zone is kept at other servers than the registry names


def suspicions(question: DcvQuestion) -> dict[Suspicion, tuple[str, str]]:
    """What is worth asking when nothing near the value was seen: name and record type."""
    method = METHODS[question.method]
    printed, other = method.records(question.name, question.value, question.cname_target)
    domain = registrable_domain(question.name)
    bare = (other if question.method is DcvMethodName.DNS_TXT else printed).name.removeprefix("_")
    asked = {
        Suspicion.DOUBLED: (f"{printed.name}.{domain}", printed.type),
        Suspicion.WITHOUT_UNDERSCORE: (bare, printed.type),
        Suspicion.ELSEWHERE: (domain, "NS"),
    }
    return {what: ask for what, ask in asked.items() if len(ask[0]) <= _LONGEST_NAME}


def servers_elsewhere(apex: Resolution) -> tuple[list[str], list[str]] | None:
    """The servers to which the registry delegates, and those the zone lists, where none is both.

    `apex` is the look-up of the zone's own NS records at the delegated servers, whose names stand
    in front of their addresses. A zone that shares a server with its delegation is merely untidy.
    """
    delegated = {
        one.server.partition(" (")[0].lower() for one in apex.answered if "(" in one.server
    }
    listed = {
        text.rstrip(".").lower()
        for one in apex.answered
        for record in one.records
        for text in record
    }
    if not delegated or not listed or delegated & listed:
        return None
    return sorted(delegated), sorted(listed)
