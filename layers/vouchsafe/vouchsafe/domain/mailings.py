"""Whom the mails about a name go to: the wish for certain addresses, judged, and what it comes to.

A name nobody wished anything for gets the five reserved mailboxes at itself (a wildcard at its
base). Other mailboxes must be named, and count only where DNS names them, too (BR 3.2.2.4.4, .13,
.14).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from .addresses import check_address
from .authorization import Authorization, Contact, DcvMethodName, Mailing
from .errors import Flaw
from .identifiers import Identifier, parents_to_registrable, parse_identifier
from .methods_email import RESERVED_MAILBOXES, ReservedMailbox

FIELD = "dcv_emails"
_PARTS = ("dns_name", "email_domain", "email")
_MOST_WISHES = 1250  # five addresses for each of 250 names
_ID_BYTES = 16

#: By the base name of each identifier: who gets the mails about it.
type Contacts = Mapping[str, tuple[Contact, ...]]


class _Bytes(Protocol):
    def bytes(self, count: int) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWish:
    """One entry of the list of addresses; `where` is its place, for remarks about it."""

    where: str
    dns_name: str
    email_domain: str
    email: str

    @property
    def reserved(self) -> bool:
        """Whether the address is one of the five at its domain, so that nothing is looked up."""
        mailbox, _, host = self.email.rpartition("@")
        return mailbox in RESERVED_MAILBOXES and host == self.email_domain


def read_wishes(given: Any) -> tuple[tuple[AddressWish, ...], list[Flaw]]:
    """The entries of a list of addresses as it came, and everything wrong with their form.

    Mailboxes keep their case but for the reserved ones; `email_domain` may be left out where the
    address says it.
    """
    entries = [] if given is None else given if isinstance(given, list) else [given]
    if len(entries) > _MOST_WISHES:
        return (), [Flaw(FIELD, f"holds more than {_MOST_WISHES} entries")]
    wishes, flaws = [], []
    for position, entry in enumerate(entries):
        where = f"{FIELD}[{position}]"
        found = _read(entry, where)
        if isinstance(found, AddressWish):
            wishes.append(found)
        else:
            flaws += found
    return tuple(wishes), flaws


def _read(entry: Any, where: str) -> AddressWish | list[Flaw]:
    if not isinstance(entry, dict):
        return [Flaw(where, "must be an object with dns_name, email_domain and email")]
    values, flaws = {}, []
    for part in _PARTS:
        value = entry.get(part)
        if value is not None and not isinstance(value, str):
            flaws.append(Flaw(f"{where}.{part}", "must be a text"))
        elif not (value or "").strip() and part != "email_domain":
            flaws.append(Flaw(f"{where}.{part}", "is required"))
        else:
            values[part] = (value or "").strip()
    if flaws:
        return flaws
    try:
        check_address(values["email"])
    except ValueError as error:
        return [Flaw(f"{where}.email", str(error))]
    mailbox, _, host = values["email"].rpartition("@")
    host = host.rstrip(".").lower()
    mailbox = mailbox.lower() if mailbox.lower() in RESERVED_MAILBOXES else mailbox
    domain = values["email_domain"].rstrip(".").lower() or host
    return AddressWish(
        where=where,
        dns_name=values["dns_name"].rstrip("."),
        email_domain=domain,
        email=f"{mailbox}@{host}",
    )


def domains_to_look_up(wishes: Iterable[AddressWish]) -> tuple[str, ...]:
    """The domains whose contacts must be looked up before these wishes can be judged.

    None for a wish that is wrong whatever DNS says.
    """
    asked = (wish.email_domain for wish in wishes if not wish.reserved and _may_speak(wish))
    return tuple(dict.fromkeys(asked))


def _may_speak(wish: AddressWish) -> bool:
    """Whether the domain is the name or a parent of it down to its registrable domain."""
    try:
        base = parse_identifier(wish.dns_name).base
        return wish.email_domain in parents_to_registrable(base)
    except ValueError:
        return False


def contacts_of(
    wishes: Sequence[AddressWish], identifiers: Iterable[Identifier], published: Sequence[Contact]
) -> tuple[Contacts, list[Flaw]]:
    """Who gets the mails about each name, and everything the wishes ask for that may not be.

    `published` are the contacts that were found in DNS, for the domains of these wishes.
    """
    chosen: dict[str, list[Contact]] = {}
    flaws: list[Flaw] = []
    known = tuple(identifiers)
    names = {one.base: one for one in known} | {one.value: one for one in known}
    for wish in wishes:
        identifier = names.get(_canonical(wish.dns_name))
        contact = _judge(wish, identifier, published, flaws)
        if identifier is not None and contact is not None:
            chosen.setdefault(identifier.base, []).append(contact)
    distinct = {base: tuple(dict.fromkeys(several)) for base, several in chosen.items()}
    return distinct, flaws


def _canonical(text: str) -> str:
    try:
        return parse_identifier(text).value
    except ValueError:
        return text


def _judge(
    wish: AddressWish,
    identifier: Identifier | None,
    published: Sequence[Contact],
    flaws: list[Flaw],
) -> Contact | None:
    """The contact a wish comes to; None, and every reason in `flaws`, where it may not be."""
    known = len(flaws)
    if identifier is None:
        flaws.append(Flaw(f"{wish.where}.dns_name", "is not a name of this order"))
    elif wish.email_domain not in parents_to_registrable(identifier.base):
        last = parents_to_registrable(identifier.base)[-1]
        reason = f"must be {identifier.base} or a parent of it down to {last}"
        flaws.append(Flaw(f"{wish.where}.email_domain", reason))
    found = _contact(wish, published)
    if found is None:
        flaws.append(Flaw(f"{wish.where}.email", _not_allowed(wish)))
    return found if len(flaws) == known else None


def _contact(wish: AddressWish, published: Sequence[Contact]) -> Contact | None:
    if wish.reserved:
        return Contact(address=wish.email, authorization_domain=wish.email_domain)
    for contact in published:
        same_domain = contact.authorization_domain == wish.email_domain
        if same_domain and _same_mailbox(contact.address, wish.email):
            return contact
    return None


def _same_mailbox(one: str, other: str) -> bool:
    """Hosts in any case; what stands before the at sign exactly (RFC 5321 2.4)."""
    box, _, host = one.rpartition("@")
    other_box, _, other_host = other.rpartition("@")
    return (box, host.lower()) == (other_box, other_host.lower())


def _not_allowed(wish: AddressWish) -> str:
    five = ", ".join(RESERVED_MAILBOXES)
    return (
        f"must be {five} at {wish.email_domain}, or the contact that its CAA property contactemail"
        f" or TXT _validation-contactemail.{wish.email_domain} names, seen from enough places"
    )


def addressed(
    authorizations: Sequence[Authorization], contacts: Contacts, entropy: _Bytes | None
) -> tuple[Authorization, ...]:
    """The authorizations with their mails; those by other methods as they are.

    Names for which the same mailbox speaks, as the contact of the same domain, share its mail: an
    answer shows control of that domain, and so proves them all (BR 3.2.2.4.4). Without `entropy`
    they get no ids yet, so nothing can be sent.
    """
    made: dict[tuple[str, str, str], Mailing] = {}
    result = []
    for one in authorizations:
        base = one.identifier.base
        if one.method is not DcvMethodName.EMAIL or one.proof is not None:
            result.append(one)
            continue
        mailings = []
        for contact in contacts.get(base) or the_five(base):
            key = (contact.address, contact.authorization_domain, str(contact.source))
            if key not in made:
                made[key] = _mailing(contact, entropy)
            mailings.append(made[key])
        result.append(replace(one, random_value=None, mailings=tuple(mailings)))
    return tuple(result)


def the_five(domain: str) -> tuple[Contact, ...]:
    """The reserved mailboxes at a domain."""
    addresses = ReservedMailbox().addresses(domain)
    return tuple(Contact(address=each, authorization_domain=domain) for each in addresses)


def _mailing(contact: Contact, entropy: _Bytes | None) -> Mailing:
    return Mailing(contact=contact, message_id=new_message_id(entropy) if entropy else "")


def new_message_id(entropy: _Bytes) -> str:
    """The name of a mail, in links: 26 lower-case base32 characters of 128 random bits."""
    return base64.b32encode(entropy.bytes(_ID_BYTES)).decode("ascii").rstrip("=").lower()


def planned_contacts(authorizations: Iterable[Authorization]) -> Contacts:
    """Whom the mails of these authorizations go to, for making them anew."""
    return {
        one.identifier.base: tuple(mailing.contact for mailing in one.mailings)
        for one in authorizations
        if one.mailings
    }
