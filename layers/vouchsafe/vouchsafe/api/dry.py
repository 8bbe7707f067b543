"""Whether a call only asks what it would come to."""

from __future__ import annotations

from .call import Call
from .paging import says_yes
from .route import DRY_RUN


def is_dry(call: Call) -> bool:
    """Whether nothing is to be done. Raises VouchsafeError(INVALID) for an odd value."""
    return says_yes(call.query, DRY_RUN)
