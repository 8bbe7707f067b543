"""The same reports for those whose iodef names a web address: posted there, rarely."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from ..domain import iodef
from ..domain.caa import IODEF_CHARACTERS
from ..domain.changes import Change, ChangeKind
from ..domain.errors import Unavailable
from ..domain.iodef_document import MEDIA_TYPE, iodef_document
from ..domain.web_targets import https_target
from ..outgoing_ports import Outgoing, PostCause, PostOutcome
from ..ports import Claims, Clock
from .caa_reports import take

SECONDS = 10.0  # for one post
MOST_A_DAY = 10  # posts that one account's orders may cause
_MOST_URLS = 2  # of one domain
_DIGEST = 32  # hex digits of a host's hash


def post_refusals(
    change: Change, *, claims: Claims, outgoing: Outgoing, clock: Clock, last_try: bool
) -> str:
    """Post a change of kind CAA_REFUSED; what came of it in a few words, "" for other kinds.

    A domain is posted about once a day, a host is posted to once a day, whatever number of domains
    names it, and an account's orders cause ten posts a day at most. Raises Unavailable when it
    should be tried again; on the last try what the other side does not take is given up.
    """
    if change.kind is not ChangeKind.CAA_REFUSED:
        return ""
    outcomes: list[str] = []
    for domain, refused in iodef.by_domain(iodef.read(change.data)).items():
        for url in iodef.web_addresses(refused)[:_MOST_URLS]:
            posting = _Posting(change, claims, outgoing, clock.now())
            outcomes.append(f"{domain}: {posting.post(domain, url, refused, last_try)}")
    return "; ".join(outcomes) or "nothing to post"


class _Posting:
    """One report to one address."""

    def __init__(self, change: Change, claims: Claims, outgoing: Outgoing, now: datetime) -> None:
        self._change = change
        self._claims = claims
        self._outgoing = outgoing
        self._now = now
        self._day = f"{now.astimezone(UTC):%Y-%m-%d}"

    def post(self, domain: str, url: str, refused: Sequence[iodef.Refusal], last_try: bool) -> str:
        """What came of it. Raises Unavailable when it should be tried again."""
        try:
            host = https_target(url).host
        except ValueError as reason:
            return f"not called: {reason}"
        if len(url) >= IODEF_CHARACTERS:
            return "not called: it is too long to be on record as a whole"
        taken: list[str] = []
        try:
            if not self._all_taken(domain, host, taken):
                self._release(taken)
                return "posted before, or too often"
            outcome = self._send(domain, url, refused)
        except Unavailable:
            self._release(taken)
            raise
        if _worth_another(outcome, last_try):
            self._release(taken)
            raise Unavailable(f"the report about {domain} was not taken: {_told(outcome)}")
        for name in taken:
            self._claims.finish(name, _told(outcome))
        return _told(outcome)

    def _all_taken(self, domain: str, host: str, taken: list[str]) -> bool:
        digest = hashlib.sha256(host.encode()).hexdigest()[:_DIGEST]
        for name in (f"{domain}-{digest}", f"host-{digest}"):
            if not take(f"caa-post-{self._day}-{name}", taken, self._claims, self._now):
                return False
        account = f"caa-post-{self._day}-account-{self._change.account_id}"
        return any(
            take(f"{account}-{number}", taken, self._claims, self._now)
            for number in range(MOST_A_DAY)
        )

    def _release(self, taken: Sequence[str]) -> None:
        for name in taken:
            self._claims.release(name)

    def _send(self, domain: str, url: str, refused: Sequence[iodef.Refusal]) -> PostOutcome:
        change = self._change
        document = iodef_document(
            domain,
            refused,
            change.at,
            incident=change.change_id,
            reference=f"order {change.order_id}",
        )
        return self._outgoing.post(url, document, {"Content-Type": MEDIA_TYPE}, timeout=SECONDS)


def _worth_another(outcome: PostOutcome, last_try: bool) -> bool:
    """Whether to try again: not for ever where it is the other side that fails."""
    if outcome.delivered or outcome.hopeless:
        return False
    return not last_try or outcome.cause is PostCause.OWN_TROUBLE


def _told(outcome: PostOutcome) -> str:
    status = f" {outcome.status}" if outcome.status else ""
    return f"{outcome.cause}{status}{': ' if outcome.detail else ''}{outcome.detail[:200]}"
