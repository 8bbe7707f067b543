"""Limits at the edge: by key, or by source address where there is no key."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from datetime import datetime

from aws_lambda_powertools import Logger

from ..domain.accounts import Principal
from ..domain.errors import ErrorCode, Unavailable, VouchsafeError
from ..domain.limits import Allowance, Limit
from ..ports import RateLimits

_WORDS = "Service unavailable, please limit request volume"
#: A household or a site of IPv6 has this many leading bits in common (RFC 6177).
_SITE = 64


def caller_of_key(principal: Principal) -> str:
    """The name under which the calls of a key are counted."""
    return f"KEY#{principal.key_id}"


def caller_of_source(address: str) -> str:
    """The name under which the calls of an address are counted; one for all of an IPv6 site."""
    try:
        source = ipaddress.ip_address(address)
    except ValueError:
        return "SOURCE#unknown"
    if isinstance(source, ipaddress.IPv6Address):
        site = ipaddress.ip_network((int(source), _SITE), strict=False)
        return f"SOURCE#{site.network_address}"
    return f"SOURCE#{source}"


def take(
    caller: str, limits: Sequence[Limit], now: datetime, *, port: RateLimits | None, log: Logger
) -> Allowance | None:
    """Count one call. None without limits, and when they cannot be asked: then the call passes."""
    if port is None:
        return None
    try:
        return port.take(caller, limits, now)
    except Unavailable as trouble:
        log.warning("limits.unavailable", cause=str(trouble))
        return None


def headers_of(allowance: Allowance | None) -> Mapping[str, str]:
    """What every answer says about the caller's nearest limit."""
    if allowance is None:
        return {}
    return {
        "RateLimit-Limit": str(allowance.limit),
        "RateLimit-Remaining": str(allowance.remaining),
        "RateLimit-Reset": str(allowance.reset),
    }


def refuse_beyond(allowance: Allowance | None) -> None:
    """Raises VouchsafeError(RATE_LIMITED) for a call that was not taken."""
    if allowance is not None and not allowance.taken:
        raise VouchsafeError(ErrorCode.RATE_LIMITED, _WORDS, retry_after=allowance.retry_after)
