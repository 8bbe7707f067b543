"""Certificate names: what a customer calls an order by, unique in the account ignoring case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .order import Order, OrderStatus

FIELD = "certificate_name"
_FORM = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,19}")
#: Orders that came to nothing give their name back; issued ones keep it for good.
_FREEING = frozenset({OrderStatus.INVALID, OrderStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateName:
    """A name as taken. `name` is folded; `version` counts the orders that had it, from 1."""

    account_id: int
    name: str
    order_id: int
    version: int = 1


def check_certificate_name(text: str) -> None:
    """Raises ValueError with a plain reason for what is no certificate name."""
    if not _FORM.fullmatch(text):
        raise ValueError("must be 3 to 20 letters, digits and hyphens, the first one a letter")


def folded(text: str) -> str:
    """The form in which two names are the same."""
    return text.lower()


def gives_back(order: Order) -> bool:
    """Whether the order's certificate name may be taken by another order."""
    return order.status in _FREEING
