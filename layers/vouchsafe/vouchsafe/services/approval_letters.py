"""What a mail that asks for an approval says: the facts of its order or domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ..domain.accounts import Account, User
from ..domain.authorization import Mailing
from ..domain.letter_kinds import Language
from ..domain.letter_words import NAMES, WORDS
from ..domain.letters_approval import APPROVAL_LETTERS, ApprovalLetter
from ..domain.notices import Facts, Mail, subject_of, to_text
from ..domain.notices_html import to_html
from ..domain.products import find_product

#: The path of a mail's page below the base URL.
PAGE = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks for what, until when; the same for all mails of one order or domain."""

    names: tuple[str, ...]
    order_id: int | None
    product_id: str = ""
    account_id: int
    account: Account | None
    user: User | None
    deadline: datetime
    language: Language
    base_url: str

    @property
    def person(self) -> str:
        """Who asks, by name."""
        words = WORDS[self.language]["somebody"]
        return f"{self.user.first_name} {self.user.last_name}" if self.user else words

    @property
    def account_name(self) -> str:
        """For which customer."""
        return self.account.name if self.account else str(self.account_id)

    @property
    def product(self) -> str:
        """What is asked for."""
        found = find_product(self.product_id)
        return found.name if found else self.product_id


def letter_for(asking: Asking, mailing: Mailing, domain: str, value: str) -> Mail:
    """The mail about `domain` that carries `value`, to one mailbox."""
    kind = ApprovalLetter.DOMAIN if asking.order_id is None else ApprovalLetter.ORDER
    letter = APPROVAL_LETTERS[asking.language][kind]
    page = f"{asking.base_url}/{PAGE}/{mailing.message_id}"
    words = {
        "person": asking.person,
        "account": asking.account_name,
        "product": asking.product,
        "order_id": str(asking.order_id or ""),
        "names": _phrase(asking.names, asking.language),
        "domain": domain,
        "authorization_domain": mailing.contact.authorization_domain,
        "address": mailing.contact.address,
        "deadline": asking.deadline.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "page": page,
        # Behind the #, so that no server on the way sees the value (RFC 9110 7.1).
        "link": f"{page}#{value}",
        "value": value,
    }
    facts = Facts(words=words, rows={})
    return Mail(
        to=(mailing.contact.address,),
        subject=subject_of(letter, facts),
        text=to_text(letter, facts),
        html=to_html(letter, facts, asking.language),
        tags=(("kind", "approval"), ("message_id", mailing.message_id)),
    )


def _phrase(names: tuple[str, ...], language: Language) -> str:
    others = len(names) - 1
    return NAMES[language][min(others, 2)].format(first=names[0], others=others)
