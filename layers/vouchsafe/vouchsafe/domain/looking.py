"""The questions a place is asked and its answers: plain data that crosses regions as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from .authorization import CaaFinding, ContactSource, DcvMethodName, DnssecStatus, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class DcvQuestion:
    """Is `value` published for `name`?

    `authorization_domains`: owner names, or URLs of files, where it counts, nearest first.
    """

    name: str  # FQDN, wildcards stripped
    method: DcvMethodName
    value: str
    authorization_domains: tuple[str, ...]
    wildcard: bool = False  # asked for a wildcard name, for which no CNAME may be followed
    cname_target: str = ""  # our domain, for DNS_CNAME


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaQuestion:
    """May one of `issuer_domains` issue for `name` (RFC 8659), by that method (RFC 8657)?"""

    name: str  # FQDN, wildcards stripped
    wildcard: bool
    issuer_domains: tuple[str, ...]
    validation_method: str = ""  # "ca-tbr-7"
    account_uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DcvAnswer:
    """What was seen for one DcvQuestion. `completed` false: could not look, nor pass."""

    name: str
    completed: bool
    passed: bool
    cause: str  # a code from the catalogue of causes; "proven" when passed
    explanation: str
    advice: str
    authorization_domain: str = ""  # where it was found
    record: str = ""
    aliases: tuple[str, ...] = ()  # the CNAME targets that led to the record
    followed: tuple[str, ...] = ()  # the CNAME targets by which the name itself was replaced
    observations: tuple[Observation, ...] = ()
    dnssec: DnssecStatus = DnssecStatus.UNKNOWN  # of a proof: the weakest answer that led to it


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaAnswer:
    """What was seen for one CaaQuestion."""

    finding: CaaFinding
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactQuestion:
    """Which mailboxes does DNS name as contacts of `name` (BR 3.2.2.4.13, .14)?"""

    name: str  # FQDN


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedContact:
    """A mailbox that a record names."""

    address: str
    source: ContactSource
    found_at: str  # the record's owner
    dnssec: DnssecStatus = DnssecStatus.UNKNOWN  # the weakest answer that led to it


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAnswer:
    """What was seen for one ContactQuestion. `completed` false: a look-up failed."""

    name: str
    completed: bool
    contacts: tuple[NamedContact, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRequest:
    """Everything one place is asked at once."""

    dcv: tuple[DcvQuestion, ...] = ()
    caa: tuple[CaaQuestion, ...] = ()
    contacts: tuple[ContactQuestion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookReport:
    """Everything one place answered, in the order asked. `error`: why it could not answer."""

    perspective: str
    rir: str
    dcv: tuple[DcvAnswer, ...] = ()
    caa: tuple[CaaAnswer, ...] = ()
    contacts: tuple[ContactAnswer, ...] = ()
    error: str = ""
