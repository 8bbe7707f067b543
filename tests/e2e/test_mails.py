"""Mails as the running service sends them: two languages, two forms, addresses that bounce."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.service import Service, body, until
from tests.lab.accounts import invoke

EVENTS = Path(__file__).parents[2] / "events"
#: Language → what the subjects of the mails about being ordered, issued, revoked have in them.
_SUBJECTS = {
    "en": ("publish a DNS record for", "is issued", "is revoked"),
    "ko": ("DNS 레코드를 등록해", "발급되었습니다", "폐기되었습니다"),
}


def mail_about(service: Service, order_id: int, words: str) -> dict[str, Any]:
    """The mail about the order whose subject has these words."""

    def arrived() -> dict[str, Any] | None:
        found = [one for one in service.mails(str(order_id)) if words in one["subject"]]
        return next((one for one in found if str(order_id) in one["subject"]), None)

    return until(arrived, 120, f"a mail about order {order_id}: {words}")


def place(service: Service, name: str, language: str) -> int:
    answer = service.try_order(body(name) | {"locale": language})
    assert answer.status == 201, answer.body
    return int(answer.json()["id"])


@pytest.mark.parametrize("language", sorted(_SUBJECTS))
def test_an_orders_life_is_told_in_its_language_as_text_and_html(
    service: Service, language: str
) -> None:
    name = f"told-{language}.mails.lab.example.com"
    order_id = place(service, name, language)
    ordered, issued, revoked = _SUBJECTS[language]
    mails = [mail_about(service, order_id, ordered)]
    (waiting,) = service.client.order(order_id)["validations"]
    assert waiting["record_value"] in mails[0]["text"]
    assert waiting["record_value"] in mails[0]["html"]
    service.prove(order_id)
    service.check_now(order_id)
    certificate = service.until_status(order_id, "issued", within=200)["certificate"]
    mails.append(mail_about(service, order_id, issued))
    assert f"certificate/{certificate['id']}/download/format/pem_all" in mails[1]["text"]
    path = f"certificate/{certificate['id']}/revoke"
    request = service.client.ask("PUT", path, {"comments": "test"}, expect=201)
    service.client.ask("PUT", f"request/{request['id']}/status", {"status": "approved"}, expect=204)
    mails.append(mail_about(service, order_id, revoked))
    for mail in mails:
        assert name in mail["text"] and f'<html lang="{language}">' in mail["html"]
        assert f"<title>{mail['subject']}</title>" in mail["html"]


def test_a_notice_that_bounces_marks_the_person_until_an_administrator_clears_it(
    service: Service,
) -> None:
    me = service.client.ask("GET", "user/me")
    event = json.loads((EVENTS / "mail_events-notice_bounce.json").read_text())
    event["detail"]["mail"]["tags"]["account_id"] = [str(me["account_id"])]
    event["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] = me["email"]
    function = service.stack.outputs["MailEventsFunction"]
    assert invoke(service.stack, function, event) == {"noted": 0, "marked": 1}
    seen = service.client.ask("GET", f"user/{me['id']}")
    assert (seen["mail_state"], seen["email"]) == ("bounced", me["email"])
    path = f"user/{me['id']}/mail-state"
    assert service.client.call("DELETE", path).status == 204
    assert "mail_state" not in service.client.ask("GET", f"user/{me['id']}")
    order_id = place(service, "cleared.mails.lab.example.com", "en")
    assert me["email"] in mail_about(service, order_id, "publish a DNS record")["to"]
