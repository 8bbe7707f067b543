"""The page behind the link in a mail: shows what is asked for; approves on a deliberate answer.

Whoever opens it, a person or a program that follows links, changes nothing. What approves is a POST
with the form's own token and the value from the mail, which the link carries where no server sees
it. Nothing about the value is logged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger

from ..dependencies import ApprovalPage
from ..domain.email_approval import MessageState
from ..domain.errors import Unavailable
from ..domain.letters import Language
from ..domain.limits import Limit
from ..domain.products import find_product
from ..observability import logger
from ..services.email_answers import Answered, Desk, answer_on_page, read_matter
from ..services.email_matters import Matter
from .limits import caller_of_source, headers_of, take
from .page_events import body_text, language_asked, source_of
from .page_html import HEADERS, Request, note_page, request_page
from .page_words import PAGE_WORDS, Note

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

#: By source address, for all pages together.
PAGE_LIMITS = (Limit(120, 60),)
_LARGEST_FORM = 4096
_MOST_FIELDS = 8
_LONGEST_ID = 64
_SHOWN_NAMES = 20
_OK, _BAD, _MISSING, _GONE, _MANY, _BUSY = 200, 400, 404, 410, 429, 503
_STATUS = {
    MessageState.APPROVED: _OK,
    MessageState.PROVEN: _OK,
    MessageState.EXPIRED: _GONE,
    MessageState.ENDED: _GONE,
    MessageState.LOCKED: _GONE,
}


@dataclass(frozen=True, slots=True)
class Page:
    """What goes back."""

    status: int
    html: str


def build(given: ApprovalPage, *, log: Logger | None = None) -> Handler:
    """The handler of the approval page over its dependencies."""
    log = log or logger()
    desk = Desk(
        ledger=given.ledger,
        messages=given.messages,
        domains=given.domains,
        workflow=given.workflow,
        clock=given.clock,
        entropy=given.entropy,
    )

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        del context
        language = language_asked(event)
        now = given.clock.now()
        caller = caller_of_source(source_of(event))
        allowance = take(caller, PAGE_LIMITS, now, port=given.limits, log=log)
        more = dict(headers_of(allowance))
        if allowance is not None and not allowance.taken:
            more["Retry-After"] = str(allowance.retry_after)
            page = _note(_MANY, PAGE_WORDS[language].too_many, language)
        else:
            page = _served(event, language, given, desk, log)
        log.info("page.answered", method=str(event.get("httpMethod")), status=page.status)
        return _response(event, page, more)

    return handle


def _served(
    event: Mapping[str, Any], language: Language, given: ApprovalPage, desk: Desk, log: Logger
) -> Page:
    try:
        message_id = _message_id(event)
        if event.get("httpMethod") == "POST":
            return _answered(message_id, event, language, given, desk)
        return _shown(read_matter(message_id, desk), language, given)
    except Unavailable as trouble:
        log.warning("page.unavailable", cause=str(trouble))
        return _note(_BUSY, PAGE_WORDS[language].busy, language)


def _answered(
    message_id: str,
    event: Mapping[str, Any],
    language: Language,
    given: ApprovalPage,
    desk: Desk,
) -> Page:
    form = _form(event)
    words = PAGE_WORDS[language]
    outcome = answer_on_page(message_id, form["form_token"], form["value"], desk)
    matter = read_matter(message_id, desk)
    if outcome is Answered.APPROVED and matter is not None:
        return _note(_OK, words.done, language, matter)
    troubles = {
        Answered.WRONG_VALUE: words.wrong_value,
        Answered.WRONG_FORM: words.wrong_form,
    }
    return _shown(matter, language, given, trouble=troubles.get(outcome, ""))


def _shown(
    matter: Matter | None, language: Language, given: ApprovalPage, *, trouble: str = ""
) -> Page:
    """The page as things stand: the form, or why there is none."""
    words = PAGE_WORDS[language]
    if matter is None:
        return _note(_MISSING, words.missing, language)
    if matter.state is not MessageState.OPEN:
        return _note(_STATUS[matter.state], words.states[matter.state], language, matter)
    request = Request(
        words=_facts(matter, given, language),
        rows=_rows(matter, given, language),
        form_token=matter.message.form_token,
        for_order=matter.domain is None,
        trouble=trouble,
    )
    return Page(_BAD if trouble else _OK, request_page(request, language))


def _facts(matter: Matter, given: ApprovalPage, language: Language) -> dict[str, str]:
    contact = matter.mailing.contact if matter.mailing else None
    account = given.accounts.account(matter.message.account_id)
    del language
    return {
        "domain": matter.message.name,
        "authorization_domain": contact.authorization_domain if contact else matter.message.name,
        "account": account.name if account else str(matter.message.account_id),
    }


def _rows(matter: Matter, given: ApprovalPage, language: Language) -> list[tuple[str, str]]:
    """What is asked, by whom, until when."""
    facts = _facts(matter, given, language)
    rows = [("names", _names(matter.names))]
    if matter.dossier is not None:
        order = matter.dossier.order
        product = find_product(order.product_id)
        user = given.accounts.user(order.account_id, order.user_id)
        person = f"{user.first_name} {user.last_name}" if user else PAGE_WORDS[language].somebody
        rows += [
            ("product", product.name if product else order.product_id),
            ("order", str(order.order_id)),
            ("person", person),
        ]
    rows += [("account", facts["account"]), ("address", matter.message.address)]
    if matter.deadline is not None:
        moment = matter.deadline.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        rows.append(("deadline", moment))
    return rows


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_SHOWN_NAMES])
    rest = len(names) - _SHOWN_NAMES
    return f"{shown} (+{rest})" if rest > 0 else shown


def _note(status: int, note: Note, language: Language, matter: Matter | None = None) -> Page:
    facts = {"domain": matter.message.name if matter else ""}
    text = note.text.format_map(facts)
    return Page(status, note_page(note.heading, text, language, good=status == _OK))


def _message_id(event: Mapping[str, Any]) -> str:
    parts = event.get("pathParameters") or {}
    text = str(parts.get("id") or str(event.get("path") or "").rpartition("/")[2])
    return text if len(text) <= _LONGEST_ID and text.isascii() and text.isalnum() else ""


def _form(event: Mapping[str, Any]) -> dict[str, str]:
    """The form's two fields; empty texts where it is none."""
    text = body_text(event, _LARGEST_FORM)
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        fields = {}
    return {name: fields.get(name, [""])[0].strip() for name in ("form_token", "value")}


def _response(event: Mapping[str, Any], page: Page, more: Mapping[str, str]) -> dict[str, Any]:
    body = "" if event.get("httpMethod") == "HEAD" else page.html
    return {
        "statusCode": page.status,
        "headers": {"Content-Type": "text/html; charset=utf-8", **HEADERS, **more},
        "body": body,
        "isBase64Encoded": False,
    }
