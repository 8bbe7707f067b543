"""Opening a certificate id for validation: its values, what is proven already, its window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.authorization import Authorization, DcvMethodName, Proof, RandomValue
from ..domain.certificate import Certificate, Window
from ..domain.identifiers import Identifier
from ..domain.products import Product
from ..domain.proofs import authorize
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
    proofs: Mapping[str, Proof],
    times: ValidationTimes,
    entropy: Entropy,
    now: datetime,
) -> Opened:
    """New values, one for all names or one for each as the product has it; a new window from `now`.

    `proofs` are the account's, by authorization domain (BR 4.2.1).
    """
    shared = new_random_value(entropy, now) if product.shares_value else None
    values = [shared or new_random_value(entropy, now) for _ in identifiers]
    return Opened(
        value=shared,
        authorizations=authorize(identifiers, method, values, proofs, now),
        window=Window(opened_at=now, deadline=now + times.window),
        next_look_at=now + times.first_gap,
    )


def closed(identifiers: Sequence[Identifier], method: DcvMethodName) -> tuple[Authorization, ...]:
    """The names of a certificate that waits for an approval: no values, nothing looked at."""
    return tuple(Authorization(identifier=each, method=method) for each in identifiers)


def with_opening(certificate: Certificate, opening: Opened) -> Certificate:
    """The certificate as its validation begins; its status and version are the caller's."""
    return replace(
        certificate,
        random_value=opening.value,
        window=opening.window,
        next_look_at=opening.next_look_at,
        caa=None,
    )
