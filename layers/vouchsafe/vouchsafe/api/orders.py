"""The routes of orders: place, read, check, cancel."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..dependencies import OrdersApi
from ..domain.accounts import Principal
from ..domain.authorization import AuthorizationStatus, DcvMethodName
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid, not_found
from ..domain.identifiers import parse_identifier
from ..services.awaiting import await_certificate
from ..services.cancelling import cancel_order
from ..services.key_rules import person
from ..services.ownership import owned
from ..services.registration import place_order, read_order, request_check
from .caa_words import caa_messages
from .call import Answer, Call, answer_json, as_id, told
from .chains import chain_of, chain_rows
from .describing import with_organization
from .determining import noted, ordered_product
from .dry import is_dry
from .dry_runs import dry_order
from .file_checks import refuse_missing_files
from .idempotency import once_only
from .offering import check_offered
from .order_info import check_result, order_info
from .paging import says_yes
from .placed import placed
from .placing_parts import policy_of, ports_of
from .reading import read_order as read_wish
from .reading import validated
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
    check_offered(product, deps)
    users = partial(person, call.principal.account_id, accounts=deps.accounts)
    wish = with_organization(read_wish(body, product), body, product, users, deps.clock.now())
    wish = noted(wish, call, body, product)
    if is_dry(call):
        return dry_order(wish, product, call, deps)
    result = place_order(
        wish,
        product,
        call.principal,
        once=once_only(call, _placed),
        policy=policy_of(deps),
        ports=ports_of(deps),
    )
    return answer_json(placed_now(call, deps, result.dossier), 201)


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
    if says_yes(call.query, "include_caa_status"):
        info |= caa_messages(dossier)
    return answer_json(info)


def _find(reference: str, principal: Principal, deps: OrdersApi) -> Dossier:
    order_id = as_id(reference)
    if order_id is not None:
        return read_order(order_id, principal, ledger=deps.ledger)
    text = reference.replace(":", "").lower()
    if not text or len(text) > _LONGEST_SERIAL or not set(text) <= set("0123456789abcdef"):
        raise not_found("order")
    if len(text) == _THUMBPRINT_DIGITS:
        found = deps.ledger.order_of_thumbprint(text)
        if found is not None and found.order.account_id == principal.account_id:
            return found  # another account's is looked for further, as an unknown one is
    return owned(deps.ledger.order_of_serial(int(text, 16)), principal)


def check(call: Call, deps: OrdersApi) -> Answer:
    """PUT order/certificate/{id}/check-dcv: look now, and say what was seen."""
    order_id = call.number("order")
    body, warnings = validated(CheckBody, call.optional_body())
    dossier = read_order(order_id, call.principal, ledger=deps.ledger)
    certificate = dossier.under_way or dossier.newest
    names = _names_of(body, certificate)
    if certificate.status in _ENDED:
        raise VouchsafeError(
            ErrorCode.CONFLICT, "The order has ended; there is nothing to check.", subject="order"
        )
    if _waits_for_mail_alone(dossier):
        raise VouchsafeError(
            ErrorCode.CONFLICT,
            "The order is proven by e-mail; there is nothing to look for until a mail is answered.",
            subject="order",
        )
    after = request_check(
        dossier,
        call.principal,
        ledger=deps.ledger,
        workflow=deps.workflow,
        clock=deps.clock,
        pause=call.pause,
    )
    refuse_missing_files(after, names)
    result = check_result(after, certificate.certificate_id, names, deps.clock.now())
    return answer_json(result | told(warnings))


def _waits_for_mail_alone(dossier: Dossier) -> bool:
    """Whether every name that is not proven yet waits for an answer to a mail."""
    certificate = dossier.under_way or dossier.newest
    items = dossier.authorizations.get(certificate.certificate_id, ())
    open_ones = [one for one in items if one.status is AuthorizationStatus.PENDING]
    waiting = certificate.status is CertificateStatus.PENDING and bool(open_ones)
    return waiting and all(one.method is DcvMethodName.EMAIL for one in open_ones)


def _names_of(body: CheckBody, certificate: Certificate) -> list[str]:
    """The names to report on, as the order has them. Raises INVALID for names of other orders."""
    known = {identifier.value for identifier in certificate.identifiers}
    names, flaws = [], []
    for field in ("dns_name_validations", "dns_names_validations"):
        for position, text in enumerate(getattr(body, field)):
            names.append(_spelled(text))
            if names[-1] not in known:
                flaws.append(Flaw(f"{field}[{position}]", "is not a name of this order"))
    if flaws:
        raise invalid(*flaws)
    return names


def _spelled(text: str) -> str:
    """A name in its one spelling; other text as it is, which no order has for a name."""
    bare = text.strip().rstrip(".")
    try:
        return parse_identifier(bare).value
    except ValueError:
        return bare


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
