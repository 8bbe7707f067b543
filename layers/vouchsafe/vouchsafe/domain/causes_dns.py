"""The catalogue's entries about records in the DNS.

Facts: `what` is what was looked at (`TXT www.example.com`), `record` what we print of it, `publish`
the whole printed record, `value` what it must say.
"""

from __future__ import annotations

from .cause import Cause, CauseCode

_PUBLISH = "Publish {publish} with your DNS provider."

DNS_CAUSES: dict[CauseCode, Cause] = {
    CauseCode.NOTHING_AT_THE_NAME: Cause(
        "{record}: nothing at the name; {how}.",
        _PUBLISH + " If you just did, its servers may need some minutes to take it over.",
    ),
    CauseCode.NAME_DOES_NOT_EXIST: Cause(
        "{record}: its servers say that the name does not exist (NXDOMAIN).",
        _PUBLISH + " The name comes into being with its first record. If you just did, its servers"
        " may need some minutes to take it over.",
    ),
    CauseCode.VALUE_DIFFERS: Cause(
        "{what} exists, but is not what was asked for. Seen: {seen}.",
        _PUBLISH + " Other TXT records may stay beside it; a CNAME record is to be changed.",
    ),
    CauseCode.OLD_VALUE_SERVED: Cause(
        "{what} still shows an older value: {seen}. It is served by {servers}; {until}.",
        _PUBLISH + " If you did, wait until all of these servers have taken it over.",
    ),
    CauseCode.VALUE_QUOTED: Cause(
        "{what} holds the value with quotation marks or blanks as part of it: {seen}.",
        "Enter the value without quotation marks and blanks: {value}",
    ),
    CauseCode.VALUE_CUT: Cause(
        "{what} holds only a part of the value, or the value inside a longer text: {seen}.",
        "It must hold the value and nothing else (a TXT record as one string): {value}",
    ),
    CauseCode.VALUE_WRONG_CASE: Cause(
        "{what} holds the value in other letters' case: {seen}.",
        "Enter the value exactly as shown, in lower case: {value}",
    ),
    CauseCode.VALUE_BEHIND_ALIAS: Cause(
        "The value was found in {what}, but only by way of a CNAME to {target}, which may not"
        " be followed for {name} (BR 3.2.2.4).",
        'Publish TXT _dnsauth.{name} "{value}" instead; that name has no CNAME.',
    ),
    CauseCode.ALIAS_IN_THE_WAY: Cause(
        "{what} cannot be: {where} is a CNAME to {target}, and no other record may stand beside a"
        " CNAME (RFC 1034 3.6.2). The value is not at {target} either.",
        'Publish TXT _dnsauth.{name} "{value}" instead; that name has no CNAME.',
    ),
    CauseCode.RECORD_AT_DOUBLED_LABEL: Cause(
        "The record stands at {where}: the domain was added to the name twice.",
        'Many DNS forms add the domain themselves. Enter the name as "{short}" there, so that the'
        " record is {record}.",
    ),
    CauseCode.LABEL_WITHOUT_UNDERSCORE: Cause(
        "The record stands at {where}: its label lacks the underscore in front. Such a record does"
        " not count, because anybody who may name a host could make it (BR 3.2.2.4.7).",
        _PUBLISH + " Its label begins with an underscore.",
    ),
    CauseCode.SERVERS_DISAGREE: Cause(
        "The servers of the zone disagree about {what}. With the value: {having}. Without:"
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
    CauseCode.DELEGATED_ELSEWHERE: Cause(
        "{record} is not there. The registry sends everybody to {delegated}, but the zone itself"
        " names other servers: {listed}. Records entered there are seen by nobody.",
        "Set the name servers at your registrar to those where you keep the zone, or enter the"
        " record at {delegated}: {publish}",
    ),
}
