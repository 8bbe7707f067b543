"""The sample events of the functions behind the machines, the stream, the queue and the clock.

Each goes through its real handler with the adapters of the deployment; none needs the network.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest

from tests.builders import (
    MOMENT,
    a_certificate,
    a_change,
    a_random_value,
    a_request,
    an_account,
    an_authorization,
    an_order,
)
from tests.builders_domains import a_domain, an_approval, with_row
from tests.contracts.aws import TABLE
from tests.fakes import FrozenClock
from tests.infrastructure.templates import ROOT
from tests.integration.conftest import CALLED
from tests.issuance_world import permitted, proven
from tests.revocation_world import issued
from tests.unit.clockwork.world import a_valid_certificate, a_valid_order, an_issued, pack_of
from vouchsafe import parts
from vouchsafe.adapters.dynamodb import DynamoDuties, DynamoFeed, DynamoLedger
from vouchsafe.adapters.sqs import to_message
from vouchsafe.adapters.webhook_queue import LinedWebhooks
from vouchsafe.domain.accounts import AgreementAcceptance
from vouchsafe.domain.authorization import Contact, DcvMethodName, Mailing
from vouchsafe.domain.certificate import Certificate, Window
from vouchsafe.domain.changes import ChangeKind, NumberedChange
from vouchsafe.domain.dossier import Authorizations, SerialClaim
from vouchsafe.domain.duties import Duty
from vouchsafe.domain.email_approval import ApprovalMessage, MailedValue, fingerprint
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import RequestStatus
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.blocking import key_of

EVENTS = ROOT / "events"


def ledger() -> DynamoLedger:
    return DynamoLedger(boto3.client("dynamodb"), TABLE)


def run(name: str) -> Any:
    """The answer of the function that a sample is named after."""
    folder = name.partition("-")[0]
    handler = importlib.import_module(f"functions.{folder}.app").handler
    return handler(json.loads((EVENTS / f"{name}.json").read_text()), None)


def nothing() -> None:
    """The sample needs nothing before it."""


def a_hierarchy_made() -> None:
    run("ceremony-ensure")


def in_its_window(**changed: Any) -> Certificate:
    """The order's certificate, placed now."""
    now = datetime.now(UTC)
    window = Window(opened_at=now, deadline=now + timedelta(hours=72))
    ends = now + timedelta(days=100)
    return replace(a_certificate(), created_at=now, ends_at=ends, window=window, **changed)


def a_pending_order() -> None:
    pending = Authorizations(
        order_id=1001,
        certificate_id=5001,
        items=tuple(an_authorization(name) for name in an_order().dns_names),
    )
    ledger().commit(an_order(), in_its_window(next_look_at=None), pending)


def a_pending_domain() -> None:
    now = datetime.now(UTC)
    value = a_random_value(expires_at=now + timedelta(days=30))
    ledger().commit(*with_row(a_domain(random_value=value, next_look_at=now)))


def an_order_ready_to_be_issued() -> None:
    a_hierarchy_made()
    ready = in_its_window(run=1, caa=permitted(datetime.now(UTC)))
    fresh = replace(proven(), items=tuple(_proven_now(one) for one in proven().items))
    accepted = AgreementAcceptance(version="1", accepted_at=MOMENT, user_id=7)
    ledger().commit(an_account(agreement=accepted), an_order(), ready, fresh)


def _proven_now(one: Any) -> Any:
    return replace(one, proof=replace(one.proof, proven_at=datetime.now(UTC)))


def an_order_without_a_key() -> None:
    waiting = in_its_window(run=1, product_id="cloud_basic", csr=b"")
    ledger().commit(an_order(), waiting, proven())


def a_certificate_issued_and_told() -> None:
    an_order_ready_to_be_issued()
    run("issue_certificate-ready")
    feed = DynamoFeed(boto3.client("dynamodb"), TABLE)
    for change in feed.left_behind(datetime.now(UTC) + timedelta(hours=1), 10):
        feed.number(change)


def waits(line: str, kind: ChangeKind, **data: Any) -> None:
    """A change that waits in a line to be told."""
    change = a_change(kind=kind, certificate_id=5001, data=data)
    body = to_message(NumberedChange(number=2, change=change))
    parts.line(line).send(body, group="order-1001", key=change.change_id)


