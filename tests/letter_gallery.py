"""Every kind of mail by name, as people would get it: composed from a book, not by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import (
    MOMENT,
    NAMES,
    a_certificate,
    a_request,
    a_user,
    an_account,
    an_authorization,
    an_order,
)
from tests.builders_accounts import an_organization
from tests.builders_domains import a_domain, an_approval, with_row
from tests.builders_keys import a_case
from tests.letter_world import END, ISSUED, SERIAL, World
from vouchsafe.domain.accounts import Role
from vouchsafe.domain.authorization import (
    Authorization,
    AuthorizationStatus,
    CaaCheck,
    CaaFinding,
    Contact,
    DcvMethodName,
    LookSummary,
    Mailing,
    MailTrouble,
)
from vouchsafe.domain.certificate import Certificate, CertificateKind, CertificateStatus, Revoked
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.notices import Mail
from vouchsafe.domain.order import Order, OrderDetails, OrderStatus, StatusReason
from vouchsafe.domain.problem_reports import Decision
from vouchsafe.domain.requests import Request, RequestKind, RequestStatus
from vouchsafe.domain.revocation import RevocationReason

LOOK = LookSummary(
    looked_at=MOMENT + timedelta(hours=20),
    cause="nothing_at_the_name",
    explanation="TXT example.com: nothing at the name; the name servers answered.",
    advice="Publish the record with the name and value that are shown.",
)
AWAITED = LookSummary(
    looked_at=MOMENT,
    cause="mail_awaited",
    explanation="No answer yet from admin@example.com, webmaster@example.com.",
    advice="Open one of the mailboxes, or ask for the mails again.",
)
BOSS = a_user(user_id=8, first_name="Bo", last_name="Boss", email="boss@example.com")
CLERK = a_user(role=Role.STANDARD_USER)
PEOPLE = (an_account(), CLERK, BOSS)


def by_mail(name: str, *, trouble: MailTrouble | None = None) -> Authorization:
    """A name that waits for an answer by mail."""
    mailings = tuple(
        Mailing(
            contact=Contact(address=f"{box}@example.com", authorization_domain="example.com"),
            message_id=f"{box}-of-{name}",
            trouble=trouble,
            trouble_detail="smtp; 550 5.1.1 user unknown" if trouble else "",
        )
        for box in ("admin", "webmaster")
    )
    method = DcvMethodName.EMAIL
    return an_authorization(
        name, method=method, random_value=None, mailings=mailings, last_look=AWAITED
    )


def ordered(locale: str, **changed: Any) -> Order:
    """The order, with its letters in that language."""
    return an_order(details=OrderDetails(notify=("ops@example.com",), locale=locale), **changed)


def waiting(locale: str) -> World:
    """An order that waits: one name by a record, one by a file, two by mail."""
    names = ("www.example.com", "shop.example.com", "mail.example.com", "m.example.com")
    return World(
        order=ordered(locale),
        certificate=a_certificate(identifiers=tuple(Identifier(name) for name in names)),
        authorizations=(
            an_authorization(names[0], last_look=LOOK),
            an_authorization(names[1], method=DcvMethodName.HTTP_FILE),
            by_mail(names[2]),
            by_mail(names[3]),
        ),
    )


def mailed(locale: str, **changed: Any) -> World:
    """An order by mail."""
    return World(order=ordered(locale), authorizations=(by_mail(NAMES[0], **changed),))


def made(**changed: Any) -> Certificate:
    """An issued certificate."""
    return a_certificate(status=CertificateStatus.VALID, issued=ISSUED, **changed)


def ended(
    locale: str, reason: StatusReason | None, kind: CertificateKind = CertificateKind.NEW
) -> World:
    """An order, or a reissue, that came to nothing."""
    finding = CaaFinding(
        name=NAMES[0],
        completed=True,
        permitted=False,
        deciding_name="example.com",
        deciding_record='0 issue ";"',
        ttl=300,
        detail="",
    )
    caa = CaaCheck(checked_at=MOMENT, good_until=MOMENT, permitted=False, findings=(finding,))
    by_caa = reason is StatusReason.REFUSED_BY_CAA
    status = CertificateStatus.INVALID if reason else CertificateStatus.CANCELLED
    after = AuthorizationStatus.VALID if by_caa else AuthorizationStatus.TIMED_OUT
    return World(
        order=ordered(locale, status=OrderStatus.INVALID),
        certificate=a_certificate(
            status=status, status_reason=reason, kind=kind, caa=caa if by_caa else None
        ),
        authorizations=(
            an_authorization("example.com", status=after, last_look=LOOK),
            an_authorization("www.example.com", status=AuthorizationStatus.VALID),
        ),
        people=PEOPLE,
    )


def issued(locale: str, **changed: Any) -> World:
    """An order with its certificate."""
    standing = changed.pop("certificate", made())
    order = ordered(locale, status=OrderStatus.VALID)
    return World(order=order, certificate=standing, people=PEOPLE, **changed)


def asked(locale: str, kind: RequestKind, **changed: Any) -> World:
    """An order with a request; three hours have passed."""
    revoke = kind is RequestKind.REVOKE
    request: Request = a_request(
        kind=kind,
        comments="For the new shop",
        reason=RevocationReason.SUPERSEDED if revoke else None,
        lapses_at=None if revoke else MOMENT + timedelta(days=30),
        **changed,
    )
    standing = made() if revoke else a_certificate(status=CertificateStatus.AWAITING_APPROVAL)
    world = World(order=ordered(locale), certificate=standing, people=PEOPLE, others=(request,))
    world.clock.advance(timedelta(hours=3))
    return world


def decided(locale: str, kind: RequestKind, status: RequestStatus) -> World:
    """The request as it was decided."""
    by = None if status is RequestStatus.LAPSED else 8
    comment = "Use the other shop's name." if status is RequestStatus.REJECTED else ""
    return asked(locale, kind, status=status, reviewer_id=by, processor_comment=comment)


def about(world: World, kind: ChangeKind, **changed: Any) -> Mail:
    """The mail about a change that names no order."""
    return world.mail_about(kind, order_id=None, certificate_id=None, **changed)


def of_organization(locale: str, kind: ChangeKind, **data: Any) -> Mail:
    """About the validation of an organization; Korean ones are in Korea."""
    country = "KR" if locale == "ko" else "GB"
    world = World(people=PEOPLE, others=(an_organization(country=country),))
    until = (MOMENT + timedelta(days=30)).isoformat()
    said = {"organization_id": 601, "check": "ov", "validated_until": until} | data
    return about(world, kind, data=said, subject="organization 601")


def of_domain(locale: str, kind: ChangeKind) -> Mail:
    """About a domain's proof."""
    world = World(people=PEOPLE, others=with_row(a_domain(locale=locale)))
    until = (MOMENT + timedelta(days=14)).isoformat()
    return about(world, kind, data={"domain": "example.com", "proven_until": until})


