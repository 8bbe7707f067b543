"""The probe against real servers: what counts, what it survives, and how long it takes for that."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler

import pytest

from tests.builders import TOKEN
from tests.lab.manners import MANNERS
from tests.unit.validation.internet import QUICK, Internet
from tests.unit.validation.web_servers import BOTH, CLOSED, CONFUSED, PLAIN, WebServers
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import DcvAnswer, LookRequest
from vouchsafe.domain.web import Ended, Fetched

HOST = "www.example.com"


class Scene:
    """www.example.com at an address; `look` asks for its file, `fetch` shows the raw result."""

    def __init__(self, internet: Internet, web: WebServers) -> None:
        self.internet, self.web = internet, web

    def at(self, address: str, host: str = HOST) -> Scene:
        self.internet.publish(f"{host}.", "A", address)
        return self

    def look(self, host: str = HOST) -> DcvAnswer:
        question = question_for(Identifier(host), DcvMethodName.HTTP_FILE, TOKEN)
        resolver, probe = self.internet.resolver(QUICK), self.web.probe()
        looker = NetworkLooker(resolver, perspective="primary", rir="ARIN", probe=probe)
        (answer,) = looker.look(LookRequest(dcv=(question,))).dcv
        return answer

    def fetch(self, url: str = f"http://{HOST}/") -> Fetched:
        session = self.internet.resolver(QUICK).session(5)
        until = time.monotonic() + 5
        return self.web.probe().fetch(url, session=session, until=until, secret=TOKEN)


@pytest.fixture
def scene(internet: Internet, web: WebServers) -> Scene:
    return Scene(internet, web)


@pytest.mark.parametrize("text", [TOKEN, f"{TOKEN}\n", f"\ufeff{TOKEN}\r\n", f" \t{TOKEN}  \n\n"])
def test_a_file_with_the_value_and_white_space_around_it_proves_the_name(
    scene: Scene, text: str
) -> None:
    scene.at(PLAIN).web.put(HOST, text)
    answer = scene.look()
    assert (answer.passed, answer.completed, answer.cause) == (True, True, "proven")
    assert answer.authorization_domain == f"http://{HOST}/.well-known/pki-validation/fileauth.txt"
    questions = [line.question for line in answer.observations]
    assert f"A {HOST}" in questions
    assert f"GET {answer.authorization_domain}" in questions
    assert any(line.server == PLAIN for line in answer.observations)


@pytest.mark.parametrize(
    "text", [TOKEN[1:], TOKEN.upper(), f'"{TOKEN}"', f"{TOKEN}x", f"x {TOKEN}", f"<p>{TOKEN}", ""]
)
def test_anything_else_in_the_file_proves_nothing(scene: Scene, text: str) -> None:
    scene.at(PLAIN).web.put(HOST, text)
    assert not scene.look().passed


def test_port_443_is_tried_where_port_80_comes_to_nothing_whatever_its_certificate(
    scene: Scene,
) -> None:
    """The certificate there is expired, self-signed and somebody else's."""
    scene.at(BOTH).web.put(HOST, TOKEN)
    scene.web.treat(HOST, "redirect", "https://www.example.com/elsewhere")
    assert not scene.look().passed
    scene.web.treat(HOST, "redirect", "301 https://files.example.com{path}")
    scene.at(BOTH, "files.example.com").web.put("files.example.com", TOKEN)
    answer = scene.look()
    assert answer.passed
    assert "https://files.example.com/" in answer.observations[0].question