def an_issue_that_waits() -> None:
    a_certificate_issued_and_told()
    waits("evidence", ChangeKind.CERTIFICATE_ISSUED)


def a_notice_that_waits() -> None:
    a_pending_order()
    waits("notice", ChangeKind.NAME_PROVEN)


def a_refusal_that_waits() -> None:
    """Its receiver is one that nobody may be sent to."""
    refusal = {
        "name": "www.example.com",
        "deciding_name": "example.com",
        "deciding_record": '0 issue "other.example.net"',
        "detail": "names another issuer",
        "issuer": "ca.example.net",
        "iodef": ["https://127.0.0.1/report"],
    }
    waits("report", ChangeKind.CAA_REFUSED, refusals=[refusal])


def a_change_and_a_webhook_that_wait() -> None:
    waits("webhook", ChangeKind.CERTIFICATE_ISSUED)
    LinedWebhooks(parts.line("webhook")).wake(1, 901, "due")


def read(done: int, failed: int = 0) -> dict[str, Any]:
    return {"done": done, "failed": failed, "more": False}


def an_approved_revocation() -> None:
    ledger().commit(
        an_order(status=OrderStatus.VALID),
        issued(),
        SerialClaim(serial=77, order_id=1001, certificate_id=5001),
        a_request(
            status=RequestStatus.APPROVED,
            decided_at=MOMENT,
            reason=RevocationReason.KEY_COMPROMISE,
        ),
    )


def a_recorded_revocation() -> None:
    an_approved_revocation()
    run("record_revocation-approved")


def an_order_that_waits_for_a_mail() -> None:
    """The mail of the samples went to webmaster@example.com, and asks about the order's name."""
    mail, now = "abcdefghijklmnopqrstuvwxyz", datetime.now(UTC)
    contact = Contact(address="webmaster@example.com", authorization_domain="example.com")
    mailing = Mailing(contact=contact, message_id=mail)
    one = an_authorization(method=DcvMethodName.EMAIL, random_value=None, mailings=(mailing,))
    value = MailedValue(
        sha256=fingerprint(f"_{mail}"), created_at=now, expires_at=now + timedelta(days=30)
    )
    message = ApprovalMessage(
        message_id=mail,
        account_id=1,
        order_id=1001,
        certificate_id=5001,
        name="www.example.com",
        address=contact.address,
        form_token="form",
        created_at=now,
        values=(value,),
    )
    pack = Authorizations(order_id=1001, certificate_id=5001, items=(one,))
    certificate = in_its_window(next_look_at=None, dcv_method=DcvMethodName.EMAIL)
    ledger().commit(an_order(), certificate, pack, message)


def a_domain_proven_long_ago() -> None:
    approval = an_approval(proven_at=datetime.now(UTC) - timedelta(days=300))
    ledger().commit(*with_row(a_domain(approval=approval, next_look_at=None)))


def a_certificate_that_ends_in_a_week() -> None:
    now = datetime.now(UTC)
    ends = an_issued(now + timedelta(days=7), now - timedelta(days=90))
    certificate = a_valid_certificate(ends)
    ledger().commit(a_valid_order(), certificate, pack_of(certificate))


def published() -> set[str]:
    return {
        each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="publication")["Contents"]
    }


