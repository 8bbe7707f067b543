"""The method an order is proven by, and whom its mails go to: what the wish and the day allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .authorization import Contact, ContactSource, DcvMethodName
from .calendar import rules_at
from .errors import Flaw
from .identifiers import Identifier
from .issuers import Trust
from .mailings import FIELD, Contacts, contacts_of, domains_to_look_up, read_wishes
from .methods import METHODS
from .validity import is_given

METHOD_FIELD = "dcv_method"
_NAMED = 3  # wildcards told of
_ENDED = "since 2028-03-15 e-mail proves no name any more (BR 3.2.2.4.4)"
_DISCOURAGED = (
    "e-mail should not be used any more since 2026-03-15 and proves no name from 2028-03-15 on"
    " (BR 3.2.2.4.4); publish a DNS record instead"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodWish:
    """How a customer wants to prove names. `given`: said so, rather than left to the product.

    `emails` is the list of addresses as it came; `published` are the contacts that DNS names for
    its domains, once they were looked up.
    """

    method: DcvMethodName = DcvMethodName.DNS_TXT
    given: bool = True
    emails: Any = None
    published: tuple[Contact, ...] = ()
    kept: Contacts = field(default_factory=dict)  # of names proven by e-mail before

    @property
    def domains_to_look_up(self) -> tuple[str, ...]:
        """The domains whose contacts in DNS decide about this wish."""
        if self.method is not DcvMethodName.EMAIL:
            return ()
        return domains_to_look_up(read_wishes(self.emails)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPlan:
    """What the wish comes to."""

    method: DcvMethodName
    contacts: Contacts = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()
    warnings: tuple[str, ...] = ()


def for_trust(wish: MethodWish, trust: Trust) -> MethodWish:
    """The wish for a product of that trust: WHOIS names contacts for private ones alone."""
    if trust is Trust.PRIVATE:
        return wish
    known = tuple(one for one in wish.published if one.source is not ContactSource.WHOIS)
    return replace(wish, published=known)


def plan_method(wish: MethodWish, identifiers: Sequence[Identifier], now: datetime) -> MethodPlan:
    """The method for these names at `now`, with everything wrong or worth a remark."""
    if wish.method is not DcvMethodName.EMAIL:
        ignored = f"{FIELD}: is ignored: the order is not validated by e-mail"
        return MethodPlan(
            method=wish.method,
            flaws=wildcard_flaws(wish.method, identifiers),
            warnings=(ignored,) if _says(wish.emails) else (),
        )
    if not rules_at(now).email_methods:
        return _after_email(wish)
    entries, flaws = read_wishes(wish.emails)
    chosen, others = contacts_of(entries, identifiers, wish.published)
    # Names that could not be read are no names of the order, and are told of already.
    known = others if identifiers else []
    default = "" if wish.given else "e-mail is used; "
    return MethodPlan(
        method=wish.method,
        contacts={**_kept(wish.kept, identifiers), **chosen},
        flaws=(*flaws, *known),
        warnings=(f"{METHOD_FIELD}: {default}{_DISCOURAGED}",),
    )


def wildcard_flaws(method: DcvMethodName, identifiers: Sequence[Identifier]) -> tuple[Flaw, ...]:
    """The objection to a method that proves one name alone, where wildcards are to be proven."""
    wild = [one.value for one in identifiers if one.wildcard]
    if METHODS[method].wildcards or not wild:
        return ()
    reason = f"a file proves no wildcard name ({', '.join(wild[:_NAMED])}); use another method"
    return (Flaw(METHOD_FIELD, reason),)


def _after_email(wish: MethodWish) -> MethodPlan:
    if wish.given:
        flaw = Flaw(METHOD_FIELD, f"{_ENDED}; publish a DNS record instead")
        return MethodPlan(method=wish.method, flaws=(flaw,))
    return MethodPlan(
        method=DcvMethodName.DNS_TXT,
        warnings=(f"{METHOD_FIELD}: a DNS TXT record is asked for, the default; {_ENDED}",),
    )


def _kept(kept: Contacts, identifiers: Sequence[Identifier]) -> Mapping[str, tuple[Contact, ...]]:
    bases = {one.base for one in identifiers}
    return {base: contacts for base, contacts in kept.items() if base in bases}


def _says(given: Any) -> bool:
    """Whether a list of addresses says anything at all."""
    return is_given(given) and given not in ([], {}, False)
