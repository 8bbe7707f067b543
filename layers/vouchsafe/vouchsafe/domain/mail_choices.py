"""Mails that an account may do without.

What rules or safety want is not among them: mails that ask for an approval of a name, of a
request or of a revocation, word of a revocation (BR 4.9.5 for reported ones), answers to whoever
reported a problem, and that an address does not take mails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from .letter_kinds import LetterKind


class MailChoice(StrEnum):
    """A kind of mail as an account chooses it."""

    ORDER_PLACED = "order_placed"  # what to publish, and which mailboxes were written to
    PROOF_MISSING = "proof_missing"
    CERTIFICATE_ISSUED = "certificate_issued"
    ORDER_ENDED = "order_ended"
    CERTIFICATE_EXPIRING = "certificate_expiring"
    REQUEST_DECIDED = "request_decided"
    ORGANIZATION_VALIDATION = "organization_validation"
    DOMAIN_EXPIRING = "domain_expiring"
    WEBHOOK_FAILING = "webhook_failing"


_LETTERS: Mapping[MailChoice, frozenset[LetterKind]] = {
    MailChoice.ORDER_PLACED: frozenset(
        {LetterKind.PUBLISH_RECORDS, LetterKind.PUBLISH_FILES, LetterKind.PROVE_CONTROL}
    ),
    MailChoice.PROOF_MISSING: frozenset({LetterKind.PROOF_MISSING, LetterKind.NOBODY_LEFT}),
    MailChoice.CERTIFICATE_ISSUED: frozenset({LetterKind.ISSUED}),
    MailChoice.ORDER_ENDED: frozenset(
        {LetterKind.TIMED_OUT, LetterKind.FAILED, LetterKind.CANCELLED}
    ),
    MailChoice.CERTIFICATE_EXPIRING: frozenset({LetterKind.EXPIRING, LetterKind.EXPIRED}),
    MailChoice.REQUEST_DECIDED: frozenset(
        {LetterKind.APPROVED, LetterKind.DECLINED, LetterKind.LAPSED}
    ),
    MailChoice.ORGANIZATION_VALIDATION: frozenset(
        {
            LetterKind.ORGANIZATION_VALIDATED,
            LetterKind.ORGANIZATION_REJECTED,
            LetterKind.ORGANIZATION_EXPIRING,
            LetterKind.ORGANIZATION_EXPIRED,
        }
    ),
    MailChoice.DOMAIN_EXPIRING: frozenset({LetterKind.DOMAIN_EXPIRING, LetterKind.DOMAIN_EXPIRED}),
    MailChoice.WEBHOOK_FAILING: frozenset(
        {LetterKind.WEBHOOK_FAILING, LetterKind.WEBHOOK_SWITCHED_OFF}
    ),
}


def is_wanted(kind: LetterKind, switched_off: Collection[str]) -> bool:
    """Whether an account that switched those choices off still gets a letter of that kind."""
    return not any(kind in _LETTERS[choice] for choice in MailChoice if choice in switched_off)
