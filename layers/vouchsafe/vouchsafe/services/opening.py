"""Opening a certificate id for validation: its values, what is proven already, its window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from ..domain.authorization import Authorization, DcvMethodName, RandomValue
from ..domain.certificate import Certificate, Window
from ..domain.identifiers import Identifier
from ..domain.mailings import Contacts, addressed
from ..domain.order_plans import JudgedWish
from ..domain.products import Product
from ..domain.proofs import Proofs, authorize
from ..domain.records import new_random_value
from ..ports import Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationTimes:
    """What a deployment sets: the time names have to be proven, and the wait for the first look."""

    window: timedelta
    first_gap: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a certificate id gets as its validation begins. `value` is None where names share none.

    Names proven before need no value, but have one: their proof may lapse while others are waited
    for.
    """

    value: RandomValue | None
    authorizations: tuple[Authorization, ...]
    window: Window
    next_look_at: datetime


def opened(
    identifiers: Sequence[Identifier],
    method: DcvMethodName,
    product: Product,
    *,
    proofs: Proofs,
    times: ValidationTimes,
    entropy: Entropy,
    now: datetime,
    contacts: Contacts | None = None,
) -> Opened:
    """New values, one for all names or one for each as the product has it; a new window from `now`.

    `proofs` are the account's, by authorization domain (BR 4.2.1). By e-mail no value is known in
    advance: names get mails to `contacts`, each of which will carry its own.
    """
    new = partial(new_random_value, entropy, now, hexadecimal=product.hexadecimal_values)
    shared = new() if product.shares_value else None
    values = [shared or new() for _ in identifiers]
    items = authorize(identifiers, method, values, proofs, now)
    return Opened(
        value=None if method is DcvMethodName.EMAIL else shared,
        authorizations=addressed(items, contacts or {}, entropy),
        window=Window(opened_at=now, deadline=now + times.window),
        next_look_at=now + times.first_gap,
    )


def opening_of(
    judged: JudgedWish,
    product: Product,
    proofs: Proofs,
    *,
    times: ValidationTimes,
    entropy: Entropy,
    now: datetime,
) -> Opened | None:
    """How the validation of what was wished for begins; None for names that could not be read."""
    if not judged.identifiers:
        return None
    return opened(
        judged.identifiers,
        judged.method.method,
        product,
        proofs=proofs,
        times=times,
        entropy=entropy,
        now=now,
        contacts=judged.method.contacts,
    )


def closed(
    identifiers: Sequence[Identifier], method: DcvMethodName, contacts: Contacts | None = None
) -> tuple[Authorization, ...]:
    """The names of a certificate that waits for an approval: no values, nothing looked at.

    Who will get their mails is known, what the mails are called is not.
    """
    items = tuple(Authorization(identifier=each, method=method) for each in identifiers)
    return addressed(items, contacts or {}, None)


def with_opening(certificate: Certificate, opening: Opened) -> Certificate:
    """The certificate as its validation begins; its status and version are the caller's.

    A wait for people is over with it: the names come first again.
    """
    wait = certificate.parked
    if wait is not None and wait.left_at is None:
        wait = replace(wait, left_at=opening.window.opened_at)
    return replace(
        certificate,
        parked=wait,
        random_value=opening.value,
        window=opening.window,
        next_look_at=opening.next_look_at,
        nudges=0,
        caa=None,
    )
