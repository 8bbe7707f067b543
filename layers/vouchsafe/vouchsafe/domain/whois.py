"""What registries and registrars say of a domain's contacts in plain text (RFC 3912).

There is no one form: lines of `label: value`, in the words of each server. Only what is clearly an
address of the registrant or of an administrative or technical contact is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from .addresses import check_address
from .authorization import Contact, ContactSource
from .identifiers import parse_identifier, registrable_domain

_REFERRAL = re.compile(
    r"^[ \t]*(?:refer|whois|registrar whois server)[ \t]*:[ \t]*(?:r?whois://)?(\S+?)/?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CONTACT = re.compile(
    r"^[ \t]*(?:registrant|admin(?:istrative)?|ac|tech(?:nical)?)(?:[ \t]+contact)?[ \t]+e-?mail"
    r"[ \t]*:[ \t]*(\S+)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_MOST = 6  # addresses of one domain


def referral(text: str) -> str:
    """The host that an answer sends to for more; "" for none, or for one that is no host name."""
    for found in _REFERRAL.findall(text):
        try:
            host = parse_identifier(found)
        except ValueError:
            continue
        if not host.wildcard:
            return host.value
    return ""


def contact_addresses(text: str) -> tuple[str, ...]:
    """The addresses of the domain's contacts, each once; whatever else stands there is left."""
    taken: dict[str, str] = {}
    for found in _CONTACT.findall(text):
        try:
            check_address(found)
        except ValueError:
            continue
        taken.setdefault(found.lower(), found)
    return tuple(taken.values())[:_MOST]


def asked_of_whois(domains: Sequence[str]) -> tuple[str, ...]:
    """Of these the domains that registries know: not the names below them."""
    return tuple(one for one in dict.fromkeys(domains) if _registered(one) == one)


def _registered(name: str) -> str:
    try:
        return registrable_domain(name)
    except ValueError:
        return ""


def whois_contact(domain: str, address: str, server: str, now: datetime) -> Contact:
    """A contact of `domain` that `server` named just now."""
    return Contact(
        address=address,
        authorization_domain=domain,
        source=ContactSource.WHOIS,
        found_at=server,
        looked_at=now,
    )
