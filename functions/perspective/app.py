"""A remote perspective: looks from where it stands and reports. Has no right to anything in AWS."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from vouchsafe.adapters.looker import NetworkLooker, network_looker
from vouchsafe.domain.wire import request_from_json, to_json
from vouchsafe.settings import Settings


@cache
def _looker() -> NetworkLooker:
    """Put together here, not by the composition root: that would load what only others need."""
    return network_looker(Settings.from_environment(os.environ))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take a LookRequest, give a LookReport, both as JSON. Raises ValueError for another shape."""
    return to_json(_looker().look(request_from_json(event)))