#: Sample → what must stand before it, and whether its answer is right.
EXPECTED: dict[str, tuple[Callable[[], None], Callable[[Any], bool]]] = {
    "check_order-first_check": (
        a_pending_order,
        lambda answer: answer["verdict"] == "waiting" and 0 < answer["wait_seconds"] <= 60,
    ),
    "issue_certificate-ready": (
        an_order_ready_to_be_issued,
        lambda answer: answer["outcome"] == "issued",
    ),
    "make_key-needed": (
        an_order_without_a_key,
        lambda answer: answer == {"outcome": "made", "cause": ""},
    ),
    "record_revocation-approved": (
        an_approved_revocation,
        lambda answer: answer["shards"] == [{"issuer_id": "test-ec-1", "shard": 1}],
    ),
    "announce_revocation-recorded": (
        a_recorded_revocation,
        lambda answer: answer == {"order_id": 1001, "request_id": 301},
    ),
    "ceremony-ensure": (nothing, lambda answer: answer["MadeNow"] == "true"),
    "publish_crl-shards": (
        a_hierarchy_made,
        lambda answer: answer == {"published": [{"issuer_id": "e1", "shard": 1, "number": 1}]},
    ),
    "publish_crl-schedule": (a_hierarchy_made, lambda answer: len(answer["published"]) == 4),
    "check_domain-one": (a_pending_domain, lambda answer: answer["result"] == "absent"),
    "check_domain-schedule": (
        a_pending_domain,
        lambda answer: answer == {"looked_at": 1, "proven": 0, "left": 0},
    ),
    "check_domain-first_look": (
        nothing,
        lambda answer: (
            [one["proven"] for one in answer["names"]] == [False]
            and [one["completed"] for one in answer["findings"]] == [False]
        ),
    ),
    "lint_draft-unreadable": (
        nothing,
        lambda answer: [one["code"] for one in answer["findings"]] == ["pkilint.unreadable"],
    ),
    "check_domain-contacts": (nothing, lambda answer: answer == {"contacts": []}),
    "approval_page-open": (
        an_order_that_waits_for_a_mail,
        lambda answer: answer["statusCode"] == 200 and '<html lang="ko">' in answer["body"],
    ),
    "approval_page-approve": (
        an_order_that_waits_for_a_mail,
        lambda answer: answer["statusCode"] == 200 and "<form" not in answer["body"],
    ),
    "mail_events-bounce": (
        an_order_that_waits_for_a_mail,
        lambda answer: answer == {"noted": 1, "marked": 0},
    ),
    "mail_events-complaint": (
        an_order_that_waits_for_a_mail,
        lambda answer: answer == {"noted": 1, "marked": 0},
    ),
    "mail_events-reject": (
        an_order_that_waits_for_a_mail,
        lambda answer: answer == {"noted": 1, "marked": 0},
    ),
    "mail_events-out_of_office": (
        an_order_that_waits_for_a_mail,
        lambda answer: answer == {"noted": 0, "marked": 0},
    ),
    "mail_events-delivery": (
        an_order_that_waits_for_a_mail,
        lambda answer: answer == {"noted": 0, "marked": 0},
    ),
    "mail_events-notice_bounce": (nothing, lambda answer: answer == {"noted": 0, "marked": 1}),
    "mail_events-notice_complaint": (nothing, lambda answer: answer == {"noted": 0, "marked": 1}),
    "ceremony-add": (
        a_hierarchy_made,
        lambda answer: "key-2 is no key" in answer["errors"][0]["message"],
    ),
    "ceremony-request": (
        a_hierarchy_made,
        lambda answer: "key-2 is no key" in answer["errors"][0]["message"],
    ),
    "ceremony-import": (
        a_hierarchy_made,
        lambda answer: "key-x is no key" in answer["errors"][0]["message"],
    ),
    "ceremony-activate": (
        a_hierarchy_made,
        lambda answer: "not_found|issuer" in answer["errors"][0]["code"],
    ),
    "ceremony-list": (
        a_hierarchy_made,
        lambda answer: [each["State"] for each in answer["Issuers"]] == ["active"],
    ),
    "ceremony-retire": (
        a_hierarchy_made,
        lambda answer: (answer["IssuerId"], answer["State"]) == ("e1", "retired"),
    ),
    "ceremony-revoke": (
        a_hierarchy_made,
        lambda answer: "retire it first" in answer["errors"][0]["message"],
    ),
    "reconcile-schedule": (
        nothing,
        lambda answer: answer == {"seen": 0, "stuck": 0, "revived": 0, "swept": 0, "called": 0},
    ),
    "reconcile-at_once": (
        a_notice_that_waits,
        lambda answer: (
            answer == {"seen": 0, "stuck": 0, "revived": 0, "swept": 0, "called": 1}
            and CALLED == ["send-mail"]
        ),
    ),
    "canary-schedule": (
        a_hierarchy_made,
        lambda answer: (answer["run"], answer["phase"], answer["failure"]) == (1, "proving", ""),
    ),
    "revoke_blocked-schedule": (nothing, lambda answer: set(answer.values()) == {0}),
    "tell_ages-schedule": (
        a_domain_proven_long_ago,
        lambda answer: answer == {"organizations": 0, "domains": 1},
    ),
    "tell_expiry-schedule": (
        a_certificate_that_ends_in_a_week,
        lambda answer: answer == {"seen": 1, "told": 1, "days_behind": 0},
    ),
    "watch-schedule": (
        a_hierarchy_made,
        lambda answer: answer["OldestCrlAge"] < 60 and answer["UndecidedRevocations"] == 0,
    ),
    "public_intake-form": (nothing, lambda answer: '<html lang="ko">' in answer["body"]),
    "public_intake-report": (a_recorded_revocation, lambda answer: answer["statusCode"] == 201),
    "public_intake-challenge": (nothing, lambda answer: "vouchsafe-proof-" in answer["body"]),
    "public_intake-revoke_without_proof": (nothing, lambda answer: answer["statusCode"] == 400),
    "keep_watch-schedule": (
        a_hierarchy_made,
        lambda answer: answer["late"] == [] and "numbers.json" in published(),
    ),
    "keep_watch-watch_only": (
        a_hierarchy_made,
        lambda answer: answer["late"] == [] and "numbers.json" not in published(),
    ),
    "audit_issued-schedule": (nothing, lambda answer: answer == {"seen": 0, "faulty": 0}),
    "pack_evidence-waiting": (an_issue_that_waits, lambda answer: answer == read(1)),
    "pack_evidence-schedule": (nothing, lambda answer: answer == {"missed": 0}),
    "send_reports-waiting": (a_refusal_that_waits, lambda answer: answer == read(1)),
    "send_webhooks-waiting": (
        a_change_and_a_webhook_that_wait,
        lambda answer: answer == read(2),
    ),
    "send_webhooks-schedule": (nothing, lambda answer: answer == {"woken": 0}),
    "send_mail-waiting": (a_notice_that_waits, lambda answer: answer == read(1)),
    "perspective-nothing_asked": (
        nothing,
        lambda answer: (
            (answer["perspective"], answer["dcv"], answer["error"]) == ("primary", [], "")
        ),
    ),
}
#: The functions whose samples are run elsewhere: with the API's own tests.
ELSEWHERE = {path.name.partition("-")[0] for path in EVENTS.glob("*_api-*.json")} | {
    "unknown_route",
    "accounts",
}


