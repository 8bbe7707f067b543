"""Looking up what a wish for certain mailboxes depends on, before it is judged."""

from __future__ import annotations

from dataclasses import replace

from ..domain.method_wishes import MethodWish
from ..mail_ports import ContactFinder


def looked_up(wish: MethodWish, contacts: ContactFinder | None) -> MethodWish:
    """The wish with the contacts that DNS names, where its addresses ask for them.

    Most wishes ask for none, and nothing is looked up. Raises Unavailable when no answer comes.
    """
    domains = wish.domains_to_look_up
    if not domains or contacts is None:
        return wish
    return replace(wish, published=tuple(contacts.find(domains)))
