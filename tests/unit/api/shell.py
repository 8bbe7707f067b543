"""The shell examples of a page, run: curl against the API over fakes, programs in a directory.

Understands what the pages use and no more: quotes, `\\` at a line's end, `<<'EOF'`, `>`, `|`,
`NAME=$(…)` and `$NAME`.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tests.unit.api.driving import Api, Reply

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ASSIGNMENT = re.compile(r"(\w+)=\$\((.*)\)", re.DOTALL)
_HERE = "<<'EOF'"
#: Those that make files and take answers apart; they run as they are.
_PROGRAMS = {"python3": sys.executable, "openssl": "openssl"}
#: curl's options with a value, by what they are for here.
_WITH_VALUE = {
    "-X": "method",
    "-H": "headers",
    "-d": "data",
    "--data-binary": "data",
    "--data-urlencode": "pairs",
    "-o": "into",
}
_WITHOUT_VALUE = {"-s", "-G", "-f"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced part of a page, and the heading it stands under."""

    heading: str
    language: str
    text: str


def blocks_of(page: str) -> list[Block]:
    """All fenced blocks of a Markdown page, in their order."""
    found = []
    for part in re.split(r"^## ", page, flags=re.MULTILINE):
        heading = part.partition("\n")[0].strip("# ")
        found += [Block(heading, *fence.groups()) for fence in _FENCE.finditer(part)]
    return found


def statements(text: str) -> Iterator[tuple[str, str]]:
    """The statements of a script, each with the lines of its here-document."""
    lines, buffer = iter(text.splitlines()), ""
    for line in lines:
        buffer += line
        if buffer.endswith("\\"):
            buffer = buffer[:-1] + " "
        elif not _is_whole(buffer):
            buffer += "\n"
        elif buffer.strip():
            here = takewhile(lambda each: each != "EOF", lines) if _HERE in buffer else ()
            yield buffer.replace(_HERE, "").strip(), "\n".join(here)
            buffer = ""
    assert not buffer.strip(), f"an unfinished statement: {buffer}"


def _is_whole(text: str) -> bool:
    try:
        shlex.split(text)
    except ValueError:  # a quote is open
        return False
    return True


@dataclass
class Shell:
    """Runs statements. `asked` are the answers to all curl commands, with what was asked."""

    api: Api
    directory: Path
    variables: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)  # as the page has them → as they are here
    asked: list[tuple[str, str, Reply]] = field(default_factory=list)

    def run(self, statement: str, here: str = "") -> None:
        """One statement. Raises AssertionError for what is not understood."""
        assignment = _ASSIGNMENT.fullmatch(statement)
        if assignment is None:
            self._pipeline(statement, here)
        else:
            self.variables[assignment[1]] = self._pipeline(assignment[2], "").decode().strip()

    def _pipeline(self, text: str, here: str) -> bytes:
        filled = re.sub(r"\$(\w+)", lambda name: self.variables[name[1]], text)
        lexer = shlex.shlex(filled, posix=True, punctuation_chars="|>")
        lexer.whitespace_split, lexer.commenters = True, ""
        words, flow = list(lexer), here.encode()
        while words:
            command = list(takewhile(lambda word: word != "|", words))
            words = words[len(command) + 1 :]
            flow = self._command(command, flow)
        return flow

    def _command(self, command: list[str], given: bytes) -> bytes:
        into = None
        if ">" in command:
            into = command[command.index(">") + 1]
            command = command[: command.index(">")]
        program, *arguments = command
        made = self._curl(arguments) if program == "curl" else self._other(command, given)
        if into is not None:
            (self.directory / into).write_bytes(made)
        return made

    def _other(self, command: list[str], given: bytes) -> bytes:
        program = [_PROGRAMS[command[0]], *command[1:]]
        done = subprocess.run(  # noqa: S603
            program, cwd=self.directory, input=given, capture_output=True, check=True
        )
        return done.stdout

    def _curl(self, arguments: list[str]) -> bytes:
        address, options, switches = _read(arguments)
        url = urlsplit(address)
        base = self.variables["BASE"]
        assert address.startswith(f"{base}/"), address
        path = "/".join(self.ids.get(part, part) for part in url.path.split("/"))
        pairs = [pair.partition("=")[::2] for pair in options.get("pairs", [])]
        if pairs:
            assert "-G" in switches, "--data-urlencode without -G is a body"
        query = dict([*parse_qsl(url.query, keep_blank_values=True), *pairs])
        data = options.get("data", [None])[-1]
        body = (self.directory / data[1:]).read_text() if data and data[0] == "@" else data
        method = options.get("method", ["GET" if body is None else "POST"])[-1]
        below = path.removeprefix(urlsplit(base).path + "/")
        headers = dict(each.split(": ", 1) for each in options.get("headers", []))
        reply = self.api.call(method, below, body, key=None, headers=headers, query=query)
        self.asked.append((method, below, reply))
        for name in options.get("into", []):
            (self.directory / name).write_bytes(reply.content)
        return reply.content


def _read(arguments: list[str]) -> tuple[str, dict[str, list[str]], set[str]]:
    """The address, the options with their values, and the switches of a curl command."""
    words, options = iter(arguments), dict[str, list[str]]()
    switches, addresses = set[str](), []
    for word in words:
        if word in _WITH_VALUE:
            options.setdefault(_WITH_VALUE[word], []).append(next(words))
        elif word in _WITHOUT_VALUE:
            switches.add(word)
        else:
            assert not word.startswith("-"), f"curl {word} is not understood"
            addresses.append(word)
    (address,) = addresses
    return address, options, switches
