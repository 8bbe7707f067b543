"""Drafts of certificates that nobody will sign, and what the gate and the linter say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.linting import Finding, LintRefused
from ..domain.profile_rules import ProfileRules
from ..ports import Entropy, Issuers
from ..trial_ports import LintOnly
from .outlooks import Linted

if TYPE_CHECKING:
    from ..domain.drafting import IssuanceRequest


@dataclass(frozen=True, slots=True)
class TrialDrafting:
    """What a draft is made with here: no key, and a serial that is nobody's."""

    issuers: Issuers
    entropy: Entropy
    publication_url: str
    profile_rules: ProfileRules


def linted(request: IssuanceRequest, linter: LintOnly) -> Linted:
    """The draft past our own gate and the linter, in the way every certificate takes."""
    from ..domain.drafting import prepare

    said: list[Finding] = []

    def lint(der: bytes) -> Sequence[Finding]:
        said.extend(linter.certificate(der))
        return said

    try:
        prepare(request, lint=lint)
    except LintRefused as refused:
        return Linted(findings=tuple(said) or refused.findings, refused=refused.findings)
    return Linted(findings=tuple(said))
