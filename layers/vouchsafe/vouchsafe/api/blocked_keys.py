"""The routes of keys that are blocked for all accounts."""

from __future__ import annotations

from typing import Any

from ..dependencies import OperatorsApi
from ..domain.blocked_keys import BlockedKey, key_hash
from ..domain.errors import Flaw, invalid, not_found
from ..services.blocking import block_key, key_of
from .call import Answer, Call, answer_json, told
from .dialect import timestamp
from .idempotency import once_only
from .reading import validated
from .review_reading import read_reason
from .revocation_schemas import BlockKeyBody

_DIGITS = 64


def block(call: Call, deps: OperatorsApi) -> Answer:
    """POST operator/blocked-key: from now on no certificate is made for it."""
    body, warnings = validated(BlockKeyBody, call.body())
    flaws: list[Flaw] = []
    note = read_reason(body.reason, "reason", flaws)
    digest = _digest(body, deps, flaws)
    if flaws:
        raise invalid(*flaws)

    def answer(after: BlockedKey) -> Answer:
        return answer_json(_row(after) | told(warnings), 201)

    after = block_key(
        digest,
        note,
        call.principal,
        once=once_only(call, answer),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(after)


def read(call: Call, deps: OperatorsApi) -> Answer:
    """GET operator/blocked-key/{hash}."""
    digest = call.parts["hash"].lower()
    found = deps.ledger.blocked_key(digest) if _is_digest(digest) else None
    if found is None:
        raise not_found("blocked_key")
    return answer_json(_row(found))


def _digest(body: BlockKeyBody, deps: OperatorsApi, flaws: list[Flaw]) -> str:
    """The hash of the key that is meant, in whichever way it was given; flaws are added."""
    given = [name for name in ("spki_sha256", "csr", "certificate_id") if getattr(body, name)]
    if len(given) != 1:
        flaws.append(Flaw("spki_sha256", "is required, or csr, or certificate_id: one of them"))
        return ""
    if body.csr:
        return _of_csr(body.csr, flaws)
    if body.certificate_id:
        dossier = deps.ledger.order_of_certificate(body.certificate_id)
        if dossier is None:
            flaws.append(Flaw("certificate_id", "is no certificate"))
            return ""
        certificate = dossier.certificate(body.certificate_id)
        if not certificate.csr:
            flaws.append(
                Flaw("certificate_id", "has no key yet: the service makes it before issue")
            )
            return ""
        return key_hash(key_of(certificate))
    digest = (body.spki_sha256 or "").lower()
    if not _is_digest(digest):
        flaws.append(Flaw("spki_sha256", f"must be {_DIGITS} hexadecimal digits"))
    return digest


def _of_csr(text: str, flaws: list[Flaw]) -> str:
    """Only a request signed by the key shows that its sender holds it (BR 4.9.12)."""
    from ..domain.csr import inspect_csr  # a large library: loaded where a request is read

    reading = inspect_csr(text)
    unproven = [each for each in reading.findings if each.field in {"csr", "signature"}]
    flaws += [Flaw("csr", each.message) for each in unproven]
    return key_hash(reading.csr.public_key) if reading.csr else ""


def _is_digest(text: str) -> bool:
    return len(text) == _DIGITS and set(text) <= set("0123456789abcdef")


def _row(found: BlockedKey) -> dict[str, Any]:
    return {
        "spki_sha256": found.spki_sha256,
        "reason": found.reason.value,
        "blocked_by": found.actor,
        "note": found.note,
        "date_blocked": timestamp(found.since),
        "sweeping": found.sweep_due is not None,
        "revoked": found.revoked,
    }
