"""What a dry run needs from the outside: functions that look and judge, and keep nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from .domain.profile_rules import NO_RULES, ProfileRules

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .account_ports import Policies
    from .domain.first_look import FirstLookReport, FirstLookRequest
    from .domain.linting import Finding
    from .mail_ports import ContactFinder
    from .ports import Issuers

#: How long a dry run takes at most, with room for a cold start within the 20 seconds
#: that clients are promised.
PATIENCE = timedelta(seconds=15)


class FirstLook(Protocol):
    """Looks at names of no order. Nobody else opens connections to what customers name."""

    def look(self, request: FirstLookRequest) -> FirstLookReport:
        """Look now. Raises Unavailable when there is no answer in time."""


class LintOnly(Protocol):
    """Judges drafts that nobody will sign."""

    def certificate(self, der: bytes) -> Sequence[Finding]:
        """Findings about a DER certificate. Raises Unavailable when there is no answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPorts:
    """What dry runs are made with, besides what orders are placed with.

    `agreement` is the version of the subscriber agreement in force, "" where there is none.
    """

    policies: Policies
    issuers: Issuers
    first_look: FirstLook
    linter: LintOnly
    contacts: ContactFinder | None
    publication_url: str
    agreement: str = ""
    profile_rules: ProfileRules = NO_RULES
    patience: timedelta = PATIENCE
