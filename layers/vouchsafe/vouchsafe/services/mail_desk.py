"""What composing a mail works with, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..domain.accounts import Account, User
from ..domain.changes import Change
from ..domain.letter_kinds import Language, LetterKind
from ..domain.letter_words import NAMES, WORDS
from ..domain.mail_choices import is_wanted
from ..domain.notices import Facts
from ..intake_ports import Cases
from ..ports import Accounts, CertificateStore, Claims, Clock, Domains, Ledger, Mailer

type Rows = Sequence[tuple[str, ...]]

#: What a phrase is put for where there is nothing to say.
NOTHING = "–"
_NAMES_SHOWN = 20


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Desk:
    """The ports; where the API is, our domain that CNAME records point to, operators' addresses."""

    ledger: Ledger
    accounts: Accounts
    domains: Domains
    claims: Claims
    mailer: Mailer
    store: CertificateStore
    cases: Cases
    clock: Clock
    base_url: str = ""
    dcv_domain: str = ""
    operators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A letter that is due: to whom, and with which facts.

    `account` is the customer, where the letter is of a kind that he may do without.
    `claim` names what is told where several changes may ask for the same; else it is the change.
    """

    kind: LetterKind
    facts: Facts
    language: Language
    to: tuple[str, ...]
    account: Account | None = None
    claim: str = ""

    @property
    def is_wanted(self) -> bool:
        """Whether the customer did not switch mails of the kind off."""
        return self.account is None or is_wanted(self.kind, self.account.mails_off)


#: The letter about a change as things stand now; None when there is nothing to tell any more.
type Compose = Callable[[Change, Desk], Notice | None]


def moment_words(moment: datetime) -> str:
    """A form that no country reads as another day."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def person_words(user: User | None, language: Language) -> str:
    """A person by name."""
    return f"{user.first_name} {user.last_name}" if user else WORDS[language]["somebody"]


def account_words(account: Account | None, account_id: int) -> str:
    """A customer by name."""
    return account.name if account else str(account_id)


def names_phrase(names: Sequence[str], language: Language) -> str:
    """All names in a phrase short enough for a subject."""
    others = len(names) - 1
    return NAMES[language][min(others, 2)].format(first=names[0], others=others)


def listed(names: Sequence[str], language: Language) -> str:
    """The names one after the other; of many the first, and how many more there are."""
    shown = ", ".join(names[:_NAMES_SHOWN])
    rest = len(names) - _NAMES_SHOWN
    return f"{shown} {WORDS[language]['and_more'].format(count=rest)}" if rest > 0 else shown


def counted(count: int, one: str, many: str, language: Language) -> str:
    """A number of days or hours in words."""
    return WORDS[language][one if count == 1 else many].format(count=count)
