"""Telling a domain's owner that CAA stopped a certificate (RFC 8659 4.4; BR 4.2.2.1: SHOULD).

A short mail in plain words with the facts as lines, not an IODEF document: nobody was found who
reads those, and a person who gets one has to understand it. Whom it goes to stands in DNS, written
by whoever runs the domain; nothing of the mail may therefore be theirs to word, and it is rare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from .authorization import CaaCheck, CaaFinding
from .identifiers import registrable_domain
from .notices import Mail

#: A mailbox as RFC 5321 has it, without the quoted form, below a domain with a dot.
_MAILBOX = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:-*[A-Za-z0-9]){0,62}\.)+[A-Za-z]{2,63}"
)
_LONGEST_MAILBOX = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_MOST_MAILBOXES = 2  # of one domain
#: An issuer as RFC 8659 4.2 has it; anything else in a record's value is not repeated.
_ISSUER = re.compile(
    r'\d{1,3} issue(?:wild)? "[ \t]*([a-z0-9.-]{0,100})[ \t]*(?:;[^"]*)?"', re.IGNORECASE
)
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One name whose CAA set forbids us to issue, as told in a change."""

    name: str  # with "*." where a wildcard was asked for
    deciding_name: str
    deciding_record: str
    detail: str
    issuer: str
    iodef: tuple[str, ...] = ()


def refusals(check: CaaCheck | None) -> tuple[Refusal, ...]:
    """What a check was refused; look-ups that failed are no refusals."""
    found = check.findings if check is not None and not check.permitted else ()
    return tuple(_refusal(one) for one in found if one.completed and not one.permitted)


def _refusal(one: CaaFinding) -> Refusal:
    return Refusal(
        name=f"*.{one.name}" if one.wildcard else one.name,
        deciding_name=one.deciding_name,
        deciding_record=one.deciding_record,
        detail=one.detail,
        issuer=one.issuer,
        iodef=one.iodef,
    )


def data_of(refused: Sequence[Refusal]) -> dict[str, object]:
    """The refusals as a change's data."""
    return {
        "refusals": [
            {
                "name": one.name,
                "deciding_name": one.deciding_name,
                "deciding_record": one.deciding_record,
                "detail": one.detail,
                "issuer": one.issuer,
                "iodef": list(one.iodef),
            }
            for one in refused
        ]
    }


def read(data: Mapping[str, object]) -> tuple[Refusal, ...]:
    """The refusals in a change's data. Raises KeyError and TypeError for another shape."""
    rows: Iterable[Mapping[str, object]] = data["refusals"]  # type: ignore[assignment]
    return tuple(
        Refusal(
            name=str(row["name"]),
            deciding_name=str(row["deciding_name"]),
            deciding_record=str(row["deciding_record"]),
            detail=str(row["detail"]),
            issuer=str(row["issuer"]),
            iodef=tuple(str(value) for value in row["iodef"]),  # type: ignore[attr-defined]
        )
        for row in rows
    )


def by_domain(refused: Iterable[Refusal]) -> dict[str, list[Refusal]]:
    """The refusals by the registered domain in which the deciding record stands."""
    found: dict[str, list[Refusal]] = {}
    for one in refused:
        try:
            domain = registrable_domain(one.deciding_name)
        except ValueError:  # a public suffix has a policy for all below it
            domain = one.deciding_name
        found.setdefault(domain, []).append(one)
    return found


def mailboxes(refused: Iterable[Refusal]) -> tuple[str, ...]:
    """The mailboxes that want to be told, each once, whatever its case; at most two."""
    boxes: dict[str, str] = {}
    for one in refused:
        for value in one.iodef:
            scheme, _, rest = value.partition(":")
            box = unquote(rest.partition("?")[0]).strip()
            usable = len(box) <= _LONGEST_MAILBOX and _MAILBOX.fullmatch(box)
            if scheme.strip().lower() == "mailto" and usable:
                boxes.setdefault(box.lower(), box)
    return tuple(boxes.values())[:_MOST_MAILBOXES]


def web_addresses(refused: Iterable[Refusal]) -> tuple[str, ...]:
    """The URLs that want to be told, each once."""
    values = (value for one in refused for value in one.iodef)
    return tuple(dict.fromkeys(value for value in values if _WEB.match(value)))


def report(domain: str, refused: Sequence[Refusal], at: datetime, reference: str) -> Mail:
    """The mail about names that the CAA of `domain` did not let us issue for.

    `refused` is not empty; `reference` is what to give when asking us about it.
    """
    first = refused[0]
    tag = "issuewild" if first.name.startswith("*.") else "issue"
    facts = "\n\n".join(_facts(one) for one in refused)
    text = f"""\
We are the certificate authority {first.issuer}. On {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC we did
not issue a TLS certificate that was asked for, because the CAA records of {domain}
do not permit us to.

{facts}

    Reference: {reference}

No certificate was issued; nothing has to be done. If the request is one of yours, permit it with
this record; while the order waits, it then goes on by itself:

    {first.deciding_name} CAA 0 {tag} "{first.issuer}"

You get this message because those CAA records name your address in an iodef property (RFC 8659).
We send one such message a day for a domain at most. To get no more, remove the property.
"""
    return Mail(
        to=mailboxes(refused),
        subject=f"CAA report: no certificate was issued for {first.name}",
        text=text,
        tags=(("kind", "caa_report"),),
    )


def _facts(one: Refusal) -> str:
    return (
        f"    Name asked for: {one.name}\n"
        f"    CAA records at: {one.deciding_name}\n"
        f"    They permit: {permits(one.deciding_record)}"
    )


def permits(record: str) -> str:
    """Whom the records permit; words of theirs that are no issuer's name are left out."""
    names = dict.fromkeys(found[1] or "nobody" for found in _ISSUER.finditer(record))
    return ", ".join(names) or "nobody, or under conditions that we do not know"
