"""What a person at the terminal sees: time stamps, plain words, signs of life while waiting."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TextIO

_TICK = 0.5  # seconds between two looks of a wait
_LINE_EVERY = 10.0  # seconds between signs of life where there is no terminal


class Unseen(Exception):
    """A step of the story did not happen; the text says which and what was seen instead."""


class Timeline:
    """Prints the story with seconds since its start. Colour only on a terminal."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = output or sys.stdout
        self._start = time.monotonic()
        self._tty = self._output.isatty()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def title(self, text: str) -> None:
        """The beginning of a step."""
        self._write("")
        self._write(f"{self._stamp()}  {self._paint('1', text)}")

    def say(self, text: str) -> None:
        """One or more lines below the step."""
        for line in text.splitlines() or [""]:
            self._write(f"          {line}")

    def begun(self, text: str) -> None:
        """Something that takes a while begins."""
        self._write(f"{self._stamp()}  … {text}")

    def seen(self, text: str) -> None:
        """Something that was really checked."""
        self._write(f"{self._stamp()}  {self._paint('32', 'ok')} {text}")

    def failed(self, text: str) -> None:
        self._write(f"{self._stamp()}  {self._paint('31', 'FAILED')} {text}")

    def expect(self, condition: object, text: str, instead: object = "") -> None:
        """Print `text` as seen, or raise Unseen with what was there instead."""
        if not condition:
            self._fail(text, instead)
        self.seen(text)

    @contextmanager
    def life(self, doing: str) -> Iterator[None]:
        """Say what is being done, and show signs of life until it is over."""
        self.begun(doing)
        over = threading.Event()
        thread = threading.Thread(target=self._tick, args=(doing, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            if self._tty:
                self._output.write("\r\033[K")
                self._output.flush()

    def wait[T](self, what: str, probe: Callable[[], T | None], within: float) -> T:
        """The first answer of `probe` that is not None or False. Raises Unseen when time is up."""
        deadline = time.monotonic() + within
        with self.life(f"waiting until {what}"):
            while True:
                answer = probe()
                if answer:
                    return answer
                if time.monotonic() > deadline:
                    self._fail(what, f"nothing of the kind within {within:.0f} s")
                time.sleep(_TICK)

    def _fail(self, text: str, instead: object) -> NoReturn:
        raise Unseen(f"{text}; instead: {instead}" if instead != "" else text)

    def _tick(self, doing: str, over: threading.Event) -> None:
        began = time.monotonic()
        if self._tty:
            for sign in itertools.cycle("|/-\\"):
                if over.wait(0.2):
                    return
                waited = time.monotonic() - began
                self._output.write(f"\r            {sign} {waited:.0f} s")
                self._output.flush()
        while not over.wait(_LINE_EVERY):
            self._write(f"{self._stamp()}    still {doing} ({time.monotonic() - began:.0f} s)")

    def _stamp(self) -> str:
        return f"{self.seconds:6.1f} s"

    def _paint(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._tty else text

    def _write(self, text: str) -> None:
        over_the_sign = "\r\033[K" if self._tty else ""
        print(f"{over_the_sign}{text}", file=self._output, flush=True)
