"""The stable codes of causes, and what an entry of their catalogue is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CauseCode(StrEnum):
    """The stable codes; clients may rely on them."""

    PROVEN = "proven"
    # records in the DNS
    NOTHING_AT_THE_NAME = "nothing_at_the_name"
    NAME_DOES_NOT_EXIST = "name_does_not_exist"
    VALUE_DIFFERS = "value_differs"
    OLD_VALUE_SERVED = "old_value_served"
    VALUE_QUOTED = "value_quoted"
    VALUE_CUT = "value_cut"
    VALUE_WRONG_CASE = "value_wrong_case"
    VALUE_BEHIND_ALIAS = "value_behind_alias"
    ALIAS_IN_THE_WAY = "alias_in_the_way"
    VALUE_EXPIRED = "value_expired"
    RECORD_AT_DOUBLED_LABEL = "record_at_doubled_label"
    LABEL_WITHOUT_UNDERSCORE = "label_without_underscore"
    SERVERS_DISAGREE = "servers_disagree"
    SERVERS_FAIL = "lame_or_unreachable"
    TIME_OUT = "time_out"
    NO_DELEGATION = "no_delegation"
    DELEGATED_ELSEWHERE = "delegated_elsewhere"
    # signatures of zones
    DNSSEC_EXPIRED = "dnssec_expired"
    DNSSEC_UNSIGNED = "dnssec_unsigned"
    DNSSEC_NO_KEY = "dnssec_no_key"
    DNSSEC_UNPROVEN = "dnssec_unproven"
    DNSSEC_BOGUS = "dnssec_bogus"
    # files on web servers
    FILE_NOT_FOUND = "file_not_found"
    FILE_AT_PARENT = "file_at_parent"
    FILE_DIFFERS = "file_differs"
    LOGIN_PAGE = "login_page"
    WEB_STATUS = "web_status"
    REDIRECT_FORBIDDEN = "redirect_forbidden"
    PRIVATE_ADDRESS = "private_address"
    NO_WEB_ADDRESS = "no_web_address"
    WEB_ADDRESS_UNKNOWN = "web_address_unknown"
    TLS_FAILURE = "tls_failure"
    WEB_REFUSED = "web_refused"
    WEB_TIME_OUT = "web_time_out"
    WEB_UNREADABLE = "web_unreadable"
    # mails
    MAIL_AWAITED = "mail_awaited"
    MAIL_BOUNCED = "mail_bounced"
    MAIL_NOT_SENT = "mail_not_sent"
    # whatever the method
    OWN_TROUBLE = "own_trouble"
    PERSPECTIVES_DISAGREE = "perspectives_disagree"
    PERSPECTIVES_BLOCKED = "perspectives_blocked"
    TOO_FEW_PERSPECTIVES = "too_few_perspectives"
    CAA_FORBIDS = "caa_forbids"
    CAA_LOOKUP_FAILED = "caa_lookup_failed"
    CAA_FORBIDS_ELSEWHERE = "caa_forbids_elsewhere"
    CAA_TOO_FEW_PERSPECTIVES = "caa_too_few_perspectives"
    CAA_BOGUS = "caa_dnssec_bogus"


#: By which a perspective says that it could not get through, rather than that nothing is there.
UNREACHED = frozenset(
    {
        CauseCode.SERVERS_FAIL,
        CauseCode.TIME_OUT,
        CauseCode.WEB_ADDRESS_UNKNOWN,
        CauseCode.WEB_REFUSED,
        CauseCode.WEB_TIME_OUT,
        CauseCode.TLS_FAILURE,
    }
)


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
