"""`make demo`: the main job on a stack of its own, from nothing to a revoked certificate.

Exits 0 only when every step was really seen. Whatever happens, it stops what it started.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tests.lab.accounts import AGREEMENT, first_account
from tests.lab.deploy import Options
from tests.lab.stack import Stack
from tests.lab.story import Story
from tests.lab.timeline import Timeline

FIRST_GAP = 5  # seconds
_TAIL = 15  # lines of a log
_NOISE = "unpublished metrics"  # SAM's translator says so at every template

_INTRODUCTION = """Vouchsafe: a certificate authority, from an order to a revoked certificate.

Everything runs on this machine: the service's own templates on an emulator of AWS (IAM enforced),
real DNS servers on loopback, and OpenSSL to check what comes out."""

_END = """
Done in {seconds:.0f} s: ordered, proven from six regions, issued, verified, revoked, published.

  the certificate, its key and chain   {certificate}
  logs                                 {logs}
  the service as code                  template.yaml, perspective.yaml, statemachines/

Next:  make up     the same stack as a service, with a key and a curl command to paste
       make test   everything that is checked about it"""


def tell(stack: Stack, line: Timeline) -> None:
    """Bring a stack up and tell the story on it."""
    line.say(_INTRODUCTION)
    line.title("The stack comes up")
    with line.life("starting and deploying"):
        stack.start(line.begun)
    line.seen(f"the service answers at {stack.front}/services/v2")
    line.title("The first account and its administrator's key")
    account = first_account(stack)
    line.seen(f"account {account.account_id}; key (shown this once): {account.key}")
    line.seen(f"its administrator accepted version {AGREEMENT} of the subscriber agreement")
    Story(stack, account, line).tell()


def explain(stack: Stack, line: Timeline, trouble: BaseException) -> None:
    """Say what failed and show the ends of the logs that changed last."""
    line.failed(f"{type(trouble).__name__}: {trouble}")
    logs = sorted(stack.logs.glob("*.log"), key=lambda path: path.stat().st_mtime)
    for log in logs[-2:]:
        line.say(f"\nthe end of {log}:")
        line.say("\n".join(f"| {row}" for row in _tail(log)))
    line.say(f"\nall logs are in {stack.logs}")


def _tail(log: Path) -> list[str]:
    rows = log.read_text(errors="replace").splitlines()
    return [row for row in rows if _NOISE not in row][-_TAIL:]


def main() -> int:
    """Run the demo; 0 when every step was seen, 130 when it was interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    line = Timeline()
    stack = Stack("demo", Options(first_gap=FIRST_GAP))
    try:
        tell(stack, line)
        line.say(
            _END.format(
                seconds=line.seconds, certificate=stack.home / "certificate", logs=stack.logs
            )
        )
        return 0
    except KeyboardInterrupt:
        line.failed("interrupted")
        return 130
    except Exception as trouble:  # whatever it was, a person must read it
        explain(stack, line, trouble)
        return 1
    finally:
        stopped = stack.stop()
        if stopped:
            line.say(f"stopped: {', '.join(stopped)}")


if __name__ == "__main__":
    sys.exit(main())
