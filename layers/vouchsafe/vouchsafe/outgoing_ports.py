"""Messages to web addresses that outsiders named: reports, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PostCause(StrEnum):
    """How an attempt to post ended."""

    ANSWERED = "answered"  # with any status but a redirect
    REDIRECTED = "redirected"  # with one, which is not followed
    FORBIDDEN_URL = "forbidden_url"
    NO_ADDRESS = "no_address"
    SPECIAL_ADDRESS = "special_address"
    DNS_FAILED = "dns_failed"
    REFUSED = "refused"  # the connection was refused or broken off
    TLS_FAILED = "tls_failed"
    TIME_OUT = "time_out"
    MALFORMED = "malformed"  # no HTTP, or too much of it
    OWN_TROUBLE = "own_trouble"


#: What is the same tomorrow unless somebody changes the URL itself.
_FOR_GOOD = frozenset({PostCause.FORBIDDEN_URL})


@dataclass(frozen=True, slots=True)
class PostOutcome:
    """What came of one attempt.

    `status` is 0 and `first_bytes` empty where nothing came back; `detail` is a plain reason,
    `address` the one that was connected to.
    """

    status: int
    first_bytes: bytes
    cause: PostCause
    detail: str = ""
    address: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the other side took it (2xx)."""
        return self.cause is PostCause.ANSWERED and 200 <= self.status <= 299  # noqa: PLR2004

    @property
    def hopeless(self) -> bool:
        """Whether trying the same again cannot end otherwise."""
        return self.cause in _FOR_GOOD


class Outgoing(Protocol):
    """Posts to https addresses of the public internet, and nowhere else."""

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> PostOutcome:
        """One attempt, over after `timeout` seconds. Redirects are not followed.

        `headers` come beside Host, User-Agent, Content-Length and Connection, which are ours.
        Trouble of the other side is an outcome; ValueError is for headers that cannot be sent.
        """
