"""What approval by e-mail needs from the outside besides a mailer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.authorization import Contact
    from .domain.email_approval import ApprovalMessage


class ApprovalMessages(Protocol):
    """Mails that ask for an approval. Reads are strongly consistent; the ledger writes them."""

    def message(self, message_id: str) -> ApprovalMessage | None: ...

    def message_of_value(self, sha256: str) -> ApprovalMessage | None:
        """The mail in which the value with that hash (hex) left, or None."""


class Registries(Protocol):
    """Asks registries who the contacts of registered domains are."""

    def contacts(self, domain: str) -> Sequence[tuple[str, str]]:
        """Address and naming server of each; none where nobody answers."""


class ContactFinder(Protocol):
    """Asks a checker whom DNS names as contacts of domains."""

    def find(self, domains: Sequence[str]) -> Sequence[Contact]:
        """What CAA and TXT name for these domains, seen from enough places (BR 3.2.2.9).

        Raises Unavailable when the checker does not answer.
        """
