"""Why a name is not proven yet, or a certificate not permitted, in words a person can act on.

The catalogue is data: a stable code, what was seen, what to do. docs/causes.md is its print-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CauseCode(StrEnum):
    """The stable codes; clients may rely on them."""

    PROVEN = "proven"
    NOTHING_AT_THE_NAME = "nothing_at_the_name"
    VALUE_DIFFERS = "value_differs"
    VALUE_QUOTED = "value_quoted"
    VALUE_CUT = "value_cut"
    VALUE_WRONG_CASE = "value_wrong_case"
    VALUE_BEHIND_ALIAS = "value_behind_alias"
    VALUE_EXPIRED = "value_expired"
    RECORD_AT_DOUBLED_LABEL = "record_at_doubled_label"
    SERVERS_DISAGREE = "servers_disagree"
    SERVERS_FAIL = "lame_or_unreachable"
    TIME_OUT = "time_out"
    NO_DELEGATION = "no_delegation"
    OWN_TROUBLE = "own_trouble"
    PERSPECTIVES_DISAGREE = "perspectives_disagree"
    TOO_FEW_PERSPECTIVES = "too_few_perspectives"
    CAA_FORBIDS = "caa_forbids"
    CAA_LOOKUP_FAILED = "caa_lookup_failed"


@dataclass(frozen=True, slots=True)
class Cause:
    """One entry: templates over the facts of a look (`{name}`, `{record}`, `{seen}` …)."""

    explanation: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A cause told about one name."""

    cause: CauseCode
    explanation: str
    advice: str


_PUBLISH = 'Publish TXT {record} "{value}" with your DNS provider.'

CATALOGUE: dict[CauseCode, Cause] = {
    CauseCode.PROVEN: Cause("The value was found in TXT {where}.", "Nothing to do."),
    CauseCode.NOTHING_AT_THE_NAME: Cause(
        "TXT {record}: nothing at the name; {how}.",
        _PUBLISH + " If you just did, its servers may need some minutes to take it over.",
    ),
    CauseCode.VALUE_DIFFERS: Cause(
        "TXT {where} exists, but none of its strings is the value. Seen: {seen}.",
        _PUBLISH + " Other TXT records may stay beside it.",
    ),
    CauseCode.VALUE_QUOTED: Cause(
        "TXT {where} holds the value with quotation marks or blanks as part of it: {seen}.",
        "Enter the value without quotation marks and blanks: {value}",
    ),
    CauseCode.VALUE_CUT: Cause(
        "TXT {where} holds only a part of the value, or the value inside a longer string: {seen}.",
        "One string of the record must be the value and nothing else: {value}",
    ),
    CauseCode.VALUE_WRONG_CASE: Cause(
        "TXT {where} holds the value in other letters' case: {seen}.",
        "Enter the value exactly as shown, in lower case: {value}",
    ),
    CauseCode.VALUE_BEHIND_ALIAS: Cause(
        "The value was found in TXT {where}, but only by way of a CNAME to {target}, which may not"
        " be followed for {name} (BR 3.2.2.4).",
        'Publish TXT _dnsauth.{name} "{value}" instead; that name has no CNAME.',
    ),
    CauseCode.VALUE_EXPIRED: Cause(
        "The value for {name} is older than 30 days and may not be used any more (BR 3.2.2.4.7).",
        "Ask for a new value, then publish that.",
    ),
    CauseCode.RECORD_AT_DOUBLED_LABEL: Cause(
        "The value stands at {where}: the domain was added to the name twice.",
        'Many DNS forms add the domain themselves. Enter the name as "{short}" there, so that the'
        " record is TXT {record}.",
    ),
    CauseCode.SERVERS_DISAGREE: Cause(
        "The servers of the zone disagree about TXT {where}. With the value: {having}. Without:"
        " {lacking}.",
        "Wait until all your name servers have the record, or repair the zone transfer to those"
        " without it.",
    ),
    CauseCode.SERVERS_FAIL: Cause(
        "None of the name servers gave a usable answer about {where}: {servers}.",
        "Ask your DNS provider to make the listed servers answer for the zone, or correct the"
        " name servers set at your registrar.",
    ),
    CauseCode.TIME_OUT: Cause(
        "The name servers did not answer about {where} in time: {servers}.",
        "Check that they can be reached from the internet over UDP and TCP port 53.",
    ),
    CauseCode.NO_DELEGATION: Cause(
        "{name} is not delegated: {detail}.",
        "Check that the domain is registered and not expired, and that its name servers are set at"
        " the registrar.",
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
}


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
