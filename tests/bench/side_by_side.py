"""Our looks beside open-mpic-core's, in turns against the same servers; and the page about it."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.clients.installed import NotInstalled, ensure
from tests.lab.build import ROOT

ADDRESS = "127.40.7.1"
#: Kind, what is checked.
KINDS = {
    "txt": "TXT value at the name",
    "caa": "CAA, five labels up to the set",
    "http": "file over HTTP, address known",
    "http_dns": "file over HTTP, address looked up",
}
BUDGET = 0.6  # of its CPU
#: Milliseconds of CPU measured for it on another machine, for where it cannot be installed.
PUBLISHED = {"txt": 0.47, "caa": 1.94, "http": 0.69, "http_dns": 0.69 + 0.47}
RESULTS = ROOT / ".local" / "bench" / "looks.json"
_ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians of one kind, in milliseconds a check; `ratio` is the median of the rounds' ratios."""

    kind: str
    ours_cpu: float
    ours_wall: float
    theirs_cpu: float
    theirs_wall: float | None
    ratio: float
    measured: bool  # False: against published figures


class Worker:
    """A process that measures on demand."""

    def __init__(self, command: Sequence[str]) -> None:
        paths = (str(ROOT / "layers" / "vouchsafe"), str(ROOT))
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        """What it prints next. Raises RuntimeError when it has ended."""
        assert self._process.stdout is not None
        text = self._process.stdout.readline()
        if not text:
            raise RuntimeError(f"{self._process.args!r} has ended with {self._process.wait()}")
        return text

    def measure(self, kind: str, count: int) -> dict[str, float]:
        """`count` checks one after the other: {"cpu", "wall"} in milliseconds each."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{kind} {count}\n")
        self._process.stdin.flush()
        figures: dict[str, float] = json.loads(self.line())
        return figures

    def end(self) -> None:
        with self._process as process:
            process.terminate()


def their_python() -> Path | None:
    """The interpreter with open-mpic-core; None where it cannot be installed.

    Raises NotInstalled where that is required.
    """
    try:
        return ensure("open-mpic")
    except NotInstalled:
        if os.environ.get("VOUCHSAFE_CLIENTS") == "required":
            raise
        return None


def measured(count: int) -> list[Figure]:
    """All kinds, `count` checks in each of seven rounds, taking turns."""
    with contextlib.ExitStack() as opened:
        server = _started(opened, sys.executable, "-m", "tests.bench.server", ADDRESS)
        where = (ADDRESS, *server.line().split())
        ours = _started(opened, sys.executable, "-m", "tests.bench.ours", *where)
        python = their_python()
        script = str(Path(__file__).with_name("theirs.py"))
        theirs = _started(opened, str(python), script, *where) if python else None
        return [_figure(kind, count, ours, theirs) for kind in KINDS]


def _started(opened: contextlib.ExitStack, *command: str) -> Worker:
    worker = Worker(command)
    opened.callback(worker.end)
    return worker


def _figure(kind: str, count: int, ours: Worker, theirs: Worker | None) -> Figure:
    for worker in filter(None, (ours, theirs)):
        worker.measure(kind, 20)  # warm
    rounds = [
        (ours.measure(kind, count), theirs.measure(kind, count) if theirs else None)
        for _ in range(_ROUNDS)
    ]
    published = PUBLISHED[kind]
    return Figure(
        kind=kind,
        ours_cpu=statistics.median(own["cpu"] for own, _ in rounds),
        ours_wall=statistics.median(own["wall"] for own, _ in rounds),
        theirs_cpu=statistics.median(other["cpu"] if other else published for _, other in rounds),
        theirs_wall=statistics.median(o["wall"] for _, o in rounds if o) if theirs else None,
        ratio=statistics.median(
            own["cpu"] / (other["cpu"] if other else published) for own, other in rounds
        ),
        measured=theirs is not None,
    )


def keep(figures: Sequence[Figure]) -> None:
    """Keep the figures for the page."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(one) for one in figures]))


