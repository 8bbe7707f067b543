"""AWS clients, made once per container. `AWS_ENDPOINT_URL` is honoured by the SDK itself.

They are botocore's own: boto3 makes the same, but loads transfers of files and more before it, a
good part of a cold start.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_CONNECT_SECONDS = 2
_READ_SECONDS = 10
_ATTEMPTS = 4
#: What the API waits for within its own half minute; the work goes on if it takes longer.
_AWAITED_READ_SECONDS = 24
#: A perspective's function may run for 25 seconds; asking again is the next look's business.
_PERSPECTIVE_READ_SECONDS = 27


@cache
def _session() -> Any:
    from botocore.session import Session

    return Session()


@cache
def client(service: str) -> Any:
    """The container's client of an AWS service in its own region."""
    return _session().create_client(service, config=_config(_READ_SECONDS, _ATTEMPTS))


@cache
def hasty_client(service: str) -> Any:
    """A client for what a caller rather goes without than waits for: one second, one attempt."""
    return _session().create_client(service, config=_config(1, 1, connect_seconds=1))


@cache
def awaiting_client(service: str) -> Any:
    """A client for work that a caller waits for: one attempt, as long as the API may wait."""
    return _session().create_client(service, config=_config(_AWAITED_READ_SECONDS, 1))


@cache
def bounded_client(service: str, seconds: int) -> Any:
    """A client for what a caller goes without after so many seconds: one attempt."""
    return _session().create_client(service, config=_config(seconds, 1))


@cache
def lambda_in(region: str) -> Any:
    """A client for the perspectives of one region: one attempt, patient."""
    config = _config(_PERSPECTIVE_READ_SECONDS, 1)
    return _session().create_client("lambda", region_name=region, config=config)


def _config(read_seconds: int, attempts: int, *, connect_seconds: int = _CONNECT_SECONDS) -> Any:
    from botocore.config import Config

    return Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=16,
        tcp_keepalive=True,
    )
