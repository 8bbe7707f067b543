"""A sender that goes nowhere: it notes what would be posted, and answers as told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vouchsafe.domain.outgoing import check_message
from vouchsafe.domain.web_targets import https_target
from vouchsafe.outgoing_ports import PostCause, PostOutcome


@dataclass
class FakeOutgoing:
    """Port Outgoing. `causes` by URL: how posts there end instead of with `status`."""

    status: int = 200
    causes: dict[str, PostCause] = field(default_factory=dict)
    posted: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> PostOutcome:
        check_message(body, headers)
        try:
            https_target(url)
        except ValueError as reason:
            return PostOutcome(0, b"", PostCause.FORBIDDEN_URL, str(reason))
        self.posted.append((url, body, dict(headers)))
        cause = self.causes.get(url, PostCause.ANSWERED)
        return PostOutcome(self.status if cause is PostCause.ANSWERED else 0, b"", cause)
