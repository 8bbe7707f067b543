"""The offline verifier: what it confirms, and that nothing can be altered without its seeing it."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_change
from tests.fakes import FakeBook
from vouchsafe.audit import KnownHead, NotVerified, known_head, main, verify
from vouchsafe.domain.audit import LogQuery, canonical, hash_of, page_of, record_of, row_of
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.services.audit import read_log

PACKAGE = Path(__file__).parents[3] / "layers" / "vouchsafe"


def a_feed(count: int) -> FakeBook:
    book = FakeBook()
    for number in range(count):
        _add(book, number)
    return book


def _add(book: FakeBook, number: int) -> None:
    actor = "user 7" if number % 2 else "system"
    kind = ChangeKind.ORDER_NOTED
    change = a_change(change_id=f"c{number}", actor=actor, kind=kind, after={"n": number})
    book.commit(change)
    book.number(change)


def export(book: FakeBook, **query: Any) -> bytes:
    """One page of account 1's log."""
    asked = LogQuery(**query)
    page = read_log(1, asked, feed=book)
    return page_of(1, asked, page.head, [row_of(e) for e in page.entries], page.next)


def pages(book: FakeBook, limit: int) -> list[bytes]:
    """The whole log, page by page."""
    found, after = [], 0
    while True:
        found.append(export(book, after=after, limit=limit))
        end = json.loads(found[-1].splitlines()[-1])
        if end["next"] is None:
            return found
        after = end["next"]


def forged(rows: list[dict[str, Any]], number: int, digest: str, **said: Any) -> bytes:
    """A page as somebody makes it who knows the encoding."""
    query = LogQuery(**said)
    head = replace(FakeBook().head(1), number=number, hash=digest)
    return page_of(1, query, head, rows, None)


class TestWhatHolds:
    def test_a_whole_log_in_one_page(self) -> None:
        told = "\n".join(verify(export(a_feed(3))))
        assert "Account 1: 3 entries in 1 page." in told
        assert "Numbers 1 to 3 are complete and in order." in told
        assert "Head: 3:" in told

    def test_a_log_in_many_pages_one_after_another(self) -> None:
        book = a_feed(7)
        told = verify(b"".join(pages(book, 3)))
        assert "Account 1: 7 entries in 3 pages." in told

    def test_what_was_exported_later_goes_on_where_the_file_ended(self) -> None:
        book = a_feed(2)
        earlier = export(book)
        _add(book, 2)
        told = verify(earlier + export(book, after=2))
        assert "Numbers 1 to 3 are complete and in order." in told

    def test_an_empty_log(self) -> None:
        assert "Head: none yet" in verify(export(a_feed(0)))

    def test_a_part_says_what_is_not_in_it(self) -> None:
        told = "\n".join(verify(export(a_feed(5), after=2, limit=2)))
        assert "What stands before number 3 is not in the file." in told
        assert "The log goes on after number 4; the file does not." in told

    def test_a_filtered_export_says_what_cannot_be_verified(self) -> None:
        told = "\n".join(verify(export(a_feed(6), actor="system")))
        assert "filtered (actor system): what was left out cannot be verified" in told
        assert "2 entries stand without the one before" in told
        assert "complete" not in told

    def test_entries_without_hashes_are_named_and_the_chain_begins_after_them(self) -> None:
        book = a_feed(2)
        book._feeds[1] = [replace(e, hash="", previous="", format=0) for e in book._feeds[1]]
        for number in (2, 3):
            _add(book, number)
        told = verify(export(book))
        assert "2 entries were recorded before there were hashes: not verified." in told
        assert "2 entries have the hashes that they say: none of them was changed." in told


class TestHeads:
    def test_an_earlier_head_still_stands(self) -> None:
        book = a_feed(4)
        head = KnownHead(2, book.after(1, 1, 1)[0].hash)
        told = verify(export(book), head)
        assert told[-1] == "Nothing up to number 2 was rewritten since the earlier head."

    def test_a_log_written_anew_is_not_the_one_whose_head_is_known(self) -> None:
        book = a_feed(4)
        head = KnownHead(2, book.after(1, 1, 1)[0].hash)
        other = FakeBook()
        for number in (9, 1, 2, 3):
            _add(other, number)
        with pytest.raises(NotVerified, match="number 2 was rewritten"):
            verify(export(other), head)

    def test_a_log_that_lost_its_end_does_not_reach_the_known_head(self) -> None:
        book = a_feed(4)
        head = KnownHead(4, book.head(1).hash)
        with pytest.raises(NotVerified, match="number 4 of the earlier head is not in the file"):
            verify(export(a_feed(3)), head)

    @pytest.mark.parametrize("text", ["", "1", "1:abc", ":" + "0" * 64, "1:" + "A" * 64, "x:y"])
    def test_other_text_is_no_head(self, text: str) -> None:
        with pytest.raises(ArgumentTypeError, match="a head is a number"):
            known_head(text)


