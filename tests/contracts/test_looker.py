"""Port Looker: the fake the services are tested with, and the real looker on real name servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from pytest_socket import socket_allow_hosts

from tests.builders import TOKEN
from tests.unit.validation.eyes import SeeingLooker, World
from tests.unit.validation.internet import Internet
from tests.unit.validation.name_servers import NameServers
from tests.unit.validation.web_servers import PLAIN, WebServers
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import CaaQuestion, DcvQuestion, LookRequest
from vouchsafe.domain.methods import FILE_PATH
from vouchsafe.ports import Looker

OURS = "ca.example.net"


class Scene(Protocol):
    """A world in which records can be published, and a looker that looks at it."""

    looker: Looker

    def txt(self, name: str, value: str) -> None: ...
    def caa(self, name: str, value: str) -> None: ...
    def cname(self, name: str, target: str) -> None: ...
    def file(self, host: str, text: str) -> None: ...


class FakeScene:
    def __init__(self) -> None:
        self._world = World()
        self.looker: Looker = SeeingLooker(self._world)

    def txt(self, name: str, value: str) -> None:
        self._world.publish(value, name)

    def caa(self, name: str, value: str) -> None:
        self._world.caa[name] = (0, "issue", value)

    def cname(self, name: str, target: str) -> None:
        self._world.aliases[name] = target

    def file(self, host: str, text: str) -> None:
        self._world.files[f"http://{host}{FILE_PATH}"] = text


class RealScene:
    def __init__(self, servers: NameServers, web: WebServers) -> None:
        self._internet, self._web = Internet(servers), web
        self.looker: Looker = NetworkLooker(
            self._internet.resolver(), perspective="primary", rir="ARIN", probe=web.probe()
        )

    def txt(self, name: str, value: str) -> None:
        self._internet.publish(f"{name}.", "TXT", f'"{value}"')

    def caa(self, name: str, value: str) -> None:
        self._internet.publish(f"{name}.", "CAA", f'0 issue "{value}"')

    def cname(self, name: str, target: str) -> None:
        self._internet.publish(f"{name}.", "CNAME", f"{target}.")

    def file(self, host: str, text: str) -> None:
        self._internet.publish(f"{host}.", "A", PLAIN)
        self._web.put(host, text)


@pytest.fixture(params=["fake", "real"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    if request.param == "fake":
        yield FakeScene()
        return
    socket_allow_hosts(["127.0.0.0/8"], allow_unix_socket=True)
    servers, web = NameServers(), WebServers(tmp_path)
    yield RealScene(servers, web)
    web.close()
    servers.close()


def about(name: str, method: DcvMethodName = DcvMethodName.DNS_TXT) -> DcvQuestion:
    return question_for(Identifier(name), method, TOKEN, OURS)


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

    @pytest.mark.parametrize(
        ("owner", "target"),
        [
            (f"{TOKEN}.www.example.com", f"dcv.{OURS}"),
            ("_dnsauth.www.example.com", f"{TOKEN}.DCV.{OURS.upper()}"),
            (f"{TOKEN}.example.com", f"dcv.{OURS}"),
            ("_dnsauth.example.com", f"{TOKEN}.dcv.{OURS}"),
        ],
    )
    def test_a_cname_in_either_form_is_found_wherever_it_counts(
        self, scene: Scene, owner: str, target: str
    ) -> None:
        scene.cname(owner, target)
        question = about("*.www.example.com", DcvMethodName.DNS_CNAME)
        (answer,) = scene.looker.look(LookRequest(dcv=(question,))).dcv
        assert (answer.passed, answer.cause) == (True, "proven")
        assert answer.authorization_domain == owner

    @pytest.mark.parametrize(
        ("owner", "target"),
        [
            (f"{TOKEN}.www.example.com", f"dcv.{OURS}.example.com"),
            (f"{TOKEN}.www.example.com", f"{TOKEN}.dcv.{OURS}"),
            ("_dnsauth.www.example.com", f"dcv.{OURS}"),
            (f"{TOKEN[1:]}.www.example.com", f"dcv.{OURS}"),
        ],
    )
    def test_a_cname_of_another_form_proves_nothing(
        self, scene: Scene, owner: str, target: str
    ) -> None:
        scene.cname(owner, target)
        question = about("www.example.com", DcvMethodName.DNS_CNAME)
        (answer,) = scene.looker.look(LookRequest(dcv=(question,))).dcv
        assert (answer.completed, answer.passed) == (True, False)

    @pytest.mark.parametrize("method", [DcvMethodName.DNS_TXT, DcvMethodName.DNS_CNAME])
    def test_the_name_may_be_replaced_by_its_cnames_target_and_then_pruned(
        self, scene: Scene, method: DcvMethodName
    ) -> None:
        scene.cname("www.example.com", "first.example.com")
        scene.cname("first.example.com", "a.shop.example.com")
        if method is DcvMethodName.DNS_TXT:
            scene.txt("_dnsauth.shop.example.com", TOKEN)
        else:
            scene.cname("_dnsauth.shop.example.com", f"{TOKEN}.dcv.{OURS}")
        asked = about("www.example.com", method), about("*.www.example.com", method)
        answer, wildcard = scene.looker.look(LookRequest(dcv=asked)).dcv
        assert answer.passed
        assert answer.authorization_domain == "_dnsauth.shop.example.com"
        assert answer.followed == ("first.example.com", "a.shop.example.com")
        assert not wildcard.passed

    def test_a_file_proves_the_name_it_is_fetched_from_and_no_other(self, scene: Scene) -> None:
        scene.file("www.example.com", f"{TOKEN}\n")
        names = ("www.example.com", "a.www.example.com", "example.com")
        asked = tuple(about(name, DcvMethodName.HTTP_FILE) for name in names)
        answers = scene.looker.look(LookRequest(dcv=asked)).dcv
        assert [one.passed for one in answers] == [True, False, False]
        assert answers[0].authorization_domain == f"http://www.example.com{FILE_PATH}"

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
        scene.txt("below.shop.example.com", "so that the name above exists")
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
