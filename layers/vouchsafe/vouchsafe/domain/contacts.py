"""Which mailboxes DNS names as contacts of a domain (BR 3.2.2.4.13, .14; appendix A)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from .authorization import Contact, ContactSource, DnssecStatus
from .corroboration import Corroboration, corroborate
from .looking import (
    ContactAnswer,
    ContactQuestion,
    DcvAnswer,
    LookReport,
    NamedContact,
)
from .methods_email import CaaContact, DnsTxtContact
from .resolution import Rdata, Resolution, weakest

_SHOWN = 200


def judge_contacts(
    question: ContactQuestion, caa: Sequence[Resolution], txt: Resolution
) -> ContactAnswer:
    """The contacts in the CAA look-ups, made until one ends the climb, and in the TXT look-up.

    Where a zone's servers differ, a mailbox counts that all of them name.
    """
    failed = [one for one in (*caa, txt) if not one.looked_up]
    deciding = next((one for one in caa if one.looked_up and any(one.variants)), None)
    found: list[NamedContact] = []
    if deciding is not None:
        climbed = weakest(one.dnssec for one in caa)
        found += _named(deciding, ContactSource.CAA, CaaContact().addresses, climbed)
    if txt.looked_up:
        found += _named(txt, ContactSource.DNS_TXT, DnsTxtContact().addresses, txt.dnssec)
    detail = "; ".join(f"{one.rdtype} {one.name}: {one.detail or one.status}" for one in failed)
    return ContactAnswer(
        name=question.name,
        completed=not failed,
        contacts=tuple(found),
        detail=detail[:_SHOWN],
    )


def _named(
    at: Resolution,
    source: ContactSource,
    addresses: Callable[[Sequence[Rdata]], tuple[str, ...]],
    dnssec: DnssecStatus,
) -> list[NamedContact]:
    """The mailboxes that every server names."""
    sets = [addresses(records) for records in at.variants]
    first = sets[0] if sets else ()
    return [
        NamedContact(address=address, source=source, found_at=at.name, dnssec=dnssec)
        for address in first
        if all(address in other for other in sets)
    ]


def corroborated_contacts(
    primary: LookReport, reports: Sequence[LookReport], now: datetime
) -> tuple[Contact, ...]:
    """The contacts that the primary saw and enough other places saw, too (BR 3.2.2.9)."""
    wanted = [
        (number, contact)
        for number, answer in enumerate(primary.contacts)
        for contact in answer.contacts
    ]
    verdicts = corroborate(
        _as_seen(primary, wanted), [_as_seen(report, wanted) for report in reports], now
    ).dcv
    return tuple(
        _contact(primary.contacts[number].name, contact, verdict, now)
        for (number, contact), verdict in zip(wanted, verdicts, strict=True)
        if verdict.corroborated
    )


def _as_seen(report: LookReport, wanted: Sequence[tuple[int, NamedContact]]) -> LookReport:
    """What a place says of each wanted contact, in the form in which places are weighed."""
    if report.error:
        return report
    return LookReport(
        perspective=report.perspective,
        rir=report.rir,
        dcv=tuple(_one_seen(report, number, contact) for number, contact in wanted),
    )


def _one_seen(report: LookReport, number: int, contact: NamedContact) -> DcvAnswer:
    answer = report.contacts[number] if number < len(report.contacts) else None
    seen = answer is not None and any(
        each.address == contact.address and each.source is contact.source
        for each in answer.contacts
    )
    return DcvAnswer(
        name=answer.name if answer else "",
        completed=seen or (answer is not None and answer.completed),
        passed=seen,
        cause="",
        explanation="",
        advice="",
    )


def _contact(domain: str, contact: NamedContact, verdict: Corroboration, now: datetime) -> Contact:
    return Contact(
        address=contact.address,
        authorization_domain=domain,
        source=contact.source,
        found_at=contact.found_at,
        looked_at=now,
        quorum=verdict.quorum,
        perspectives=verdict.perspectives,
        dnssec=contact.dnssec,
    )
