"""`make account NAME=…`: a further account on the running stack, with its administrator's key."""

from __future__ import annotations

import os
import sys

from tests.lab.accounts import AGREEMENT, create
from tests.lab.stack import Stack


def main() -> int:
    """Make it and show the key, once."""
    name = os.environ.get("NAME", "").strip()
    stack = Stack("up")
    if not name:
        print("An account needs a name: make account NAME=Second")
        return 2
    if not stack.running():
        print("There is no running stack; start one with: make up")
        return 1
    made = create(stack, name)
    print(f"account    {made.account_id}\nkey        {made.key}   (shown this once)")
    print(f"agreement  version {AGREEMENT} of the subscriber agreement, accepted for it just now")
    return 0


if __name__ == "__main__":
    sys.exit(main())
