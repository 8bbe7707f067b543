"""What the AWS SDK raises, in our words, by error code; what we do not know flies on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from botocore.exceptions import ClientError, HTTPClientError

from ..domain.errors import Unavailable

_SERVER_ERROR = 500
_TRIES = 5
_FIRST_PAUSE = 0.02  # seconds; doubled each time, with full jitter

#: Refusals that pass by themselves, over all services we use.
_TRANSIENT = frozenset(
    {
        "ConditionalRequestConflict",  # S3: another conditional put of the same key is under way
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
#: Reasons inside a cancelled DynamoDB transaction that say "again", not "no".
_TRANSIENT_REASONS = frozenset(
    {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)


def code_of(error: ClientError) -> str:
    """The service's error code, e.g. `ConditionalCheckFailedException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def reasons_of(error: ClientError) -> list[str]:
    """Why a DynamoDB transaction was cancelled, one word for each action; [] for other errors."""
    response: dict[str, object] = dict(error.response)
    reasons = response.get("CancellationReasons")
    if not isinstance(reasons, list):
        return []
    return [str(reason.get("Code", "None")) for reason in reasons]


def transient(error: ClientError) -> bool:
    """Whether the same call may well succeed in a moment."""
    if code_of(error) == "TransactionCanceledException":
        reasons = reasons_of(error)
        return bool(reasons) and set(reasons) <= _TRANSIENT_REASONS
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(error) in _TRANSIENT or status >= _SERVER_ERROR


def patiently[T](call: Callable[[], T]) -> T:
    """The result of `call`, tried again with growing random pauses while the trouble may pass.

    Raises Unavailable when it did not pass, and ClientError for everything that will not.
    """
    for attempt in range(_TRIES):
        try:
            return call()
        except ClientError as error:
            if not transient(error):
                raise
            cause: Exception = error
        except HTTPClientError as error:  # the SDK has tried again by itself before it says so
            raise Unavailable(str(error)) from error
        time.sleep(random.uniform(0, _FIRST_PAUSE * 2**attempt))
    raise Unavailable(str(cause)) from cause
