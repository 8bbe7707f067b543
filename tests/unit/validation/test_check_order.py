"""check_order on fakes: when it looks, what it writes, what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.unit.validation.checking import DEADLINE, Bench
from vouchsafe.domain.authorization import AuthorizationStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.corroboration import REMOTE_REGIONS
from vouchsafe.domain.gates import Verdict
from vouchsafe.services.validation import ValidationPolicy

SECOND = timedelta(seconds=1)
FIRST_LOOK = MOMENT + timedelta(seconds=60)


def test_the_first_check_records_the_run_and_waits_for_the_first_look() -> None:
    bench = Bench()
    outcome = bench.check()
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.WAITING, 60)
    assert outcome.phase == "waiting for proof of www.example.com and 1 more name"
    assert outcome.cause == "not looked at yet"
    assert bench.certificate.run == 1
    assert not bench.looker.requests


def test_a_failed_look_says_what_was_seen_where_and_when_it_looks_next() -> None:
    bench = Bench()
    bench.check()
    outcome = bench.check_at(FIRST_LOOK)
    assert (outcome.verdict, outcome.wait_seconds) == (Verdict.WAITING, 65)
    assert outcome.cause == (
        "TXT www.example.com: nothing at the name; the name exists, but has no TXT record."
    )
    certificate = bench.certificate
    assert (certificate.looks, certificate.looked_at) == (1, FIRST_LOOK)
    assert certificate.next_look_at == FIRST_LOOK + timedelta(seconds=64.8)
    summary = bench.names["www.example.com"].last_look
    assert summary is not None
    assert summary.cause == "nothing_at_the_name"
    assert summary.observations[0].question == "TXT www.example.com"


def test_names_are_proven_caa_is_looked_at_and_the_order_is_ready_in_one_check() -> None:
    bench = Bench()
    bench.publish("example.com")  # counts for both names
    outcome = bench.check_at(FIRST_LOOK)
    assert outcome.verdict is Verdict.READY
    proof = bench.names["www.example.com"].proof
    assert proof is not None
    assert proof.authorization_domain == "example.com"
    assert proof.steps == ("leftmost label removed: www.example.com -> example.com",)
    assert (proof.quorum, proof.br_section, proof.proven_at) == ("6/6", "3.2.2.4.7", FIRST_LOOK)
    assert [one.perspective for one in proof.perspectives] == ["primary", *REMOTE_REGIONS]
    caa = bench.certificate.caa
    assert caa is not None and caa.permitted
    assert caa.good_until == FIRST_LOOK + timedelta(hours=8)
    assert {one.name for one in caa.findings} == {"www.example.com", "example.com"}


def test_one_change_tells_of_all_names_proven_in_a_look() -> None:
    bench = Bench()
    bench.publish("example.com")
    bench.check_at(FIRST_LOOK)
    assert [(one.kind, one.data) for one in bench.changes] == [
        (ChangeKind.NAME_PROVEN, {"names": ["www.example.com", "example.com"]})
    ]


def test_a_proven_name_is_not_looked_at_again_while_others_wait() -> None:
    bench = Bench()
    bench.publish("www.example.com")
    assert bench.check_at(FIRST_LOOK).phase == "waiting for proof of example.com"
    bench.check_at(FIRST_LOOK + 70 * SECOND)
    assert [question.name for question in bench.looker.requests[-1].dcv] == ["example.com"]
    assert bench.certificate.caa is None


def test_wildcards_are_proven_and_asked_for_as_such() -> None:
    bench = Bench(names=("*.shop.example.com", "shop.example.com"))
    bench.publish("shop.example.com")
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    asked = bench.looker.requests[-1].caa
    assert {(one.name, one.wildcard) for one in asked} == {
        ("shop.example.com", True),
        ("shop.example.com", False),
    }
    assert asked[0].validation_method == "ca-tbr-7"
    assert asked[0].account_uri == "acct:1@ca.example.net"


def test_the_other_places_are_asked_only_where_the_primary_found_the_value() -> None:
    bench = Bench()
    bench.check_at(FIRST_LOOK)
    assert bench.perspectives.requests == []
    bench.publish("_dnsauth.www.example.com")
    bench.check_at(FIRST_LOOK + 65 * SECOND)
    (asked,) = bench.perspectives.requests
    assert [one.authorization_domains for one in asked.dcv] == [("_dnsauth.www.example.com",)]


def test_without_a_quorum_a_name_is_not_proven() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.perspectives.blind = set(REMOTE_REGIONS[:3])
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    summary = bench.names["example.com"].last_look
    assert summary is not None
    assert summary.cause == "perspectives_disagree"
    assert "us-west-2, eu-central-1, eu-west-1" in summary.explanation
    assert bench.names["example.com"].status is AuthorizationStatus.PENDING


def test_places_that_cannot_answer_make_it_wait_not_fail() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.perspectives.down = set(REMOTE_REGIONS[:3])
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    summary = bench.names["example.com"].last_look
    assert summary is not None and summary.cause == "too_few_perspectives"
    bench.perspectives.down = set(REMOTE_REGIONS[:2])
    assert bench.check_at(FIRST_LOOK + 65 * SECOND).verdict is Verdict.READY
    proof = bench.names["example.com"].proof
    assert proof is not None and proof.quorum == "4/6"


def test_caa_that_forbids_waits_with_its_cause_and_is_asked_again() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.world.caa["example.com"] = (0, "issue", "other.example.net")
    outcome = bench.check_at(FIRST_LOOK)
    assert outcome.verdict is Verdict.WAITING
    assert outcome.phase == "waiting for CAA to permit the issue"
    assert outcome.cause == (
        'CAA for www.example.com: 0 issue "other.example.net" names another issuer'
    )
    assert bench.names["example.com"].status is AuthorizationStatus.VALID
    bench.world.caa.clear()
    assert bench.check_at(FIRST_LOOK + 65 * SECOND).verdict is Verdict.READY


def test_caa_that_only_the_primary_reads_as_permission_waits() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.looker.meanwhile = [lambda: None, lambda: bench.perspectives.down.update(REMOTE_REGIONS)]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    caa = bench.certificate.caa
    assert caa is not None
    assert not caa.permitted and not caa.findings[0].completed


def test_with_all_names_proven_before_caa_is_looked_at_at_once() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.check_at(FIRST_LOOK)
    bench.rewrite(caa=None, looks=0, next_look_at=DEADLINE)
    assert bench.check().verdict is Verdict.READY


def test_caa_that_became_too_old_is_looked_at_again_without_new_proofs() -> None:
    bench = Bench()
    bench.publish("www.example.com", "example.com")
    bench.check_at(FIRST_LOOK)
    bench.looker.requests.clear()
    outcome = bench.check_at(FIRST_LOOK + timedelta(hours=9))
    assert outcome.verdict is Verdict.READY
    assert [(len(one.dcv), len(one.caa)) for one in bench.looker.requests] == [(0, 2)]


def test_a_deployment_without_a_caa_domain_of_its_own_cannot_check_anything() -> None:
    with pytest.raises(ValueError, match="CAA_DOMAINS is not set"):
        ValidationPolicy(caa_domains=())
