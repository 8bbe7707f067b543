"""What only storage knows of a key: a row of our own gate, asked before anything is claimed."""

from __future__ import annotations

from ..domain.blocked_keys import CLAUSES, BlockedKey, KeyUse, key_hash, refusal
from ..domain.certificate import Certificate, Intent
from ..domain.drafting import LintRefused
from ..domain.linting import Finding, Severity
from ..key_ports import KnownKeys
from .known_keys import CLAUSE, known_fault


def blocked(block: BlockedKey) -> LintRefused:
    """The refusal of a certificate whose key is blocked."""
    return _refused("blocked", refusal(block), CLAUSES[block.reason])


def key_use(certificate: Certificate, intent: Intent, spki: bytes) -> KeyUse:
    """The row under which a sweep of the key finds the certificate; a block forbids it."""
    return KeyUse(
        spki_sha256=key_hash(spki),
        certificate_id=certificate.certificate_id,
        order_id=certificate.order_id,
        account_id=certificate.account_id,
        issuer_id=intent.issuer_id,
        claimed_at=intent.recorded_at,
    )


def refuse_known(spki: bytes, known: KnownKeys | None) -> None:
    """Raises LintRefused for a key on the operator's list (BR 6.1.1.3 (3) to (5)).

    Without a list nothing is refused here.
    """
    if fault := known_fault(spki, known):
        raise _refused("known", fault, CLAUSE)


def _refused(code: str, message: str, clause: str) -> LintRefused:
    return LintRefused([Finding(Severity.ERROR, f"vouchsafe.key.{code}", message, clause)])