def of_domains(locale: str, kind: ChangeKind) -> Mail:
    """About the proofs of two domains that end on one day."""
    approval = an_approval(proven_at=MOMENT - timedelta(days=186))
    domains = [
        a_domain(domain_id=801 + n, place=n, name=name, locale=locale, approval=approval)
        for n, name in enumerate(("example.com", "example.net"))
    ]
    world = World(people=PEOPLE, others=tuple(r for each in domains for r in with_row(each)))
    until = (MOMENT + timedelta(days=14)).isoformat()
    together = [each.name for each in domains]
    data = {"domain": "example.com", "proven_until": until, "together": together}
    return about(world, kind, data=data)


def expiry(locale: str, days: int) -> Mail:
    """A rung of the ladder."""
    world = issued(locale)
    world.clock.advance(END - MOMENT - timedelta(days=days))
    data = {"days": days, "audience": "administrators"}
    return world.mail_about(ChangeKind.EXPIRY_REMINDER_DUE, data=data)


def contact(locale: str, state: str, address: str = "ada@example.com") -> Mail:
    """About an address that cannot be reached."""
    country = "KR" if locale == "ko" else "GB"
    world = World(people=PEOPLE, others=(an_organization(country=country),))
    detail = "smtp; 550 5.1.1 user unknown" if state == "bounced" else "abuse"
    data = {"address": address, "state": state, "detail": detail}
    return about(world, ChangeKind.MAIL_BOUNCED, data=data)


