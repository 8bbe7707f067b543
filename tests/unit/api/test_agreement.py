"""The subscriber agreement: accepted with the account or later, always in the version in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import MOMENT, an_account
from tests.fakes import FrozenClock, SeededEntropy
from tests.unit.api.driving import OPERATORS_KEY, Api, Reply
from vouchsafe.api.account_making import make
from vouchsafe.dependencies import AccountMaking
from vouchsafe.domain.accounts import Account, AgreementAcceptance, Role
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.parking import ParkedCertificate


def _old() -> AgreementAcceptance:
    return AgreementAcceptance(version="0", accepted_at=MOMENT, user_id=7)


def _api() -> Api:
    api = Api()
    api.book.commit(an_account(agreement=_old(), version=2))
    return api


def _accept(api: Api, version: Any = "1", **options: Any) -> Reply:
    return api.call("POST", "account/agreement", {"version": version}, **options)


def test_an_administrator_accepts_the_version_in_force() -> None:
    api = _api()
    before = api.call("GET", "account/agreement").json
    assert (before["version"], before["is_accepted"]) == ("1", False)
    assert before["accepted"]["version"] == "0"
    accepted = _accept(api)
    assert (accepted.status, accepted.json["is_accepted"]) == (201, True)
    assert accepted.json["accepted"]["user_id"] == 7
    (change,) = [r for r in api.book.records.values() if isinstance(r, Change)]
    assert (change.kind, change.actor, change.subject) == (
        ChangeKind.AGREEMENT_ACCEPTED,
        "user 7",
        "account 1",
    )
    assert (change.before, change.after) == ({"version": "0"}, {"version": "1"})


def test_accepting_again_keeps_the_first_acceptance() -> None:
    api = _api()
    _accept(api)
    kept = dict(api.book.records)
    assert _accept(api).status == 201
    assert api.book.records == kept


@pytest.mark.parametrize("version", [None, "", "0", "2", " 1x", {"a": 1}])
def test_no_other_version_can_be_accepted(version: Any) -> None:
    api = _api()
    reply = _accept(api, version)
    assert (reply.status, reply.codes) == (400, ["invalid_field|version"])
    kept: Account = api.book.records[Account, 1]
    assert kept.agreement == _old()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.OPERATOR}))
def test_only_administrators_accept_and_all_may_read(role: Role) -> None:
    api = _api()
    api.add_key("another", role=role)
    assert api.call("GET", "account/agreement", key="another").status == 200
    reply = _accept(api, key="another")
    assert (reply.status, reply.codes) == (403, ["access_denied|missing_permission"])


def test_what_waits_for_it_is_woken() -> None:
    api = _api()
    parked = [ParkedCertificate(account_id=1, order_id=1001, certificate_id=5001)]
    api.book.parked = lambda account_id: parked if account_id == 1 else []  # type: ignore[method-assign]
    _accept(api)
    assert [run[:2] for run in api.workflow.orders] == [(1001, 5001)]


def test_another_version_comes_into_force_by_a_setting() -> None:
    api = _api()
    api.settings = replace(api.settings, subscriber_agreement_version="2026-12")
    assert _accept(api, "1").codes == ["invalid_field|version"]
    assert _accept(api, "2026-12").json["accepted"]["version"] == "2026-12"


class TestWithTheAccount:
    def _made(self, **more: Any) -> tuple[Api, Reply]:
        api = Api()
        api.book.allocate(accounts=100, users=100, keys=100)
        body = {"name": "New Ltd", "email": "boss@example.com"} | more
        return api, api.call("POST", "operator/account", body, key=OPERATORS_KEY)

    def test_the_first_administrator_may_have_accepted_it(self) -> None:
        api, made = self._made(agreement="1")
        path = f"operator/account/{made.json['id']}"
        agreement = api.call("GET", path, key=OPERATORS_KEY).json["agreement"]
        assert agreement["is_accepted"] is True
        assert agreement["accepted"]["user_id"] == made.json["user_id"]

    def test_without_a_word_nobody_has(self) -> None:
        api, made = self._made()
        path = f"operator/account/{made.json['id']}"
        agreement = api.call("GET", path, key=OPERATORS_KEY).json["agreement"]
        assert agreement == {"version": "1", "is_accepted": False}

    def test_another_version_is_named_with_the_other_flaws(self) -> None:
        _, reply = self._made(agreement="2", name="")
        assert reply.codes == ["invalid_field|name", "invalid_field|agreement"]

    @pytest.mark.parametrize(("version", "accepted"), [("1", True), ("", False)])
    def test_a_direct_invocation_says_it_too(self, version: str, accepted: bool) -> None:  # noqa: FBT001
        api = Api()
        api.book.allocate(accounts=100, users=100, keys=100)
        deps = AccountMaking(
            settings=api.settings,
            clock=FrozenClock(MOMENT),
            entropy=SeededEntropy(),
            accounts=api.book,
            ledger=api.book,
        )
        event = {"action": "create_account", "name": "New Ltd", "email": "a@example.com"}
        made = make(event | {"agreement": version}, deps)
        account: Account = api.book.records[Account, made["account_id"]]
        assert (account.agreement is not None) is accepted
        refused = make(event | {"agreement": "7"}, deps)
        assert refused["errors"][0]["code"] == "invalid_field|agreement"
