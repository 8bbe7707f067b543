"""The encoding of the log's entries and their hashes, as docs/audit-log.md specifies them."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tests.builders import MOMENT, a_change
from vouchsafe.domain.audit import (
    FIELDS,
    FORMAT,
    NOTHING_BEFORE,
    canonical,
    chained,
    hash_of,
    record_of,
    sealed,
)
from vouchsafe.domain.changes import Change, NumberedChange

PAGE = Path(__file__).parents[3] / "docs" / "audit-log.md"


class TestCanonical:
    @pytest.mark.parametrize(
        ("value", "encoded"),
        [
            ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
            ({"": -7, "A": {}, "a": []}, '{"":-7,"A":{},"a":[]}'),
            ('\u20ac$\x0f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
            ("\b\t\n\f\r\x1f\x7f\u2028", '"\\b\\t\\n\\f\\r\\u001f\x7f\u2028"'),
        ],
    )
    def test_a_value_has_one_encoding(self, value: object, encoded: str) -> None:
        assert canonical(value) == encoded.encode()

    def test_members_are_sorted_by_utf_16_units(self) -> None:
        """The example of RFC 8785 3.2.3."""
        names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
        ordered = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
        text = canonical(dict.fromkeys(names, 0)).decode()
        assert [part.rstrip(":,0}") for part in text.split('"')[1::2]] == [
            name.replace("\r", "\\r") for name in ordered
        ]

    @pytest.mark.parametrize("value", [0.5, [1.0], {"a": float("nan")}, {1: 2}, b"x", MOMENT])
    def test_what_has_no_one_encoding_is_refused(self, value: object) -> None:
        with pytest.raises(TypeError):
            canonical(value)

    def test_half_a_character_is_refused(self) -> None:
        with pytest.raises(ValueError, match="surrogates"):
            canonical("\ud800")


def test_a_sealed_change_can_always_be_encoded() -> None:
    odd = a_change(
        data={"half": 0.1, "large": 10**30, "whole": 2**53 - 1, "yes": True, "list": (1, 2.5)},
        before={"text": "a\ud800b", "none": None},
        subject="order \udfff",
    )
    made = sealed(odd)
    assert made.data == {
        "half": "0.1",
        "large": "1" + "0" * 30,
        "whole": 2**53 - 1,
        "yes": True,
        "list": [1, "2.5"],
    }
    assert made.before == {"text": "a\ufffdb", "none": None}
    assert sealed(made) == made
    assert canonical(record_of(NumberedChange(number=1, change=made)))


def test_the_record_holds_every_field_of_a_change() -> None:
    """A new field of Change needs a new format: entries hashed before do not have it."""
    assert {each.name for each in fields(Change)} == set(FIELDS[FORMAT])


def test_the_first_entry_follows_zeros_and_every_other_the_one_before() -> None:
    first = chained(a_change(), 1, "")
    second = chained(a_change(), 2, first.hash)
    assert (first.previous, second.previous) == (NOTHING_BEFORE, first.hash)
    assert first.hash != second.hash


@pytest.mark.parametrize(
    "changed",
    [
        {"change_id": "other"},
        {"account_id": 2},
        {"actor": "user 8"},
        {"at": MOMENT.replace(microsecond=1)},
        {"order_id": None},
        {"certificate_id": 5002},
        {"request_id": 1},
        {"data": {"a": 1}},
        {"subject": "order 1"},
        {"before": {"a": 1}},
        {"after": {"a": 1}},
    ],
)
def test_every_field_counts(changed: dict[str, object]) -> None:
    change = a_change()
    assert chained(replace(change, **changed), 1, "").hash != chained(change, 1, "").hash


def test_the_pages_example_is_true() -> None:
    """docs/audit-log.md shows a record and its hash; they belong together and are ours."""
    text = PAGE.read_text().split("<!-- example -->")[1]
    record, digest = (part.strip() for part in text.split("```")[1::2])
    entry = chained(
        a_change(
            change_id="01KAK0000000000000000000A1",
            subject="order 1001",
            before={},
            after={"status": "pending"},
        ),
        1,
        "",
    )
    assert record.removeprefix("json\n").encode() == canonical(record_of(entry))
    assert digest.removeprefix("text\n") == hash_of(record_of(entry)) == entry.hash
    assert hashlib.sha256(record.removeprefix("json\n").encode()).hexdigest() == entry.hash
