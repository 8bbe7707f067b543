"""Reports of problems: from anybody, about one of our certificates, answered and told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.builders import a_private_key
from tests.intake_world import DER, REPORTER, SERIAL_TEXT, SUBSCRIBER, IntakeWorld, a_proof, pem
from tests.tripwire import Tripwire
from vouchsafe.api.public_intake import REPORT_LIMITS
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.problem_reports import MOST_REPORTS, CaseStage

FORM = {
    "certificate": SERIAL_TEXT,
    "problem": "misuse",
    "evidence": "It serves a copy of a bank's site.",
    "email": "",
    "csr": "",
}


#: The certificate is made anew in each run: tests are named by the way, not by what it gives.
NAMED = {
    "base64": "".join(pem().splitlines()[1:-1]),
    "capitals": SERIAL_TEXT.upper(),
    "colons": ":".join(SERIAL_TEXT[at : at + 2] for at in range(0, 32, 2)),
    "pem": pem(),
    "sha1": hashlib.sha1(DER).hexdigest(),  # noqa: S324
    "sha256": hashlib.sha256(DER).hexdigest().upper(),
}


@pytest.mark.parametrize("way", sorted(NAMED))
def test_a_certificate_may_be_named_in_every_usual_way(way: str) -> None:
    world = IntakeWorld()
    answer = world.report(certificate=NAMED[way])
    assert (answer.status, answer.json()["serial_number"]) == (201, SERIAL_TEXT)
    assert world.cases()[0].certificate_id == 5001


def test_the_answer_names_the_case_and_its_clock_and_revokes_nothing() -> None:
    world = IntakeWorld()
    answer = world.report().json()
    (case,) = world.cases()
    assert (answer["case"], answer["status"]) == (case.case_id, "received")
    assert case.report_due == case.opened_at + timedelta(hours=24)
    assert case.report_due.isoformat() == answer["preliminary_report_by"]
    assert (world.block, world.workflow.revocations) == (None, [])


def test_operators_and_the_reporter_are_mailed_and_no_mail_repeats_what_was_said() -> None:
    world = IntakeWorld()
    case = world.report(evidence="Buy cheap watches at http://spam.example").json()["case"]
    to_operators, to_reporter = world.mails()
    assert (to_operators.to, to_reporter.to) == (("operators@ca.example",), (REPORTER,))
    assert case in to_reporter.subject
    assert not [each for each in (to_operators, to_reporter) if "watches" in each.text]
    assert not [each for each in world.changes() if REPORTER in str(each)]


def test_a_reporter_in_korean_is_answered_in_korean() -> None:
    world = IntakeWorld()
    world.report(locale="ko_KR")
    assert "신고가 접수되었습니다" in world.mails()[1].subject


def test_reports_of_one_certificate_are_one_case_and_each_reporter_is_answered_once() -> None:
    world = IntakeWorld()
    first = world.report().json()["case"]
    world.mails()
    second = world.report(email="other@elsewhere.example", certificate=pem()).json()["case"]
    assert [each.to for each in world.mails()] == [
        ("operators@ca.example",),
        ("other@elsewhere.example",),
    ]
    third = world.report(email=REPORTER.upper()).json()["case"]
    assert [each.to for each in world.mails()] == [("operators@ca.example",)]
    assert {first, second, third} == {world.cases()[0].case_id}
    assert len(world.cases()[0].reports) == 3


def test_a_full_case_is_followed_by_another_so_that_no_report_is_lost() -> None:
    world = IntakeWorld()
    world.limits.failures = [Unavailable("not asked")] * 2 * (MOST_REPORTS + 1)
    numbers = [world.report().json()["case"] for _ in range(MOST_REPORTS + 1)]
    assert numbers[0] == numbers[-2] != numbers[-1]
    assert sum(len(each.reports) for each in world.cases()) == MOST_REPORTS + 1


def test_another_authoritys_certificate_is_no_matter_of_ours() -> None:
    world = IntakeWorld()
    for other in ("ab" * 16, "cd" * 20, "ef" * 32):
        answer = world.report(certificate=other)
        assert (answer.status, answer.codes) == (400, ["invalid_field|certificate"])
    assert world.cases() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"certificate": ""}, "certificate"),
        (
            {"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"},
            "certificate",
        ),
        ({"certificate": "12" * 30}, "certificate"),
        ({"certificate": ["a", "list"]}, "certificate"),
        ({"email": "a@b@c.example\r\nBcc: x@example.com"}, "email"),
        ({"evidence": "x" * 4001}, "evidence"),
        ({"evidence": "  "}, "evidence"),
        ({"problem": "mine"}, "problem"),
        ({"problem": "misuse", "csr": "x"}, "csr"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(changed: dict[str, Any], field: str) -> None:
    world = IntakeWorld()
    answer = world.report(**changed)
    assert (answer.status, answer.codes) == (400, [f"invalid_field|{field}"])
    assert world.cases() == []


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "x" * 100_000, "[" * 5_000])
def test_a_body_that_is_no_object_is_refused(body: str) -> None:
    answer = IntakeWorld().call("POST", "problem-report", body=body)
    assert (answer.status, answer.codes) == (400, ["bad_request_format"])


def test_a_compromise_with_its_proof_is_decided_at_once() -> None:
    world = IntakeWorld()
    answer = world.report(csr=a_proof(world.challenge()))
    assert (answer.status, answer.json()["status"]) == (201, "revoking")
    (case,) = world.cases()
    assert case.stage is CaseStage.DECIDED
    assert case.reports[0].proven
    assert case.due_at is None
    assert world.block is not None
    assert len(world.workflow.revocations) == 1
    told = {mail.to: mail.subject for mail in world.mails()}
    assert "is revoked" in told[(REPORTER,)]
    assert "is revoked" in told[SUBSCRIBER]


def test_a_wrong_proof_is_refused_and_leaves_nothing() -> None:
    world = IntakeWorld()
    foreign = a_private_key("another")
    for proof in (a_proof(world.challenge(), key=foreign), a_proof("example.com")):
        assert world.report(csr=proof).codes == ["invalid_field|csr"]
    assert (world.cases(), world.block, world.workflow.revocations) == ([], None, [])


def test_a_source_that_reports_too_often_is_told_to_wait() -> None:
    world = IntakeWorld()
    statuses = [world.report().status for _ in range(REPORT_LIMITS[0].count + 1)]
    assert statuses == [201] * REPORT_LIMITS[0].count + [429]
    assert world.fill_in(FORM).status == 429
    assert world.call("GET", "problem-report").status == 200


class _Reader(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_field_of_the_form_has_a_label_and_a_hint(language: str) -> None:
    page = IntakeWorld().call("GET", "problem-report", query={"lang": language})
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    tags = _Reader(page.text).tags
    ids = {attributes.get("id") for _, attributes in tags}
    labels = {attributes.get("for") for tag, attributes in tags if tag == "label"}
    named = [a for tag, a in tags if tag in {"textarea", "input"} and a.get("type") != "radio"]
    assert {each["name"] for each in named} == {"certificate", "evidence", "email", "csr"}
    assert all(each["id"] in labels and each["aria-describedby"] in ids for each in named)
    assert f'<html lang="{language}">' in page.text
    assert "https://ca.example/services/v2/revoke-by-key" in page.text


def test_the_form_is_answered_by_a_page_with_the_case() -> None:
    world = IntakeWorld()
    page = world.fill_in(FORM, language="ko")
    assert page.status == 201
    assert world.cases()[0].case_id in page.text
    assert world.cases()[0].reports[0].locale == "ko"


def test_a_form_with_flaws_comes_back_filled_in_and_escaped() -> None:
    world, attack = IntakeWorld(), '"></textarea><script>alert(1)</script>'
    fields = {name: attack for name in FORM} | {"evidence": attack + "x" * 5000}
    page = world.fill_in(fields)
    assert page.status == 400
    scripts = [tag for tag, _ in _Reader(page.text).tags if tag == "script"]
    assert len(scripts) == 1  # the page's own
    assert "alert(1)" in page.text
    assert page.text.count("<li>") == 4
    assert world.cases() == []


def test_nothing_of_a_report_is_logged() -> None:
    world = IntakeWorld()
    world.report()
    world.fill_in(FORM)
    said = world.log.getvalue()
    assert '"route":"problem-report"' in said
    assert not [text for text in (REPORTER, SERIAL_TEXT, "repository", "bank") if text in said]


class _Trouble(Tripwire):
    """Nothing can be written."""

    @contextmanager
    def crossing(self, name: str) -> Iterator[None]:
        if name == "ledger.commit":
            raise Unavailable("down")
        yield


def test_own_trouble_is_a_page_or_an_answer_that_asks_to_come_again() -> None:
    world = IntakeWorld()
    world.book._tripwire = _Trouble()
    assert (world.report().status, world.fill_in(FORM).status) == (503, 503)


def test_the_operators_log_tells_of_each_report() -> None:
    world = IntakeWorld()
    world.report()
    world.report()
    kinds = [each for each in world.changes() if each.kind is ChangeKind.PROBLEM_REPORTED]
    assert [each.data["step"] for each in kinds] == ["opened", "joined"]
    assert {each.account_id for each in kinds} == {0}
