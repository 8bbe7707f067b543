"""Smaller words of letters, by language: phrases that facts are put into, reasons, causes."""

from __future__ import annotations

from .letter_kinds import Language
from .letter_words_ko import ADVICE as ADVICE_KO
from .letter_words_ko import CAUSES as CAUSES_KO
from .letter_words_ko import ENDS as ENDS_KO
from .letter_words_ko import REASONS as REASONS_KO
from .letter_words_ko import WORDS as WORDS_KO
from .order import StatusReason
from .revocation import RevocationReason

#: What a look saw, in words of the language, by cause code; English looks speak for themselves.
CAUSES: dict[Language, dict[str, str]] = {Language.ENGLISH: {}, Language.KOREAN: CAUSES_KO}
#: What to do about it, likewise.
ADVICE: dict[Language, dict[str, str]] = {Language.ENGLISH: {}, Language.KOREAN: ADVICE_KO}

#: A revocation's reason (RFC 5280 5.3.1) in words.
REASONS: dict[Language, dict[RevocationReason, str]] = {
    Language.ENGLISH: {
        RevocationReason.UNSPECIFIED: "not given",
        RevocationReason.KEY_COMPROMISE: "the private key is or may be known to others",
        RevocationReason.AFFILIATION_CHANGED: "the organization in it has changed",
        RevocationReason.SUPERSEDED: "it was replaced by another certificate",
        RevocationReason.CESSATION_OF_OPERATION: "its names are no longer in use",
        RevocationReason.PRIVILEGE_WITHDRAWN: "the certificate authority withdrew it",
    },
    Language.KOREAN: REASONS_KO,
}

#: Why an order or reissue ended without a certificate, and what can be done about it.
ENDS: dict[Language, dict[StatusReason, tuple[str, str]]] = {
    Language.ENGLISH: {
        StatusReason.TIMED_OUT: (
            "control of its names was not shown in time",
            "Publish what the next order asks for within its 72 hours.",
        ),
        StatusReason.VALIDATION_FAILED: (
            "its names cannot be validated: nobody is left who could approve them by mail",
            "Order it with another method, or with mailboxes that exist.",
        ),
        StatusReason.APPROVAL_REJECTED: (
            "the request was not approved",
            "Talk to the administrators of your account before you ask again.",
        ),
        StatusReason.APPROVAL_LAPSED: (
            "nobody decided about the request in time",
            "Ask the administrators of your account to look at requests.",
        ),
        StatusReason.ORGANIZATION_NOT_VALIDATED: (
            "the organization in it could not be validated in time",
            "Submit the organization for validation first; then the order goes through at once.",
        ),
        StatusReason.AGREEMENT_NOT_ACCEPTED: (
            "nobody accepted the subscriber agreement for the account in time",
            "An administrator of the account can accept it; certificates need it (BR 9.6.3).",
        ),
        StatusReason.REFUSED_BY_LINT: (
            "the certificate would have broken a rule that certificates have to follow",
            "Tell our support the number of the order; usually the certificate request has to be"
            " made anew.",
        ),
        StatusReason.REFUSED_BY_CAA: (
            "the CAA records of its names did not permit us to issue until the end of its time",
            "Change the CAA records, so that they name us.",
        ),
        StatusReason.REFUSED_BY_POLICY: (
            "our policy does not allow us to issue it",
            "Tell our support the number of the order if you think that this is a mistake.",
        ),
    },
    Language.KOREAN: ENDS_KO,
}

#: `{first}` alone, with one other name, and with several.
NAMES: dict[Language, tuple[str, str, str]] = {
    Language.ENGLISH: (
        "{first}",
        "{first} and one more name",
        "{first} and {others} more names",
    ),
    Language.KOREAN: ("{first}", "{first} 외 1개 도메인", "{first} 외 {others}개 도메인"),
}

#: Smaller words of a language.
WORDS: dict[Language, dict[str, str]] = {
    Language.ENGLISH: {
        "somebody": "Somebody in your account",
        "by_person": "{name}",
        "by_support": "Our support",
        "never": "not looked at yet",
        "look_yourself": "Publish exactly what is shown here.",
        "caa_forbids": "CAA at {name} does not permit us to issue for it",
        "caa_unknown": "CAA could not be looked up, which is no permission",
        "our_trouble": "nothing of yours; trouble on our side kept us from issuing in time",
        "and_more": "and {count} more",
        "more_names": "{count} more names are missing; the details of the order have them all.",
        "wish_new": "ordered a TLS certificate for {names}",
        "wish_reissue": "asked for a reissue of the TLS certificate for {names}",
        "wish_duplicate": "asked for a duplicate of the TLS certificate for {names}",
        "ending_new": "the order ends, and a new one has to be placed",
        "ending_again": "what was asked for ends; the order and its certificate stay as they are",
        "over_new": "An order that has ended cannot be taken up again.",
        "over_again": "The order and the certificate it has stay as they are.",
        "matter_new": "a certificate",
        "matter_reissue": "a reissue of the certificate",
        "matter_duplicate": "a duplicate of the certificate",
        "matter_revoke": "the revocation of the certificate",
        "one_day": "1 day",
        "days": "{count} days",
        "one_hour": "1 hour",
        "hours": "{count} hours",
        "left": "{hours} left",
        "clock_over": "that time is over",
        "bounced": "Mails to {address} come back: that mailbox does not exist or takes none.",
        "complained": "Whoever reads {address} marked a mail of ours as unwanted.",
        "nobody_known": "nobody in the account",
    },
    Language.KOREAN: WORDS_KO,
}
