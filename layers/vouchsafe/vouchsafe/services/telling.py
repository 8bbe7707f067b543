"""The one mail that belongs to a change, sent once, to those of its people who can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched

from ..domain import canary
from ..domain.addresses import folded
from ..domain.changes import ChangeKind, NumberedChange
from ..domain.errors import MailRefused, Unavailable
from ..domain.letters import LETTERS
from ..domain.mail_marks import MailMark
from ..domain.notices import Mail, subject_of, to_text
from ..domain.notices_html import to_html
from ..ports import Claims
from .mail_desk import Compose, Desk, Notice

#: Longer than the mail function may run, so that a live worker never loses its lease.
LEASE = timedelta(minutes=5)
#: SES takes so many recipients in one message.
_RECIPIENTS = 50


def tell(numbered: NumberedChange, desk: Desk, told_by: Mapping[ChangeKind, Compose | None]) -> str:
    """Send the mail that belongs to a change, if any, once; what came of it in a few words.

    `told_by` says how each kind is told. What the account switched off is not sent. Addresses with
    a mark are left out, and the answer says how many. Raises Unavailable when it should be tried
    again: the carrier has trouble, or another worker is at it and has not finished.
    """
    change = numbered.change
    compose = told_by[change.kind] if change.account_id != canary.ACCOUNT else None
    notice = compose(change, desk) if compose else None
    if notice is None or not notice.to:
        return "nothing to tell"
    if not notice.is_wanted:
        return "switched off"
    marks = desk.accounts.mail_marks(change.account_id, [folded(each) for each in notice.to])
    claim = notice.claim or change.change_id
    outcomes = []
    for number, to in enumerate(batched(notice.to, _RECIPIENTS, strict=False)):
        name = f"{claim}-mail-{number}" if number else f"{claim}-mail"
        reached = tuple(each for each in to if not _marked(each, marks))
        if reached:
            mail = replace(_set(numbered, notice), to=reached)
            outcomes.append(_send_once(name, mail, desk, desk.clock.now()))
    return _summary(outcomes, sum(_marked(each, marks) for each in notice.to))


def outcome_of(said: str) -> str:
    """How a mail counts of which `tell` said that: told, refused, or "" where none was due now."""
    words = said.partition(",")[0]
    return {"told": "told", "refused": "refused", "nobody can be reached": "refused"}.get(words, "")


def _marked(address: str, marks: Mapping[str, MailMark]) -> bool:
    mark = marks.get(folded(address))
    return mark is not None and mark.state is not None


def _summary(outcomes: list[str], left_out: int) -> str:
    words = "nobody can be reached"
    if outcomes:
        words = next((each for each in ("told", "refused") if each in outcomes), "told before")
    return f"{words}, {left_out} left out" if left_out else words


def _send_once(claim: str, mail: Mail, desk: Desk, now: datetime) -> str:
    """Send one message under its own claim. Raises Unavailable.

    A worker that is cut off between sending and finishing leaves the claim open: once its lease is
    over, the next one sends again. That is the only way to a second mail.
    """
    claims: Claims = desk.claims
    if not claims.take(claim, now, now + LEASE):
        if claims.outcome(claim) is None:
            raise Unavailable(f"{claim} is in another worker's hands")
        return "told before"
    try:
        carried = desk.mailer.send(mail)
    except Unavailable:
        claims.release(claim)
        raise
    except MailRefused:
        return _send_singly(claim, mail, desk, now)
    claims.finish(claim, carried)
    return "told"


def _send_singly(claim: str, mail: Mail, desk: Desk, now: datetime) -> str:
    """One address that the carrier does not take keeps the mail from none of the others."""
    single = len(mail.to) > 1
    outcomes = [
        _send_once(f"{claim}-to-{number}", replace(mail, to=(each,)), desk, now)
        for number, each in enumerate(mail.to if single else ())
    ]
    desk.claims.finish(claim, "refused")
    return "told" if "told" in outcomes else "refused"


def _set(numbered: NumberedChange, notice: Notice) -> Mail:
    change, letter = numbered.change, LETTERS[notice.language][notice.kind]
    tags = {"kind": str(change.kind), "account_id": str(change.account_id)}
    if change.order_id is not None:
        tags["order_id"] = str(change.order_id)
    return Mail(
        to=notice.to,
        subject=subject_of(letter, notice.facts),
        text=to_text(letter, notice.facts),
        html=to_html(letter, notice.facts, notice.language),
        tags=tuple(tags.items()),
    )
