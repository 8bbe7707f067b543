"""`make down`: stop the local stack, and nothing that it did not start."""

from __future__ import annotations

import sys

from tests.lab.stack import Stack
from tests.lab.up import STACK_FILE


def main() -> int:
    stopped = Stack("up").stop()
    STACK_FILE.unlink(missing_ok=True)
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
