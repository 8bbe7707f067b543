"""Posting where outsiders say: the probe's fence, less let through, good certificates only."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.fake_outgoing import FakeOutgoing
from tests.lab.manners import MANNERS
from tests.unit.validation.internet import QUICK, Internet
from tests.unit.validation.spellings import FORBIDDEN, SPECIAL
from tests.unit.validation.test_fence import PUBLIC, Names, Wire
from tests.unit.validation.web_servers import BOTH, CLOSED, CONFUSED, WebServers
from vouchsafe.adapters.fenced_post import FIRST_BYTES, FencedPost, fenced_post
from vouchsafe.adapters.http_exchange import Answer
from vouchsafe.domain.outgoing import MOST_BODY
from vouchsafe.outgoing_ports import Outgoing, PostCause, PostOutcome
from vouchsafe.settings import Settings, SettingsError

HOST = "www.example.com"
URL = f"https://{HOST}/report?to=us"
XML = {"Content-Type": "application/xml"}

#: The table of the probe, with the scheme that this fence asks for; without those that are
#: forbidden for holding a value, since nothing posted holds one.
SPELLINGS = [
    "https:" + one.removeprefix("http:") if one.startswith("http:") else one
    for one in FORBIDDEN
    if "example.com/_" not in one
]


class AnySession:
    """A resolver whose every session is the one given."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def session(self, seconds: float) -> Names:
        return self._names


def sender(wire: Wire, names: Names, **options: Any) -> FencedPost:
    return FencedPost(AnySession(names), exchange=wire, ipv6=lambda: True, **options)


def post(wire: Wire, names: Names, url: str = URL, **options: Any) -> PostOutcome:
    return sender(wire, names, **options).post(url, b"<a/>", XML, timeout=5)


def _real() -> Outgoing:
    return sender(Wire([Answer(status=202)] * 9), Names({HOST: [PUBLIC]}))


def _fake() -> Outgoing:
    return FakeOutgoing(status=202)


@pytest.fixture(params=[_fake, _real], ids=["fake", "fenced"])
def outgoing(request: pytest.FixtureRequest) -> Outgoing:
    make: Callable[[], Outgoing] = request.param
    return make()


def test_what_the_other_side_takes_is_delivered(outgoing: Outgoing) -> None:
    outcome = outgoing.post(URL, b"<a/>", XML, timeout=5)
    assert (outcome.delivered, outcome.status, outcome.cause) == (True, 202, PostCause.ANSWERED)


@pytest.mark.parametrize("url", SPELLINGS)
def test_a_forbidden_spelling_is_an_outcome_and_never_left_for(
    outgoing: Outgoing, url: str
) -> None:
    outcome = outgoing.post(url, b"", {}, timeout=5)
    assert (outcome.cause, outcome.hopeless) == (PostCause.FORBIDDEN_URL, True)
    assert outcome.detail


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "inside.example.net"},
        {"content-length": "4"},
        {"Transfer-Encoding": "chunked"},
        {"X": "a\r\nY: b"},
        {"X\r\nY": "b"},
        {"X Y": "b"},
        {"X": "\u00e9"},
        {"X": "a" * 5000},
    ],
)
def test_headers_that_would_make_another_request_are_our_own_mistake(
    outgoing: Outgoing, headers: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        outgoing.post(URL, b"", headers, timeout=5)


def test_more_than_anybody_sends_is_our_own_mistake(outgoing: Outgoing) -> None:
    with pytest.raises(ValueError, match="longer than"):
        outgoing.post(URL, b"x" * (MOST_BODY + 1), {}, timeout=5)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://example.com:80/", "http://example.com:443/", "HTTP://a"]
)
def test_nothing_is_posted_in_the_clear_or_to_another_port(url: str) -> None:
    wire = Wire([])
    assert post(wire, Names({"example.com": [PUBLIC]}), url).cause is PostCause.FORBIDDEN_URL
    assert wire.reached == []


@pytest.mark.parametrize("address", SPECIAL)
def test_a_name_with_a_special_address_is_never_connected_to(address: str) -> None:
    wire = Wire([])
    outcome = post(wire, Names({HOST: [address]}))
    assert outcome.cause in {PostCause.SPECIAL_ADDRESS, PostCause.NO_ADDRESS}
    assert wire.reached == []


def test_the_checked_address_is_the_one_connected_to_and_looked_up_once() -> None:
    wire, names = Wire([Answer(status=200, body=b"x" * 5000)]), Names({HOST: ["10.0.0.1", PUBLIC]})
    outcome = post(wire, names)
    assert wire.reached == [(PUBLIC, 443, HOST)]
    assert names.asked == [(HOST, "A"), (HOST, "AAAA")]
    assert (outcome.address, len(outcome.first_bytes)) == (PUBLIC, FIRST_BYTES)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    wire = Wire([Answer(status=status, location=f"https://{HOST}/there")])
    outcome = post(wire, Names({HOST: [PUBLIC]}))
    assert (outcome.cause, outcome.delivered) == (PostCause.REDIRECTED, False)
    assert len(wire.reached) == 1