@pytest.mark.parametrize(
    ("manner", "text", "ended"),
    [
        ("stall", "", Ended.TIME_OUT),
        ("drip", "", Ended.TIME_OUT),
        ("flood", "", Ended.ANSWERED),
        ("flood_head", "", Ended.MALFORMED),
        ("babble", "SSH-2.0-x\r\n", Ended.MALFORMED),
        ("babble", "", Ended.REFUSED),
        ("babble", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx", Ended.ANSWERED),
        ("babble", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Ended.ANSWERED),
        ("babble", "HTTP/1.1 100 Continue\r\n\r\n" * 4000, Ended.MALFORMED),
        ("babble", "HTTP/1.1 99999 Odd\r\n\r\n", Ended.MALFORMED),
        ("count", "", Ended.BAD_REDIRECT),
        ("bomb", "x", Ended.ANSWERED),
    ],
)
def test_no_server_can_keep_or_flood_the_probe(
    scene: Scene, manner: str, text: str, ended: Ended
) -> None:
    scene.at(PLAIN).web.treat(HOST, manner, text)
    began = time.monotonic()
    fetched = scene.fetch()
    assert fetched.ended is ended
    assert len(fetched.body) <= 8192
    assert time.monotonic() - began < 5


def test_a_flood_is_cut_and_known_to_be_longer(scene: Scene) -> None:
    scene.at(PLAIN).web.treat(HOST, "flood")
    assert not scene.fetch().whole


def test_a_file_that_breaks_off_proves_nothing_though_what_came_is_the_value(scene: Scene) -> None:
    said = f"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{TOKEN}"
    scene.at(PLAIN).web.treat(HOST, "babble", said)
    fetched = scene.fetch()
    assert (fetched.body, fetched.whole) == (TOKEN.encode(), False)
    assert not scene.look().passed


def test_a_server_that_is_not_there_is_told_of(scene: Scene) -> None:
    assert scene.at(CLOSED).fetch().ended is Ended.REFUSED


def test_another_address_is_tried_where_the_first_refuses(scene: Scene) -> None:
    scene.at(CLOSED).at(PLAIN).web.put(HOST, TOKEN)
    assert scene.look().passed


def test_plain_talk_on_the_encrypted_port_is_no_tls(scene: Scene) -> None:
    assert scene.at(CONFUSED).fetch(f"https://{HOST}/").ended is Ended.TLS_FAILED


def test_a_request_says_no_more_than_it_must(scene: Scene) -> None:
    """No cookie, no credentials, no value, whatever the server sends along."""
    requests: list[bytes] = []

    def note(request: BaseHTTPRequestHandler, text: str) -> None:
        requests.append(request.raw_requestline + request.headers.as_bytes())
        request.wfile.write(
            b"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nWWW-Authenticate: Basic\r\n"
            b"Location: http://www.example.com:443/x?y\r\n\r\n"
        )

    MANNERS["note"] = note
    scene.at(PLAIN).web.treat(HOST, "note")
    scene.fetch(f"http://{HOST}/file")
    del MANNERS["note"]
    (request,) = requests
    assert request.decode().split() == [
        *("GET", "/file", "HTTP/1.1", "Host:", HOST),
        *("User-Agent:", "Vouchsafe-DCV/1", "(domain", "control", "validation)"),
        *("Accept:", "text/plain,", "*/*;q=0.1", "Accept-Encoding:", "identity"),
        *("Connection:", "close"),
    ]


def test_addresses_come_by_a_cname_too(scene: Scene) -> None:
    scene.internet.publish(f"{HOST}.", "CNAME", "web.example.com.")
    scene.at(PLAIN, "web.example.com").web.put(HOST, TOKEN)
    assert scene.look().passed


def test_servers_that_give_different_addresses_are_no_trouble(scene: Scene) -> None:
    for zone, address in ((scene.internet.first_zone, CLOSED), (scene.internet.second_zone, PLAIN)):
        zone.add(f"{HOST}.", "A", address)
    scene.web.put(HOST, TOKEN)
    assert scene.look().passed


def test_the_request_itself_is_among_the_first_lines_of_evidence(scene: Scene) -> None:
    """An authorization keeps four lines; the look-ups come after what they were made for."""
    scene.at(PLAIN).web.put(HOST, TOKEN)
    kept = scene.look().observations[:4]
    assert [line.question.split()[0] for line in kept] == ["body", "GET", "A", "A"]
    assert (kept[0].answer, kept[1].server) == (f"begins: '{TOKEN}'", PLAIN)
