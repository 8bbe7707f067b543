"""What a dry run finds: an order or a further certificate as it would be, and how it would fare."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ..domain.authorization import Authorization
from ..domain.certificate import Certificate
from ..domain.dossier import Dossier
from ..domain.errors import VouchsafeError
from ..domain.first_look import FirstLookReport, NameGlance
from ..domain.grounds import Grounds
from ..domain.identifiers import Identifier
from ..domain.issuers import Issuer
from ..domain.linting import Finding
from ..domain.method_wishes import MethodPlan
from ..domain.order import StatusReason
from ..domain.organization import Organization
from ..domain.parking import Gate
from ..domain.products import Product
from ..domain.proofs import Standing

if TYPE_CHECKING:  # reading requests loads a large library: only where one is read
    from ..domain.csr import Csr


class Part(StrEnum):
    """The parts of a dry run that ask somebody else and may have to be left out."""

    CONTACTS = "contacts"
    FIRST_LOOK = "first_look"
    CAA = "caa"
    LINT = "lint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A part that was not done, and why."""

    part: Part
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterRefusal:
    """What the order would be taken for, and then not issued: the reason it would end with."""

    reason: StatusReason
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What would be placed, before anybody looked at anything.

    `refusal` is what placing it would be answered with; without one there is the dossier with
    `certificate` in it, under the number 0. What could not be read is missing.
    """

    product: Product
    account_id: int
    refusal: VouchsafeError | None = None
    identifiers: tuple[Identifier, ...] = ()
    csr: Csr | None = None
    method: MethodPlan | None = None
    planned: bool = False  # its own rules are kept; it may be refused for what it stands beside
    authorizations: tuple[Authorization, ...] = ()  # opened, also where an approval comes first
    dossier: Dossier | None = None
    certificate: Certificate | None = None
    standing: Standing = field(default_factory=Standing)
    organization: Organization | None = None
    container: tuple[int, str] | None = None
    approval: bool = False
    skipped: bool = False
    warnings: tuple[str, ...] = ()
    undone: tuple[Undone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """The certificate as it would be drafted now; `not_before` and `not_after` are inclusive."""

    issuer: Issuer
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What our own gate and the linter said; `refused` are the findings that forbid a signature."""

    findings: tuple[Finding, ...] = ()
    refused: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A prospect and how it would fare. What was not done is missing, and told in `undone`.

    `closed` are the gates that would be closed now; None for what would not be placed at all.
    """

    prospect: Prospect
    grounds: Grounds | None = None
    would_be: WouldBe | None = None
    glances: tuple[NameGlance, ...] = ()
    caa: FirstLookReport | None = None
    lint: Linted | None = None
    closed: tuple[Gate, ...] | None = None
    later: tuple[LaterRefusal, ...] = ()
    undone: tuple[Undone, ...] = ()
