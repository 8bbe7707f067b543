"""Running workers side by side, one port call at a time, in an order that a seed decides."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.tripwire import Cut, Tripwire


class Interleaving(Tripwire):
    """A Tripwire whose every crossing waits for its turn; turns and kills come by seed.

    A killed worker dies before or after the call it stood at, as the seed says.
    """

    def __init__(self, seed: int, *, kill_chance: float = 0.0) -> None:
        super().__init__()
        self._random = random.Random(seed)
        self._kill_chance = kill_chance
        self._turn: dict[int, threading.Event] = {}
        self._arrived: dict[int, threading.Event] = {}
        self._doom: dict[int, str] = {}
        self.killed = 0

    @contextmanager
    def crossing(self, name: str) -> Iterator[None]:
        me = threading.get_ident()
        if me not in self._turn:  # set-up and assertions run outside any worker
            yield
            return
        self._arrived[me].set()
        self._turn[me].wait()
        self._turn[me].clear()
        self.calls.append(name)
        if self._doom.get(me) == "before":
            raise Cut(f"before {name}")
        yield
        if self._doom.get(me) == "after":
            raise Cut(f"after {name}")

    def run(self, *workers: Callable[[], object]) -> list[object]:
        """All workers to their end, interleaved; what each returned, or the exception it raised."""
        results: list[object] = [None] * len(workers)
        threads = [
            threading.Thread(target=self._work, args=(index, worker, results), daemon=True)
            for index, worker in enumerate(workers)
        ]
        for thread in threads:
            thread.start()
        while live := [thread for thread in threads if thread.is_alive()]:
            self._step(self._random.choice(live))
        return results

    def _step(self, thread: threading.Thread) -> None:
        ident = thread.ident
        assert ident is not None
        while ident not in self._arrived or not self._arrived[ident].wait(0.001):
            if not thread.is_alive():
                return
        self._arrived[ident].clear()
        if self._random.random() < self._kill_chance:
            self._doom[ident] = self._random.choice(("before", "after"))
            self.killed += 1
        self._turn[ident].set()
        while thread.is_alive() and not self._arrived[ident].wait(0.001):
            pass

    def _work(self, index: int, worker: Callable[[], object], results: list[object]) -> None:
        me = threading.get_ident()
        self._turn[me] = threading.Event()
        self._arrived[me] = threading.Event()
        try:
            results[index] = worker()
        except (Exception, Cut) as error:
            results[index] = error
        finally:
            del self._turn[me]
