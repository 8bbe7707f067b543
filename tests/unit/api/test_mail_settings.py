"""Administrators switch kinds of informational mails off for their account, and on again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.api.driving import Api
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.mail_choices import MailChoice


def changes(api: Api) -> list[Change]:
    return [each for each in api.book.records.values() if isinstance(each, Change)]


def put(api: Api, body: Any, **options: Any) -> Any:
    return api.call("PUT", "account/mail-settings", body, **options)


def test_the_list_replaces_what_stood_there_and_says_who_changed_what() -> None:
    api = Api()
    before = api.call("GET", "account/mail-settings").json
    assert before == {"switched_off": [], "choices": [each.value for each in MailChoice]}
    words = ["domain_expiring", "certificate_issued", "domain_expiring"]
    assert put(api, {"switched_off": words}).status == 204
    now = api.call("GET", "account/mail-settings").json["switched_off"]
    assert now == ["certificate_issued", "domain_expiring"]
    (change,) = changes(api)
    assert (change.kind, change.actor, change.subject) == (
        ChangeKind.ACCOUNT_CHANGED,
        "user 7",
        "account 1",
    )
    assert (change.before, change.after) == ({"mails_off": []}, {"mails_off": now})
    assert put(api, {"switched_off": now}).status == 204
    assert len(changes(api)) == 1, "nothing changed"
    assert put(api, {"switched_off": []}).status == 204
    assert api.call("GET", "account/mail-settings").json["switched_off"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "switched_off"),
        ({"switched_off": None}, "switched_off"),
        ({"switched_off": "certificate_issued"}, "switched_off"),
        ({"switched_off": ["certificate_issued", "revoked"]}, "switched_off[1]"),
        ({"switched_off": ["approval_needed"]}, "switched_off[0]"),
        ({"switched_off": [7]}, "switched_off[0]"),
    ],
)
def test_what_is_no_choice_is_refused_and_nothing_changes(body: Any, field: str) -> None:
    api = Api()
    answer = put(api, body)
    assert answer.status == 400
    assert answer.json["errors"][0]["code"].startswith("invalid_field|switched_off")
    assert (field, changes(api)) == (answer.json["errors"][0]["code"].partition("|")[2], [])
