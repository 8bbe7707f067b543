"""The answers to dry runs: what a call would come to, in the API's words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..dependencies import OrdersApi
from ..domain.authorization import Authorization, CaaFinding
from ..domain.caa_causes import caa_telling
from ..domain.calendar import rules_at
from ..domain.errors import VouchsafeError
from ..domain.first_look import NameGlance
from ..domain.gates import proof_counts
from ..domain.products import Product
from ..domain.wishes import OrderWish
from ..services.dry_runs import Outlook, refused_outlook, try_again, try_order
from ..services.outlooks import Linted, Prospect
from ..services.reissue_records import AgainWish
from .call import Answer, Call, answer_json
from .dialect import METHOD_WORDS, day, timestamp
from .paging import without_nothing
from .placing_parts import policy_of, ports_of
from .problems import error_body


def dry_order(wish: OrderWish, product: Product, call: Call, deps: OrdersApi) -> Answer:
    """What placing the order would come to."""
    outlook = try_order(
        wish,
        product,
        call.principal,
        policy=policy_of(deps),
        ports=ports_of(deps),
        trial=deps.trial,
    )
    return answer_json(dry_run(outlook, deps.clock.now()))


def dry_again(order_id: int, wish: AgainWish, call: Call, deps: OrdersApi) -> Answer:
    """What the reissue or duplicate would come to."""
    outlook = try_again(
        order_id,
        wish,
        call.principal,
        policy=policy_of(deps),
        ports=ports_of(deps),
        trial=deps.trial,
    )
    return answer_json(dry_run(outlook, deps.clock.now()))


def dry_refusal(refused: VouchsafeError, product: Product, call: Call, now: datetime) -> Answer:
    """The answer where the call would be refused as a whole."""
    return answer_json(dry_run(refused_outlook(refused, product, call.principal), now))


def dry_run(outlook: Outlook, now: datetime) -> dict[str, Any]:
    """The answer to a dry run. What is not known is left out."""
    prospect = outlook.prospect
    certificate, dossier = prospect.certificate, prospect.dossier
    answer: dict[str, Any] = {
        "dry_run": True,
        "complete": not outlook.undone,
        "would_be_accepted": prospect.refusal is None,
        "refusals": _refusals(outlook),
        "not_done": [{"part": one.part.value, "reason": one.reason} for one in outlook.undone],
        "product_name_id": prospect.product.product_id,
        "common_name": prospect.identifiers[0].value if prospect.identifiers else None,
        "names": _names(outlook, now),
        "dcv_method": METHOD_WORDS[prospect.method.method] if prospect.method else None,
        "organization": _organization(outlook),
        "container": _container(prospect),
        "csr": _csr(prospect),
        "signature_hash": certificate.signature_hash if certificate else None,
        "order_valid_till": day(dossier.order.term_ends_at) if dossier else None,
        "certificate": _certificate(outlook),
        "approval": _approval(prospect),
        "gates_closed": None if outlook.closed is None else [one.value for one in outlook.closed],
        "lint": _lint(outlook.lint),
        "warnings": list(prospect.warnings),
    }
    return without_nothing(answer)


def _refusals(outlook: Outlook) -> list[dict[str, Any]]:
    """Those of the real call as it would tell them, then those that would come later."""
    refusal = outlook.prospect.refusal
    rows: list[dict[str, Any]] = []
    if refusal is not None:
        fields: list[str | None] = [flaw.field for flaw in refusal.flaws]
        for error, field in zip(error_body(refusal)["errors"], fields or [None], strict=True):
            rows.append(without_nothing({"stage": "order", **error, "field": field}))
    for one in outlook.later:
        row = {"stage": "issue", "code": one.reason.value, "message": one.message}
        rows.append(row | {"field": one.field})
    return rows


def _names(outlook: Outlook, now: datetime) -> list[dict[str, Any]]:
    prospect = outlook.prospect
    seen = {one.name: one for one in outlook.glances}
    findings = outlook.caa.findings if outlook.caa else ()
    told = {(one.name, one.wildcard): one for one in findings}
    return [
        _name(
            one,
            seen.get(one.identifier.value),
            told.get((one.identifier.base, one.identifier.wildcard)),
            now,
        )
        for one in prospect.authorizations
    ]


def _name(
    one: Authorization, glance: NameGlance | None, caa: CaaFinding | None, now: datetime
) -> dict[str, Any]:
    proven = proof_counts(one, now)
    row: dict[str, Any] = {
        "dns_name": one.identifier.value,
        "proven": proven or (glance is not None and glance.proven),
        "method": METHOD_WORDS[one.method],
        "caa": _caa(caa) if caa else None,
    }
    if proven and one.proof is not None:
        life = timedelta(days=rules_at(now).reuse_days)
        row["proof_expires"] = timestamp(one.proof.proven_at + life)
    if glance is not None:
        row |= {
            "cause": glance.cause,
            "explanation": glance.explanation,
            "advice": glance.advice,
        }
    return without_nothing(row)


def _caa(finding: CaaFinding) -> dict[str, Any]:
    refused = "forbidden" if finding.completed else "unknown"
    telling = caa_telling(finding)
    row: dict[str, Any] = {
        "status": "permitted" if finding.permitted else refused,
        "record_name": finding.deciding_name,
        "record": finding.deciding_record,
        "detail": finding.detail,
    }
    if telling is not None:
        row |= {
            "cause": telling.cause,
            "explanation": telling.explanation,
            "advice": telling.advice,
        }
    return row


def _organization(outlook: Outlook) -> dict[str, Any] | None:
    organization = outlook.prospect.organization
    if organization is None:
        return None
    grounds = outlook.grounds
    row = {
        "name": organization.name,
        "id": organization.organization_id or None,
        "validated": grounds.organization_validated if grounds else None,
    }
    return without_nothing(row)


def _container(prospect: Prospect) -> dict[str, Any] | None:
    if prospect.container is None:
        return None
    number, name = prospect.container
    return {"id": number, "name": name}


def _csr(prospect: Prospect) -> dict[str, Any] | None:
    csr = prospect.csr
    if csr is None:
        return None
    return {
        "key": csr.key,
        "signature_hash": csr.signature_hash,
        "subject": [{"attribute": name, "value": value} for name, value in csr.subject],
        "dns_names": list(csr.requested_names),
    }


def _certificate(outlook: Outlook) -> dict[str, Any] | None:
    made = outlook.would_be
    if made is None:
        return None
    return {
        "valid_from": timestamp(made.not_before),
        "valid_till": timestamp(made.not_after),
        "issuer": {"id": made.issuer.issuer_id, "trust": made.issuer.trust.value},
    }


def _approval(prospect: Prospect) -> dict[str, Any] | None:
    if prospect.method is None:
        return None  # it was refused before that was asked
    return {"required": prospect.approval, "granted": prospect.approval and prospect.skipped}


def _lint(lint: Linted | None) -> list[dict[str, Any]] | None:
    if lint is None:
        return None
    return [
        {
            "severity": one.severity.name.lower(),
            "code": one.code,
            "message": one.message,
            "clause": one.clause,
            "refuses": one in lint.refused,
        }
        for one in lint.findings
    ]
