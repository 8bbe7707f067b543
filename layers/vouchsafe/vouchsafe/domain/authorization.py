"""Proof of control over one identifier (RFC 8555 7.1.4), and the looks that lead to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .identifiers import Identifier


class DcvMethodName(StrEnum):
    """How control is shown; the value is ours, the comment the BR section."""

    DNS_TXT = "dns_txt"  # BR 3.2.2.4.7
    DNS_CNAME = "dns_cname"  # BR 3.2.2.4.7
    HTTP_FILE = "http_file"  # BR 3.2.2.4.18
    EMAIL = "email"  # BR 3.2.2.4.4


class AuthorizationStatus(StrEnum):
    PENDING = "pending"
    VALID = "valid"
    INVALID = "invalid"  # can never succeed
    TIMED_OUT = "timed_out"


class DnssecStatus(StrEnum):
    """How an answer stands to DNSSEC (RFC 4035 4.3)."""

    SECURE = "secure"
    INSECURE = "insecure"
    BOGUS = "bogus"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomValue:
    """A value to publish: `_` and 26 base32 characters (128 random bits); lives 30 days."""

    value: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One question and what came back: the smallest piece of evidence."""

    question: str  # e.g. "TXT _dnsauth.www.example.com"
    server: str  # who was asked, e.g. "ns1.example.com (192.0.2.1)"
    answer: str  # what came back, shortened to 200 characters
    dnssec: DnssecStatus = DnssecStatus.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PerspectiveVerdict:
    """What one place saw. `completed` false: it could not look; that is not a no (BR 3.2.2.9)."""

    perspective: str  # region name, or "primary"
    rir: str  # registry region: ARIN, RIPE, APNIC, LACNIC, AFRINIC
    completed: bool
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSummary:
    """What the newest look saw of one name, in words a person can act on."""

    looked_at: (
        datetime  # since when it has looked like this; the certificate's is the newest look's
    )
    cause: str  # a stable code from the catalogue, "proven" on success
    explanation: str
    advice: str
    observations: tuple[Observation, ...] = ()
    perspectives: tuple[PerspectiveVerdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Why a name counts as controlled: enough for an auditor (BR 5.4.1)."""

    method: DcvMethodName
    br_section: str
    authorization_domain: str
    steps: tuple[str, ...]  # how the authorization domain was reached
    value: str
    proven_at: datetime
    quorum: str  # "5/6"
    perspectives: tuple[PerspectiveVerdict, ...]
    dnssec: DnssecStatus = DnssecStatus.UNKNOWN  # the weakest of the primary's answers
    address: str = ""  # by e-mail: which mailbox answered, and to which message
    message_id: str = ""


class ContactSource(StrEnum):
    """Why a mailbox may answer for a domain."""

    CONSTRUCTED = "constructed"  # one of the five reserved names, BR 3.2.2.4.4
    CAA = "caa"  # the contactemail property of CAA, BR 3.2.2.4.13
    DNS_TXT = "dns_txt"  # TXT at _validation-contactemail, BR 3.2.2.4.14
    WHOIS = "whois"  # named by the registry; for private use alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A mailbox that may answer for `authorization_domain`, and how it was found if looked up."""

    address: str
    authorization_domain: str
    source: ContactSource = ContactSource.CONSTRUCTED
    found_at: str = ""  # the owner of the record that names it
    looked_at: datetime | None = None
    quorum: str = ""
    perspectives: tuple[PerspectiveVerdict, ...] = ()
    dnssec: DnssecStatus = DnssecStatus.UNKNOWN  # the weakest of the primary's answers


class MailTrouble(StrEnum):
    """Why a mailbox will not answer as things stand."""

    REFUSED = "refused"  # the mail was not even taken over for delivery
    BOUNCED = "bounced"
    COMPLAINED = "complained"  # its owner calls the mail unwanted
    STALE = "stale"  # not sent: the contact was looked up too long ago
    HELD_BACK = "held_back"  # not sent: the account had too many sent to it that day


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """The mail about a name to one mailbox. The id names it for good, however often it is sent.

    `message_id` is empty as long as nothing may be sent: before the order's approval.
    """

    contact: Contact
    message_id: str = ""
    trouble: MailTrouble | None = None
    trouble_detail: str = ""  # what the mail system said, 200 characters at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """One name of one certificate: pending, then valid with its proof, or ended without."""

    identifier: Identifier
    method: DcvMethodName
    status: AuthorizationStatus = AuthorizationStatus.PENDING
    random_value: RandomValue | None = None
    proof: Proof | None = None
    last_look: LookSummary | None = None
    mailings: tuple[Mailing, ...] = ()  # by e-mail only


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaFinding:
    """What CAA says about one name, and the record that decided it (RFC 8659)."""

    name: str
    completed: bool
    permitted: bool
    deciding_name: str  # where the record set stands; "" when none was found
    deciding_record: str
    ttl: int  # seconds
    detail: str
    wildcard: bool = False
    issuer: str = ""  # the name of ours that a record would have to give
    dnssec: DnssecStatus = DnssecStatus.UNKNOWN  # the weakest of all answers on the way
    iodef: tuple[str, ...] = ()  # whom a refusing set wants to be told (RFC 8659 4.4)
    doubt: str = ""  # the cause why a permission of the primary alone is none


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaCheck:
    """CAA over all names of a certificate at one moment; usable until `good_until` (BR 4.2.2.1)."""

    checked_at: datetime
    good_until: datetime
    permitted: bool
    findings: tuple[CaaFinding, ...]
    perspectives: tuple[PerspectiveVerdict, ...] = ()
