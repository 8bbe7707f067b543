from __future__ import annotations

import logging
import re
from typing import Any

import pytest

from tests.builders import MOMENT
from tests.fakes import FakeBook, FrozenClock, SeededEntropy
from vouchsafe.api.account_making import make
from vouchsafe.dependencies import AccountMaking
from vouchsafe.domain.accounts import Account, ApiKey, Restriction, Role, User
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import ErrorCode, VouchsafeError
from vouchsafe.services.accounts import create_account
from vouchsafe.services.keys import KEY_PREFIX, authenticate, hash_key
from vouchsafe.settings import Settings


def _deps(book: FakeBook) -> AccountMaking:
    return AccountMaking(
        settings=Settings(),
        clock=FrozenClock(MOMENT),
        entropy=SeededEntropy(seed=len(book.records)),
        accounts=book,
        ledger=book,
    )


def _account(book: FakeBook, **event: Any) -> dict[str, Any]:
    given = {"action": "create_account", "name": "Example Ltd", "email": "ada@example.com"}
    return make(given | event, _deps(book))


def _all(book: FakeBook, kind: type) -> list[Any]:
    return [record for key, record in book.records.items() if key[0] is kind]


def test_an_account_starts_with_an_administrator_who_holds_a_key() -> None:
    book = FakeBook()
    answer = _account(book)
    (account,), (user,), (key,) = (_all(book, kind) for kind in (Account, User, ApiKey))
    assert account.name == "Example Ltd"
    assert (user.role, user.email, user.account_id) == (
        Role.ADMINISTRATOR,
        "ada@example.com",
        account.account_id,
    )
    assert answer == {
        "account_id": account.account_id,
        "user_id": user.user_id,
        "key_id": key.key_id,
        "api_key": answer["api_key"],
    }
    assert {c.kind for c in _all(book, Change)} == {
        ChangeKind.ACCOUNT_CREATED,
        ChangeKind.KEY_CREATED,
    }


def test_a_key_is_long_recognisable_and_stored_as_a_hash_alone() -> None:
    book = FakeBook()
    secret = _account(book)["api_key"]
    assert re.fullmatch(rf"{KEY_PREFIX}[a-z2-7]{{52}}", secret)  # 256 bits
    assert _all(book, ApiKey)[0].sha256 == hash_key(secret)
    assert secret not in repr(book.records)
    assert secret.removeprefix(KEY_PREFIX) not in repr(book.records)


def test_making_an_account_is_one_commit() -> None:
    book = FakeBook()
    calls = book._tripwire.calls
    create_account(
        "Example Ltd",
        "ada@example.com",
        ledger=book,
        clock=FrozenClock(MOMENT),
        entropy=SeededEntropy(),
    )
    assert calls == ["ledger.allocate", "ledger.commit"]


def test_no_key_is_logged_while_it_is_made(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        secret = _account(FakeBook())["api_key"]
    assert secret not in caplog.text


def test_a_key_leads_to_its_owner_and_a_changed_one_to_nobody() -> None:
    book = FakeBook()
    answer = _account(book)
    who = authenticate(answer["api_key"], "192.0.2.1", accounts=book, clock=FrozenClock(MOMENT))
    assert (who.account_id, who.user_id, who.role) == (
        answer["account_id"],
        answer["user_id"],
        Role.ADMINISTRATOR,
    )
    for wrong in (answer["api_key"].upper(), answer["api_key"] + "a", ""):
        with pytest.raises(VouchsafeError) as refused:
            authenticate(wrong, "192.0.2.1", accounts=book, clock=FrozenClock(MOMENT))
        assert refused.value.code is ErrorCode.UNAUTHENTICATED


def test_an_operator_stands_outside_every_account() -> None:
    book = FakeBook()
    answer = _account(book, action="create_operator")
    (key,) = _all(book, ApiKey)
    assert (answer["account_id"], key.account_id, key.role) == (0, 0, Role.OPERATOR)
    assert not _all(book, Account)


def test_a_further_key_may_be_restricted() -> None:
    book = FakeBook()
    first = _account(book)
    event = {
        "action": "create_key",
        "account_id": first["account_id"],
        "user_id": first["user_id"],
        "name": "dashboard",
        "restriction": "view_only",
    }
    second = make(event, _deps(book))
    keys = {key.key_id: key for key in _all(book, ApiKey)}
    assert keys[second["key_id"]].restriction is Restriction.VIEW_ONLY
    assert keys[second["key_id"]].name == "dashboard"


BAD = [
    ({"action": "delete_everything"}, "invalid_field|action"),
    ({"action": None}, "invalid_field|action"),
    ({"name": " "}, "invalid_field|name"),
    ({"name": "x" * 101}, "invalid_field|name"),
    ({"name": 5}, "invalid_field|name"),
    ({"email": "nobody"}, "invalid_field|email"),
    ({"email": "a@b.example\r\nBcc: all@example.com"}, "invalid_field|email"),
    ({"email": "a@@example.com"}, "invalid_field|email"),
    ({"email": f"{'a' * 65}@example.com"}, "invalid_field|email"),
    (
        {"action": "create_key", "account_id": 1, "user_id": 1, "restriction": "all"},
        "invalid_field|restriction",
    ),
    ({"action": "create_key", "account_id": 1, "user_id": "x"}, "not_found|user"),
]


@pytest.mark.parametrize(("changed", "code"), BAD)
def test_a_bad_event_makes_nothing(changed: dict[str, Any], code: str) -> None:
    book = FakeBook()
    answer = _account(book, **changed)
    assert [error["code"] for error in answer["errors"]] == [code]
    assert not book.records
