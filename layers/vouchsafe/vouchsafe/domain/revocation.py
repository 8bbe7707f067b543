"""Withdrawal of certificates: reasons, who may use which, and the entry a CRL will carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class RevocationReason(StrEnum):
    """RFC 5280 5.3.1 names; the usable ones of BR 7.2.2."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"


#: CRL reason codes (RFC 5280 5.3.1); unspecified is expressed by leaving the extension out.
REASON_CODES: dict[RevocationReason, int] = {
    RevocationReason.UNSPECIFIED: 0,
    RevocationReason.KEY_COMPROMISE: 1,
    RevocationReason.AFFILIATION_CHANGED: 3,
    RevocationReason.SUPERSEDED: 4,
    RevocationReason.CESSATION_OF_OPERATION: 5,
    RevocationReason.PRIVILEGE_WITHDRAWN: 9,
}

#: What a subscriber may choose; privilegeWithdrawn is the CA's own (BR 7.2.2).
SUBSCRIBER_REASONS: frozenset[RevocationReason] = frozenset(RevocationReason) - {
    RevocationReason.PRIVILEGE_WITHDRAWN
}


#: How long the CA has, from the report to the published revocation (BR 4.9.1.1): 24 hours where a
#: subscriber asks, a key is compromised or a validation cannot be relied on; five days otherwise.
_SOON = timedelta(hours=24)
_LATER = timedelta(days=5)
_DEADLINES: dict[RevocationReason, timedelta] = {
    RevocationReason.UNSPECIFIED: _SOON,  # (1): asked for without a reason
    RevocationReason.KEY_COMPROMISE: _SOON,  # (3), (4)
    RevocationReason.AFFILIATION_CHANGED: _SOON,  # (1): the subscriber asks, whatever the reason
    RevocationReason.SUPERSEDED: _SOON,  # (1), (5)
    RevocationReason.CESSATION_OF_OPERATION: _SOON,  # (1)
    RevocationReason.PRIVILEGE_WITHDRAWN: _LATER,  # (7) to (11), (13): the CA's own finding
}


def revoke_by(reason: RevocationReason | None, asked_at: datetime) -> datetime:
    """Until when a revocation asked for at `asked_at` has to be published (BR 4.9.1.1).

    Counted from the request, not from its approval: the account's own people decide it, but the
    rule knows no pause for that. No reason counts as unspecified.
    """
    return asked_at + _DEADLINES[reason or RevocationReason.UNSPECIFIED]


def outranks(reason: RevocationReason | None, standing: RevocationReason | None) -> bool:
    """Whether an entry that stands under `standing` is changed for `reason`.

    Only to keyCompromise, once evidence comes (BR 7.2.2); never back, and never otherwise.
    """
    compromised = RevocationReason.KEY_COMPROMISE
    return reason is compromised and standing is not compromised


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedSerial:
    """One line of a CRL shard's ledger. It never goes, and changes only to `keyCompromise`.

    `certificate_id` 0: a serial whose intent was given up.
    """

    issuer_id: str
    shard: int
    serial: int
    revoked_at: datetime
    reason: RevocationReason
    not_after: datetime
    certificate_id: int
    entry: bytes  # DER of the RevokedCertificate, kept so that a CRL is a join
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlLine:
    """What a CRL needs of a line. A row that cannot be read has b"" and no end."""

    serial: int
    entry: bytes
    not_after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlState:
    """The newest CRL number reserved for a shard, and what was last published."""

    issuer_id: str
    shard: int
    number: int
    published_number: int
    published_at: datetime | None
    next_update: datetime | None
    etag: str | None
    version: int = 1
