"""Port Looker: the fake the services are tested with, and the real looker on real name servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest
from pytest_socket import socket_allow_hosts

from tests.builders import TOKEN
from tests.unit.validation.eyes import SeeingLooker, World
from tests.unit.validation.internet import Internet
from tests.unit.validation.name_servers import NameServers
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import CaaQuestion, DcvQuestion, LookRequest
from vouchsafe.ports import Looker

OURS = "ca.example.net"


class Scene(Protocol):
    """A world in which records can be published, and a looker that looks at it."""

    looker: Looker

    def txt(self, name: str, value: str) -> None: ...
    def caa(self, name: str, value: str) -> None: ...


class FakeScene:
    def __init__(self) -> None:
        self._world = World()
        self.looker: Looker = SeeingLooker(self._world)

    def txt(self, name: str, value: str) -> None:
        self._world.publish(value, name)

    def caa(self, name: str, value: str) -> None:
        self._world.caa[name] = (0, "issue", value)


class RealScene:
    def __init__(self, servers: NameServers) -> None:
        self._internet = Internet(servers)
        self.looker: Looker = NetworkLooker(
            self._internet.resolver(), perspective="primary", rir="ARIN"
        )

    def txt(self, name: str, value: str) -> None:
        self._internet.publish(f"{name}.", "TXT", f'"{value}"')

    def caa(self, name: str, value: str) -> None:
        self._internet.publish(f"{name}.", "CAA", f'0 issue "{value}"')


@pytest.fixture(params=["fake", "real"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    if request.param == "fake":
        yield FakeScene()
        return
    socket_allow_hosts(["127.0.0.0/8"], allow_unix_socket=True)
    servers = NameServers()
    yield RealScene(servers)
    servers.close()


def about(name: str) -> DcvQuestion:
    return question_for(Identifier(name), DcvMethodName.DNS_TXT, TOKEN)


def may_issue(name: str, *, wildcard: bool = False) -> CaaQuestion:
    return CaaQuestion(name=name, wildcard=wildcard, issuer_domains=(OURS,))


class TestLooker:
    def test_an_empty_request_is_an_empty_report(self, scene: Scene) -> None:
        report = scene.looker.look(LookRequest())
        assert (report.perspective, report.rir) == ("primary", "ARIN")
        assert (report.dcv, report.caa, report.error) == ((), (), "")

    def test_answers_come_in_the_order_asked(self, scene: Scene) -> None:
        names = [f"n{number}.example.com" for number in range(12)]
        scene.txt(names[5], TOKEN)
        report = scene.looker.look(LookRequest(dcv=tuple(about(name) for name in names)))
        assert [answer.name for answer in report.dcv] == names
        assert [answer.passed for answer in report.dcv] == [n == 5 for n in range(12)]

    @pytest.mark.parametrize(
        "owner",
        ["www.example.com", "_dnsauth.www.example.com", "example.com", "_dnsauth.example.com"],
    )
    def test_the_value_is_found_wherever_it_counts(self, scene: Scene, owner: str) -> None:
        scene.txt(owner, "v=spf1 -all")
        scene.txt(owner, TOKEN)
        (answer,) = scene.looker.look(LookRequest(dcv=(about("*.www.example.com"),))).dcv
        assert (answer.passed, answer.completed, answer.cause) == (True, True, "proven")
        assert (answer.authorization_domain, answer.record) == (owner, TOKEN)

    def test_a_question_narrowed_to_one_place_is_answered_there_alone(self, scene: Scene) -> None:
        scene.txt("example.com", TOKEN)
        question = DcvQuestion(
            name="www.example.com",
            method=DcvMethodName.DNS_TXT,
            value=TOKEN,
            authorization_domains=("_dnsauth.example.com",),
        )
        (answer,) = scene.looker.look(LookRequest(dcv=(question,))).dcv
        assert (answer.passed, answer.completed) == (False, True)

    def test_a_name_without_the_record_is_looked_up_and_explained(self, scene: Scene) -> None:
        scene.txt("www.example.com", "v=spf1 -all")
        answers = scene.looker.look(
            LookRequest(dcv=(about("www.example.com"), about("shop.example.com")))
        ).dcv
        assert [(one.completed, one.passed) for one in answers] == [(True, False)] * 2
        assert [one.cause for one in answers] == ["value_differs", "nothing_at_the_name"]
        assert answers[0].observations[0].question == "TXT www.example.com"
        assert answers[0].observations[0].answer == '"v=spf1 -all"'

    def test_caa_is_climbed_from_the_name_and_the_deciding_record_named(self, scene: Scene) -> None:
        scene.caa("example.com", "other.example.net")
        scene.caa("shop.example.com", OURS)
        report = scene.looker.look(
            LookRequest(caa=(may_issue("a.www.example.com"), may_issue("shop.example.com")))
        )
        refused, permitted = (answer.finding for answer in report.caa)
        assert (refused.completed, refused.permitted) == (True, False)
        assert refused.deciding_name == "example.com"
        assert refused.deciding_record == '0 issue "other.example.net"'
        assert (permitted.permitted, permitted.deciding_name) == (True, "shop.example.com")

    def test_without_caa_anywhere_anybody_may_issue(self, scene: Scene) -> None:
        (answer,) = scene.looker.look(LookRequest(caa=(may_issue("www.example.com"),))).caa
        assert (answer.finding.completed, answer.finding.permitted) == (True, True)
        assert answer.finding.deciding_name == ""
