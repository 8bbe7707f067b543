"""The kinds of letters, and the languages they come in."""

from __future__ import annotations

from enum import StrEnum


class LetterKind(StrEnum):
    """What a mail is for."""

    PUBLISH_RECORDS = "publish_records"
    PUBLISH_FILES = "publish_files"  # on web servers
    PROVE_CONTROL = "prove_control"  # by a method that publishes nothing
    PROOF_MISSING = "proof_missing"
    NOBODY_LEFT = "nobody_left"  # every mail that asked for an approval came back
    ISSUED = "issued"
    TIMED_OUT = "timed_out"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    APPROVAL_NEEDED = "approval_needed"
    APPROVAL_REMINDER = "approval_reminder"
    REVOCATION_NEEDED = "revocation_needed"  # an approval of one
    REVOCATION_REMINDER = "revocation_reminder"
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REVOCATION_APPROVED = "revocation_approved"
    REVOCATION_DECLINED = "revocation_declined"
    ORGANIZATION_VALIDATED = "organization_validated"
    ORGANIZATION_REJECTED = "organization_rejected"
    ORGANIZATION_EXPIRING = "organization_expiring"
    ORGANIZATION_EXPIRED = "organization_expired"
    DOMAIN_EXPIRING = "domain_expiring"
    DOMAIN_EXPIRED = "domain_expired"
    CONTACT_TROUBLE = "contact_trouble"
    WEBHOOK_FAILING = "webhook_failing"
    WEBHOOK_SWITCHED_OFF = "webhook_switched_off"
    KEY_REPORTED = "key_reported"  # this and what follows: for operators
    REAUDIT_FOUND = "reaudit_found"
    PROBLEM_REPORTED = "problem_reported"
    PROBLEM_REMINDER = "problem_reminder"
    PROBLEM_ACKNOWLEDGED = "problem_acknowledged"  # this and what follows: for whoever reported
    PROBLEM_PRELIMINARY = "problem_preliminary"  # and for the subscriber
    PROBLEM_REVOKED = "problem_revoked"
    PROBLEM_DECLINED = "problem_declined"


class Language(StrEnum):
    ENGLISH = "en"
    KOREAN = "ko"


def language_of(locale: str) -> Language:
    """The language we have for a locale such as `ko_KR`; English for all others."""
    return Language.KOREAN if locale.lower().startswith("ko") else Language.ENGLISH


def language_of_country(country: str) -> Language:
    """For people of whom nothing but their organization's country is known (two letters)."""
    return Language.KOREAN if country.upper() == "KR" else Language.ENGLISH