def lines(figures: Sequence[Figure]) -> Iterator[str]:
    """The figures as rows of a Markdown table."""
    yield "| check | ours, CPU ms | names/s | open-mpic-core, CPU ms | names/s | ratio of CPU |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in figures:
        other = f"{1000 / one.theirs_wall:,.0f}" if one.theirs_wall else "–"
        theirs = f"{one.theirs_cpu:.2f}" + ("" if one.measured else " (published)")
        yield (
            f"| {KINDS[one.kind]} | {one.ours_cpu:.2f} | {1000 / one.ours_wall:,.0f} | {theirs} |"
            f" {other} | {one.ratio:.2f} |"
        )


def machine() -> str:
    """What this machine is, in a few words."""
    model = platform.machine()
    with contextlib.suppress(OSError):
        described = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(
            (line.partition(":")[2].strip() for line in described if line.startswith("model name")),
            model,
        )
    cores = os.cpu_count()
    return f"{cores} cores, {model}, {platform.system()}, CPython {platform.python_version()}"


def page() -> str:
    """docs/benchmarks.md from the figures kept last."""
    figures = [Figure(**one) for one in json.loads(RESULTS.read_text())]
    return _PAGE.format(table="\n".join(lines(figures)), machine=machine(), budget=BUDGET)


_PAGE = """\
# What a look costs

Written by `python -m tests.bench --write`; `make bench` measures, and fails beyond the budgets.

## Beside open-mpic-core

[open-mpic-core](https://pypi.org/project/open-mpic-core/) 6.5.0 is the free library for checks
from several perspectives. Both check the same names of one zone on one name server, and fetch the
same file from one web server, in the same run.

{table}

Machine: {machine}.

- **What is measured.** CPU of the checking process alone (user and system), and checks a second,
  one after the other, on loopback. Ours is a whole look at one name as production makes it:
  session, query, reading, judging, evidence. Theirs is one call of its checker.
- **How.** Three processes: servers, ours, theirs. Each kind is measured in seven rounds in which
  the two take turns; the figures are medians, the ratio is the median of the rounds' ratios.
  Milliseconds move with the machine and with what else runs on it; the ratios hardly do.
- **One question to one server** costs what the first row says, and a fifth of the second row. A
  look asks every server of a zone: two servers cost twice that.
- **The budget** is {budget} of its CPU in every row, held by `tests/bench/test_look_costs.py`.
- **HTTP** twice: with the host's address known to both, and with the address looked up at the
  name server first. As it comes it asks the system's resolver and fetches from port 80 alone, which
  leads to no lab; so its HTTP library is told where hosts are, the second time after a look-up by
  the resolver that it uses for everything else. Ours, besides, holds each address against the
  special-purpose registries and connects to exactly that one.
- Where open-mpic-core cannot be installed, the figures published for it (0.47, 1.94 and 0.69 ms,
  on another machine) stand in, and the table says so.

## Why it costs what it costs

- Queries are put together by hand, and answers read by a reader of our own
  (`adapters/dns_message.py`) which decodes the data of those records alone that were asked for.
  With a general DNS library half of the time went into objects that nobody looks at. The reader is
  held against that library over thousands of garbled messages.
- Threads wait, not an event loop: asynchronous calls cost more CPU for each query and gain nothing
  but waiting, at which threads are as good.
- A TLS context or an HTTP session for each fetch would cost more than the fetch. For http there is
  none, and the standard library reads the answer.

## Many names

250 names, half of them proven, whose two name servers take this long for every answer:

| an answer takes | the values | CAA |
| --- | --- | --- |
| 0.1 s | 2.3 s | 0.5 s |
| 0.5 s | 6.9 s | 1.7 s |
| 1.0 s | 13.2 s | 3.4 s |

The budget is 15 s for the values of one invocation (`tests/unit/validation/test_resolver_rigor.py`
holds it at half a second, CAA included). 128 names are looked at side by side; more would be faster
still, but small name servers lose questions then. A look ends after 20 s in any case, and says
which names it did not reach.
"""
