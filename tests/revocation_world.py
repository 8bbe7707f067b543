"""A book with one issued certificate, for everything that happens after issue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, a_certificate, an_issuer_record, an_order
from tests.fakes import FakeBook, Tripwire
from vouchsafe.domain.accounts import Principal, Restriction, Role
from vouchsafe.domain.certificate import Certificate, CertificateStatus, Issued
from vouchsafe.domain.dossier import SerialClaim
from vouchsafe.domain.order import OrderStatus
from vouchsafe.ports import Record

SERIAL = 77

ADMINISTRATOR = Principal(
    account_id=1,
    user_id=7,
    container_id=3,
    role=Role.ADMINISTRATOR,
    restriction=Restriction.NONE,
    key_id=41,
)
MANAGER = Principal(
    account_id=1,
    user_id=8,
    container_id=3,
    role=Role.MANAGER,
    restriction=Restriction.NONE,
    key_id=42,
)


def issued(serial: int = SERIAL, **changed: Any) -> Certificate:
    """The order's certificate, valid, with that serial in shard `serial % 4`."""
    return a_certificate(
        status=CertificateStatus.VALID,
        issued=Issued(
            serial=serial,
            issuer_id="test-ec-1",
            shard=serial % 4,
            sha1="0" * 40,
            sha256="0" * 64,
            not_before=MOMENT,
            not_after=MOMENT + timedelta(days=199),
            issued_at=MOMENT,
        ),
        **changed,
    )


def world(*records: Record, tripwire: Tripwire | None = None) -> FakeBook:
    """A book holding `records`; without any, an issued order with its serial claimed."""
    book = FakeBook(tripwire)
    claim = SerialClaim(serial=SERIAL, order_id=1001, certificate_id=5001)
    given = records or (issued(), an_order(status=OrderStatus.VALID))
    book.commit(*given, claim, an_issuer_record())
    return book
