"""Orders by what they are in the middle of when everything stops, and what each must end as."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e import test_email_approval, test_organizations, test_webhooks
from tests.e2e.books import stored
from tests.e2e.outage import certificates, items_of
from tests.e2e.service import Service, body, until
from tests.lab import verification
from tests.lab.accounts import create, operator_key
from tests.lab.client import Client, Refused
from tests.lab.executions import Executions
from tests.lab.reviewer import approve
from tests.lab.verification import Chain
from tests.lab.web import behave

#: What the API calls an order's end, and what the table then calls each of its certificates.
_ENDS = {"issued": "valid", "revoked": "revoked", "rejected": "invalid", "canceled": "cancelled"}
#: Seconds that a step may take on a machine that has much else to do.
WITHIN = 420
_HOST = "outage-hooks.lab.example.org"
_REASONED = {"revocation_reason": "superseded", "comments": "before the outage"}
_AGREED = {"status": "approved", "processor_comment": "after the outage"}


def insist(step: Callable[[], bool], what: str) -> None:
    """Call until it is true. Where everything starts anew at once, some answers come too late."""

    def done() -> bool:
        try:
            return step()
        except (OSError, Refused) as failed:
            print(f"{what}, again: {failed}")
            return False

    until(done, WITHIN, what, every=1)


class Orders:
    """Those of one account of their own, by label."""

    def __init__(self, service: Service, heard: Path) -> None:
        stack = service.stack
        self.service = Service(stack, create(stack, "Outage Ltd"))
        self.heard = heard
        self.operator = Client(self.service.client.base_url, operator_key(stack))
        self.ids: dict[str, int] = {}
        self.ends: dict[str, str] = {}
        self.requests: list[int] = []
        self._chains: dict[int, Chain] = {}
        self.letter = ""  # the value that a mail asked for

    def place(self, end: str, *labels: str) -> None:
        """One order for each label, which says what is special about it."""
        for label in labels:
            self.ids[label] = self._placed(
                label, f"{label.replace(' ', '-')}.outage.lab.example.com"
            )
            self.ends[label] = end

    def _placed(self, label: str, name: str) -> int:
        if label == "half proven":
            return int(self.service.place(name, "half.shop.example.net")["id"])
        if label == "asked by mail":
            return test_email_approval.place(self.service, name)
        if label == "of a company":
            company = test_organizations.described("Outage Trading Ltd")
            return test_organizations.order(self.service, "ssl_basic", company, name).order_id
        if label == "not agreed to":
            return self._unagreed(name)
        return int(self.service.place(name)["id"])

    def _unagreed(self, name: str) -> int:
        account = self.service.client.ask("GET", "account")["id"]
        rules = f"operator/account/{account}/rules"
        self.operator.ask("PUT", rules, {"orders_need_approval": True}, expect=204)
        try:
            placed = self.service.place(name)
        finally:
            self.operator.ask("PUT", rules, {"orders_need_approval": False}, expect=204)
        self.requests.append(int(placed["requests"][0]["id"]))
        return int(placed["id"])

    def prove(self, *labels: str) -> None:
        """Publish what these ask for."""
        for label in labels:
            insist(lambda each=self.ids[label]: self._proven(each), f"prove {label}")

    def _proven(self, order_id: int) -> bool:
        self.service.prove(order_id)
        return bool(self.service.client.order(order_id)["validations"])

    def prove_half(self, label: str) -> None:
        """One name of two."""
        asked = self.service.client.order(self.ids[label])["validations"]
        mine = [one for one in asked if "shop" not in one["record_name"]]
        assert len(mine) == 1 < len(asked)
        self.service.publish("TXT", mine[0]["record_name"], mine[0]["record_value"])

    def cancel(self, label: str) -> None:
        path = f"order/certificate/{self.ids[label]}/status"
        self.service.client.ask("PUT", path, {"status": "CANCELED"}, expect=204)

    def revoke(self, *labels: str, now: bool = False) -> None:
        """Ask for it; `now`: without an approver."""
        for label in labels:
            path = f"order/certificate/{self.ids[label]}/revoke"
            sent = _REASONED | {"skip_approval": now}
            answer = self.service.client.ask("PUT", path, sent, expect=204 if now else 201)
            if not now:
                self.requests.append(int(answer["id"]))

    def reissue(self, label: str) -> None:
        """Ask for the order's second certificate."""
        path = f"order/certificate/{self.ids[label]}/reissue"
        asked = body(f"{label}.outage.lab.example.com")["certificate"]
        sent = {"certificate": asked | {"server_platform": {"id": 45}}}
        answer = self.service.client.ask("POST", path, sent, expect=201)
        self.requests.append(int(answer["requests"][0]["id"]))

    def read_the_letter(self, label: str) -> None:
        name = f"{label.replace(' ', '-')}.outage.lab.example.com"
        words = f"[{name}] {self.ids[label]}"
        self.letter = test_email_approval.letters(self.service, words)[0].value

    def answer_the_letter(self) -> bool:
        """Whether the value was taken, now or before."""
        answer = test_email_approval.enter(self.service, self.letter)
        return answer.status == 200 or self.proven("asked by mail")

    def agree(self, request_id: int) -> bool:
        """Whether whoever has to agree to what was asked for does, or did."""
        path = f"request/{request_id}"
        if self.service.client.call("PUT", f"{path}/status", _AGREED).status == 204:
            return True
        return bool(self.service.client.ask("GET", path)["status"] == "approved")

    def review(self, label: str) -> bool:
        """Whether the company of the order was found to exist, now or before."""
        number = self.service.client.order(self.ids[label])["organization"]["id"]
        company = self.service.client.ask("GET", f"organization/{number}")
        with contextlib.suppress(LookupError):  # it waits for nobody any more
            approve(self.service.stack, self.operator, company)
        return True

    def listen(self) -> None:
        """A webhook that hears of what is issued."""
        behave(self.service.stack.webroot, _HOST, "hear", str(self.heard))
        wish: dict[str, Any] = {
            "endpoint": f"https://{_HOST}/in",
            "events": ["certificate_issued"],
        }
        wish["secret"] = "a-key-of-the-owner-0123456789abcdef"
        # On a machine at rest certificates come as soon as if they came with the answer.
        wish["webhook_settings"] = {"instant_issue_webhook_notification": "1"}
        made = self.service.client.ask("POST", "webhook", wish, expect=201)
        path = f"webhook/{made['webhook_id']}"
        self.service.client.ask("PUT", f"{path}/send-challenge", expect=204)
        challenge = test_webhooks.posted(self.heard, "challenge_webhook_endpoint")
        token = {"token": challenge["data"]["token"]}
        self.service.client.ask("PUT", f"{path}/check-challenge", token, expect=204)
        self.service.client.ask("PUT", f"{path}/activate", expect=204)

    def heard_of(self) -> set[int]:
        """The orders of which the webhook heard that they were issued."""
        found = test_webhooks.bodies(self.heard)
        return {one["data"]["order_id"] for one in found if one["event"] == "certificate_issued"}

    def until(self, status: str, *labels: str) -> None:
        """Wait until all certificates of these are that in the table."""

        def reached() -> bool:
            return all(self.statuses(label) == {status} for label in labels)

        until(reached, WITHIN, f"{', '.join(labels)}: {status}", every=0.5)

    def until_mail(self, subject: str, *labels: str) -> None:
        """Wait until there is a mail about each of these, with these words in the subject."""

        def sent() -> bool:
            return all(self.mails(label, subject) for label in labels)

        until(sent, WITHIN, f"{', '.join(labels)}: {subject}", every=1)

    def statuses(self, label: str) -> set[str]:
        """What the table calls the order's certificates."""
        return {str(one["status"]["S"]) for one in certificates(self.service, self.ids[label])}

    def left(self) -> dict[str, set[str]]:
        """What has not come to its end, and what the table calls its certificates."""
        now = {label: self.statuses(label) for label in self.ends}
        return {label: now[label] for label, end in self.ends.items() if now[label] != {_ENDS[end]}}

    def status(self, label: str) -> str:
        """How the API calls the order; "" while nobody answers in time."""
        try:
            return str(self.service.client.order(self.ids[label])["status"])
        except (OSError, Refused):
            return ""

    def certificate_ids(self, label: str) -> list[int]:
        found = certificates(self.service, self.ids[label])
        return [int(one["certificate_id"]["N"]) for one in found]

    def proven(self, label: str) -> bool:
        """Whether all names of the order are."""
        chunks = items_of(self.service, self.ids[label], "AUTHZ#")
        return {name["M"]["status"]["S"] for one in chunks for name in one["items"]["L"]} == {
            "valid"
        }

    def looks(self, label: str) -> int:
        (one,) = certificates(self.service, self.ids[label])
        return int(one["looks"]["N"])

    def object(self, label: str) -> str:
        """The resource name of what the store has, or would have, of the order."""
        (number,) = self.certificate_ids(label)
        return f"arn:aws:s3:::{self.service.stack.outputs['StoreBucket']}/certificates/{number}.cer"

    def stored(self, label: str) -> bool:
        """Whether the store has a certificate of the order."""
        return any(stored(self.service, number) for number in self.certificate_ids(label))

    def running(self) -> dict[str, list[str]]:
        """Executions that have not ended, of orders that have."""
        stack = self.service.stack
        machines = ("OrderMachineArn", "RevocationMachineArn")
        every = [one for name in machines for one in Executions(stack).all(stack.outputs[name])]
        alive = [one["name"] for one in every if one["status"] == "RUNNING"]
        left = self.left()
        mine = {label: f"{number}-" for label, number in self.ids.items() if label not in left}
        found = {
            label: [one for one in alive if one.startswith(own)] for label, own in mine.items()
        }
        return {label: names for label, names in found.items() if names}

    def chain(self, label: str) -> Chain:
        """Of the order's newest certificate; a certificate does not change."""
        number = max(self.certificate_ids(label))
        if number not in self._chains:
            self._chains[number] = self.service.chain(number)
        return self._chains[number]

    def listed(self, label: str) -> bool:
        """Whether the list that the order's certificate names has it."""
        chain = self.chain(label)
        _, crl = verification.fetch_crl(chain)
        return crl is not None and verification.revoked_in(crl, chain)

    def mails(self, label: str, subject: str) -> list[dict[str, Any]]:
        """Mails about the order since the emulator began, with these words in the subject."""
        number = str(self.ids[label])
        found = self.service.mails(number)
        return [one for one in found if subject in one["subject"] and number in one["subject"]]

    def is_told(self, label: str) -> bool:
        """Whether followers can read of the order."""
        return any(row["order_id"] == self.ids[label] for row in self.feed())

    def feed(self) -> list[dict[str, Any]]:
        """All changes of the account, as a follower reads them."""
        found, cursor, more = [], 0, True
        while more:
            page = self.service.client.ask("GET", f"changes?after={cursor}&limit=1000")
            found += page["changes"]
            cursor, more = page["cursor"], page["more"]
        return found
