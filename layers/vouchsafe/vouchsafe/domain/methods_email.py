"""E-mail as a way to show control: one class for each kind of mailbox that may answer for a domain.

What they have in common stands in `methods.ConstructedEmail`: nothing is published, a person
answers; a wildcard and the names below the domain are proven, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from .addresses import check_address
from .authorization import ContactSource
from .methods import ConstructedEmail
from .resolution import Rdata

#: The only mailboxes that nobody has to name (BR 3.2.2.4.4).
RESERVED_MAILBOXES = ("admin", "administrator", "webmaster", "hostmaster", "postmaster")

#: The label below which a domain's TXT contact stands (BR appendix A.2.1).
CONTACT_LABEL = "_validation-contactemail"
#: The CAA property that names a contact (BR appendix A.1.1).
CONTACT_TAG = "contactemail"


@dataclass(frozen=True, slots=True)
class ReservedMailbox:
    """One of the five mailboxes at the domain."""

    source: ClassVar[ContactSource] = ContactSource.CONSTRUCTED
    br_section: ClassVar[str] = ConstructedEmail.br_section
    looked_up: ClassVar[str] = ""

    def addresses(self, domain: str) -> tuple[str, ...]:
        """The five of them."""
        return tuple(f"{mailbox}@{domain}" for mailbox in RESERVED_MAILBOXES)


@dataclass(frozen=True, slots=True)
class CaaContact:
    """A mailbox in the contactemail property of the CAA set that decides for the domain.

    The set is found as for issuing: at the domain, else at the nearest parent (RFC 8659 3). The
    property may be critical.
    """

    source: ClassVar[ContactSource] = ContactSource.CAA
    br_section: ClassVar[str] = "3.2.2.4.13"
    looked_up: ClassVar[str] = "CAA"

    def addresses(self, records: Sequence[Rdata]) -> tuple[str, ...]:
        """The mailboxes that a CAA set names; a record is (flags, tag, value)."""
        values = (record[2] for record in records if record[1].lower() == CONTACT_TAG)
        return tuple(dict.fromkeys(value for value in values if _is_address(value)))


@dataclass(frozen=True, slots=True)
class DnsTxtContact:
    """A mailbox in TXT at `_validation-contactemail` below the domain itself."""

    source: ClassVar[ContactSource] = ContactSource.DNS_TXT
    br_section: ClassVar[str] = "3.2.2.4.14"
    looked_up: ClassVar[str] = "TXT"

    def owner(self, domain: str) -> str:
        """Where the record stands. Never at a parent (BR 3.2.2.4.14)."""
        return f"{CONTACT_LABEL}.{domain}"

    def addresses(self, records: Sequence[Rdata]) -> tuple[str, ...]:
        """The mailboxes that TXT records name: the whole data of one record is one address.

        The strings of a record are one text (RFC 7208 3.3 joins them likewise).
        """
        values = ("".join(record) for record in records)
        return tuple(dict.fromkeys(value for value in values if _is_address(value)))


@dataclass(frozen=True, slots=True)
class WhoisContact:
    """A mailbox that the domain's registry or registrar names. For private use alone.

    The BR ended it for public certificates (3.2.2.4.2, by SC-080 on 2025-07-15).
    """

    source: ClassVar[ContactSource] = ContactSource.WHOIS
    br_section: ClassVar[str] = "3.2.2.4.2"
    looked_up: ClassVar[str] = "WHOIS"


def _is_address(text: str) -> bool:
    """Whether the text is one address and nothing else: no padding, no list (BR appendix A)."""
    try:
        check_address(text)
    except ValueError:
        return False
    return True


#: Every kind of mailbox; `source` tells them apart.
type EmailMethod = ReservedMailbox | CaaContact | DnsTxtContact | WhoisContact

EMAIL_METHODS: dict[ContactSource, EmailMethod] = {
    method.source: method
    for method in (ReservedMailbox(), CaaContact(), DnsTxtContact(), WhoisContact())
}


def section_of(source: ContactSource) -> str:
    """The BR section that a mailbox of that kind follows."""
    return EMAIL_METHODS[source].br_section
