"""What is to be published for a name, and what was seen of it, in the words of order details."""

from __future__ import annotations

from typing import Any

from ..domain.authorization import Authorization, LookSummary, Proof
from ..domain.identifiers import Identifier
from ..domain.methods import LOOKED_UP, METHODS
from ..domain.records import record_for
from .dialect import timestamp


def record_words(item: Authorization, dcv_domain: str) -> dict[str, Any]:
    """The record or file of one name, and until when its value lives; nothing by e-mail, where a
    value proves by arriving."""
    value = item.random_value
    if value is None or item.method not in LOOKED_UP:
        return {}
    base = Identifier(item.identifier.base)  # a wildcard's record stands at its base
    record = record_for(base, item.method, value.value, dcv_domain)
    words = {
        "record_type": record.type,
        "record_name": record.name,
        "record_value": record.value,
        "expiration_date": timestamp(value.expires_at),
    }
    if METHODS[item.method].looked_up == "HTTP":
        words["file_url"] = record.name
    return words


def proof_words(proof: Proof) -> dict[str, Any]:
    """What a name was proven by: the domain, how that was reached, when, and who agreed."""
    return {
        "authorization_domain": proof.authorization_domain,
        "authorization_steps": list(proof.steps) or None,
        "proven_at": timestamp(proof.proven_at),
        "quorum": proof.quorum or None,
        "approved_by": proof.address or None,
    }


def look_words(look: LookSummary) -> dict[str, Any]:
    """When the newest look was, and what it saw."""
    return {"last_look": timestamp(look.looked_at), **seen_words(look)}


def seen_words(look: LookSummary) -> dict[str, Any]:
    """What a look saw, where and from where, and what to do."""
    return {
        "cause": look.cause,
        "explanation": look.explanation,
        "advice": look.advice,
        "observations": [
            {"question": o.question, "server": o.server, "answer": o.answer, "dnssec": o.dnssec}
            for o in look.observations
        ],
        "perspectives": [
            {
                "perspective": p.perspective,
                "rir": p.rir,
                "completed": p.completed,
                "passed": p.passed,
                "detail": p.detail,
            }
            for p in look.perspectives
        ],
    }
