"""What only the real looker does: bad servers, many names, and its settings."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.builders import TOKEN
from tests.unit.validation.internet import QUICK, Internet
from tests.unit.validation.name_servers import refusing, silent
from vouchsafe.adapters.dns_exchange import Timings
from vouchsafe.adapters.looker import NetworkLooker, network_looker
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.causes import CauseCode
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import CaaQuestion, DcvAnswer, DcvQuestion, LookRequest
from vouchsafe.settings import Settings


def about(name: str) -> DcvQuestion:
    return question_for(Identifier(name), DcvMethodName.DNS_TXT, TOKEN)


def a_looker(internet: Internet, timings: Timings = QUICK, **changed: float) -> NetworkLooker:
    return NetworkLooker(
        internet.resolver(timings),
        perspective="primary",
        rir="ARIN",
        **changed,  # type: ignore[arg-type]
    )


def look(internet: Internet, *names: str) -> tuple[DcvAnswer, ...]:
    request = LookRequest(dcv=tuple(about(name) for name in names))
    return a_looker(internet).look(request).dcv


def test_a_domain_added_twice_is_found_where_it_went(internet: Internet) -> None:
    internet.publish(
        "www.example.com", "TXT", f'"{TOKEN}"'
    )  # relative: www.example.com.example.com
    (answer,) = look(internet, "www.example.com")
    assert answer.cause == CauseCode.RECORD_AT_DOUBLED_LABEL


def test_servers_that_disagree_prove_nothing_and_are_named(internet: Internet) -> None:
    internet.first_zone.add("www", "TXT", f'"{TOKEN}"')
    (answer,) = look(internet, "www.example.com")
    assert (answer.passed, answer.completed) == (False, True)
    assert answer.cause == CauseCode.SERVERS_DISAGREE
    assert "With the value: ns1.example.com (127.40.0.3)" in answer.explanation
    assert "Without: ns2.example.com (127.40.0.4)" in answer.explanation


@pytest.mark.parametrize(
    ("manner", "cause"), [(silent, CauseCode.TIME_OUT), (refusing, CauseCode.SERVERS_FAIL)]
)
def test_servers_that_give_no_answer_leave_the_look_incomplete(
    internet: Internet, manner: object, cause: CauseCode
) -> None:
    internet.first.manner = internet.second.manner = manner  # type: ignore[assignment]
    (answer,) = look(internet, "www.example.com")
    assert (answer.passed, answer.completed, answer.cause) == (False, False, cause)


LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 49, "example.com"])  # 253 characters


def test_places_too_long_for_a_name_hold_nothing_and_stop_no_look(internet: Internet) -> None:
    """With `_dnsauth` in front, or a value, the longest names are none any more."""
    internet.publish("www.example.com.", "TXT", f'"{TOKEN}"')
    longest, other = look(internet, LONGEST, "www.example.com")
    assert (longest.passed, longest.completed) == (False, True)
    assert other.passed
    internet.publish("@", "TXT", f'"{TOKEN}"')
    (parent,) = look(internet, LONGEST)
    assert (parent.passed, parent.authorization_domain) == (True, "example.com")


def test_an_alias_that_leads_to_the_longest_of_names_stops_no_look(internet: Internet) -> None:
    internet.publish("shop", "CNAME", f"{LONGEST}.")
    internet.publish("www.example.com.", "TXT", f'"{TOKEN}"')
    aliased, other = look(internet, "shop.example.com", "www.example.com")
    assert (aliased.passed, other.passed) == (False, True)


def test_an_unregistered_domain_is_called_that(internet: Internet) -> None:
    (answer,) = look(internet, "www.unregistered.com")
    assert answer.cause == CauseCode.NO_DELEGATION


def test_a_method_this_place_does_not_know_is_no_answer(internet: Internet) -> None:
    question = replace(about("www.example.com"), method=DcvMethodName.EMAIL)
    (answer,) = a_looker(internet).look(LookRequest(dcv=(question,))).dcv
    assert (answer.completed, answer.cause) == (False, CauseCode.OWN_TROUBLE)


def test_caa_of_servers_that_give_no_answer_is_no_permission(internet: Internet) -> None:
    internet.first.manner = internet.second.manner = refusing
    question = CaaQuestion(name="www.example.com", wildcard=False, issuer_domains=("ca.example",))
    (answer,) = a_looker(internet).look(LookRequest(caa=(question,))).caa
    assert (answer.finding.completed, answer.finding.permitted) == (False, False)


@pytest.mark.parametrize("delay", [0.0, 0.1])
@pytest.mark.long
def test_250_names_take_seconds_even_with_slow_servers(internet: Internet, delay: float) -> None:
    names = [f"n{number}.example.com" for number in range(250)]
    for name in names[:125]:
        internet.publish(f"_dnsauth.{name}.", "TXT", f'"{TOKEN}"')
    internet.first.delay = internet.second.delay = delay
    request = LookRequest(dcv=tuple(about(name) for name in names))
    began = time.monotonic()
    answers = a_looker(internet, Timings()).look(request).dcv
    assert time.monotonic() - began < 15
    assert [one.passed for one in answers] == [True] * 125 + [False] * 125
    assert all(one.completed for one in answers)


@pytest.mark.long
def test_250_names_take_seconds_with_a_dead_server_beside_a_good_one(internet: Internet) -> None:
    names = [f"n{number}.example.com" for number in range(250)]
    internet.publish("example.com.", "TXT", f'"{TOKEN}"')
    internet.second.manner = silent
    request = LookRequest(dcv=tuple(about(name) for name in names))
    began = time.monotonic()
    answers = a_looker(internet, Timings()).look(request).dcv
    assert time.monotonic() - began < 15
    assert all(one.passed for one in answers)


def test_a_look_never_takes_longer_than_its_time(internet: Internet) -> None:
    internet.first.delay = internet.second.delay = 0.2
    request = LookRequest(dcv=tuple(about(f"n{number}.example.com") for number in range(60)))
    began = time.monotonic()
    answers = a_looker(internet, Timings(), workers=2, seconds=1.0).look(request).dcv
    assert time.monotonic() - began < 3
    late = [one for one in answers if one.cause == CauseCode.OWN_TROUBLE]
    assert late
    assert "used up" in late[0].explanation


def test_one_question_costs_about_a_millisecond_of_cpu_at_most(internet: Internet) -> None:
    """One TXT question to one server, read and judged; `-s` shows the number."""
    internet.second.manner = silent  # given up after two questions, so that one server is asked
    session = internet.resolver(Timings(tries=(0.01,))).session(60)
    for number in range(20):
        session.ask(f"warm{number}.example.com", "TXT")
    began, count = time.thread_time(), 300
    for number in range(count):
        session.ask(f"n{number}.example.com", "TXT")
    spent = (time.thread_time() - began) / count * 1000
    print(f"CPU per TXT question: {spent:.3f} ms")
    assert spent < 3  # loose, for busy machines; about 0.4 ms on a quiet one


def test_the_settings_of_a_lab_lead_to_its_root(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{TOKEN}"')
    settings = Settings.from_environment(
        {
            "STAGE": "local",
            "PERSPECTIVE_NAME": "eu-central-1",
            "PERSPECTIVE_RIR": "RIPE",
            "LAB_DNS_ROOTS": "127.40.0.1",
            "LAB_DNS_PORT": str(internet.servers.port),
            "LAB_LOOPBACK": "true",
        }
    )
    report = network_looker(settings).look(LookRequest(dcv=(about("www.example.com"),)))
    assert (report.perspective, report.rir) == ("eu-central-1", "RIPE")
    assert report.dcv[0].passed


def test_the_settings_of_a_direct_server_send_everything_there(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{TOKEN}"')
    settings = Settings.from_environment(
        {"STAGE": "local", "LAB_DNS_DIRECT": f"127.40.0.3:{internet.servers.port}"}
    )
    request = LookRequest(
        dcv=(about("www.example.com"),),
        caa=(CaaQuestion(name="www.example.com", wildcard=False, issuer_domains=("x.example",)),),
    )
    report = network_looker(settings).look(request)
    assert report.dcv[0].passed
    assert report.caa[0].finding.permitted
    assert internet.servers.servers["127.40.0.1"].asked == 0
