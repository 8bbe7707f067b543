"""The real time and the real dice: the only place that reads either."""

from __future__ import annotations

import random
import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """Port Clock over the machine's clock."""

    def now(self) -> datetime:
        """The time now, aware, UTC."""
        return datetime.now(UTC)


class OsEntropy:
    """Port Entropy over the operating system's generator."""

    def bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes, fit for serial numbers and secrets."""
        return secrets.token_bytes(count)


def pause(seconds: float) -> None:
    """Wait between half of `seconds` and all of them, so that those who wait do not march."""
    time.sleep(random.uniform(seconds / 2, seconds))