def test_every_sample_of_these_functions_is_run_here() -> None:
    samples = {path.stem for path in EVENTS.iterdir()}
    here = {name for name in samples if name.partition("-")[0] not in ELSEWHERE}
    assert here == set(EXPECTED) | {"number_changes-stream"}


def test_every_function_has_a_sample() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    assert folders == {path.name.partition("-")[0] for path in EVENTS.iterdir()}


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gets_its_answer(name: str) -> None:
    prepare, is_right = EXPECTED[name]
    prepare()
    answer = json.loads(json.dumps(run(name)))
    assert is_right(answer), answer


def test_a_change_from_the_stream_gets_its_number_and_is_queued(
    deployed: dict[str, str],
) -> None:
    ledger().commit(a_change())
    items = boto3.client("dynamodb").scan(TableName=TABLE)["Items"]
    (written,) = [item for item in items if item.get("entity") == {"S": "change"}]
    event = json.loads((EVENTS / "number_changes-stream.json").read_text())
    event["Records"][0]["dynamodb"]["NewImage"] = written
    handler = importlib.import_module("functions.number_changes.app").handler
    assert handler(event, None) == {"batchItemFailures": []}
    queued = boto3.client("sqs").receive_message(QueueUrl=deployed["NOTICE_QUEUE_URL"])
    (message,) = queued["Messages"]
    assert json.loads(message["Body"])["number"] == 1
    assert CALLED == ["send-mail", "send-webhooks"]


