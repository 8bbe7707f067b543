"""A certificate id's whole life: validated, intended, signed, published, withdrawn.

The unit of validating and issuing. An order has one per issue, reissue and duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .authorization import CaaCheck, DcvMethodName, RandomValue
from .identifiers import Identifier
from .order import StatusReason
from .organization import OrganizationValidation
from .parking import Parked
from .revocation import RevocationReason


class CertificateStatus(StrEnum):
    AWAITING_APPROVAL = "awaiting_approval"
    PENDING = "pending"  # proving, or waiting for the organization
    PROCESSING = "processing"  # claimed by issuance
    VALID = "valid"
    INVALID = "invalid"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


#: Which status may follow which. Everything else is a programming error or a lost race.
TRANSITIONS: dict[CertificateStatus, frozenset[CertificateStatus]] = {
    CertificateStatus.AWAITING_APPROVAL: frozenset(
        {CertificateStatus.PENDING, CertificateStatus.INVALID, CertificateStatus.CANCELLED}
    ),
    CertificateStatus.PENDING: frozenset(
        {
            CertificateStatus.PROCESSING,
            CertificateStatus.INVALID,
            CertificateStatus.CANCELLED,
            CertificateStatus.AWAITING_APPROVAL,  # an edit voids the approval
        }
    ),
    CertificateStatus.PROCESSING: frozenset(
        {CertificateStatus.VALID, CertificateStatus.PENDING, CertificateStatus.INVALID}
    ),
    CertificateStatus.VALID: frozenset({CertificateStatus.REVOKED}),
    CertificateStatus.INVALID: frozenset(),
    CertificateStatus.CANCELLED: frozenset(),
    CertificateStatus.REVOKED: frozenset(),
}


#: Neither issued nor ended.
UNDER_WAY = frozenset(
    {
        CertificateStatus.AWAITING_APPROVAL,
        CertificateStatus.PENDING,
        CertificateStatus.PROCESSING,
    }
)


class CertificateKind(StrEnum):
    NEW = "new"
    REISSUE = "reissue"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The validation window: opened when the certificate may be validated, closed 72 h later."""

    opened_at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is about to be signed, stored before it is: the exact bytes (BR 4.3.1.2, 7.1.2.7)."""

    serial: int
    issuer_id: str
    shard: int  # CRL shard, fixed here and in the CDP
    tbs: bytes  # DER TBSCertificate, already linted
    not_before: datetime
    not_after: datetime
    recorded_at: datetime
    lint: tuple[str, ...] = ()  # what was remarked of the draft, each its severity and code


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOrganization:
    """Whom a certificate names, and the very validation that its subject was built of (BR 5.4.1).

    The organization's own record goes on: a later validation takes this one's place there.
    """

    organization_id: int
    validation: OrganizationValidation


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What was issued, as read back from the store."""

    serial: int
    issuer_id: str
    shard: int
    sha1: str  # hex, the vendor's thumbprint
    sha256: str  # hex
    not_before: datetime
    not_after: datetime
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A withdrawal: recorded first, published when `published_at` is set.

    `was` is the reason that stood before it became keyCompromise.
    """

    revoked_at: datetime
    reason: RevocationReason
    request_id: int
    published_at: datetime | None = None
    was: RevocationReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate id.

    `run` is the newest execution that recorded itself; `version` counts writes from 1. `follows` is
    the certificate that the order pointed at when this one was asked for, `platform` the number of
    the server software that downloads are made for. `named` is set with the intent, for OV and EV.
    """

    certificate_id: int
    order_id: int
    account_id: int
    kind: CertificateKind = CertificateKind.NEW
    status: CertificateStatus
    status_reason: StatusReason | None = None
    product_id: str
    common_name: str
    identifiers: tuple[Identifier, ...]
    csr: bytes  # DER, as checked; empty until the service has made a managed product's key
    signature_hash: str = "sha256"
    dcv_method: DcvMethodName
    random_value: RandomValue | None = None  # the value all names share, where they do
    ends_at: datetime  # the latest notAfter the customer's wish and term allow
    created_at: datetime
    window: Window | None = None
    run: int = 0
    looks: int = 0
    looked_at: datetime | None = None
    next_look_at: datetime | None = None
    nudges: int = 0  # reminders given of this window's missing proofs, or left out as too late
    caa: CaaCheck | None = None
    parked: Parked | None = None
    named: NamedOrganization | None = None
    intent: Intent | None = None
    issued: Issued | None = None
    revoked: Revoked | None = None
    follows: int | None = None
    platform: int | None = None
    mailed_again_at: datetime | None = None  # when mails were last asked for again
    version: int = 1

    @property
    def waits_for_people(self) -> bool:
        """Whether its validation has stopped until people decide."""
        parked = self.parked
        waiting = parked is not None and parked.left_at is None
        return waiting and self.status is CertificateStatus.PENDING