class TestWhatIsSeen:
    def test_every_flipped_bit(self) -> None:
        content = b"".join(pages(a_feed(3), 2))
        verify(content)
        unseen = []
        for place in range(len(content)):
            for bit in range(8):
                flipped = bytearray(content)
                flipped[place] ^= 1 << bit
                try:
                    verify(bytes(flipped))
                except NotVerified:
                    continue
                unseen.append((place, bit))
        assert unseen == []

    def test_every_byte_taken_away_or_put_in(self) -> None:
        content = export(a_feed(2))
        for place in range(len(content)):
            for other in (
                content[:place] + content[place + 1 :],
                content[:place] + b" " + content[place:],
                content[:place],
            ):
                with pytest.raises(NotVerified):
                    verify(other)

    def test_every_line_taken_away_doubled_or_moved(self) -> None:
        lines = export(a_feed(4)).splitlines(keepends=True)
        for place in range(len(lines)):
            kept = lines[:place] + lines[place + 1 :]
            others = [kept, [*lines, lines[place]], [*kept, lines[place]], [lines[place], *lines]]
            for other in others:
                if other != lines:
                    with pytest.raises(NotVerified):
                        verify(b"".join(other))

    def test_a_page_left_out_or_in_another_place(self) -> None:
        first, second, third = pages(a_feed(6), 2)
        for other in (
            first + third,
            second + first + third,
            first + second + second,
            third + first,
        ):
            with pytest.raises(NotVerified):
                verify(other)

    @pytest.mark.parametrize("lost", [0, 1, 2])
    def test_an_entry_left_out_by_somebody_who_makes_the_page_anew(self, lost: int) -> None:
        book = a_feed(4)
        rows = [row_of(e) for e in book.after(1, 0, 10)]
        del rows[lost]
        with pytest.raises(NotVerified, match="is missing"):
            verify(forged(rows, 4, book.head(1).hash))

    def test_an_entry_changed_by_somebody_who_makes_its_hash_anew(self) -> None:
        book = a_feed(3)
        rows = [row_of(e) for e in book.after(1, 0, 10)]
        rows[1] = rows[1] | {"actor": "user 8"}
        rows[1]["hash"] = hash_of({n: v for n, v in rows[1].items() if n != "hash"})
        with pytest.raises(NotVerified, match="number 3 does not follow"):
            verify(forged(rows, 3, book.head(1).hash))

    def test_an_end_cut_off_by_somebody_who_makes_the_page_anew(self) -> None:
        book = a_feed(3)
        rows = [row_of(e) for e in book.after(1, 0, 2)]
        with pytest.raises(NotVerified, match="does not end with the head"):
            verify(forged(rows, 3, book.head(1).hash))

    def test_hashes_taken_away(self) -> None:
        book = a_feed(3)
        rows = [row_of(e) for e in book.after(1, 0, 10)]
        bare = [row | {"hash": "", "previous": "", "format": 0} for row in rows]
        for some in ([*bare[:2], rows[2]], [rows[0], *bare[1:]], bare):
            with pytest.raises(NotVerified):
                verify(forged(some, 3, rows[2]["hash"] if some is not bare else ""))

    def test_another_accounts_entry(self) -> None:
        entry = a_feed(1).after(1, 0, 1)[0]
        other = replace(entry, change=replace(entry.change, account_id=2))
        other = replace(other, hash=hash_of(record_of(other)))
        with pytest.raises(NotVerified, match="another account"):
            verify(forged([row_of(other)], 1, other.hash))

    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"{}\n", b"[]\n", b"\xff\n", b'{"digest":""}\n', b"1\n" * 3]
    )
    def test_what_is_no_export(self, content: bytes) -> None:
        with pytest.raises(NotVerified):
            verify(content)

    def test_an_entry_without_the_fields_of_its_format(self) -> None:
        (row,) = (row_of(e) for e in a_feed(1).after(1, 0, 1))
        for odd in (row | {"more": 1}, row | {"format": 9}, row | {"format": "1"}, {"hash": ""}):
            with pytest.raises(NotVerified, match="fields of its format"):
                verify(forged([odd], 1, row["hash"]))
        assert canonical(row)


class TestCommand:
    def test_it_says_what_it_verified(self, tmp_path: Path, capsys: Any) -> None:
        book, file = a_feed(2), tmp_path / "log"
        file.write_bytes(export(book))
        assert main(["verify", str(file), "--head", f"2:{book.head(1).hash}"]) == 0
        assert capsys.readouterr().out.startswith("VERIFIED.\nAccount 1: 2 entries")

    def test_it_says_why_not(self, tmp_path: Path, capsys: Any) -> None:
        file = tmp_path / "log"
        file.write_bytes(export(a_feed(2)).replace(b"user 7", b"user 8"))
        assert main(["verify", str(file)]) == 1
        assert main(["verify", str(tmp_path / "none")]) == 1
        out = capsys.readouterr().out.splitlines()
        assert all(line.startswith("NOT VERIFIED: ") for line in out) and len(out) == 2

    def test_it_says_what_a_head_looks_like(self, capsys: Any) -> None:
        with pytest.raises(SystemExit):
            main(["verify", "log", "--head", "latest"])
        assert "a head is a number, a colon and 64" in capsys.readouterr().err

    def test_it_runs_by_itself_with_the_standard_library_alone(self, tmp_path: Path) -> None:
        file = tmp_path / "log"
        file.write_bytes(export(a_feed(2)))
        bare = [sys.executable, "-I", "-S", "-c", _BARE.format(str(PACKAGE)), "verify", str(file)]
        done = subprocess.run(bare, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("VERIFIED.")


#: Without site-packages: only the package's own directory is added.
_BARE = """
import runpy, sys
sys.path.insert(0, {!r})
runpy.run_module("vouchsafe.audit", run_name="__main__")
"""
