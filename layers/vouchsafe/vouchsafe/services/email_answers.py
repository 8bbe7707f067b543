"""Answers to mails: the value that was mailed comes back, on the page or through the API.

What a value proves, it proves once. Reading a mail's page changes nothing, ever.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from ..domain.accounts import Principal
from ..domain.certificate import Certificate
from ..domain.email_approval import ApprovalMessage, MessageState, fingerprint, holds, proof_by
from ..domain.errors import Flaw, Unavailable, VouchsafeError, invalid
from ..domain_ports import Domains
from ..mail_ports import ApprovalMessages
from ..ports import Clock, Entropy, Ledger, Workflow
from .attempts import undisturbed
from .email_matters import Matter, matter_of, proven_records
from .runs import start_next_run

_ATTEMPTS = 6
_FIELD = "token"
_ONE_REASON = "is no value that is waited for"


class Answered(StrEnum):
    """What came of an answer."""

    APPROVED = "approved"
    WRONG_VALUE = "wrong_value"
    WRONG_FORM = "wrong_form"  # it did not come from the page's form
    TOO_LATE = "too_late"  # used, expired, ended, locked, unknown: the page says which


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Desk:
    """What takes answers."""

    ledger: Ledger
    messages: ApprovalMessages
    domains: Domains
    workflow: Workflow
    clock: Clock
    entropy: Entropy


def read_matter(message_id: str, desk: Desk) -> Matter | None:
    """What a mail asks for, as it stands now; None for an unknown mail. Changes nothing."""
    message = desk.messages.message(message_id)
    if message is None:
        return None
    return matter_of(message, ledger=desk.ledger, domains=desk.domains, now=desk.clock.now())


def answer_on_page(message_id: str, form_token: str, value: str, desk: Desk) -> Answered:
    """An answer from a mail's page: it must bring the form's own token and the mailed value.

    A wrong value is counted against the mail. Raises Unavailable.
    """

    def attempt() -> Answered:
        message = desk.messages.message(message_id)
        if message is None:
            return Answered.TOO_LATE
        if not hmac.compare_digest(message.form_token.encode(), form_token.encode()):
            return Answered.WRONG_FORM
        return _answered(message, value, f"mail {message.address}", desk)

    return _settled(attempt)


def answer_by_value(value: str, principal: Principal, desk: Desk) -> None:
    """An answer through the API, by whoever was told the value.

    Raises VouchsafeError(INVALID): one and the same for a wrong, a used and a foreign value.
    """

    def attempt() -> Answered:
        message = desk.messages.message_of_value(fingerprint(value))
        if message is None or message.account_id != principal.account_id:
            raise _refused()
        return _answered(message, value, f"user {principal.user_id}", desk)

    if _settled(attempt) is not Answered.APPROVED:
        raise _refused()


def _settled(attempt: Callable[[], Answered]) -> Answered:
    doing = "is being answered by others"
    return undisturbed(attempt, what="a mail", meanwhile=doing, attempts=_ATTEMPTS)


def _refused() -> VouchsafeError:
    return invalid(Flaw(_FIELD, _ONE_REASON))


def _answered(message: ApprovalMessage, value: str, actor: str, desk: Desk) -> Answered:
    """Take the value if it is right and in time. Raises Conflict when somebody wrote first."""
    now = desk.clock.now()
    matter = matter_of(message, ledger=desk.ledger, domains=desk.domains, now=now)
    if matter is None or matter.state is not MessageState.OPEN or matter.mailing is None:
        return Answered.TOO_LATE
    if not holds(message, value, now):
        counted = replace(message, attempts=message.attempts + 1, version=message.version + 1)
        desk.ledger.commit(counted)
        return Answered.WRONG_VALUE
    proof = proof_by(matter.mailing.contact, message, message.name, now)
    used = replace(message, approved_at=now, version=message.version + 1)
    desk.ledger.commit(used, *proven_records(matter, proof, actor, now, desk.entropy))
    if matter.certificate is not None:
        _wake(matter.certificate, desk)
    return Answered.APPROVED


def _wake(certificate: Certificate, desk: Desk) -> None:
    """Start the next run. Where that fails, the loop that waits finds the proof by itself."""
    try:
        start_next_run(certificate, ledger=desk.ledger, workflow=desk.workflow)
    except Unavailable:
        return
