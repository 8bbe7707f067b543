"""Checks an exported audit log without the service: python -m vouchsafe.audit verify FILE.

Needs the standard library alone. docs/audit-log.md says what a file proves and what it cannot.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .domain.audit import FIELDS, NOTHING_BEFORE, canonical, digest_of, hash_of

_HASH_DIGITS = 64
_OWN_FIELDS = {"number", "previous", "format", "hash"}


class NotVerified(Exception):
    """The file is not what the service exported, or contradicts itself or a head known before."""


@dataclass(frozen=True, slots=True)
class KnownHead:
    """A number and the hash that its entry had, noted at an earlier time."""

    number: int
    hash: str


@dataclass(slots=True)
class _Log:
    """What was read so far: the entries, and what the pages said."""

    account_id: int | None = None
    filters: dict[str, str] = field(default_factory=dict)
    after: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    heads: list[KnownHead] = field(default_factory=list)  # a page's each
    next: int | None = None  # where the next page begins; None after the last one

    @property
    def head(self) -> KnownHead:
        """How far the log went when the last page was made."""
        return self.heads[-1]


def verify(content: bytes, known: KnownHead | None = None) -> list[str]:
    """What the file proves, in sentences. Raises NotVerified with the first flaw found.

    `content` is one page of an export or several in a row. `known` is a head noted earlier: the log
    must still hold that entry.
    """
    log = _read(content)
    plain, unlinked = _check_rows(log)
    _check_heads(log)
    return _told(log, plain, unlinked) + _held_against(log, known)


def _read(content: bytes) -> _Log:
    """The pages of the file, each checked for itself and against the one before."""
    if not content.endswith(b"\n"):
        raise NotVerified("the file does not end with a whole line")
    log, start, at = _Log(), 0, 0
    page: list[dict[str, Any]] = []
    for line in content[:-1].split(b"\n"):
        value = _parsed(line, at)
        if "digest" in value:
            _check_end(value, content[start:at], page, start)
            _add(log, page, value)
            page, start = [], at + len(line) + 1
        else:
            page.append(value)
        at += len(line) + 1
    if page or not log.heads:
        raise NotVerified("the last page has no end: the file was cut off")
    return log


def _parsed(line: bytes, at: int) -> dict[str, Any]:
    try:
        value = json.loads(line.decode(), parse_float=_refused, parse_constant=_refused)
        exact = isinstance(value, dict) and canonical(value) == line
    except (ValueError, TypeError, RecursionError):
        exact = False
    if not exact:
        raise NotVerified(f"the line at byte {at} is not an object in canonical JSON")
    return value  # type: ignore[no-any-return]


def _refused(text: str) -> Any:
    raise ValueError(text)


def _check_end(
    end: dict[str, Any], body: bytes, page: Sequence[dict[str, Any]], start: int
) -> None:
    said = {name: value for name, value in end.items() if name != "digest"}
    if end["digest"] != digest_of(body, said):
        raise NotVerified(f"the page at byte {start} was changed: its digest is another one")
    if set(said) != {"end", "next"} or said["end"] != len(page) - 1 or not page:
        raise NotVerified(f"the page at byte {start} does not hold what its end says")
    if set(page[0]) != {"account_id", "after", "audit_log", "begins", "filters", "head"}:
        raise NotVerified(f"the page at byte {start} does not begin as pages do")


def _add(log: _Log, page: Sequence[dict[str, Any]], end: dict[str, Any]) -> None:
    said, *rows = page
    if not log.heads:
        log.account_id, log.after = said["account_id"], said["after"]
        log.filters = said["filters"]
    elif (said["account_id"], said["filters"]) != (log.account_id, log.filters):
        raise NotVerified("the pages are of different accounts or filters")
    elif said["after"] != (expected := log.head.number if log.next is None else log.next):
        raise NotVerified(f"a page is missing: none goes on after number {expected}")
    log.rows += rows
    log.next = end["next"]
    log.heads.append(KnownHead(said["head"]["number"], said["head"]["hash"]))


def _check_rows(log: _Log) -> tuple[int, int]:
    """Check every entry and link; how many entries have no hash, how many stand alone."""
    plain = unlinked = 0
    last, previous = log.after, "" if log.after else NOTHING_BEFORE
    for row in log.rows:
        _check_row(row, log)
        number = row["number"]
        if number <= last:
            raise NotVerified(f"number {number} stands after number {last}")
        if number != last + 1 and not log.filters:
            raise NotVerified(f"number {last + 1} is missing: number {number} stands in its place")
        if not row["hash"]:
            if previous not in {"", NOTHING_BEFORE}:
                raise NotVerified(f"number {number} has no hash, although earlier numbers have one")
            previous, plain = NOTHING_BEFORE, plain + 1
        elif previous and number == last + 1:
            if row["previous"] != previous:
                raise NotVerified(f"number {number} does not follow what stands before it")
            previous = row["hash"]
        else:
            previous, unlinked = row["hash"], unlinked + 1
        last = number
    if log.rows and plain == len(log.rows):
        raise NotVerified("no entry has a hash: there is nothing to verify")
    return plain, unlinked


def _check_row(row: dict[str, Any], log: _Log) -> None:
    form = row.get("format")
    fields = FIELDS.get(form or 1) if isinstance(form, int) else None
    if fields is None or set(row) != {*fields, *_OWN_FIELDS}:
        raise NotVerified("an entry does not have the fields of its format")
    number = row["number"]
    if not isinstance(number, int):
        raise NotVerified("an entry has no number")
    if row["account_id"] != log.account_id:
        raise NotVerified(f"number {number} is of another account")
    if form and hash_of({n: v for n, v in row.items() if n != "hash"}) != row["hash"]:
        raise NotVerified(f"number {number} was changed: its hash is another one")
    if not form and (row["hash"] or row["previous"]):
        raise NotVerified(f"number {number} has a hash, although its format has none")


def _check_heads(log: _Log) -> None:
    """The heads that pages name are entries of the file, as far as it reaches; so is the last."""
    hashes = {row["number"]: row["hash"] for row in log.rows}
    for head in log.heads:
        if hashes.get(head.number, head.hash) != head.hash:
            raise NotVerified(f"number {head.number} is not the head that a page names")
    reached = log.rows[-1]["number"] if log.rows else log.after
    if log.next is None and not log.filters and reached != log.head.number:
        raise NotVerified("the export does not end with the head that it names")


def _told(log: _Log, plain: int, unlinked: int) -> list[str]:
    hashed = len(log.rows) - plain
    pages = "1 page" if len(log.heads) == 1 else f"{len(log.heads)} pages"
    told = [f"Account {log.account_id}: {len(log.rows)} entries in {pages}."]
    if plain:
        told.append(f"{plain} entries were recorded before there were hashes: not verified.")
    if hashed:
        told.append(f"{hashed} entries have the hashes that they say: none of them was changed.")
    if log.filters:
        said = ", ".join(f"{name} {text}" for name, text in log.filters.items())
        told.append(
            f"The export is filtered ({said}): what was left out cannot be verified;"
            f" {unlinked} entries stand without the one before."
        )
    elif log.rows:
        first, last = log.rows[0]["number"], log.rows[-1]["number"]
        told.append(f"Numbers {first} to {last} are complete and in order.")
        if log.after:
            told.append(f"What stands before number {first} is not in the file.")
    if log.next is not None:
        told.append(f"The log goes on after number {log.next}; the file does not.")
    head = f"Head: {log.head.number}:{log.head.hash}" if log.head.hash else "Head: none yet"
    return [*told, head]


def _held_against(log: _Log, known: KnownHead | None) -> list[str]:
    if known is None:
        return []
    row = next((row for row in log.rows if row["number"] == known.number), None)
    if row is None:
        raise NotVerified(f"number {known.number} of the earlier head is not in the file")
    if row["hash"] != known.hash:
        raise NotVerified(f"number {known.number} was rewritten: it had the hash {known.hash}")
    if log.filters:
        return [f"Number {known.number} is as it was in the earlier head."]
    return [f"Nothing up to number {known.number} was rewritten since the earlier head."]


def known_head(text: str) -> KnownHead:
    """`number:hash`. Raises ArgumentTypeError for other text."""
    number, _, found = text.partition(":")
    digits = set(found) <= set("0123456789abcdef") and len(found) == _HASH_DIGITS
    if not (number.isascii() and number.isdigit() and digits):
        why = "a head is a number, a colon and 64 lower-case hexadecimal digits"
        raise argparse.ArgumentTypeError(why)
    return KnownHead(int(number), found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a file and say what came of it; 0 when it holds, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m vouchsafe.audit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("verify", help="verify an export")
    command.add_argument("file", type=Path, help="pages of application/x-ndjson, one after another")
    command.add_argument("--head", type=known_head, metavar="NUMBER:HASH", help="one kept before")
    given = parser.parse_args(arguments)
    try:
        told = verify(given.file.read_bytes(), given.head)
    except NotVerified as flaw:
        sys.stdout.write(f"NOT VERIFIED: {flaw}.\n")
        return 1
    except OSError as error:
        sys.stdout.write(f"NOT VERIFIED: the file cannot be read: {error.strerror}.\n")
        return 1
    sys.stdout.write("\n".join(["VERIFIED.", *told]) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
