"""Orders proven by CNAME and by file, from the question to the proof; places that are shut out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT, TOKEN
from tests.unit.validation.checking import Bench
from vouchsafe.domain.authorization import AuthorizationStatus, DcvMethodName
from vouchsafe.domain.corroboration import REMOTE_REGIONS
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.looking import LookReport, LookRequest
from vouchsafe.domain.methods import FILE_PATH
from vouchsafe.domain.proofs import DomainProof

FIRST_LOOK = MOMENT + timedelta(seconds=60)
CNAME, HTTP = DcvMethodName.DNS_CNAME, DcvMethodName.HTTP_FILE


def a_bench(method: DcvMethodName, *names: str) -> Bench:
    bench = Bench(names=names, dcv_method=method)
    items = tuple(replace(one, method=method) for one in bench.names.values())
    bench.book.commit(
        replace(bench.certificate, version=bench.certificate.version + 1),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
    )
    return bench


def test_a_cname_order_is_proven_and_every_place_is_asked_where_it_was_seen() -> None:
    bench = a_bench(CNAME, "www.example.com", "*.shop.example.com")
    bench.world.aliases["_dnsauth.example.com"] = f"{TOKEN}.dcv.ca.example.net"
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    assert {one.cname_target for one in bench.looker.requests[0].dcv} == {"ca.example.net"}
    narrowed = bench.perspectives.requests[0].dcv
    assert {one.authorization_domains for one in narrowed} == {("_dnsauth.example.com",)}
    proof = bench.names["*.shop.example.com"].proof
    assert proof is not None
    assert (proof.method, proof.br_section) == (CNAME, "3.2.2.4.7")
    assert proof.authorization_domain == "example.com"
    assert proof.steps == (
        "wildcard label removed: *.shop.example.com -> shop.example.com",
        "leftmost label removed: shop.example.com -> example.com",
        "record at the name with _dnsauth in front: _dnsauth.example.com",
    )


def test_of_many_names_each_needs_its_own_file() -> None:
    bench = a_bench(HTTP, "www.example.com", "shop.example.com")
    bench.world.files[f"http://www.example.com{FILE_PATH}"] = f"{TOKEN}\r\n"
    bench.world.files[f"http://example.com{FILE_PATH}"] = TOKEN
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    proven, other = bench.names["www.example.com"], bench.names["shop.example.com"]
    assert proven.status is AuthorizationStatus.VALID
    assert proven.proof is not None
    assert (proven.proof.br_section, proven.proof.steps) == ("3.2.2.4.18", ())
    assert proven.proof.authorization_domain == "www.example.com"
    assert other.last_look is not None
    assert other.last_look.cause == "file_at_parent"


def test_caa_is_asked_by_the_name_of_the_method() -> None:
    bench = a_bench(HTTP, "www.example.com")
    bench.world.files[f"http://www.example.com{FILE_PATH}"] = TOKEN
    bench.check_at(FIRST_LOOK)
    assert [one.validation_method for one in bench.looker.requests[-1].caa] == ["ca-tbr-18"]


def test_the_target_of_the_names_cname_is_what_is_proven_and_all_places_follow_it() -> None:
    bench = a_bench(CNAME, "www.example.com")
    bench.world.aliases["www.example.com"] = "a.example.net"
    bench.world.aliases[f"{TOKEN}.example.net"] = "dcv.ca.example.net"
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    assert bench.perspectives.requests[0].dcv == bench.looker.requests[0].dcv
    proof = bench.names["www.example.com"].proof
    assert proof is not None
    assert proof.authorization_domain == "example.net"
    assert proof.steps[0] == "CNAME followed to a.example.net"
    kept = [r for key, r in bench.book.records.items() if key[0] is DomainProof]
    assert [one.authorization_domain for one in kept] == ["example.net"]


class ShutOut:
    """Perspectives some of which nobody answers."""

    def __init__(self, bench: Bench, places: tuple[str, ...], cause: str) -> None:
        self._inner, self._places, self._cause = bench.perspectives, places, cause

    def ask(self, request: LookRequest) -> tuple[LookReport, ...]:
        return tuple(map(self._shut, self._inner.ask(request)))

    def _shut(self, report: LookReport) -> LookReport:
        if report.perspective not in self._places:
            return report
        shut = tuple(
            replace(one, completed=False, passed=False, cause=self._cause) for one in report.dcv
        )
        return replace(report, dcv=shut)


@pytest.mark.parametrize("cause", ["web_time_out", "web_refused", "time_out", "tls_failure"])
def test_places_that_nobody_answers_look_like_whole_countries_shut_out(cause: str) -> None:
    bench = a_bench(HTTP, "www.example.com")
    bench.world.files[f"http://www.example.com{FILE_PATH}"] = TOKEN
    shut = REMOTE_REGIONS[:3]
    bench.perspectives = ShutOut(bench, shut, cause)  # type: ignore[assignment]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    look = bench.names["www.example.com"].last_look
    assert look is not None
    assert look.cause == "perspectives_blocked"
    assert all(place in look.explanation for place in shut)
    assert "countries" in look.explanation + look.advice


def test_our_own_trouble_at_a_place_is_not_laid_to_anybodys_firewall() -> None:
    bench = a_bench(HTTP, "www.example.com")
    bench.world.files[f"http://www.example.com{FILE_PATH}"] = TOKEN
    bench.perspectives = ShutOut(bench, REMOTE_REGIONS[:3], "own_trouble")  # type: ignore[assignment]
    bench.check_at(FIRST_LOOK)
    look = bench.names["www.example.com"].last_look
    assert look is not None
    assert look.cause == "too_few_perspectives"


def test_two_of_six_shut_out_do_not_keep_a_name_from_being_proven() -> None:
    bench = a_bench(HTTP, "www.example.com")
    bench.world.files[f"http://www.example.com{FILE_PATH}"] = TOKEN
    bench.perspectives = ShutOut(bench, REMOTE_REGIONS[:2], "web_time_out")  # type: ignore[assignment]
    bench.check_at(FIRST_LOOK)
    assert bench.names["www.example.com"].status is AuthorizationStatus.VALID