def webhook(locale: str, trouble: str) -> Mail:
    """About a webhook that takes nothing."""
    country = "KR" if locale == "ko" else "GB"
    world = World(people=PEOPLE, others=(an_organization(country=country),))
    since = "2026-11-21T11:00:00.000000Z"
    data = {"trouble": trouble, "host": "hooks.example.com", "since": since, "cursor": 16}
    return about(world, ChangeKind.WEBHOOK_CHANGED, data=data, subject="webhook 901")


def to_operators(kind: ChangeKind, **changed: Any) -> Mail:
    """What operators get."""
    return about(World(operators=("operators@ca.example",)), kind, account_id=0, **changed)


def of_problem(step: str, to: str | int, **changed: Any) -> Callable[[str], Mail]:
    """About a reported problem, to one of those concerned."""

    def mail(locale: str) -> Mail:
        case = a_case(serial=SERIAL, **changed)
        case = replace(case, reports=(replace(case.reports[0], locale=locale),))
        world = World(
            order=ordered(locale, status=OrderStatus.VALID),
            certificate=made(),
            people=PEOPLE,
            others=(case,),
            operators=("operators@ca.example",),
        )
        data = {"step": step, "case_id": case.case_id, "to": to, "hours": 12}
        return about(world, ChangeKind.PROBLEM_CHANGED, account_id=0, data=data)

    return mail


_FOUND = "The site at that name is a copy of a bank's."
_WITHDRAWN = Decision(
    at=MOMENT,
    actor="operator 9",
    finding=_FOUND,
    reason=RevocationReason.PRIVILEGE_WITHDRAWN,
    revoke_at=MOMENT + timedelta(hours=20),
)


def _request(kind: RequestKind, change: ChangeKind, **changed: Any) -> Callable[[str], Mail]:
    return lambda locale: asked(locale, kind, **changed).mail_about(change, request_id=301)


def _decided(kind: RequestKind, status: RequestStatus, change: ChangeKind) -> Callable[[str], Mail]:
    return lambda locale: decided(locale, kind, status).mail_about(change, request_id=301)


def _ended(
    change: ChangeKind, reason: StatusReason | None, kind: CertificateKind = CertificateKind.NEW
) -> Callable[[str], Mail]:
    return lambda locale: ended(locale, reason, kind).mail_about(change, actor="user 8")


_K, _R, _S = ChangeKind, RequestKind, RequestStatus
_REVOKED = made(
    revoked=Revoked(revoked_at=MOMENT, reason=RevocationReason.KEY_COMPROMISE, request_id=301)
)
_REVOKED = replace(_REVOKED, status=CertificateStatus.REVOKED)
_FAULTS = ["thumbprint: its thumbprint does not lead to its order (BR 5.4.1)"]