@pytest.mark.parametrize("stage", ["staging", "production"])
@pytest.mark.parametrize(
    "variable", [("LAB_HTTPS_PORT", "8443"), ("LAB_TLS_ROOTS", "/tmp/roots.pem")]
)
def test_what_opens_the_fence_is_refused_outside_the_lab(
    stage: str, variable: tuple[str, str]
) -> None:
    with pytest.raises(SettingsError, match=variable[0]):
        Settings.from_environment({"STAGE": stage, variable[0]: variable[1]})


def test_a_containers_sender_comes_from_its_settings() -> None:
    fenced = fenced_post(Settings.from_environment({}))
    outcome = fenced.post("https://127.0.0.1/", b"", {}, timeout=1)
    assert outcome.cause is PostCause.FORBIDDEN_URL


class Scene:
    """A receiver on loopback whose certificate is good for `HOST`, among the lab's authorities."""

    def __init__(self, internet: Internet, web: WebServers) -> None:
        self.internet, self.web = internet, web

    def post(self, address: str = BOTH, *, trusted: bool = True, host: str = HOST) -> PostOutcome:
        self.internet.publish(f"{host}.", "A", address)
        trust = ssl.create_default_context(cafile=self.web.good if trusted else None)
        fenced = FencedPost(
            self.internet.resolver(QUICK),
            loopback=True,
            port=self.web.ports[443] if not trusted or address != BOTH else self.web.good_port,
            trust=trust,
            ipv6=lambda: False,
        )
        return fenced.post(f"https://{host}/report", b"<report/>", XML, timeout=1.5)


@pytest.fixture
def scene(internet: Internet, web: WebServers) -> Scene:
    return Scene(internet, web)


def test_a_receiver_gets_the_body_once_with_the_headers_and_nothing_else(scene: Scene) -> None:
    heard: list[tuple[bytes, bytes]] = []

    def hear(request: BaseHTTPRequestHandler, text: str) -> None:
        head = request.raw_requestline + request.headers.as_bytes()
        heard.append((head, request.rfile.read(int(request.headers["Content-Length"]))))
        request.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    MANNERS["hear"] = hear
    scene.web.treat(HOST, "hear")
    assert scene.post().delivered
    del MANNERS["hear"]
    ((head, body),) = heard
    assert body == b"<report/>"
    assert head.decode().split("\n\n")[0].split() == [
        *("POST", "/report", "HTTP/1.1", "Host:", HOST),
        *("User-Agent:", "Vouchsafe/1", "(certificate", "authority)"),
        *("Content-Type:", "application/xml", "Content-Length:", "9"),
        *("Accept-Encoding:", "identity", "Connection:", "close"),
    ]


def test_a_certificate_that_is_expired_or_its_own_gets_nothing(scene: Scene) -> None:
    outcome = scene.post(trusted=False)
    assert outcome.cause is PostCause.TLS_FAILED


def test_a_good_certificate_for_another_name_gets_nothing(scene: Scene) -> None:
    outcome = scene.post(host="other.example.com")
    assert outcome.cause is PostCause.TLS_FAILED
    assert "ismatch" in outcome.detail or "VERIFY" in outcome.detail.upper()


@pytest.mark.parametrize(
    ("address", "cause"), [(CLOSED, PostCause.REFUSED), (CONFUSED, PostCause.TLS_FAILED)]
)
def test_a_receiver_that_is_not_there_or_speaks_no_tls_is_told_of(
    scene: Scene, address: str, cause: PostCause
) -> None:
    assert scene.post(address).cause is cause


@pytest.mark.parametrize(
    ("manner", "text", "cause"),
    [
        ("stall", "", PostCause.TIME_OUT),
        ("drip", "", PostCause.TIME_OUT),
        ("flood", "", PostCause.ANSWERED),
        ("flood_head", "", PostCause.MALFORMED),
        ("babble", "SSH-2.0-x\r\n", PostCause.MALFORMED),
        ("refuse", "503", PostCause.ANSWERED),
        ("redirect", "307 /elsewhere", PostCause.REDIRECTED),
    ],
)
def test_no_receiver_can_keep_or_flood_the_sender(
    scene: Scene, manner: str, text: str, cause: PostCause
) -> None:
    scene.web.treat(HOST, manner, text)
    began = time.monotonic()
    outcome = scene.post()
    assert outcome.cause is cause
    assert len(outcome.first_bytes) <= FIRST_BYTES
    assert time.monotonic() - began < 5
