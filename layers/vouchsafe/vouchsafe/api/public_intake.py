"""What anybody may call, without an account: report a problem, revoke by proof of key.

Every call is counted by its source address, reports once more. Nothing of a body is logged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger

from ..dependencies_intake import PublicIntake
from ..domain.errors import Conflict, ErrorCode, Unavailable, VouchsafeError, not_found
from ..domain.limits import Limit
from ..domain.problem_reports import ProblemCase
from ..observability import logger
from ..services.key_proofs import IntakePorts, Standing, give_challenge
from ..services.key_revocation import revoke_by_key
from ..services.problem_reporting import report_problem
from .call import Answer, answer_json
from .dialect import timestamp
from .intake_reading import read_complaint, read_key_revocation, read_serial
from .limits import caller_of_source, headers_of, refuse_beyond, take
from .page_events import body_text, headers_of_event, language_asked, query_of, source_of
from .page_html import HEADERS
from .problem_form import Filled, form_page, refused_page, thanks_page
from .problems import problem, unavailable

type Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

#: By source address: all calls together, and reports.
INTAKE_LIMITS = (Limit(120, 60),)
REPORT_LIMITS = (Limit(20, 3600),)
_LARGEST_BODY = 98_304  # characters; base64 of 72 KB, and a form's escapes of half that
_MOST_FIELDS = 12
_HTML = "text/html; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_JSON_HEADERS = {name: HEADERS[name] for name in HEADERS if not name.startswith("Content-Sec")}
_NEXT = (
    "The report is looked into. By the time in preliminary_report_by you, and whoever the"
    " certificate belongs to, are told what was found; then it is decided whether the certificate"
    " is revoked, and when. Whoever holds its private key can have it revoked at once:"
    " revoke-by-key."
)
_NEXT_REVOKING = "The key is blocked, and every certificate with it is revoked within minutes."


def build(given: PublicIntake, *, log: Logger | None = None) -> Handler:
    """The handler of the public intake over its dependencies."""
    log = log or logger()
    desk = _Desk(given, log)

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        del context
        answer = desk.answer(event)
        route = _route(event)
        log.info("intake.answered", method=route[0], route=route[1], status=answer.status)
        return _response(event, answer)

    return handle


def _route(event: Mapping[str, Any]) -> tuple[str, str]:
    """Method, and the path below the base: its last parts, without a version."""
    path = str(event.get("resource") or event.get("path") or "").rstrip("/")
    _, _, below = path.rpartition("/v2/")
    known = below in {"problem-report", "revoke-by-key", "revoke-by-key/challenge"}
    return str(event.get("httpMethod")), below if known else ""


class _Desk:
    """The calls, each from an event to an answer."""

    def __init__(self, given: PublicIntake, log: Logger) -> None:
        self._given = given
        self._log = log
        self._ports = IntakePorts(
            cases=given.cases,
            ledger=given.ledger,
            workflow=given.workflow,
            clock=given.clock,
            entropy=given.entropy,
        )
        self._calls: dict[tuple[str, str], Callable[[Mapping[str, Any]], Answer]] = {
            ("GET", "problem-report"): self._form,
            ("HEAD", "problem-report"): self._form,
            ("POST", "problem-report"): self._report,
            ("GET", "revoke-by-key/challenge"): self._challenge,
            ("POST", "revoke-by-key"): self._revoke,
        }

    def answer(self, event: Mapping[str, Any]) -> Answer:
        """The answer to a call, refusals included."""
        caller = caller_of_source(source_of(event))
        now = self._given.clock.now()
        allowance = take(caller, INTAKE_LIMITS, now, port=self._given.limits, log=self._log)
        try:
            refuse_beyond(allowance)
            call = self._calls.get(_route(event))
            if call is None:
                raise not_found("route")
            answer = call(event)
        except VouchsafeError as error:
            answer = _for_people(event, problem(error))
        except (Conflict, Unavailable) as trouble:
            self._log.warning("intake.unavailable", cause=str(trouble))
            answer = _for_people(event, unavailable())
        more = dict(headers_of(allowance)) | dict(answer.headers)
        return _with(answer, more)

    def _form(self, event: Mapping[str, Any]) -> Answer:
        """GET problem-report: the form."""
        return _html(200, form_page(Filled(), language_asked(event), self._base))

    def _report(self, event: Mapping[str, Any]) -> Answer:
        """POST problem-report: a report, as JSON or as the form sends it."""
        now, source = self._given.clock.now(), caller_of_source(source_of(event))
        limits = self._given.limits
        caller = f"{source}#REPORTS"
        refuse_beyond(take(caller, REPORT_LIMITS, now, port=limits, log=self._log))
        language = language_asked(event)
        if not _is_form(event):
            case = report_problem(read_complaint(_json_fields(event)), self._ports)
            return answer_json(_case_row(case), 201)
        fields = _form_fields(event) | {"locale": str(language)}
        try:
            case = report_problem(read_complaint(fields), self._ports)
        except VouchsafeError as error:
            if error.code is not ErrorCode.INVALID:
                raise
            filled = Filled(fields=fields, flaws=error.flaws)
            return _html(400, form_page(filled, language, self._base))
        return _html(201, thanks_page(case, language))

    def _challenge(self, event: Mapping[str, Any]) -> Answer:
        """GET revoke-by-key/challenge?serial_number=: what a proof has to name."""
        serial = read_serial(query_of(event).get("serial_number", ""))
        made = give_challenge(serial, self._ports)
        row = {"challenge": made.challenge, "expires_at": timestamp(made.expires_at)}
        return answer_json(row | {"serial_number": f"{serial:032x}"})

    def _revoke(self, event: Mapping[str, Any]) -> Answer:
        """POST revoke-by-key."""
        fields = _form_fields(event) if _is_form(event) else _json_fields(event)
        wish = read_key_revocation(fields)
        outcome = revoke_by_key(wish.der, wish.serial, wish.csr, wish.reason, self._ports)
        row: dict[str, Any] = {"serial_number": f"{wish.serial:032x}", "status": outcome.standing}
        if outcome.at is not None and outcome.reason is not None:
            row |= {"date_revoked": timestamp(outcome.at), "reason": outcome.reason.value}
        return answer_json(row, 202 if outcome.standing is Standing.REVOKING else 200)

    @property
    def _base(self) -> str:
        return self._given.settings.base_url or ""


def _case_row(case: ProblemCase) -> dict[str, Any]:
    settled = case.decision is not None
    return {
        "case": case.case_id,
        "status": "revoking" if settled else "received",
        "serial_number": f"{case.serial:032x}",
        "date_received": timestamp(case.reports[-1].at),
        "preliminary_report_by": timestamp(case.report_due),
        "next": _NEXT_REVOKING if settled else _NEXT,
    }


def _for_people(event: Mapping[str, Any], refusal: Answer) -> Answer:
    """The refusal as a page where a page was asked for; else as it is."""
    method, route = _route(event)
    if route != "problem-report" or (method == "POST" and not _is_form(event)):
        return refusal
    html = _html(refusal.status, refused_page(refusal.status, language_asked(event)))
    return _with(html, refusal.headers)


def _html(status: int, text: str) -> Answer:
    return Answer(status=status, content=text, content_type=_HTML, headers=HEADERS)


def _with(answer: Answer, more: Mapping[str, str]) -> Answer:
    return Answer(
        status=answer.status,
        content=answer.content,
        content_type=answer.content_type,
        headers=dict(answer.headers) | dict(more),
    )


def _is_form(event: Mapping[str, Any]) -> bool:
    return headers_of_event(event).get("content-type", "").lower().startswith(_FORM)


def _form_fields(event: Mapping[str, Any]) -> dict[str, str]:
    """The form's fields, the first value of each; nothing where it is none."""
    text = body_text(event, _LARGEST_BODY)
    try:
        found = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        found = {}
    return {name: values[0].replace("\r\n", "\n") for name, values in found.items()}


def _json_fields(event: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a JSON object. Raises VouchsafeError(MALFORMED) for anything else."""
    text = body_text(event, _LARGEST_BODY)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        detail = f"The body must be a JSON object of at most {_LARGEST_BODY} characters."
        raise VouchsafeError(ErrorCode.MALFORMED, detail)
    whole = {str(name): value for name, value in found.items() if isinstance(value, str)}
    return {name: value.encode("utf-8", "replace").decode() for name, value in whole.items()}


def _response(event: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    own = {} if answer.content_type == _HTML else _JSON_HEADERS
    return {
        "statusCode": answer.status,
        "headers": {"Content-Type": answer.content_type, **own, **answer.headers},
        "body": "" if event.get("httpMethod") == "HEAD" else str(answer.content or ""),
        "isBase64Encoded": False,
    }
