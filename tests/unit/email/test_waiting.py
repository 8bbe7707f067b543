"""How the order's own loop treats names that wait for an answer by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.contracts.test_messages import message
from tests.unit.validation.checking import DEADLINE, Bench, run_machine
from vouchsafe.domain.authorization import (
    Authorization,
    AuthorizationStatus,
    Contact,
    ContactSource,
    DcvMethodName,
    Mailing,
    MailTrouble,
)
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.email_approval import proof_by, proven_by
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.mail_summaries import mail_summary
from vouchsafe.domain.order import StatusReason

CONTACT = Contact(address="admin@example.com", authorization_domain="example.com")


def waiting(name: str = "www.example.com", *mailings: Mailing) -> Authorization:
    return Authorization(
        identifier=Identifier(name),
        method=DcvMethodName.EMAIL,
        mailings=mailings or (Mailing(contact=CONTACT, message_id="mail-1"),),
    )


def bench_by_mail() -> Bench:
    bench = Bench(dcv_method=DcvMethodName.EMAIL)
    items = tuple(waiting(name) for name in bench.names)
    certificate = replace(
        bench.certificate, random_value=None, version=bench.certificate.version + 1
    )
    bench.book.commit(certificate, Authorizations(order_id=1001, certificate_id=5001, items=items))
    return bench


def answered(bench: Bench) -> None:
    """Somebody answers the mail; what an answer writes is tested with the answers."""
    now = bench.clock.now()
    proof = proof_by(CONTACT, message(), "www.example.com", now)
    items = proven_by(bench.dossier.authorizations[5001], proof, now)
    certificate = replace(bench.certificate, version=bench.certificate.version + 1)
    bench.book.commit(certificate, Authorizations(order_id=1001, certificate_id=5001, items=items))


def test_nothing_is_looked_for_and_the_cause_says_who_was_asked() -> None:
    bench = bench_by_mail()
    outcome = bench.check_at(MOMENT + timedelta(minutes=1))
    assert outcome.verdict is Verdict.WAITING
    look = bench.names["www.example.com"].last_look
    assert look is not None
    assert (look.cause, look.observations) == ("mail_awaited", ())
    assert "admin@example.com" in look.explanation


def test_looking_again_writes_the_names_anew_only_when_something_changed() -> None:
    bench = bench_by_mail()
    bench.check_at(MOMENT + timedelta(minutes=1))
    first = bench.names["www.example.com"].last_look
    bench.check_at(MOMENT + timedelta(minutes=3))
    assert bench.names["www.example.com"].last_look == first


def test_once_answered_the_next_run_looks_at_caa_at_once_and_is_ready() -> None:
    bench = bench_by_mail()
    bench.check_at(MOMENT + timedelta(minutes=1))
    answered(bench)
    outcome = bench.check(run=2)
    assert outcome.verdict is Verdict.READY
    assert bench.certificate.caa is not None and bench.certificate.caa.permitted


def test_caa_is_asked_about_the_method_that_proved_the_name() -> None:
    bench = bench_by_mail()
    answered(bench)
    bench.check(run=2)
    methods = {
        question.validation_method for request in bench.looker.requests for question in request.caa
    }
    assert methods == {"ca-tbr-4"}


def test_an_order_nobody_answers_times_out_to_the_minute_within_the_machines_budget() -> None:
    bench = bench_by_mail()
    outcome, loops = run_machine(bench)
    assert outcome.verdict is Verdict.DONE
    assert loops <= 200
    assert DEADLINE <= bench.clock.now() <= DEADLINE + timedelta(minutes=1)
    assert bench.certificate.status is CertificateStatus.INVALID
    assert bench.certificate.status_reason is StatusReason.TIMED_OUT
    statuses = {one.status for one in bench.names.values()}
    assert statuses == {AuthorizationStatus.TIMED_OUT}


BOUNCED = Mailing(
    contact=CONTACT, message_id="m", trouble=MailTrouble.BOUNCED, trouble_detail="550"
)
STALE = Mailing(
    contact=replace(CONTACT, source=ContactSource.CAA), message_id="n", trouble=MailTrouble.STALE
)
FINE = Mailing(contact=replace(CONTACT, address="postmaster@example.com"), message_id="o")


@pytest.mark.parametrize(
    ("mailings", "cause", "words"),
    [
        ((FINE,), "mail_awaited", "postmaster@example.com"),
        ((FINE, BOUNCED), "mail_bounced", "admin@example.com: bounced (550)"),
        ((BOUNCED, STALE), "mail_bounced", "bounced (550)"),
        ((FINE, STALE), "mail_not_sent", "too long before"),
    ],
)
def test_the_worst_that_is_known_is_told(
    mailings: tuple[Mailing, ...], cause: str, words: str
) -> None:
    summary = mail_summary(waiting("www.example.com", *mailings), MOMENT)
    assert summary.cause == cause
    assert words in summary.explanation
    assert summary.advice


def test_many_addresses_are_counted_not_listed() -> None:
    many = [
        Mailing(contact=replace(CONTACT, address=f"a{n}@example.com"), message_id=str(n))
        for n in range(20)
    ]
    summary = mail_summary(waiting("www.example.com", *many), MOMENT)
    assert "and 12 more" in summary.explanation
    assert len(summary.explanation) < 500


def test_a_look_record_of_an_order_by_mail_is_small() -> None:
    bench = bench_by_mail()
    bench.check_at(MOMENT + timedelta(minutes=1))
    (record,) = bench.book.newest(5001, 5)
    assert record.results == ()
