"""Blocking keys for all accounts, and refusing what comes with a blocked one (BR 4.9.12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.blocked_keys import BlockedKey, BlockReason, key_hash, refusal
from ..domain.certificate import Certificate
from ..domain.changes import Change, ChangeKind
from ..domain.dossier import Dossier
from ..domain.errors import Flaw, invalid
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.revocation import RevocationReason
from ..ports import Clock, Entropy, Ledger
from .accounts import OPERATORS
from .attempts import attempted
from .change_records import operators_change
from .idempotency import OnceOnly
from .on_record import order_on_record


def blocked_flaws(blocked: BlockedKey | None, field: str) -> tuple[Flaw, ...]:
    """What is wrong with `field` for a key that is blocked; nothing for another one."""
    return () if blocked is None else (Flaw(field, refusal(blocked)),)


def refuse_blocked(blocked: BlockedKey | None, field: str) -> None:
    """Raises VouchsafeError(INVALID) about `field` for a key that is blocked."""
    if flaws := blocked_flaws(blocked, field):
        raise invalid(*flaws)


def key_of(certificate: Certificate) -> bytes:
    """The DER SubjectPublicKeyInfo that a certificate id is for."""
    from cryptography import x509  # a large library: loaded where a key is looked at

    from ..domain.drafting import public_key_of

    return public_key_of(x509.load_der_x509_csr(certificate.csr))


def block_key(
    spki_sha256: str,
    note: str,
    principal: Principal,
    *,
    once: OnceOnly[BlockedKey] | None = None,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> BlockedKey:
    """Block a key for compromise, on an operator's word; all certificates with it get revoked.

    Blocking it again gives the first block. Raises Conflict when a twin under one key was faster.
    """
    actor = f"operator {principal.user_id}"
    return _block(spki_sha256, note, actor, once, ledger=ledger, clock=clock, entropy=entropy)


def block_key_for(
    spki_sha256: str, note: str, actor: str, *, ledger: Ledger, clock: Clock, entropy: Entropy
) -> BlockedKey:
    """Block a key for compromise where the evidence was judged, or a proof checked, before.

    Blocking it again gives the first block (BR 4.9.12).
    """
    return _block(spki_sha256, note, actor, None, ledger=ledger, clock=clock, entropy=entropy)


def key_hash_of(certificate: Certificate) -> str:
    """What the key of a certificate id is blocked by."""
    return key_hash(key_of(certificate))


def _block(
    spki_sha256: str,
    note: str,
    actor: str,
    once: OnceOnly[BlockedKey] | None,
    *,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> BlockedKey:
    def attempt(now: datetime) -> tuple[BlockedKey, tuple[BlockedKey | Change, ...]]:
        standing = ledger.blocked_key(spki_sha256)
        if standing is not None:
            return standing, ()
        block = BlockedKey(
            spki_sha256=spki_sha256,
            reason=BlockReason.KEY_COMPROMISE,
            since=now,
            actor=actor,
            account_id=OPERATORS,
            note=note,
            sweep_due=now,
        )
        after = {"reason": block.reason.value, "note": note}
        data = {"spki_sha256": spki_sha256, "reason": block.reason.value}
        kind = ChangeKind.KEY_BLOCKED
        return block, (block, _told(kind, block.actor, data, after, now=now, entropy=entropy))

    what = f"key {spki_sha256}"
    return attempted(attempt, once=once, what=what, ledger=ledger, clock=clock)


def report_keys(
    order_id: int, request_id: int, *, ledger: Ledger, clock: Clock, entropy: Entropy
) -> tuple[str, ...]:
    """Tell operators of the keys in an approved revocation for key compromise; their hashes.

    A report withdraws its own certificates and blocks nothing by itself: the request a certificate
    was ordered with may have been copied from somebody else, so it does not prove that whoever
    reports holds the key (BR 4.9.12). An operator who is convinced blocks it. Anything else tells
    nothing; a repeat tells again. Each key is told by itself: an order may have more than a commit
    takes.
    """
    dossier = order_on_record(order_id, ledger=ledger)
    request = dossier.request(request_id)
    if not _reports(request):
        return ()
    hashes = [each for each in _hashes(dossier, request) if ledger.blocked_key(each) is None]
    actor = f"user {request.requester_id}" if request.requester_id else "system"
    after = {"reported_by": f"revocation request {request.request_id}"}
    for each in hashes:
        data = {"spki_sha256": each, "account_id": request.account_id}
        kind, now = ChangeKind.KEY_REPORTED, clock.now()
        ledger.commit(_told(kind, actor, data, after, now=now, entropy=entropy))
    return tuple(hashes)


def _reports(request: Request) -> bool:
    compromised = request.reason is RevocationReason.KEY_COMPROMISE
    approved = request.status is RequestStatus.APPROVED
    return request.kind is RequestKind.REVOKE and approved and compromised


def _hashes(dossier: Dossier, request: Request) -> tuple[str, ...]:
    meant = (dossier.certificate(number) for number in request.certificate_ids)
    return tuple(dict.fromkeys(key_hash(key_of(certificate)) for certificate in meant))


def _told(
    kind: ChangeKind,
    actor: str,
    data: dict[str, Any],
    after: dict[str, Any],
    *,
    now: datetime,
    entropy: Entropy,
) -> Change:
    """What happened to the key that `data` names, for the operators' own log."""
    subject = f"subscriber_key {data['spki_sha256']}"
    return operators_change(kind, subject, data, actor=actor, now=now, entropy=entropy, after=after)
