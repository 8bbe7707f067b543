"""The audit log: an account's numbered changes, each with a hash over itself and the one before.

docs/audit-log.md specifies the encoding, so that anybody can check an export without us.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from .changes import Change, ChangeKind, NumberedChange

#: What the first entry of a chain names as the hash before it.
NOTHING_BEFORE = "0" * 64
#: The form of new entries: which fields a record has. Older entries keep the form they have.
FORMAT = 1
#: The fields of a change that the record of each form holds, under the same names.
FIELDS: Mapping[int, tuple[str, ...]] = {
    1: (
        "account_id",
        "actor",
        "after",
        "at",
        "before",
        "certificate_id",
        "change_id",
        "data",
        "kind",
        "order_id",
        "request_id",
        "subject",
    )
}
_LARGEST_WHOLE = 2**53 - 1  # RFC 8785 3.2.2.3: beyond, readers of JSON do not agree


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far an account's log goes: its last number, that entry's hash, and where hashes begin.

    `hash` is empty before there is any. `begins` is the first number with a hash, or the next one.
    """

    number: int = 0
    hash: str = ""
    begins: int = 1


def canonical(value: Any) -> bytes:
    """A JSON value in its one encoding (RFC 8785, without fractions), as UTF-8.

    Members are sorted by UTF-16 code units, nothing stands between tokens. Raises TypeError for a
    number with a fraction and for what is not JSON, ValueError for half a surrogate pair.
    """
    text = json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("a member's name is a text")
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return {name: _sorted(value[name]) for name in names}
    if isinstance(value, list | tuple):
        return [_sorted(each) for each in value]
    if isinstance(value, float):
        raise TypeError("a number with a fraction has no one encoding; write it as a text")
    if isinstance(value, StrEnum):
        return value.value
    return value


def hash_of(record: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of an entry's canonical record: everything but the hash itself."""
    return hashlib.sha256(canonical(record)).hexdigest()


def sealed(change: Change) -> Change:
    """The change as its record can say it: numbers that JSON readers differ on become texts."""
    said = {name: _plain(getattr(change, name)) for name in ("data", "before", "after")}
    return replace(change, subject=_plain(change.subject), actor=_plain(change.actor), **said)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_plain(str(name)): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST_WHOLE:
        return str(value)
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def chained(change: Change, number: int, previous: str) -> NumberedChange:
    """The change as the entry of that number, after the one whose hash is `previous`.

    An empty `previous` begins a chain.
    """
    entry = NumberedChange(
        number=number, change=sealed(change), previous=previous or NOTHING_BEFORE, format=FORMAT
    )
    return replace(entry, hash=hash_of(record_of(entry)))


def record_of(entry: NumberedChange) -> dict[str, Any]:
    """What is hashed: number, previous hash, form, and the whole change; plain JSON values.

    For an entry from before there were hashes: its fields as the first form names them.
    """
    change = entry.change
    said = {name: getattr(change, name) for name in FIELDS[entry.format or FORMAT]}
    said |= {"kind": change.kind.value, "at": moment_text(change.at)}
    own = {"number": entry.number, "previous": entry.previous, "format": entry.format}
    return said | own


def row_of(entry: NumberedChange) -> dict[str, Any]:
    """An entry as it is exported: its record and its hash."""
    return record_of(entry) | {"hash": entry.hash}


def moment_text(moment: datetime) -> str:
    """`2026-11-21T12:00:00.000000Z`: UTC, always six digits of a second's fraction."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which entries of a log are meant: those after a number, at most `limit` of them.

    `since` and `until` (both in) bound the time of the change; `object` is a kind and an id;
    `actor` is as changes name it ("user 7", "operator 9", "system"), or all of a kind ("user");
    `kinds` are those of changes, None for all.
    """

    after: int = 0
    limit: int = 100
    since: datetime | None = None
    until: datetime | None = None
    object: tuple[str, int] | None = None
    actor: str = ""
    kinds: frozenset[ChangeKind] | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether entries between the first and the last may be left out."""
        narrowed = self.since or self.until or self.object or self.actor
        return bool(narrowed) or self.kinds is not None

    def filters(self) -> dict[str, str]:
        """The filters by their names, as an export says them."""
        said = {
            "from": moment_text(self.since) if self.since else "",
            "to": moment_text(self.until) if self.until else "",
            "object": "{} {}".format(*self.object) if self.object else "",
            "actor": self.actor,
            "kinds": ",".join(sorted(self.kinds or ())),
        }
        return {name: text for name, text in said.items() if text}

    def takes(self, change: Change) -> bool:
        """Whether the change is one of those meant, wherever it stands."""
        return (
            (self.kinds is None or change.kind in self.kinds)
            and (self.since is None or change.at >= self.since)
            and (self.until is None or change.at <= self.until)
            and (not self.actor or f"{change.actor} ".startswith(f"{self.actor} "))
            and (self.object is None or self.object in objects_of(change))
        )


def objects_of(change: Change) -> set[tuple[str, int]]:
    """The things a change is about: kind and id, by its subject and its ids."""
    ids = {
        "account": change.account_id if change.subject.startswith("account ") else None,
        "order": change.order_id,
        "certificate": change.certificate_id,
        "request": change.request_id,
    }
    found = {(kind, number) for kind, number in ids.items() if number is not None}
    kind, _, number = change.subject.rpartition(" ")
    return found | ({(kind, int(number))} if kind and _is_id(number) else set())


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit()


def page_of(
    account_id: int,
    query: LogQuery,
    head: Head,
    rows: Iterable[Mapping[str, Any]],
    last: int | None,
) -> bytes:
    """A page of an export: one line what it is, one line an entry, one line that ends it.

    `last` is the number after which the next page goes on; None when the log's head is reached. The
    end's digest is the SHA-256 over every byte before it and over its own other members.
    """
    said = {
        "account_id": account_id,
        "after": query.after,
        "audit_log": FORMAT,
        "begins": head.begins,
        "filters": query.filters(),
        "head": {"hash": head.hash, "number": head.number},
    }
    lines = [canonical(said), *(canonical(row) for row in rows)]
    body = b"".join(line + b"\n" for line in lines)
    end = {"end": len(lines) - 1, "next": last}
    return body + canonical(end | {"digest": digest_of(body, end)}) + b"\n"


def digest_of(body: bytes, end: Mapping[str, Any]) -> str:
    """The digest that the last line of a page holds."""
    return hashlib.sha256(body + canonical(end)).hexdigest()
