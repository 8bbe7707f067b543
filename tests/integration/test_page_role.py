"""The approval page writes only where its role lets it; anybody may send it requests."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.builders_domains import a_domain, with_row
from tests.infrastructure.templates import PRIMARY, allowed_to
from tests.integration.test_task_events import EVENTS, an_order_that_waits_for_a_mail, ledger
from vouchsafe import clients
from vouchsafe.domain.authorization import Contact, DcvMethodName, Mailing, RandomValue
from vouchsafe.domain.email_approval import ApprovalMessage, MailedValue, fingerprint

MAIL = "abcdefghijklmnopqrstuvwxyz"
BOOK = {"Fn::GetAtt": ["Table", "Arn"]}


def a_domain_that_waits_for_a_mail() -> None:
    """The same mail, about a domain ahead of any order."""
    now = datetime.now(UTC)
    contact = Contact(address="webmaster@example.com", authorization_domain="example.com")
    until = now + timedelta(days=30)
    value = RandomValue(value="_" + "2" * 26, created_at=now, expires_at=until)
    domain = a_domain(
        method=DcvMethodName.EMAIL,
        random_value=value,
        next_look_at=None,
        mailings=(Mailing(contact=contact, message_id=MAIL),),
        mailings_of=now,
    )
    mailed = MailedValue(sha256=fingerprint(f"_{MAIL}"), created_at=now, expires_at=until)
    message = ApprovalMessage(
        message_id=MAIL,
        account_id=1,
        domain_id=domain.domain_id,
        name="example.com",
        address=contact.address,
        form_token="form",
        created_at=now,
        values=(mailed,),
    )
    ledger().commit(*with_row(domain), message)


def _partitions(operation: str, params: dict[str, Any]) -> list[str]:
    """The partitions that a call writes to, or checks as it writes."""
    if operation == "TransactWriteItems":
        actions = [next(iter(each.items())) for each in params["TransactItems"]]
        return [p for kind, body in actions for p in _partitions(kind, body)]
    if operation in {"Put", "PutItem"}:
        return [params["Item"]["pk"]["S"]]
    if operation in {"Update", "UpdateItem", "Delete", "DeleteItem", "ConditionCheck"}:
        return [params["Key"]["pk"]["S"]]
    assert operation in {"BatchGetItem", "GetItem", "Query"}, operation
    return []


def _allowed() -> list[str]:
    (writing,) = [
        statement
        for statement in allowed_to(PRIMARY, "ApprovalPageRole")
        if BOOK in statement["Resource"] and "dynamodb:PutItem" in statement["Action"]
    ]
    keys: list[str] = writing["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    return keys


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("word", ["_wrong", f"_{MAIL}"])
@pytest.mark.parametrize(
    "prepare", [a_domain_that_waits_for_a_mail, an_order_that_waits_for_a_mail]
)
def test_the_page_writes_to_no_partition_that_its_role_does_not_name(
    prepare: Any, word: str
) -> None:
    prepare()
    written: list[str] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if params.get("TableName") != "limits":
            written.extend(_partitions(model.name, params))

    clients.client("dynamodb").meta.events.register("provide-client-params.dynamodb.*", note)
    event = json.loads((EVENTS / "approval_page-approve.json").read_text())
    event["body"] = event["body"].replace(f"_{MAIL}", word)
    module = importlib.import_module("functions.approval_page.app")
    answer = importlib.reload(module).handler(event, None)  # it keeps what it made
    assert (answer["statusCode"] == 200) == (word != "_wrong")
    assert written
    patterns = _allowed()
    assert [one for one in written if not any(fnmatchcase(one, p) for p in patterns)] == []


def test_the_page_may_write_no_key_issuer_list_claim_or_address_of_a_person() -> None:
    for other in ("KEY#1", "ISSUER#1", "POLICY#1", "CLAIM#x", "CRL#1#1", "SERIAL#1", "FEED#1"):
        assert not any(fnmatchcase(other, pattern) for pattern in _allowed())