@pytest.mark.usefixtures("deployed")
def test_an_issued_sample_stands_in_the_store_and_is_its_issuers() -> None:
    from cryptography import x509

    an_order_ready_to_be_issued()
    run("issue_certificate-ready")
    s3 = boto3.client("s3")
    (stored,) = s3.list_objects_v2(Bucket="store")["Contents"]
    der = s3.get_object(Bucket="store", Key=stored["Key"])["Body"].read()
    ca = s3.get_object(Bucket="publication", Key="ca/e1.cer")["Body"].read()
    certificate = x509.load_der_x509_certificate(der)
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(ca))


@pytest.mark.usefixtures("deployed")
def test_the_packet_of_an_issued_sample_is_verified_with_the_published_key() -> None:
    from vouchsafe.evidence import main

    an_issue_that_waits()
    run("pack_evidence-waiting")
    s3 = boto3.client("s3")
    with TemporaryDirectory() as folder:
        packet, key = Path(folder) / "packet.json", Path(folder) / "evidence.pem"
        s3.download_file("store", "evidence/certificates/5001.json", str(packet))
        s3.download_file("publication", "ca/evidence.pem", str(key))
        assert main(["verify", str(packet), "--key", str(key)]) == 0


@pytest.mark.usefixtures("deployed")
def test_a_message_about_what_is_not_there_yet_comes_again() -> None:
    waits("evidence", ChangeKind.CERTIFICATE_ISSUED)
    assert run("pack_evidence-waiting") == read(0, failed=1)
    assert run("pack_evidence-waiting") == read(0), "not at once"


@pytest.mark.usefixtures("deployed")
def test_a_key_made_by_a_sample_is_opened_by_the_function_that_hands_it_out() -> None:
    managed_keys = importlib.import_module("vouchsafe.domain.managed_keys")
    bootstrap_keys = importlib.import_module("vouchsafe.bootstrap_keys")
    an_order_without_a_key()
    run("make_key-needed")
    given = bootstrap_keys.managed_keys_api()
    private = given.opener.open(given.managed.managed_key(5001))
    dossier = ledger().order(1001)
    assert dossier is not None
    assert managed_keys.public_part(private) == key_of(dossier.newest)
    assert run("make_key-needed") == {"outcome": "made", "cause": "it was made before"}


@pytest.mark.usefixtures("deployed")
def test_an_issued_sample_is_looked_at_again_with_the_real_linter() -> None:
    an_order_ready_to_be_issued()
    run("issue_certificate-ready")
    (issued_at,) = [
        datetime.fromisoformat(item["issued_at"]["S"])
        for item in boto3.client("dynamodb").scan(TableName=TABLE)["Items"]
        if item.get("entity") == {"S": "issued"}
    ]
    reauditing = importlib.import_module("vouchsafe.services.reauditing")
    bootstrap_evidence = importlib.import_module("vouchsafe.bootstrap_evidence")
    later = FrozenClock(issued_at + timedelta(hours=1))
    ports = replace(bootstrap_evidence.audit_issued(), clock=later)
    audited = reauditing.audit_issued(10, ports=ports)
    assert audited.seen == 1
    # the sample's proofs name no perspectives; nothing else is wrong with it
    assert {fault.check for fault in audited.faults[5001]} == {"quorum"}


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("duty", sorted(Duty))
def test_a_scheduled_function_notes_its_own_duty_once_all_is_done(duty: Duty) -> None:
    a_hierarchy_made()
    duties = DynamoDuties(boto3.client("dynamodb"), TABLE)
    duties.all([*Duty], MOMENT)
    before = datetime.now(UTC)
    run(f"{duty.value}-schedule")
    found = {each.duty: each.done_at for each in duties.all([*Duty], MOMENT)}
    assert found.pop(duty) >= before
    assert set(found.values()) == {MOMENT}


@pytest.mark.usefixtures("deployed")
def test_a_function_that_left_work_behind_notes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a_pending_domain()
    duties = DynamoDuties(boto3.client("dynamodb"), TABLE)
    duties.all([*Duty], MOMENT)
    app = importlib.import_module("functions.check_domain.app")
    monkeypatch.setattr(app, "_BUDGET", timedelta(0))
    assert run("check_domain-schedule")["left"]
    assert {each.done_at for each in duties.all([*Duty], MOMENT)} == {MOMENT}
