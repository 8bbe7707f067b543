"""What people decided that a certificate rests on: the organization, the agreement, the lists."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from .accounts import Account
from .calendar import rules_at
from .certificate import Certificate
from .organization import Organization, OrganizationCheck, OrganizationValidation
from .parking import Gate
from .policy_lists import PolicyFindings, PolicyLists, judge
from .products import PRODUCTS, ValidationLevel
from .subjects import flaws_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What people decided, as it stood at one moment.

    `validation` is what the subject of an OV or EV certificate would be built of. `denied` says
    which entries of the deployment's lists forbid the certificate for good.
    """

    validation: OrganizationValidation | None = None
    organization_validated: bool = True
    agreement_accepted: bool = True
    cleared: bool = True
    denied: tuple[str, ...] = ()

    @property
    def closed(self) -> frozenset[Gate]:
        """The gates that people have not opened."""
        found = {
            Gate.AGREEMENT: self.agreement_accepted,
            Gate.CLEARANCE: self.cleared and not self.denied,
            Gate.ORGANIZATION: self.organization_validated,
        }
        return frozenset(gate for gate, opened in found.items() if not opened)


#: Nothing is missing: where nobody was asked yet, and what else is closed decides.
OPEN_GROUNDS = Grounds()


def names_organization(certificate: Certificate) -> bool:
    """Whether the certificate is to name an organization."""
    return PRODUCTS[certificate.product_id].level is not ValidationLevel.DV


def usable_validation(
    organization: Organization | None, level: ValidationLevel, now: datetime
) -> OrganizationValidation | None:
    """The validation that a certificate of `level` may be built of at `now`, or None.

    It stands, is not older than the rules of the day allow (BR 4.2.1, EVG 3.2.2.14), and what it
    found makes a subject; for EV somebody may ask for certificates (EVG 3.2.2.8). EV findings do
    for OV, too. The one that lasts longest is taken.
    """
    if organization is None or not organization.active or level is ValidationLevel.DV:
        return None
    enough = {OrganizationCheck(level.value), OrganizationCheck.EV}
    oldest = now - timedelta(days=rules_at(now).identity_reuse_days)
    usable = [
        one
        for one in organization.validations
        if one.check in enough
        and now < one.validated_until
        and one.validated_at > oldest
        and not flaws_of(one.identity, level)
        and (level is not ValidationLevel.EV or one.verified_users)
    ]
    return max(usable, key=lambda one: one.validated_until, default=None)


def policy_findings(
    certificate: Certificate,
    organization: Organization | None,
    lists: PolicyLists,
    cleared: Collection[str] = (),
) -> PolicyFindings:
    """What the lists say of the certificate's names, and of the organization it is to name."""
    names = [identifier.value for identifier in certificate.identifiers]
    known: tuple[str, ...] = ()
    if organization is not None and names_organization(certificate):
        identities = (one.identity for one in organization.validations)
        known = (*organization.names, *(one.name for one in identities if one is not None))
    return judge(lists, names, known, cleared=cleared)


def grounds_of(
    certificate: Certificate,
    *,
    account: Account | None,
    organization: Organization | None,
    findings: PolicyFindings,
    agreement: str,
    now: datetime,
) -> Grounds:
    """What people decided about the certificate, as it stands at `now`.

    `agreement` is the version of the subscriber agreement in force, "" where there is none.
    """
    level = PRODUCTS[certificate.product_id].level
    validation = usable_validation(organization, level, now)
    accepted = account.agreement.version if account and account.agreement else ""
    return Grounds(
        validation=validation,
        organization_validated=level is ValidationLevel.DV or validation is not None,
        agreement_accepted=not agreement or accepted == agreement,
        cleared=not findings.high_risk,
        denied=findings.denied,
    )
