"""The ways to show control of a name: one class for each, and all that tells them apart.

Everything that is printed, mailed or looked for is built by the `records` of one of these classes,
so that what a customer is told and what counts cannot drift apart.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import ClassVar

from .authorization import DcvMethodName

#: The label under which a record counts, too (BR 3.2.2.4.7: a label that begins with `_`).
DNSAUTH_LABEL = "_dnsauth"
#: Where a file is looked for (BR 3.2.2.4.18: below /.well-known/pki-validation/).
FILE_PATH = "/.well-known/pki-validation/fileauth.txt"

#: A value in the guide's form, which decides the form of its record (`cloud_basic`).
_HEXADECIMAL = re.compile(r"_[0-9a-f]{32}\Z")
_DIGEST_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What to publish: `type` TXT, CNAME or HTTP; `name` an owner name, or the URL of a file."""

    type: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DnsTxt:
    """A TXT record one string of which is the value."""

    name: ClassVar[DcvMethodName] = DcvMethodName.DNS_TXT
    br_section: ClassVar[str] = "3.2.2.4.7"
    built: ClassVar[bool] = True
    wildcards: ClassVar[bool] = True
    prunes: ClassVar[bool] = True  # counts at parents, and proves the names below
    follows_alias: ClassVar[bool] = True  # the name may be replaced by its CNAME's target
    looked_up: ClassVar[str] = "TXT"

    def records(self, domain: str, value: str, dcv_domain: str = "") -> tuple[Record, ...]:
        """The records at `domain` that count, the printed one first."""
        del dcv_domain
        owners = (domain, f"{DNSAUTH_LABEL}.{domain}")
        return tuple(Record(type="TXT", name=owner, value=value) for owner in owners)


@dataclass(frozen=True, slots=True)
class DnsCname:
    """A CNAME record from a label that is the value to us, or from `_dnsauth` to the value."""

    name: ClassVar[DcvMethodName] = DcvMethodName.DNS_CNAME
    br_section: ClassVar[str] = "3.2.2.4.7"
    built: ClassVar[bool] = True
    wildcards: ClassVar[bool] = True
    prunes: ClassVar[bool] = True
    follows_alias: ClassVar[bool] = True
    looked_up: ClassVar[str] = "CNAME"

    def records(self, domain: str, value: str, dcv_domain: str = "") -> tuple[Record, ...]:
        """The records at `domain` that count, the printed one first.

        `dcv_domain` is our own domain, to which they point. Raises ValueError without it, and for
        a value without its underscore: the label would be anybody's host name (BR 3.2.2.4.7).
        """
        if not dcv_domain:
            raise ValueError("DCV_DOMAIN is not set: a CNAME record would have no target")
        if not value.startswith("_"):
            raise ValueError("the label of a CNAME record begins with an underscore")
        hub = f"dcv.{dcv_domain}"
        target = f"{_partner(value)}.{dcv_domain}" if _HEXADECIMAL.match(value) else hub
        return (
            Record(type="CNAME", name=f"{value}.{domain}", value=target),
            Record(type="CNAME", name=f"{DNSAUTH_LABEL}.{domain}", value=f"{value}.{hub}"),
        )


def _partner(value: str) -> str:
    """The target's label that belongs to a hexadecimal value: as unpredictable as the value."""
    return "_" + hashlib.sha256(value.encode("ascii")).hexdigest()[:_DIGEST_DIGITS]


@dataclass(frozen=True, slots=True)
class HttpFile:
    """A file on the web server of exactly this name that holds the value and nothing else."""

    name: ClassVar[DcvMethodName] = DcvMethodName.HTTP_FILE
    br_section: ClassVar[str] = "3.2.2.4.18"
    built: ClassVar[bool] = True
    wildcards: ClassVar[bool] = False
    prunes: ClassVar[bool] = False
    follows_alias: ClassVar[bool] = False
    looked_up: ClassVar[str] = "HTTP"

    def records(self, domain: str, value: str, dcv_domain: str = "") -> tuple[Record, ...]:
        """The file on port 80, which is printed, and the same on port 443."""
        del dcv_domain
        urls = (f"{scheme}://{domain}{FILE_PATH}" for scheme in ("http", "https"))
        return tuple(Record(type="HTTP", name=url, value=value) for url in urls)


@dataclass(frozen=True, slots=True)
class ConstructedEmail:
    """A mail to one of five mailboxes of the domain, whose value comes back to us."""

    name: ClassVar[DcvMethodName] = DcvMethodName.EMAIL
    br_section: ClassVar[str] = "3.2.2.4.4"
    built: ClassVar[bool] = True
    wildcards: ClassVar[bool] = True
    prunes: ClassVar[bool] = True
    follows_alias: ClassVar[bool] = True
    looked_up: ClassVar[str] = ""  # nothing is published: a person answers

    def records(self, domain: str, value: str, dcv_domain: str = "") -> tuple[Record, ...]:
        """None: a mailed value is never published."""
        del domain, value, dcv_domain
        return ()


#: Every method; `name` tells them apart.
type Method = DnsTxt | DnsCname | HttpFile | ConstructedEmail

METHODS: dict[DcvMethodName, Method] = {
    method.name: method for method in (DnsTxt(), DnsCname(), HttpFile(), ConstructedEmail())
}

#: Methods that can be used today: those that are built.
ENGINES: frozenset[DcvMethodName] = frozenset(n for n, m in METHODS.items() if m.built)

#: Of these, the ones proven by looking for what was published.
LOOKED_UP: frozenset[DcvMethodName] = frozenset(n for n in ENGINES if METHODS[n].looked_up)


def caa_label(br_section: str) -> str:
    """How CAA's validationmethods names a method (BR 4.2.2.1: ca-tbr-<n> of 3.2.2.4.n)."""
    return f"ca-tbr-{br_section.rpartition('.')[2]}"
