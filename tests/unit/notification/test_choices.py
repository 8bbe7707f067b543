"""An account does without the mails that it switched off, and never without the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.letter_gallery import GALLERY
from tests.letter_world import MAILS_OFF
from vouchsafe.domain.letter_kinds import LetterKind
from vouchsafe.domain.mail_choices import MailChoice, is_wanted

#: The mails of the gallery that each choice is about.
CHOSEN: dict[MailChoice, set[str]] = {
    MailChoice.ORDER_PLACED: {"ordered-mixed", "ordered-by-mail", "reissue-ordered"},
    MailChoice.PROOF_MISSING: {"proof-missing", "nobody-left"},
    MailChoice.CERTIFICATE_ISSUED: {"issued", "reissued"},
    MailChoice.ORDER_ENDED: {
        "timed-out",
        "reissue-timed-out",
        "cancelled",
        "duplicate-cancelled",
        *(name for name in GALLERY if name.startswith("failed-")),
    },
    MailChoice.CERTIFICATE_EXPIRING: {"expiring", "expiring-tomorrow", "expired"},
    MailChoice.REQUEST_DECIDED: {"request-approved", "request-rejected", "request-lapsed"},
    MailChoice.ORGANIZATION_VALIDATION: {n for n in GALLERY if n.startswith("organization-")},
    MailChoice.DOMAIN_EXPIRING: {n for n in GALLERY if n.startswith("domain")},
    MailChoice.WEBHOOK_FAILING: {n for n in GALLERY if n.startswith("webhook-")},
}
#: Nobody can switch these off.
ALWAYS = set(GALLERY) - set().union(*CHOSEN.values())


@contextmanager
def without(*choices: str) -> Iterator[None]:
    token = MAILS_OFF.set(choices)
    try:
        yield
    finally:
        MAILS_OFF.reset(token)


def is_sent(name: str) -> bool:
    try:
        GALLERY[name]("en")
    except AssertionError as refused:
        assert str(refused).startswith("switched off")
        return False
    return True


@pytest.mark.parametrize("choice", sorted(MailChoice))
def test_a_choice_keeps_back_its_mails_and_no_others(choice: MailChoice) -> None:
    with without(choice):
        kept_back = {name for name in GALLERY if not is_sent(name)}
    assert kept_back == CHOSEN[choice]


def test_what_rules_want_is_sent_whatever_an_account_chooses() -> None:
    with without(*MailChoice, "approval_needed", "revoked"):
        assert {name for name in GALLERY if is_sent(name)} == ALWAYS
    assert {
        *("approval-needed", "approval-reminder", "contact-bounced", "contact-complained"),
        *("operators-key", "operators-problem", "operators-problem-reminder", "operators-reaudit"),
        *("problem-acknowledged", "problem-declined", "problem-preliminary", "problem-revoked"),
        *("revocation-approved", "revocation-needed", "revocation-rejected"),
        *("revocation-reminder", "revoked"),
    } == ALWAYS


def test_a_choice_that_nobody_knows_any_more_keeps_nothing_back() -> None:
    assert all(is_wanted(kind, ("gone", "revoked")) for kind in LetterKind)
