"""Many workers on one clock that jumps: who waits longest ago for the earliest moment runs next.

Workers are threads of which one runs at any time, so a simulation is the same on every machine.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count


class VirtualTime:
    """The clock, the waiting, and the workers."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._stopped = threading.Semaphore(0)
        self._troubles: list[BaseException] = []
        self.seconds = 0.0

    def now(self) -> datetime:
        """Port Clock."""
        return self._start + timedelta(seconds=self.seconds)

    def at(self, seconds: float, work: Callable[[], None]) -> None:
        """Start a worker at that moment."""
        self._push(seconds, lambda: self._start_worker(work))

    def _push(self, seconds: float, resume: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (seconds, next(self._order), resume))

    def _start_worker(self, work: Callable[[], None]) -> None:
        def body() -> None:
            try:
                work()
            except BaseException as trouble:
                self._troubles.append(trouble)
            finally:
                self._stopped.release()

        threading.Thread(target=body, daemon=True).start()

    def sleep(self, seconds: float) -> None:
        """The calling worker waits so long; others go on."""
        woken = threading.Event()
        self._push(self.seconds + seconds, woken.set)
        self._stopped.release()
        woken.wait()

    def run(self) -> None:
        """Until nobody waits any more. Raises what any worker raised."""
        while self._queue and not self._troubles:
            self.seconds, _, resume = heapq.heappop(self._queue)
            resume()
            self._stopped.acquire()
        if self._troubles:
            raise self._troubles[0]
