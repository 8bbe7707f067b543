"""Marks on addresses that notices do not reach: set by the mail system, cleared by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..domain.accounts import Principal, User
from ..domain.addresses import folded
from ..domain.changes import Change, ChangeKind
from ..domain.mail_marks import ContactReport, MailMark, MailState
from ..ports import Accounts, Clock, Entropy, Ledger, Record
from .account_changes import account_change
from .attempts import attempted
from .mail_troubles import LONGEST_DETAIL
from .new_changes import new_change


def mark_contact(
    report: ContactReport, *, accounts: Accounts, ledger: Ledger, clock: Clock, entropy: Entropy
) -> bool:
    """Mark the address; whether that changed anything.

    The first word stands, but for a complaint after a bounce: that one is about our manners.
    Raises Unavailable.
    """
    email = folded(report.email)

    def attempt(now: datetime) -> tuple[bool, Sequence[Record]]:
        standing = accounts.mail_marks(report.account_id, [email]).get(email)
        if standing is not None and standing.state in {report.state, MailState.COMPLAINED}:
            return False, ()
        mark = MailMark(
            account_id=report.account_id,
            email=email,
            state=report.state,
            since=now,
            detail=report.detail[:LONGEST_DETAIL],
            version=1 if standing is None else standing.version + 1,
        )
        return True, (mark, _told(mark, entropy))

    what = f"the mark of an address of account {report.account_id}"
    return attempted(attempt, once=None, what=what, ledger=ledger, clock=clock)


def _told(mark: MailMark, entropy: Entropy) -> Change:
    assert mark.state is not None
    return new_change(
        ChangeKind.MAIL_BOUNCED,
        mark.account_id,
        {"address": mark.email, "state": mark.state.value, "detail": mark.detail},
        now=mark.since,
        entropy=entropy,
        subject=f"address {mark.email}",
    )


def clear_contact(
    user: User,
    principal: Principal,
    *,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> bool:
    """Write to a person's address again; whether there was a mark. Raises Unavailable."""
    email = folded(user.email)

    def attempt(now: datetime) -> tuple[bool, Sequence[Record]]:
        standing = accounts.mail_marks(user.account_id, [email]).get(email)
        if standing is None or standing.state is None:
            return False, ()
        cleared = replace(standing, state=None, since=now, detail="", version=standing.version + 1)
        told = account_change(
            ChangeKind.USER_CHANGED,
            principal,
            {"user_id": user.user_id},
            now,
            entropy,
            subject=f"user {user.user_id}",
            before={"mail_state": standing.state.value},
            after={"mail_state": ""},
        )
        return True, (cleared, told)

    what = f"the mark of user {user.user_id}"
    return attempted(attempt, once=None, what=what, ledger=ledger, clock=clock)