#: By name: what makes the mail, given a locale.
GALLERY: Mapping[str, Callable[[str], Mail]] = {
    "ordered-mixed": lambda locale: waiting(locale).mail_about(_K.ORDER_PLACED),
    "ordered-by-mail": lambda locale: mailed(locale).mail_about(_K.ORDER_PLACED),
    "reissue-ordered": lambda locale: World(
        order=ordered(locale), certificate=a_certificate(kind=CertificateKind.REISSUE)
    ).mail_about(_K.REISSUE_PLACED),
    "proof-missing": lambda locale: waiting(locale).mail_about(
        _K.PROOF_REMINDER_DUE, data={"hours": 24}
    ),
    "nobody-left": lambda locale: mailed(locale, trouble=MailTrouble.BOUNCED).mail_about(
        _K.MAIL_BOUNCED
    ),
    "issued": lambda locale: issued(locale).mail_about(_K.CERTIFICATE_ISSUED),
    "reissued": lambda locale: issued(
        locale, certificate=made(kind=CertificateKind.REISSUE)
    ).mail_about(_K.CERTIFICATE_ISSUED),
    "timed-out": _ended(_K.ORDER_TIMED_OUT, StatusReason.TIMED_OUT),
    "reissue-timed-out": _ended(_K.REISSUE_ENDED, StatusReason.TIMED_OUT, CertificateKind.REISSUE),
    "cancelled": _ended(_K.ORDER_CANCELLED, None),
    "duplicate-cancelled": _ended(_K.REISSUE_ENDED, None, CertificateKind.DUPLICATE),
    **{
        f"failed-{reason}": _ended(_K.ORDER_REJECTED, reason)
        for reason in sorted(StatusReason)
        if reason
        not in {
            StatusReason.TIMED_OUT,
            StatusReason.APPROVAL_REJECTED,
            StatusReason.APPROVAL_LAPSED,
        }
    },
    "revoked": lambda locale: issued(locale, certificate=_REVOKED).mail_about(
        _K.CERTIFICATE_REVOKED
    ),
    "expiring": lambda locale: expiry(locale, 30),
    "expiring-tomorrow": lambda locale: expiry(locale, 1),
    "expired": lambda locale: expiry(locale, -1),
    "approval-needed": _request(_R.NEW, _K.REQUEST_CREATED),
    "approval-reminder": _request(_R.REISSUE, _K.REQUEST_REMINDER_DUE),
    "revocation-needed": _request(_R.REVOKE, _K.REQUEST_CREATED),
    "revocation-reminder": _request(_R.REVOKE, _K.REQUEST_REMINDER_DUE),
    "request-approved": _decided(_R.NEW, _S.APPROVED, _K.REQUEST_APPROVED),
    "request-rejected": _decided(_R.REISSUE, _S.REJECTED, _K.REQUEST_REJECTED),
    "request-lapsed": _decided(_R.NEW, _S.LAPSED, _K.REQUEST_LAPSED),
    "revocation-approved": _decided(_R.REVOKE, _S.APPROVED, _K.REQUEST_APPROVED),
    "revocation-rejected": _decided(_R.REVOKE, _S.REJECTED, _K.REQUEST_REJECTED),
    "organization-validated": lambda locale: of_organization(locale, _K.ORGANIZATION_VALIDATED),
    "organization-rejected": lambda locale: of_organization(
        locale,
        _K.ORGANIZATION_REJECTED,
        checks=["ov", "ev"],
        reason="The address is not that of the register.",
    ),
    "organization-expiring": lambda locale: of_organization(locale, _K.ORGANIZATION_EXPIRING),
    "organization-expired": lambda locale: of_organization(locale, _K.ORGANIZATION_EXPIRED),
    "domain-expiring": lambda locale: of_domain(locale, _K.DOMAIN_EXPIRING),
    "domain-expired": lambda locale: of_domain(locale, _K.DOMAIN_EXPIRED),
    "domains-expiring": lambda locale: of_domains(locale, _K.DOMAIN_EXPIRING),
    "domains-expired": lambda locale: of_domains(locale, _K.DOMAIN_EXPIRED),
    "contact-bounced": lambda locale: contact(locale, "bounced"),
    "contact-complained": lambda locale: contact(locale, "complained", "ops@example.com"),
    "webhook-failing": lambda locale: webhook(locale, "failing"),
    "webhook-switched-off": lambda locale: webhook(locale, "switched_off"),
    "operators-key": lambda _: to_operators(
        _K.KEY_REPORTED,
        data={"spki_sha256": "ab" * 32, "account_id": 1},
        after={"reported_by": "revocation request 301"},
    ),
    "operators-reaudit": lambda _: to_operators(
        _K.REAUDIT_FOUND,
        subject="certificate 5001",
        data={"order_id": 1001, "faults": _FAULTS},
    ),
    "operators-problem": lambda _: to_operators(
        _K.PROBLEM_REPORTED,
        subject="problem 12",
        data={"serial": "0123456789abcdef", "text": "The site is a copy of my bank's."},
    ),
    "problem-acknowledged": of_problem("acknowledged", 0),
    "problem-preliminary": of_problem(
        "preliminary", 0, preliminary=_FOUND, preliminary_at=MOMENT + timedelta(hours=3)
    ),
    "problem-revoked": of_problem("decided", "subscriber", decision=_WITHDRAWN),
    "problem-declined": of_problem(
        "decided", 0, decision=replace(_WITHDRAWN, reason=None, revoke_at=None)
    ),
    "operators-problem-reminder": of_problem("reminder", "operators"),
}
