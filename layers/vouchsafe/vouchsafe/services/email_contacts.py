"""Looking up whom DNS names as contacts of domains, from enough places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.authorization import Contact
from ..domain.contacts import corroborated_contacts
from ..domain.looking import ContactQuestion, LookRequest
from ..domain.whois import asked_of_whois, whois_contact
from ..mail_ports import Registries
from .looking import Eyes

_MOST_REGISTERED = 2  # domains of one order; each may take ten seconds


def find_registered(domains: Sequence[str], registries: Registries, now: datetime) -> list[Contact]:
    """The contacts that registries name for those of the domains that are registered as such."""
    asked = asked_of_whois(domains)[:_MOST_REGISTERED]
    return [
        whois_contact(domain, address, server, now)
        for domain in asked
        for address, server in registries.contacts(domain)
    ]


def find_contacts(domains: Sequence[str], eyes: Eyes) -> tuple[Contact, ...]:
    """The contacts of these domains that the primary and enough other places saw.

    The other places are asked only about the domains for which the primary saw any.
    """
    questions = tuple(ContactQuestion(name=domain) for domain in dict.fromkeys(domains))
    first = eyes.looker.look(LookRequest(contacts=questions))
    found = tuple(answer for answer in first.contacts if answer.contacts)
    if not found:
        return ()
    asked = tuple(ContactQuestion(name=answer.name) for answer in found)
    reports = eyes.perspectives.ask(LookRequest(contacts=asked))
    primary = replace(first, contacts=found)
    return corroborated_contacts(primary, reports, eyes.clock.now())
