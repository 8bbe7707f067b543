"""The functions that dry runs ask, in memory: they see what a test publishes, and lint as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.tripwire import Tripwire
from vouchsafe.domain.first_look import FirstLookReport, FirstLookRequest
from vouchsafe.domain.linting import Finding
from vouchsafe.services.first_look import first_look
from vouchsafe.services.looking import Eyes


class FakeFirstLook:
    """Port FirstLook: the real look with a test's `eyes`; raises the next of `failures` instead.

    `meanwhile` runs in each look.
    """

    def __init__(self, eyes: Eyes, tripwire: Tripwire | None = None) -> None:
        self._eyes = eyes
        self._tripwire = tripwire or Tripwire()
        self.asked: list[FirstLookRequest] = []
        self.failures: list[Exception] = []
        self.meanwhile: Callable[[], object] = bool

    def look(self, request: FirstLookRequest) -> FirstLookReport:
        with self._tripwire.crossing("first_look.look"):
            self.asked.append(request)
            self.meanwhile()
            if self.failures:
                raise self.failures.pop(0)
            return first_look(request, self._eyes)


class FakeLintOnly:
    """Port LintOnly: finds what it is told to, and keeps the drafts it was shown."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.findings: list[Finding] = []
        self.drafts: list[bytes] = []
        self.failures: list[Exception] = []
        self.meanwhile: Callable[[], object] = bool

    def certificate(self, der: bytes) -> Sequence[Finding]:
        with self._tripwire.crossing("lint_only.certificate"):
            self.drafts.append(der)
            self.meanwhile()
            if self.failures:
                raise self.failures.pop(0)
            return self.findings
