"""The remote perspectives: one Lambda function in each of several regions, asked at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..domain.looking import LookReport, LookRequest
from ..domain.regions import REGIONS, placement_flaws
from ..domain.wire import report_from_json, to_json

_REGION_FIELD = 3  # arn:aws:lambda:REGION:ACCOUNT:function:NAME
_SHOWN = 200  # characters of an error


class LambdaPerspectives:
    """Port Perspectives. `client_for(region)` makes a Lambda client; its time-out is the call's.

    The invocation is authenticated and encrypted by AWS, as BR 3.2.2.9 asks of the link. Raises
    ValueError for functions in regions too near to each other, or to `home`, the primary's own.
    """

    def __init__(
        self, arns: Sequence[str], client_for: Callable[[str], Any], *, home: str = ""
    ) -> None:
        if flaws := placement_flaws([region_of(arn) for arn in arns], home):
            raise ValueError("; ".join(flaws))
        self._arns = tuple(arns)
        self._client_for = client_for

    def ask(self, request: LookRequest) -> Sequence[LookReport]:
        """One report from each place, as the ARNs stand; a failed call is a report with `error`."""
        if not self._arns:
            return ()
        payload = json.dumps(to_json(request)).encode()
        # Clients are made here, one after the other: making them is not safe in threads.
        clients = [self._client_for(region_of(arn)) for arn in self._arns]
        with ThreadPoolExecutor(len(self._arns)) as pool:
            calls = [
                pool.submit(_invoke, client, arn, payload)
                for client, arn in zip(clients, self._arns, strict=True)
            ]
            return tuple(
                _report(arn, call.result) for arn, call in zip(self._arns, calls, strict=True)
            )


def region_of(arn: str) -> str:
    """The region in a function's ARN. Raises ValueError for what is no ARN."""
    parts = arn.split(":")
    if len(parts) <= _REGION_FIELD or parts[0] != "arn":
        raise ValueError(f"{arn!r} is not an ARN")
    return parts[_REGION_FIELD]


def _invoke(client: Any, arn: str, payload: bytes) -> LookReport:
    answer = client.invoke(FunctionName=arn, InvocationType="RequestResponse", Payload=payload)
    body = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise ValueError(f"the function failed: {str(body.get('errorMessage', body))}")
    return _checked(report_from_json(body), region_of(arn))


def _checked(report: LookReport, region: str) -> LookReport:
    """A report that comes from where we asked: a perspective's place is not its own word alone."""
    if report.perspective != region or report.rir != REGIONS[region].rir:
        raise ValueError(f"calls itself {report.perspective} ({report.rir}) in region {region}")
    return report


def _report(arn: str, result: Callable[[], LookReport]) -> LookReport:
    from botocore.exceptions import BotoCoreError, ClientError

    region = region_of(arn)
    try:
        return result()
    except (BotoCoreError, ClientError, ValueError) as error:
        return LookReport(
            perspective=region,
            rir=REGIONS[region].rir,
            error=f"{type(error).__name__}: {error}"[:_SHOWN],
        )
