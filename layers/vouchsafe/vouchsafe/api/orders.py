"""The routes of orders: place, read, check, cancel."""

from __future__ import annotations

from typing import Any

from ..dependencies import OrdersApi
from ..domain.accounts import Principal
from ..domain.certificate import CertificateStatus
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid, not_found
from ..services.awaiting import await_certificate
from ..services.cancelling import cancel_order
from ..services.new_orders import RegistrationPolicy
from ..services.ownership import owned
from ..services.registration import place_order, read_order, request_check
from .call import Answer, Call, answer_json, as_id
from .chains import chain_of, chain_rows
from .determining import noted, ordered_product
from .idempotency import once_only
from .order_info import check_result, order_info
from .placed import placed
from .reading import check_offered, validated
from .reading import read_order as read_wish
from .schemas import CheckBody, StatusBody

_CANCELED = "canceled"
_THUMBPRINT_DIGITS = 40
_LONGEST_SERIAL = 40  # RFC 5280 4.1.2.2: 20 octets
_ENDED = frozenset(
    {CertificateStatus.INVALID, CertificateStatus.CANCELLED, CertificateStatus.REVOKED}
)


def place(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}: the id is a product's, or "ssl": the data decide."""
    product = ordered_product(call)
    body = call.body()
    check_offered(product)
    wish = read_wish(body, product, call.principal.container_id)
    result = place_order(
        noted(wish, call, body, product),
        product,
        call.principal,
        once=once_only(call, _placed),
        policy=policy_of(deps),
        ledger=deps.ledger,
        workflow=deps.workflow,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer_json(placed_now(call, deps, result.dossier), 201)


def policy_of(deps: OrdersApi) -> RegistrationPolicy:
    """What this deployment sets for new orders and reissues."""
    return RegistrationPolicy(
        window=deps.settings.window,
        first_gap=deps.settings.first_gap,
        issuer_keys=deps.settings.issuer_key_type,
    )


def placed_now(call: Call, deps: OrdersApi, dossier: Dossier) -> dict[str, Any]:
    """The answer to a placed order, with the chain where the certificate comes at once."""
    certificate_id = dossier.newest.certificate_id
    after = await_certificate(
        dossier, certificate_id, ledger=deps.ledger, clock=deps.clock, pause=call.pause
    )
    certificate = after.certificate(certificate_id)
    chain = None
    if certificate.issued is not None:
        chain = chain_rows(chain_of(certificate, store=deps.store, issuers=deps.issuers))
    return placed(dossier, chain=chain)


def _placed(dossier: Dossier) -> Answer:
    return answer_json(placed(dossier), 201)


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
    if (dossier.under_way or dossier.newest).status in _ENDED:
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
    certificate = dossier.under_way or dossier.newest
    known = {identifier.value for identifier in certificate.identifiers}
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
