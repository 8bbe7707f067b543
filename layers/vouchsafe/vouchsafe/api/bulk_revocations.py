"""The routes of bulk revocations: a preview, its execution, how far it went."""

from __future__ import annotations

from typing import Any

from ..dependencies import OperatorsApi
from ..domain.bulk_revocation import MOST_NAMED, BulkRevocation
from ..domain.errors import Flaw, invalid, not_found
from ..domain.revocation import RevocationReason
from ..domain.validity import whole_number
from ..services.bulk_revocation import BulkPorts, Selection, execute, preview
from .call import Answer, Call, answer_json, told
from .dialect import certificate_status, timestamp
from .filter_values import read_moment
from .idempotency import once_only
from .paging import whole, without_nothing
from .reading import validated
from .review_reading import read_reason
from .revocation_schemas import BulkFilter, BulkRevocationBody

_MOST_ROWS = 100
_FIRST_PAGE = 20
_LONGEST_SERIAL = 40
_REASONS = {reason.value: reason for reason in RevocationReason}


def choose(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/bulk-revocation: with a token it begins, without one it only shows."""
    body, warnings = validated(BulkRevocationBody, call.body())

    def answer(bulk: BulkRevocation) -> Answer:
        return answer_json(_info(bulk, deps, _FIRST_PAGE, 0) | told(warnings), 201)

    once, ports = once_only(call, answer), _ports(deps)
    if body.token:
        _refuse_both(body)
        return answer(execute(body.token, call.principal, once=once, ports=ports))
    flaws: list[Flaw] = []
    selection = _selection(body.filter or BulkFilter(), flaws)
    comments = read_reason(body.comments, "comments", flaws)
    reason = _REASONS.get(body.reason or "")
    if reason is None:
        flaws.append(Flaw("reason", f"must be one of {', '.join(_REASONS)}"))
    if not body.preview:
        flaws.append(Flaw("preview", "must be true, or a token given: look before revoking"))
    if flaws or reason is None:
        raise invalid(*flaws)
    made = preview(
        selection, call.principal, reason=reason, comments=comments, once=once, ports=ports
    )
    return answer(made)


def read(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/bulk-revocation/{bulk}[?limit=&offset=]."""
    found = deps.keys.bulk_revocation(call.parts["bulk"])
    if found is None:
        raise not_found("bulk_revocation")
    limit = whole(call.query, "limit", _MOST_ROWS, most=_MOST_ROWS)
    return answer_json(_info(found, deps, limit, whole(call.query, "offset", 0, most=10**6)))


def _ports(deps: OperatorsApi) -> BulkPorts:
    return BulkPorts(
        keys=deps.keys,
        issuers=deps.issuers,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )


def _refuse_both(body: BulkRevocationBody) -> None:
    """What is carried out is what was previewed: nothing may be said beside the token."""
    beside = [name for name in ("filter", "reason", "comments", "preview") if getattr(body, name)]
    if beside:
        raise invalid(*(Flaw(name, "is the preview's; give the token alone") for name in beside))


def _selection(given: BulkFilter, flaws: list[Flaw]) -> Selection:
    selection = Selection(
        serials=_serials(given.serials, flaws),
        certificate_ids=_ids(given.certificate_ids, flaws),
        account_id=given.account_id,
        issuer_id=given.issuer_id or None,
        issued_from=read_moment(given.issued_from, "filter.issued_from", flaws),
        issued_to=read_moment(given.issued_to, "filter.issued_to", flaws),
    )
    named = bool(given.serials or given.certificate_ids)
    others = (given.account_id, given.issuer_id, given.issued_from, given.issued_to)
    if named and (any(others) or (given.serials and given.certificate_ids)):
        flaws.append(Flaw("filter", "holds serials, or certificate_ids, or the others"))
    if not named and not any(others):
        flaws.append(Flaw("filter", "is required"))
    return selection


def _serials(given: list[str], flaws: list[Flaw]) -> tuple[int, ...]:
    if _too_many(given, "serials", flaws):
        return ()
    found = []
    for at, text in enumerate(given):
        digits = text.replace(":", "").strip().lower()
        if 0 < len(digits) <= _LONGEST_SERIAL and set(digits) <= set("0123456789abcdef"):
            found.append(int(digits, 16))
        else:
            flaws.append(Flaw(f"filter.serials[{at}]", "is no serial number in hexadecimal"))
    return tuple(found)


def _ids(given: Any, flaws: list[Flaw]) -> tuple[int, ...]:
    if given in (None, []):
        return ()
    if not isinstance(given, list):
        flaws.append(Flaw("filter.certificate_ids", "must be a list"))
        return ()
    if _too_many(given, "certificate_ids", flaws):
        return ()
    found = []
    for at, value in enumerate(given):
        number = whole_number(value)
        if number is None:
            flaws.append(Flaw(f"filter.certificate_ids[{at}]", "must be a whole number"))
        else:
            found.append(number)
    return tuple(found)


def _too_many(given: list[Any], field: str, flaws: list[Flaw]) -> bool:
    if len(given) > MOST_NAMED:
        flaws.append(Flaw(f"filter.{field}", f"holds more than {MOST_NAMED} entries"))
    return len(given) > MOST_NAMED


def _info(bulk: BulkRevocation, deps: OperatorsApi, limit: int, offset: int) -> dict[str, Any]:
    shown = bulk.chosen[offset : offset + limit]
    return {
        "token": bulk.bulk_id,
        "status": bulk.status.value,
        "reason": bulk.reason.value,
        "comments": bulk.comments,
        "total": len(bulk.chosen),
        "done": bulk.position,
        "revoked": bulk.revoked,
        "date_made": timestamp(bulk.made_at),
        "operator_id": bulk.operator_id,
        "certificates": [_row(order, number, deps) for order, number in shown],
        "page": {"total": len(bulk.chosen), "limit": limit, "offset": offset},
    }


def _row(order_id: int, certificate_id: int, deps: OperatorsApi) -> dict[str, Any]:
    dossier = deps.ledger.order(order_id)
    if dossier is None:
        raise not_found("order")
    certificate = dossier.certificate(certificate_id)
    issued = certificate.issued
    row = {
        "id": certificate_id,
        "order_id": order_id,
        "account_id": certificate.account_id,
        "common_name": certificate.common_name,
        "serial_number": f"{issued.serial:032x}" if issued else None,
        "status": certificate_status(certificate, deps.clock.now()),
        "date_issued": timestamp(issued.issued_at) if issued else None,
        "valid_till": timestamp(issued.not_after) if issued else None,
    }
    return without_nothing(row)
