"""A container asks for the issuers once a minute."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import an_issuer_record
from tests.fakes import FakeBook, Tripwire
from vouchsafe.adapters.remembered import LIFE, RememberedIssuers


class Dial:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_new_issuer_is_seen_after_a_minute_and_an_unknown_one_at_once() -> None:
    calls, dial = Tripwire(), Dial()
    book = FakeBook(calls)
    first = an_issuer_record()
    book.commit(first)
    issuers = RememberedIssuers(book, dial)
    assert [*issuers.all(), *issuers.all()] == [first, first]
    second = replace(first, issuer_id="test-ec-2")
    book.commit(second)
    dial.now = LIFE - 1
    assert list(issuers.all()) == [first]
    assert issuers.get("test-ec-2") == second, "what is claimed under it can be finished at once"
    dial.now = LIFE
    assert list(issuers.all()) == [first, second]
    assert issuers.get("nobody") is None
    assert calls.calls.count("issuers.all") == 2


def test_that_there_is_no_issuer_is_never_remembered() -> None:
    book = FakeBook()
    issuers = RememberedIssuers(book, Dial())
    assert list(issuers.all()) == []
    book.commit(an_issuer_record())
    assert list(issuers.all()) == [an_issuer_record()]
