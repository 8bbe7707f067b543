"""Why a name is not proven yet, or a certificate not permitted, in words a person can act on.

The catalogue is data: a stable code, what was seen, what to do. docs/causes.md is its print-out.
"""

from __future__ import annotations

from .cause import UNREACHED, Cause, CauseCode, Telling
from .causes_dns import DNS_CAUSES
from .causes_dnssec import DNSSEC_CAUSES
from .causes_mail import MAIL_CAUSES
from .causes_web import WEB_CAUSES

__all__ = ["CATALOGUE", "UNREACHED", "Cause", "CauseCode", "Telling", "tell", "to_markdown"]

_COMMON: dict[CauseCode, Cause] = {
    CauseCode.PROVEN: Cause("The value was found in {what}.", "Nothing to do."),
    CauseCode.VALUE_EXPIRED: Cause(
        "The value for {name} is older than 30 days and may not be used any more (BR 3.2.2.4.7).",
        "Ask for a new value, then publish that.",
    ),
    CauseCode.OWN_TROUBLE: Cause(
        "We could not look for {name} because of trouble on our side: {detail}.",
        "Nothing to do; the next look tries again.",
    ),
    CauseCode.PERSPECTIVES_DISAGREE: Cause(
        "We see the value for {name}, but from {dissenting} it is not seen yet ({quorum} places"
        " agree).",
        "Make sure that all your name servers, in all places, answer alike (anycast, geographic"
        " answers, firewalls).",
    ),
    CauseCode.PERSPECTIVES_BLOCKED: Cause(
        "We see the value for {name}, but nothing answers us from {dissenting} ({quorum} places"
        " agree). That looks like a firewall that shuts out whole countries.",
        "Let your name servers and web servers answer from all countries, at least until the name"
        " is proven (BR 3.2.2.9).",
    ),
    CauseCode.TOO_FEW_PERSPECTIVES: Cause(
        "We see the value for {name}, but too few of our other places could look: {quorum} agree"
        " ({detail}).",
        "Nothing to do; the next look asks all places again (BR 3.2.2.9).",
    ),
    CauseCode.CAA_FORBIDS: Cause(
        "CAA {where} does not permit us to issue for {name}: {detail}.",
        'Add CAA {where} 0 {tag} "{issuer}", or remove the record that forbids it.',
    ),
    CauseCode.CAA_LOOKUP_FAILED: Cause(
        "CAA for {name} could not be looked up: {detail}. That is not a permission (BR 4.2.2.1).",
        "Make sure that all name servers of the zone answer questions for type CAA (257), with an"
        " empty answer where there is none.",
    ),
    CauseCode.CAA_FORBIDS_ELSEWHERE: Cause(
        "From our own place CAA permits us to issue for {name}, but from others it does not: CAA"
        " {where} {record}, read from {detail}.",
        "Make sure that all your name servers, in all places, answer alike for type CAA (257). If"
        ' that record is meant, add CAA {where} 0 {tag} "{issuer}".',
    ),
    CauseCode.CAA_TOO_FEW_PERSPECTIVES: Cause(
        "From our own place CAA permits us to issue for {name}, but too few of our other places"
        " could look: {detail}.",
        "Nothing to do; the next look asks all places again (BR 3.2.2.9).",
    ),
}

_ALL = _COMMON | DNS_CAUSES | DNSSEC_CAUSES | WEB_CAUSES | MAIL_CAUSES

#: Every cause, in the order of the codes.
CATALOGUE: dict[CauseCode, Cause] = {code: _ALL[code] for code in CauseCode}


def tell(code: CauseCode, **facts: str) -> Telling:
    """The cause `code` in words. `facts` fill its templates; KeyError when one is missing."""
    cause = CATALOGUE[code]
    return Telling(
        cause=code,
        explanation=cause.explanation.format_map(facts),
        advice=cause.advice.format_map(facts),
    )


def to_markdown() -> str:
    """The catalogue as the page docs/causes.md."""
    lines = [
        "# Causes: why a name is not proven, or a certificate not permitted",
        "",
        "Every look ends with one of these codes for each name, a sentence that says what was",
        "seen, and one that says what to do. Words in braces are filled in from the look. None",
        "of them is final while the window is open: the next look starts afresh.",
    ]
    for code, cause in CATALOGUE.items():
        lines += ["", f"## `{code}`", "", cause.explanation, "", f"*What to do:* {cause.advice}"]
    return "\n".join(lines) + "\n"
