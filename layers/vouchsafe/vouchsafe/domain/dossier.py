"""Everything the order book holds of one order, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .authorization import Authorization
from .certificate import UNDER_WAY, Certificate
from .notes import OrderNotes
from .order import Order
from .requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizations:
    """All authorizations of one certificate id; written only together with that certificate."""

    order_id: int
    certificate_id: int
    items: tuple[Authorization, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An order with its certificates, their authorizations, its requests (each sorted by id)."""

    order: Order
    certificates: tuple[Certificate, ...]
    authorizations: Mapping[int, tuple[Authorization, ...]]
    requests: tuple[Request, ...] = ()
    notes: OrderNotes | None = None

    def certificate(self, certificate_id: int) -> Certificate:
        """The certificate of that id. Raises KeyError when the order has none such."""
        for certificate in self.certificates:
            if certificate.certificate_id == certificate_id:
                return certificate
        raise KeyError(certificate_id)

    @property
    def newest(self) -> Certificate:
        """The certificate the order points at."""
        return self.certificate(self.order.certificate_id)

    @property
    def under_way(self) -> Certificate | None:
        """The certificate that is neither issued nor ended; an order has one at most."""
        for certificate in reversed(self.certificates):
            if certificate.status in UNDER_WAY:
                return certificate
        return None

    def request(self, request_id: int) -> Request:
        """The request of that id. Raises KeyError when the order has none such."""
        for request in self.requests:
            if request.request_id == request_id:
                return request
        raise KeyError(request_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """An `Idempotency-Key` as used: written with what it made, kept for the order's life."""

    account_id: int
    key: str
    fingerprint: str  # SHA-256 over method, path and body
    order_id: int | None  # the order it made or changed, if any
    status: int
    answer: dict[str, Any] | None  # None: an empty body
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialClaim:
    """A serial taken for good (BR 7.1.2.7): exists once, points at its certificate."""

    serial: int
    order_id: int
    certificate_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbprint:
    """A certificate's fingerprints as ways to find its order; older ones have no SHA-256."""

    sha1: str
    order_id: int
    certificate_id: int
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRecord:
    """One look at the pending names of a certificate, kept for whoever asks what we saw."""

    order_id: int
    certificate_id: int
    number: int
    run: int
    looked_at: datetime
    results: tuple[dict[str, Any], ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Fresh public ids, growing with creation, below 2**31."""

    orders: tuple[int, ...] = ()
    certificates: tuple[int, ...] = ()
    requests: tuple[int, ...] = ()
    accounts: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    organizations: tuple[int, ...] = ()
    reviews: tuple[int, ...] = ()
    domains: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something unfinished and overdue: a pending certificate or an approved revocation."""

    order_id: int
    certificate_id: int | None
    request_id: int | None
    due_at: datetime
