"""Orders by e-mail from the first call to the answered mail, over fakes."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools import Logger

from tests.fakes import FakeMailer
from tests.unit.api.driving import Api, event_for
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.api import approval_page
from vouchsafe.dependencies import ApprovalPage
from vouchsafe.domain.changes import Change
from vouchsafe.domain.dossier import Dossier
from vouchsafe.domain.notices import Mail
from vouchsafe.services.approval_mails import mail_approvals
from vouchsafe.services.posting import Posting

BASE = "https://api.example/services/v2"
_LINK = re.compile(rf"{re.escape(BASE)}/approve/([a-z2-7]{{26}})#(_[a-z2-7]{{26}})")
_NUMBERS = itertools.count()  # a logger's name is taken once per process


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that asks for an approval, as its reader gets it."""

    mail: Mail
    message_id: str
    value: str

    @property
    def address(self) -> str:
        return self.mail.to[0]


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as the browser gets it."""

    status: int
    headers: dict[str, str]
    html: str

    @property
    def form_token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', self.html)
        assert found, "there is no form"
        return found[1]


@dataclass
class World:
    """The API, the sender of mails and the approval page over one book."""

    api: Api = field(default_factory=Api)
    page_log: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.book = self.api.book
        self.mailer = FakeMailer(self.api.tripwire)
        self._told: set[str] = set()
        given = ApprovalPage(
            settings=self.api.settings,
            clock=self.api.clock,
            entropy=self.api.entropy,
            accounts=self.book,
            ledger=self.book,
            messages=self.book,
            domains=self.book,
            workflow=self.api.workflow,
            limits=self.api.limits,
        )
        log = Logger(service=f"page-{next(_NUMBERS)}", stream=self.page_log, level="DEBUG")
        self._page = approval_page.build(given, log=log)

    @property
    def posting(self) -> Posting:
        """What sends mails."""
        return Posting(
            ledger=self.book,
            messages=self.book,
            domains=self.book,
            accounts=self.book,
            claims=self.book,
            mailer=self.mailer,
            clock=self.api.clock,
            entropy=self.api.entropy,
            base_url=BASE,
        )

    def place(self, product: str = PRODUCT, **changed: Any) -> dict[str, Any]:
        """Place an order by e-mail; the answer."""
        body = order_body(**({"dcv_method": "email"} | changed))
        reply = self.api.call("POST", f"order/certificate/{product}", body)
        assert reply.status == 201, reply.content
        return reply.json  # type: ignore[no-any-return]

    def place_one(self, name: str = "example.com", **changed: Any) -> int:
        """An order for one name; its id."""
        one = {"certificate__common_name": name, "certificate__dns_names": []}
        return int(self.place(**(one | changed))["id"])

    def deliver(self) -> list[Received]:
        """Have every new change told; the mails that left."""
        before = len(self.mailer.sent)
        changes = [r for k, r in self.book.records.items() if k[0] is Change]
        for change in sorted(changes, key=lambda one: one.change_id):
            if change.change_id not in self._told:
                mail_approvals(change, self.posting)
                self._told.add(change.change_id)
        return [received(mail) for mail in self.mailer.sent[before:]]

    def changes(self) -> list[Change]:
        """Every change there is."""
        return [r for k, r in self.book.records.items() if k[0] is Change]

    def dossier(self, order_id: int) -> Dossier:
        found = self.book.order(order_id)
        assert found is not None
        return found

    def info(self, order_id: int) -> dict[str, Any]:
        return self.api.call("GET", f"order/certificate/{order_id}").json  # type: ignore[no-any-return]

    def enter(self, value: str, **more: Any) -> Any:
        """Enter a value through the API."""
        return self.api.call("PUT", f"domain/dcv/email/token/{value}", **more)

    def page(self, method: str, message_id: str, **more: Any) -> Seen:
        """Ask for a mail's page."""
        event = event_for(method, f"/v2/approve/{message_id}", **more)
        event["pathParameters"] = {"id": message_id}
        answer = self._page(event, None)
        return Seen(answer["statusCode"], answer["headers"], answer["body"])

    def approve(
        self, mail: Received, *, token: str | None = None, value: str | None = None
    ) -> Seen:
        """Open the page and send its form."""
        if token is None:
            token = self.page("GET", mail.message_id).form_token
        form = {"form_token": token, "value": mail.value if value is None else value}
        return self.page("POST", mail.message_id, body=urlencode(form))


def received(mail: Mail) -> Received:
    """The mail with what its link holds."""
    found = _LINK.search(mail.text)
    assert found, mail.text
    return Received(mail, found[1], found[2])
