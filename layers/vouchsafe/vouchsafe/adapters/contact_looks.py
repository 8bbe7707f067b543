"""One place's look for the mailboxes that DNS names as contacts of a domain."""

from __future__ import annotations

from typing import Protocol

from ..domain.caa import climb, ends_climb
from ..domain.contacts import judge_contacts
from ..domain.looking import ContactAnswer, ContactQuestion
from ..domain.methods_email import DnsTxtContact
from ..domain.resolution import Resolution


class _Session(Protocol):
    def ask(self, name: str, rdtype: str) -> Resolution: ...


def look_for_contacts(session: _Session, question: ContactQuestion) -> ContactAnswer:
    """CAA from the domain upwards until a set decides (RFC 8659 3), and TXT below the domain."""
    sets: list[Resolution] = []
    for name in climb(question.name):
        sets.append(session.ask(name, "CAA"))
        if ends_climb(sets[-1]):
            break
    return judge_contacts(question, sets, session.ask(DnsTxtContact().owner(question.name), "TXT"))
