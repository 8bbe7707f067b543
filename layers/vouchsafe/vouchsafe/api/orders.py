"""The routes of orders: place, read, check, cancel."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..dependencies import OrdersApi
from ..domain.accounts import Principal
from ..domain.certificate import CertificateStatus
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid, not_found
from ..domain.products import find_product
from ..services.new_orders import OnceOnly, RegistrationPolicy
from ..services.registration import cancel_order, owned, place_order, read_order, request_check
from .call import Answer, Call, answer_json, as_id
from .order_info import check_result, order_info, placed
from .reading import check_offered, validated
from .reading import read_order as read_wish
from .schemas import CheckBody, StatusBody

_LONGEST_KEY = 255
_CANCELED = "canceled"
_THUMBPRINT_DIGITS = 40
_LONGEST_SERIAL = 40  # RFC 5280 4.1.2.2: 20 octets
_ENDED = frozenset(
    {CertificateStatus.INVALID, CertificateStatus.CANCELLED, CertificateStatus.REVOKED}
)


def place(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}: the id is a product's."""
    product = find_product(call.parts["id"])
    if product is None:
        raise not_found("product")
    body = call.body()
    check_offered(product)
    result = place_order(
        read_wish(body, product),
        product,
        call.principal,
        once=_once(call, body),
        policy=RegistrationPolicy(
            window=deps.settings.window,
            first_gap=deps.settings.first_gap,
            issuer_keys=deps.settings.issuer_key_type,
        ),
        ledger=deps.ledger,
        workflow=deps.workflow,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    if result.dossier is None:
        return answer_json(result.replayed, 201, Idempotency_Replayed="true")
    return answer_json(placed(result.dossier), 201)


def _once(call: Call, body: dict[str, Any]) -> OnceOnly | None:
    """The client's Idempotency-Key, if it sent one. The fingerprint ignores the body's layout."""
    key = call.headers.get("idempotency-key")
    if key is None:
        return None
    visible = all(" " < character <= "~" for character in key)
    if not visible or not 1 <= len(key) <= _LONGEST_KEY:
        reason = f"must be 1 to {_LONGEST_KEY} visible ASCII characters"
        raise invalid(Flaw("Idempotency-Key", reason))
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    text = f"{call.method} {call.path.rstrip('/')}\n{canonical}"
    return OnceOnly(key=key, fingerprint=hashlib.sha256(text.encode()).hexdigest(), render=placed)


def read(call: Call, deps: OrdersApi) -> Answer:
    """GET order/certificate/{id}: the id is an order's, or a thumbprint or serial."""
    dossier = _find(call.parts["id"], call.principal, deps)
    info = order_info(dossier, dcv_domain=deps.settings.dcv_domain or "", now=deps.clock.now())
    return answer_json(info)


def _find(reference: str, principal: Principal, deps: OrdersApi) -> Dossier:
    order_id = as_id(reference)
    if order_id is not None:
        return read_order(order_id, principal, ledger=deps.ledger)
    text = reference.replace(":", "").lower()
    if not text or len(text) > _LONGEST_SERIAL or not set(text) <= set("0123456789abcdef"):
        raise not_found("order")
    dossier = None
    if len(text) == _THUMBPRINT_DIGITS:
        dossier = deps.ledger.order_of_thumbprint(text)
    return owned(dossier or deps.ledger.order_of_serial(int(text, 16)), principal)


def check(call: Call, deps: OrdersApi) -> Answer:
    """PUT order/certificate/{id}/check-dcv: look now, and say what was seen."""
    order_id = call.number("order")
    body, _ = validated(CheckBody, call.optional_body())
    names = [*body.dns_name_validations, *body.dns_names_validations]
    dossier = read_order(order_id, call.principal, ledger=deps.ledger)
    _check_names(names, dossier)
    if dossier.newest.status in _ENDED:
        raise VouchsafeError(
            ErrorCode.CONFLICT, "The order has ended; there is nothing to check.", subject="order"
        )
    after = request_check(
        dossier,
        call.principal,
        ledger=deps.ledger,
        workflow=deps.workflow,
        clock=deps.clock,
        pause=call.pause,
    )
    return answer_json(check_result(after, names, deps.clock.now()))


def _check_names(names: list[str], dossier: Dossier) -> None:
    known = {identifier.value for identifier in dossier.newest.identifiers}
    flaws = [
        Flaw(f"dns_name_validations[{position}]", "is not a name of this order")
        for position, name in enumerate(names)
        if name not in known
    ]
    if flaws:
        raise invalid(*flaws)


def change_status(call: Call, deps: OrdersApi) -> Answer:
    """PUT order/certificate/{id}/status: cancel, the one change a client may make."""
    order_id = call.number("order")
    read_order(order_id, call.principal, ledger=deps.ledger)
    body, _ = validated(StatusBody, call.body())
    if (body.status or "").lower() != _CANCELED:
        raise invalid(Flaw("status", "must be CANCELED" if body.status else "is required"))
    cancel_order(
        order_id,
        call.principal,
        note=body.note or "",
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)
