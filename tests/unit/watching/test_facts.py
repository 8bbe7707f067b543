"""What metrics tell: of commits that went through, of looks, of changes; and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_certificate, a_change
from tests.fakes import FakeBook
from tests.revocation_world import issued
from vouchsafe.adapters.metered import MeteredLedger, MeteredLooks
from vouchsafe.domain import canary
from vouchsafe.domain.certificate import CertificateStatus, Revoked
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import LookRecord
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.metrics import KINDS, Metric
from vouchsafe.domain.order import StatusReason
from vouchsafe.domain.parking import Gate, Parked
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.domain.watched import STATES, Fact, facts_of_change, facts_of_commit, facts_of_look
from vouchsafe.observability import emit, incident, left_behind, mail_outcome, webhook_outcome
from vouchsafe.services.telling import outcome_of

_LATER = timedelta(seconds=90)


def told(kind: ChangeKind, **changed: Any) -> Any:
    return a_change(kind=kind, order_id=1001, certificate_id=5001, **changed)


def values(facts: Any) -> dict[Metric, float]:
    return {fact.metric: fact.value for fact in facts}


def an_issue(**changed: Any) -> tuple[Any, Any]:
    certificate = replace(issued(), looks=3, looked_at=MOMENT - _LATER, **changed)
    return certificate, told(ChangeKind.CERTIFICATE_ISSUED)


def test_an_issue_tells_its_looks_and_how_long_it_took_from_the_proof() -> None:
    facts = tuple(facts_of_commit(an_issue()))
    assert values(facts) == {Metric.LOOKS_PER_ORDER: 3, Metric.PROOF_TO_ISSUE: 90}
    assert facts[0].more["product"] == issued().product_id
    assert facts[0].more["end"] == "issued"


def test_where_people_were_waited_for_the_time_counts_from_their_decision() -> None:
    wait = Parked(
        since=MOMENT - timedelta(days=9),
        until=MOMENT + timedelta(days=9),
        gates=(Gate.ORGANIZATION,),
        left_at=MOMENT - timedelta(seconds=5),
    )
    assert values(facts_of_commit(an_issue(parked=wait)))[Metric.PROOF_TO_ISSUE] == 5


def test_a_certificate_that_ends_without_an_issue_tells_its_looks_alone() -> None:
    ended = a_certificate(
        status=CertificateStatus.INVALID, status_reason=StatusReason.TIMED_OUT, looks=196
    )
    (fact,) = facts_of_commit([ended, told(ChangeKind.ORDER_TIMED_OUT)])
    assert (fact.metric, fact.value) == (Metric.LOOKS_PER_ORDER, 196)
    assert (fact.more["end"], fact.more["reason"]) == ("timed_out", "timed_out")


def test_a_revocation_tells_how_long_its_list_took() -> None:
    revoked = Revoked(
        revoked_at=MOMENT,
        reason=RevocationReason.SUPERSEDED,
        request_id=9001,
        published_at=MOMENT + _LATER,
    )
    certificate = replace(issued(), status=CertificateStatus.REVOKED, revoked=revoked)
    facts = facts_of_commit([certificate, told(ChangeKind.CERTIFICATE_REVOKED)])
    assert values(facts) == {Metric.REVOKED_TO_PUBLISHED: 90}


def test_what_is_the_canarys_counts_as_no_customers() -> None:
    certificate, change = an_issue(account_id=canary.ACCOUNT)
    assert not list(facts_of_commit([certificate, change]))
    assert list(facts_of_change(change))
    assert not list(facts_of_change(replace(change, account_id=canary.ACCOUNT)))


def test_other_commits_tell_nothing() -> None:
    assert not list(facts_of_commit([a_certificate(), told(ChangeKind.NAME_PROVEN)]))
    assert not list(facts_of_commit([issued()]))


def test_a_commit_that_is_refused_is_not_told() -> None:
    heard: list[Fact] = []
    book = FakeBook()
    ledger = MeteredLedger(book, heard.append)
    ledger.commit(*an_issue())
    assert len(heard) == 2
    with pytest.raises(Conflict):
        ledger.commit(*an_issue())
    assert len(heard) == 2


def a_look(*results: dict[str, Any]) -> LookRecord:
    return LookRecord(
        order_id=1001, certificate_id=5001, number=1, run=1, looked_at=MOMENT, results=results
    )


def place(name: str, completed: bool = True, passed: bool = True) -> dict[str, Any]:
    return {"perspective": name, "completed": completed, "passed": passed}


def test_a_look_in_vain_tells_each_cause_with_its_names() -> None:
    heard: list[Fact] = []
    looks = MeteredLooks(FakeBook(), heard.append)
    looks.add(a_look(*({"name": n, "cause": c} for n, c in (("a", "x"), ("b", "x"), ("c", "y")))))
    assert [(fact.metric, fact.value, fact.more["cause"]) for fact in heard] == [
        (Metric.LOOKS_IN_VAIN, 2, "x"),
        (Metric.LOOKS_IN_VAIN, 1, "y"),
    ]


def test_a_look_that_asked_other_places_tells_who_was_silent_and_who_saw_it_otherwise() -> None:
    places = [place("us"), place("eu", False, False), place("sa", True, False)]
    facts = list(facts_of_look(a_look({"name": "a", "cause": "proven", "perspectives": places})))
    assert values(facts) == {Metric.PLACES_SILENT: 1, Metric.PLACES_DISSENTING: 1}
    assert [fact.more["places"] for fact in facts] == [["eu"], ["sa"]]


@pytest.mark.parametrize("kind", sorted(STATES))
def test_every_beginning_and_end_counts_under_a_state_that_the_metric_has(kind: ChangeKind) -> None:
    (fact,) = facts_of_change(told(kind))
    assert fact.metric is Metric.ORDERS
    assert fact.state in KINDS[Metric.ORDERS].states


def test_a_reissue_that_ran_out_of_time_counts_as_that() -> None:
    (fact,) = facts_of_change(told(ChangeKind.REISSUE_ENDED, data={"reason": "timed_out"}))
    assert fact.state == "timed_out"
    assert not list(facts_of_change(told(ChangeKind.NAME_PROVEN)))


def line(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_metric_is_one_line_in_the_namespace_of_the_stack(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "vouchsafe-staging")
    emit(Metric.ORDERS, state="issued", product="dv")
    said = line(capsys)
    (made,) = said["_aws"]["CloudWatchMetrics"]
    assert (made["Namespace"], made["Dimensions"]) == ("vouchsafe-staging", [["state"]])
    assert (said["state"], said["product"], said["Orders"]) == ("issued", "dv", [1.0])


def test_the_name_of_the_service_is_no_dimension(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "vouchsafe")  # as the template sets it
    for metric, state, dimensions in (
        (Metric.ORDERS, "issued", [["state"]]),
        (Metric.CANARY_FAILED, "", [[]]),
    ):
        emit(metric, state=state)
        (made,) = line(capsys)["_aws"]["CloudWatchMetrics"]
        assert made["Dimensions"] == dimensions


@pytest.mark.parametrize(
    ("metric", "state"),
    [
        (Metric.ORDERS, ""),
        (Metric.ORDERS, "mislaid"),
        (Metric.OLDEST_CRL, "old"),
        (Metric.FUNCTION_FAILURES, ""),
    ],
)
def test_a_state_that_would_make_one_metric_more_is_refused(metric: Metric, state: str) -> None:
    with pytest.raises(ValueError, match=metric):
        emit(metric, state=state)


def test_nothing_is_told_of_no_incident_and_of_no_work_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    incident("issued_faulty", 0)
    assert left_behind("check_domain", 0)
    assert capsys.readouterr().out == ""
    assert not left_behind("check_domain", 4)
    assert line(capsys)["WorkLeft"] == [4.0]
    incident("issued_faulty", 2)
    assert line(capsys)["kind"] == "issued_faulty"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("told", "told"),
        ("told, 2 left out", "told"),
        ("refused", "refused"),
        ("nobody can be reached, 1 left out", "refused"),
        ("told before", ""),
        ("nothing to tell", ""),
    ],
)
def test_a_mail_counts_once_by_what_came_of_it(
    said: str, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome_of(said) == state
    if state:
        mail_outcome(state)
        assert line(capsys)["Mails"] == [1.0]


def test_deliveries_count_by_what_came_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    webhook_outcome("failed", webhook_id=7)
    said = line(capsys)
    assert (said["Webhooks"], said["state"], said["webhook_id"]) == ([1.0], "failed", 7)
