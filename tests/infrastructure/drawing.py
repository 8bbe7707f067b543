"""State machines as Mermaid draws them, from the committed files."""

from __future__ import annotations

import re

from tests.infrastructure.machines import definition


def mermaid(name: str) -> str:
    """The diagram of one machine: its states, where each leads, and on what word of the check."""
    machine = definition(name)
    lines = ["stateDiagram-v2", f"    [*] --> {_id(machine['StartAt'])}"]
    for key, state in machine["States"].items():
        if _id(key) != key:
            lines.append(f'    state "{key}" as {_id(key)}')
        for choice in state.get("Choices", ()):
            lines.append(f"    {_id(key)} --> {_id(choice['Next'])}: {_words(choice)}")
        for label, to in (("", state.get("Next")), ("otherwise", state.get("Default"))):
            if to:
                lines.append(f"    {_id(key)} --> {_id(to)}" + (f": {label}" if label else ""))
        for caught in state.get("Catch", ()):
            lines.append(f"    {_id(key)} --> {_id(caught['Next'])}: our own trouble")
        if state["Type"] in {"Succeed", "Fail"}:
            lines.append(f"    {_id(key)} --> [*]")
    return "\n".join(lines)


def _id(key: str) -> str:
    return re.sub(r"\W", "", key)


def _words(choice: dict[str, object]) -> str:
    found = re.findall(r"'StringEquals': '([^']+)'", str(choice))
    return ", ".join(found) or "otherwise"
