"""A second account that has the twin of everything the first one has, and nothing of its own.

Twins are made record by record, whatever the kind: every id is moved into a range of its own and
every text is marked. So whatever a world gets more of, the other account gets, too.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from tests.fakes import FakeBook
from vouchsafe.domain.changes import Change
from vouchsafe.services.keys import hash_key

#: Ids of the twins are those of the originals and this; ids of nothing at all are beyond.
FOREIGN = 4_000_000
UNKNOWN = 8_000_000
#: In every text of a twin, and in no other.
MARK = "zanzibar"
#: Texts that are words of a fixed list or refer to something that both accounts use.
_KEPT = frozenset(
    {
        "product_id",
        "issuer_id",
        "key_ref",
        "country",
        "jurisdiction_country",
        "locale",
        "signature_hash",
        "actor",
        "br_section",
        "quorum",
        "version",
        "method",
        "source_ranges",
        "form",
    }
)


def twin(record: Any, name: str = "", hashes: Mapping[str, str] = {}) -> Any:  # noqa: B006
    """The other account's twin of a record, or of one of its values by the name of its field.

    `hashes` are those of secrets whose twins are known, too.
    """
    if is_dataclass(record) and not isinstance(record, type):
        kept = [each.name for each in fields(record) if each.init]
        return replace(record, **{n: twin(getattr(record, n), n, hashes) for n in kept})
    if isinstance(record, Mapping):
        return {key: twin(value, str(key), hashes) for key, value in record.items()}
    if isinstance(record, list | tuple | frozenset | set):
        return type(record)(twin(each, name, hashes) for each in record)
    if isinstance(record, str) and not isinstance(record, Enum):
        return hashes.get(record) or _marked(record, name)
    counts = isinstance(record, int) and not isinstance(record, bool | Enum)
    return record + FOREIGN if counts and is_id(name) and record else record


def is_id(name: str) -> bool:
    """Whether a field of that name holds ids of things that accounts own."""
    return name == "id" or name.endswith(("_id", "_ids", "serial")) or name == "renewed_by"


def _marked(text: str, name: str) -> str:
    if not text or name in _KEPT:
        return text
    if name in {"sha1", "sha256"}:
        return text[::-1]
    if text.startswith("_"):  # a value to publish keeps its form
        return codecs.encode(text, "rot13")
    return text.replace("example", MARK) if "example" in text else f"{text} {MARK}"


def add_twins(book: FakeBook, secrets: Iterable[str] = ()) -> None:
    """Give the other account the twin of everything that account 1 has in the book.

    What is found by one of `secrets` has a twin that is found by the secret with MARK behind it.
    """
    own = [record for record in book.records.values() if _is_first_accounts(record)]
    hashes = {hash_key(secret): hash_key(secret + MARK) for secret in secrets}
    copies = [twin(record, hashes=hashes) for record in own]
    made = [replace(copy, version=1) if hasattr(copy, "version") else copy for copy in copies]
    book.commit(*made)
    for change in [each for each in made if isinstance(each, Change)]:
        book.number(change)


def _is_first_accounts(record: Any) -> bool:
    """By its own account, or, for what names none, because only account 1 has orders here."""
    return getattr(record, "account_id", 1) == 1 and not _SHARED & {type(record).__name__}


#: Of no account at all.
_SHARED = frozenset({"Issuer", "CrlState", "PolicyLists"})
