"""Every letter by language and kind, gathered from the tables of each area."""

from __future__ import annotations

from . import letters_operators as operators
from . import letters_orders as orders_en
from . import letters_orders_ko as orders_ko
from . import letters_problems as problems_en
from . import letters_problems_ko as problems_ko
from . import letters_requests as requests_en
from . import letters_requests_ko as requests_ko
from . import letters_upkeep as upkeep_en
from . import letters_upkeep_ko as upkeep_ko
from . import letters_webhooks as webhooks_en
from . import letters_webhooks_ko as webhooks_ko
from .letter_kinds import Language, LetterKind, language_of
from .letter_words import ADVICE, CAUSES, ENDS, NAMES, REASONS, WORDS
from .notices import Letter

__all__ = [
    "ADVICE",
    "CAUSES",
    "ENDS",
    "LETTERS",
    "NAMES",
    "REASONS",
    "WORDS",
    "Language",
    "LetterKind",
    "language_of",
]

#: Operators read English, whatever the language of the account.
LETTERS: dict[Language, dict[str, Letter]] = {
    Language.ENGLISH: (
        orders_en.LETTERS
        | requests_en.LETTERS
        | upkeep_en.LETTERS
        | operators.LETTERS
        | problems_en.LETTERS
        | webhooks_en.LETTERS
    ),
    Language.KOREAN: (
        orders_ko.LETTERS
        | requests_ko.LETTERS
        | upkeep_ko.LETTERS
        | operators.LETTERS
        | problems_ko.LETTERS
        | webhooks_ko.LETTERS
    ),
}
