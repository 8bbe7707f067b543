"""The routes of what follows a placed order: reissue, duplicate, another CSR, ordering again."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..dependencies import OrdersApi
from ..domain.certificate import Certificate, CertificateKind
from ..domain.products import PRODUCTS, KeySource
from ..services.awaiting import await_certificate
from ..services.csr_replacing import replace_csr
from ..services.registration import place_order, read_order
from ..services.reissues import PlacedAgain, place_again
from ..services.reordering import refused_again, wish_again
from .again_rows import again_row
from .call import Answer, Call, answer_json
from .chains import chain_of, chain_rows
from .dry import is_dry
from .dry_runs import dry_again, dry_order, dry_refusal
from .idempotency import once_only
from .offering import check_offered
from .orders import placed_now
from .placed import placed
from .placing_parts import policy_of, ports_of
from .reading import validated
from .reading_again import read_again
from .schemas import ReorderBody, ReplaceCsrBody


def reissue(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}/reissue: a new certificate id that takes the old one's place."""
    return _again(call, deps, CertificateKind.REISSUE)


def duplicate(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}/duplicate: the same names under another key."""
    return _again(call, deps, CertificateKind.DUPLICATE)


def _again(call: Call, deps: OrdersApi, kind: CertificateKind) -> Answer:
    order_id = call.number("order")
    order = read_order(order_id, call.principal, ledger=deps.ledger).order
    product = PRODUCTS[order.product_id]
    if product.key_source is KeySource.MANAGED:
        check_offered(product, deps)  # a new key has to be made
    wish = read_again(call.body(), kind, product)
    if is_dry(call):
        return dry_again(order_id, wish, call, deps)
    made = place_again(
        order_id,
        wish,
        call.principal,
        once=once_only(call, _placed),
        policy=policy_of(deps),
        ports=ports_of(deps),
    )
    return _placed(made, chain=_chain(call, deps, made))


def _chain(call: Call, deps: OrdersApi, made: PlacedAgain) -> list[dict[str, str]] | None:
    """The chain, where the certificate comes at once."""
    after = await_certificate(
        made.dossier, made.certificate_id, ledger=deps.ledger, clock=deps.clock, pause=call.pause
    )
    certificate = after.certificate(made.certificate_id)
    if certificate.issued is None:
        return None
    return chain_rows(chain_of(certificate, store=deps.store, issuers=deps.issuers))


def _placed(made: PlacedAgain, *, chain: list[dict[str, str]] | None = None) -> Answer:
    answer = placed(
        made.dossier,
        certificate_id=made.certificate_id,
        warnings=made.warnings,
        chain=chain,
    )
    return answer_json(answer, 201)


def reissues(call: Call, deps: OrdersApi) -> Answer:
    """GET order/certificate/{id}/reissue: what was reissued, oldest first."""
    return _rows(call, deps, CertificateKind.REISSUE)


def duplicates(call: Call, deps: OrdersApi) -> Answer:
    """GET order/certificate/{id}/duplicate."""
    return _rows(call, deps, CertificateKind.DUPLICATE)


def _rows(call: Call, deps: OrdersApi, kind: CertificateKind) -> Answer:
    dossier = read_order(call.number("order"), call.principal, ledger=deps.ledger)
    row = partial(again_row, now=deps.clock.now())
    found: list[Certificate] = [c for c in dossier.certificates if c.kind is kind]
    rows: list[dict[str, Any]] = [row(each, position) for position, each in enumerate(found, 1)]
    return answer_json({"certificates": rows})


def replace_request(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}/csr: another request for what is not issued yet."""
    order_id = call.number("order")
    read_order(order_id, call.principal, ledger=deps.ledger)
    body, _ = validated(ReplaceCsrBody, call.body())
    replace_csr(
        order_id,
        body.csr or "",
        call.principal,
        once=once_only(call, _done),
        rules=deps.settings.profile_rules,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return _done(None)


def _done(_: None) -> Answer:
    return Answer(status=204)


def reorder(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}/reorder: a new order over the data of one that ended."""
    dossier = read_order(call.number("order"), call.principal, ledger=deps.ledger)
    body, warnings = validated(ReorderBody, call.optional_body())
    product = PRODUCTS[dossier.order.product_id]
    if is_dry(call) and (refused := refused_again(dossier)):
        return dry_refusal(refused, product, call, deps.clock.now())
    wish = wish_again(dossier, skip_approval=bool(body.skip_approval), warnings=tuple(warnings))
    check_offered(product, deps)
    if is_dry(call):
        return dry_order(wish, product, call, deps)
    result = place_order(
        wish,
        product,
        call.principal,
        once=once_only(call, lambda made: answer_json(placed(made), 201)),
        policy=policy_of(deps),
        ports=ports_of(deps),
    )
    return answer_json(placed_now(call, deps, result.dossier), 201)
