"""Many certificates chosen by an operator: looked at first, then revoked exactly so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.blocked_keys import KeyUse
from ..domain.bulk_revocation import (
    MOST_CERTIFICATES,
    PREVIEW_LIFE,
    BulkRevocation,
    BulkStatus,
)
from ..domain.changes import NOISE_BYTES, Change, new_change_id
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid, not_found
from ..domain.revocation import RevocationReason
from ..ports import Clock, Entropy, Issuers, KeyBook, Ledger
from .attempts import attempted
from .bulk_running import bulk_change
from .idempotency import OnceOnly

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which certificates: by serials or ids, or those of an account or issuer, by time of issue.

    Without any of the four, every issuer's between the two moments.
    """

    serials: tuple[int, ...] = ()
    certificate_ids: tuple[int, ...] = ()
    account_id: int | None = None
    issuer_id: str | None = None
    issued_from: datetime | None = None
    issued_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPorts:
    """What choosing needs."""

    keys: KeyBook
    issuers: Issuers
    ledger: Ledger
    clock: Clock
    entropy: Entropy


def preview(
    selection: Selection,
    principal: Principal,
    *,
    reason: RevocationReason,
    comments: str,
    once: OnceOnly[BulkRevocation] | None,
    ports: BulkPorts,
) -> BulkRevocation:
    """Choose the certificates and write the choice down; nothing is revoked.

    Raises VouchsafeError(INVALID) for ids and serials that are not there, for none at all, and for
    more than MOST_CERTIFICATES.
    """

    def attempt(now: datetime) -> tuple[BulkRevocation, tuple[BulkRevocation | Change, ...]]:
        bulk = BulkRevocation(
            bulk_id=new_change_id(now, ports.entropy.bytes(NOISE_BYTES)),
            selection=_plain(selection),
            reason=reason,
            comments=comments,
            chosen=_chosen(selection, now, ports),
            made_at=now,
            operator_id=principal.user_id,
        )
        return bulk, (bulk, bulk_change(bulk, now, ports.entropy))

    what = "the bulk revocation"
    return attempted(attempt, once=once, what=what, ledger=ports.ledger, clock=ports.clock)


def execute(
    token: str, principal: Principal, *, once: OnceOnly[BulkRevocation] | None, ports: BulkPorts
) -> BulkRevocation:
    """Begin what was previewed; a scheduled function carries it out. Again: how far it went.

    Raises not_found, and CONFLICT (subject bulk_revocation) for a preview older than a day.
    """

    def attempt(now: datetime) -> tuple[BulkRevocation, tuple[BulkRevocation | Change, ...]]:
        bulk = ports.keys.bulk_revocation(token)
        if bulk is None:
            raise not_found("bulk_revocation")
        if bulk.status is not BulkStatus.PREVIEWED:
            return bulk, ()
        if now - bulk.made_at > PREVIEW_LIFE:
            detail = "The preview is older than a day; make another one."
            raise VouchsafeError(ErrorCode.CONFLICT, detail, subject="bulk_revocation")
        begun = replace(
            bulk,
            status=BulkStatus.RUNNING,
            due_at=now,
            operator_id=principal.user_id,
            version=bulk.version + 1,
        )
        return begun, (begun, bulk_change(begun, now, ports.entropy))

    what = f"bulk revocation {token}"
    return attempted(attempt, once=once, what=what, ledger=ports.ledger, clock=ports.clock)


def _chosen(selection: Selection, now: datetime, ports: BulkPorts) -> tuple[tuple[int, int], ...]:
    """Order and certificate ids, each once, in the order of the certificate ids."""
    if selection.certificate_ids or selection.serials:
        found = _named(selection, ports.ledger)
    else:
        found = {(use.order_id, use.certificate_id) for use in _uses(selection, now, ports)}
    if len(found) > MOST_CERTIFICATES:
        reason = f"chooses more than {MOST_CERTIFICATES} certificates; choose a shorter time"
        raise invalid(Flaw("filter", reason))
    if not found:
        raise invalid(Flaw("filter", "chooses no certificate"))
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _uses(selection: Selection, now: datetime, ports: BulkPorts) -> Iterable[KeyUse]:
    first, last = selection.issued_from or _EVER, selection.issued_to or now
    most = MOST_CERTIFICATES + 1
    if selection.account_id is not None:
        uses = ports.keys.uses_of_account(selection.account_id, first, last, most)
        return [u for u in uses if selection.issuer_id in (None, u.issuer_id)]
    names = (
        [selection.issuer_id]
        if selection.issuer_id
        else [issuer.issuer_id for issuer in ports.issuers.all()]
    )
    return [u for name in names for u in ports.keys.uses_of_issuer(name, first, last, most)]


def _named(selection: Selection, ledger: Ledger) -> set[tuple[int, int]]:
    """The certificates named one by one. Raises INVALID naming every one that is not there."""
    found, flaws = set[tuple[int, int]](), list[Flaw]()
    for at, number in enumerate(selection.certificate_ids):
        dossier = ledger.order_of_certificate(number)
        if dossier is None:
            flaws.append(Flaw(f"filter.certificate_ids[{at}]", "is no certificate"))
        else:
            found.add((dossier.order.order_id, number))
    for at, serial in enumerate(selection.serials):
        pair = _of_serial(ledger.order_of_serial(serial), serial)
        if pair is None:
            flaws.append(Flaw(f"filter.serials[{at}]", "is no certificate's"))
        else:
            found.add(pair)
    if flaws:
        raise invalid(*flaws)
    return found


def _of_serial(dossier: Dossier | None, serial: int) -> tuple[int, int] | None:
    for certificate in dossier.certificates if dossier else ():
        if certificate.issued is not None and certificate.issued.serial == serial:
            return certificate.order_id, certificate.certificate_id
    return None


def _plain(selection: Selection) -> dict[str, Any]:
    """The selection as it is written down, without what was left out."""
    given = {
        "serials": [f"{serial:032x}" for serial in selection.serials],
        "certificate_ids": list(selection.certificate_ids),
        "account_id": selection.account_id,
        "issuer_id": selection.issuer_id,
        "issued_from": selection.issued_from and selection.issued_from.isoformat(),
        "issued_to": selection.issued_to and selection.issued_to.isoformat(),
    }
    return {name: value for name, value in given.items() if value}
