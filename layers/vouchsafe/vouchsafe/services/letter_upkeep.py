"""What the mails say about what grows old: certificates, organizations, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..domain.addresses import folded
from ..domain.certificate import Certificate, CertificateKind, CertificateStatus
from ..domain.changes import Change, ChangeKind
from ..domain.letter_kinds import LetterKind, language_of_country
from ..domain.letter_words import WORDS
from ..domain.notices import Facts
from ..domain.organization import Organization, OrganizationCheck
from .letter_facts import Occasion, facts_of, occasion_of
from .letter_recipients import (
    addresses,
    administrators,
    order_people,
    teammates,
    usual_language,
)
from .mail_desk import (
    NOTHING,
    Desk,
    Notice,
    Rows,
    account_words,
    counted,
    listed,
    moment_words,
    person_words,
)

_ORGANIZATION_KINDS = {
    ChangeKind.ORGANIZATION_VALIDATED: LetterKind.ORGANIZATION_VALIDATED,
    ChangeKind.ORGANIZATION_REJECTED: LetterKind.ORGANIZATION_REJECTED,
    ChangeKind.ORGANIZATION_EXPIRING: LetterKind.ORGANIZATION_EXPIRING,
    ChangeKind.ORGANIZATION_EXPIRED: LetterKind.ORGANIZATION_EXPIRED,
}


def for_expiry(change: Change, desk: Desk) -> Notice | None:
    """How long a certificate still lasts; nothing once it is replaced, revoked or kept quiet.

    `days` of the change's data says how long (-1: it is over), `audience` who is told: the order's
    people; with `team` the container's, too; with `administrators` also those.
    """
    occasion = occasion_of(change, desk)
    if occasion is None or occasion.dossier.order.details.quiet or _replaced(occasion):
        return None
    issued = occasion.certificate.issued
    assert issued is not None, "a valid certificate is issued"
    days = int(change.data.get("days", 0))
    until = moment_words(issued.not_after)
    names = [each.value for each in occasion.certificate.identifiers]
    row = (listed(names, occasion.language), until, f"{issued.serial:032x}")
    left = counted(max(days, 0), "one_day", "days", occasion.language)
    return Notice(
        kind=LetterKind.EXPIRING if days > 0 else LetterKind.EXPIRED,
        facts=facts_of(occasion, {"certificate": [row]}, valid_until=until, days=left),
        language=occasion.language,
        to=_audience(occasion, str(change.data.get("audience", "owner")), desk),
        account=occasion.account,
    )


def _replaced(occasion: Occasion) -> bool:
    """Whether the certificate is not the one to watch any more."""
    certificate, order = occasion.certificate, occasion.dossier.order
    issued = certificate.issued
    if issued is None or certificate.status is not CertificateStatus.VALID:
        return True
    if any(_outlives(each, issued.not_after) for each in occasion.dossier.certificates):
        return True
    renewal = occasion.desk.ledger.order(order.renewed_by) if order.renewed_by else None
    return renewal is not None and any(
        _outlives(each, issued.not_after) for each in renewal.certificates
    )


def _outlives(other: Certificate, end: datetime) -> bool:
    """Whether it stands in the other's place; a duplicate only stands beside it."""
    valid = other.status is CertificateStatus.VALID and other.kind is not CertificateKind.DUPLICATE
    return valid and other.issued is not None and other.issued.not_after > end


def _audience(occasion: Occasion, audience: str, desk: Desk) -> tuple[str, ...]:
    order = occasion.dossier.order
    told: list[str] = [*order_people(order, occasion.user)]
    if audience in {"team", "administrators"}:
        told += teammates(order, desk)
    if audience == "administrators":
        told += administrators(order.account_id, desk)
    return addresses(told)


def for_organization(change: Change, desk: Desk) -> Notice | None:
    """How an organization's validation stands; to administrators and the organization's contacts.

    Its end is told only where no other validation of the kind lasts longer.
    """
    number = int(change.data.get("organization_id", 0))
    organization = desk.accounts.organization(change.account_id, number)
    if organization is None or _outlasted(organization, change):
        return None
    account, data = desk.accounts.account(change.account_id), change.data
    checks = data.get("checks") or [data.get("check", OrganizationCheck.OV.value)]
    until = str(data.get("validated_until", ""))
    words = {
        "organization": organization.name,
        "organization_id": str(number),
        "account": account_words(account, change.account_id),
        "check": ", ".join(str(each).upper() for each in checks),
        "check_word": str(checks[0]),
        "until": moment_words(datetime.fromisoformat(until)) if until else NOTHING,
        "base_url": desk.base_url,
    }
    contacts = (organization.contact, *organization.contacts)
    return Notice(
        kind=_ORGANIZATION_KINDS[change.kind],
        facts=Facts(words=words, rows={"reason": [(str(data.get("reason", "")) or NOTHING,)]}),
        language=language_of_country(organization.country),
        to=addresses(
            (*administrators(change.account_id, desk), *(each.email for each in contacts))
        ),
        account=account,
    )


def _outlasted(organization: Organization, change: Change) -> bool:
    if change.kind not in {ChangeKind.ORGANIZATION_EXPIRING, ChangeKind.ORGANIZATION_EXPIRED}:
        return False
    end = datetime.fromisoformat(change.data["validated_until"])
    enough = {change.data["check"], OrganizationCheck.EV.value}
    return any(
        each.validated_until > end and each.check.value in enough
        for each in organization.validations
    )


def for_contact_trouble(change: Change, desk: Desk) -> Notice | None:
    """An address that notices cannot reach; to the account's other administrators."""
    address, state = str(change.data["address"]), str(change.data["state"])
    account_id, account = change.account_id, desk.accounts.account(change.account_id)
    people = desk.accounts.users_of(account_id)
    owner = next((one for one in people if folded(one.email) == address), None)
    language = usual_language(account_id, desk)
    person = person_words(owner, language) if owner else WORDS[language]["nobody_known"]
    words = {
        "account": account_words(account, account_id),
        "address": address,
        "trouble": WORDS[language][state].format(address=address),
        "user_id": str(owner.user_id) if owner else "",
        "base_url": desk.base_url,
    }
    rows: dict[str, Rows] = {
        "trouble": [(address, person, str(change.data.get("detail", "")) or NOTHING)],
        "person" if owner else "stranger": [("",)],
    }
    return Notice(
        kind=LetterKind.CONTACT_TROUBLE,
        facts=Facts(words=words, rows=rows),
        language=language,
        to=_without(address, administrators(account_id, desk)),
    )


def _without(address: str, told: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in told if folded(each) != address)
