"""Mails that ask for an approval: the same over the fake and over DynamoDB."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.builders import MOMENT, a_certificate, an_authorization, an_order
from vouchsafe.adapters.contact_finder import LambdaContactFinder
from vouchsafe.domain.authorization import (
    Contact,
    ContactSource,
    DcvMethodName,
    Mailing,
    MailTrouble,
    PerspectiveVerdict,
)
from vouchsafe.domain.contact_wire import contact_to_json
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.email_approval import ApprovalMessage, MailedValue, fingerprint
from vouchsafe.domain.errors import Conflict, Unavailable


def value(text: str) -> MailedValue:
    return MailedValue(
        sha256=fingerprint(text), created_at=MOMENT, expires_at=MOMENT + timedelta(days=30)
    )


def message(**changed: Any) -> ApprovalMessage:
    made = ApprovalMessage(
        message_id="mail-1",
        account_id=1,
        order_id=1001,
        certificate_id=5001,
        name="example.com",
        address="admin@example.com",
        form_token="form",
        created_at=MOMENT,
        values=(value("_first"),),
    )
    return replace(made, **changed)


def test_a_mail_is_found_by_its_id_and_by_the_hash_of_its_value(book: Any) -> None:
    book.ledger.commit(message())
    assert book.messages.message("mail-1") == message()
    assert book.messages.message_of_value(fingerprint("_first")) == message()


def test_an_unknown_mail_or_value_is_none(book: Any) -> None:
    book.ledger.commit(message())
    assert book.messages.message("mail-2") is None
    assert book.messages.message_of_value(fingerprint("_second")) is None
    assert book.messages.message_of_value("mail-1") is None


def test_a_mail_sent_again_is_found_by_all_its_values(book: Any) -> None:
    book.ledger.commit(message())
    again = message(values=(value("_first"), value("_second")), version=2)
    book.ledger.commit(again)
    for text in ("_first", "_second"):
        assert book.messages.message_of_value(fingerprint(text)) == again


def test_two_who_change_a_mail_at_once_are_one_too_many(book: Any) -> None:
    book.ledger.commit(message())
    book.ledger.commit(message(attempts=1, version=2))
    with pytest.raises(Conflict):
        book.ledger.commit(message(approved_at=MOMENT, version=2))
    with pytest.raises(Conflict):
        book.ledger.commit(message())


def test_a_mail_about_a_domain_comes_back_whole(book: Any) -> None:
    about = message(order_id=None, certificate_id=None, domain_id=7, approved_at=MOMENT)
    book.ledger.commit(about)
    assert book.messages.message("mail-1") == about


def test_whom_a_names_mails_went_to_is_kept_with_the_name(book: Any) -> None:
    contact = Contact(
        address="tls@example.org",
        authorization_domain="example.com",
        source=ContactSource.CAA,
        found_at="example.com",
        looked_at=MOMENT,
        quorum="6/6",
        perspectives=(
            PerspectiveVerdict(perspective="eu-west-1", rir="RIPE", completed=True, passed=True),
        ),
    )
    mailings = (
        Mailing(contact=contact, message_id="mail-1"),
        Mailing(
            contact=Contact(address="admin@example.com", authorization_domain="example.com"),
            message_id="mail-2",
            trouble=MailTrouble.BOUNCED,
            trouble_detail="550 unknown",
        ),
    )
    one = an_authorization(method=DcvMethodName.EMAIL, random_value=None, mailings=mailings)
    pack = Authorizations(order_id=1001, certificate_id=5001, items=(one,))
    again = a_certificate(mailed_again_at=MOMENT)
    book.ledger.commit(an_order(), again, pack)
    dossier = book.ledger.order(1001)
    assert dossier.authorizations[5001] == (one,)
    assert dossier.newest.mailed_again_at == MOMENT


class _Function:
    """Stands for the Lambda client."""

    def __init__(self, answer: Any, *, error: str | None = None) -> None:
        self.answer, self.error = answer, error
        self.asked: list[Any] = []

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> Any:  # noqa: N803
        self.asked.append((FunctionName, InvocationType, json.loads(Payload)))
        if isinstance(self.answer, Exception):
            raise self.answer
        answer: dict[str, Any] = {"Payload": BytesIO(json.dumps(self.answer).encode())}
        return answer | ({"FunctionError": self.error} if self.error else {})


def test_contacts_come_from_the_function_that_looks() -> None:
    contact = Contact(address="tls@example.org", authorization_domain="example.com")
    function = _Function({"contacts": [contact_to_json(contact)]})
    assert LambdaContactFinder(function, "check").find(("example.com",)) == [contact]
    assert function.asked == [("check", "RequestResponse", {"contacts_of": ["example.com"]})]


@pytest.mark.parametrize(
    "function",
    [
        _Function({"errorMessage": "boom"}, error="Unhandled"),
        _Function(ReadTimeoutError(endpoint_url="http://lambda.example")),
        _Function({"nothing": 1}),
        _Function({"contacts": [{"address": 5}]}),
        _Function({"contacts": 5}),
    ],
)
def test_a_function_that_does_not_answer_is_trouble_that_may_pass(function: _Function) -> None:
    with pytest.raises(Unavailable):
        LambdaContactFinder(function, "check").find(("example.com",))
