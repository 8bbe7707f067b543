"""Orders of the console guide's flow, as tests send and end them."""

from __future__ import annotations

from typing import Any

from tests.unit.api.driving import Api
from tests.unit.api.material import order_body
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.lifecycle import followed, moved
from vouchsafe.domain.order import StatusReason

ADVANCED = "order/certificate/advanced_dv"


def guide_body(**changed: Any) -> dict[str, Any]:
    """A body that makes an order for advanced_dv."""
    return order_body(**({"certificate_name": "web-shop"} | changed))


def end(api: Api, order_id: int, status: CertificateStatus, reason: StatusReason | None) -> None:
    """Move an order's certificate, and the order with it."""
    dossier = api.book.order(order_id)
    assert dossier is not None
    ended = moved(dossier.newest, status, reason)
    api.book.commit(ended, *followed(dossier.order, ended))
