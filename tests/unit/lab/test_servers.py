"""The lab's web server, the front's translations, and the keeping of processes and ports."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.lab import ports
from tests.lab.client import send
from tests.lab.front import Front, forwarded, messages, target_of
from tests.lab.process import Processes
from tests.lab.web import LabWeb, file_at

pytestmark = pytest.mark.enable_socket

CONFIG = {"gateway_port": 1, "api_id": "abc123", "distribution": "d1.cloudfront.net"}


@pytest.fixture
def webroot(tmp_path: Path) -> Path:
    root = tmp_path / "webroot"
    (root / ".well-known").mkdir(parents=True)
    (root / ".well-known" / "a.txt").write_text("value")
    (tmp_path / "outside.txt").write_text("secret")
    (root / "link").symlink_to(tmp_path / "outside.txt")
    return root


@pytest.fixture
def serve() -> Iterator[list[ThreadingHTTPServer]]:
    started: list[ThreadingHTTPServer] = []
    yield started
    for server in started:
        server.shutdown()
        server.server_close()


def begin(server: ThreadingHTTPServer, started: list[ThreadingHTTPServer]) -> str:
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    started.append(server)
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_a_file_of_the_webroot_is_served_for_any_host(
    webroot: Path, serve: list[ThreadingHTTPServer]
) -> None:
    base = begin(LabWeb("127.0.0.1", 0, webroot), serve)
    for host in ("lab.example.com", "www.shop.example.net"):
        answer = send("GET", f"{base}/.well-known/a.txt?x=1", {"Host": host})
        assert (answer.status, answer.body) == (200, b"value")


@pytest.mark.parametrize(
    "target",
    ["/", "/missing", "/../outside.txt", "/%2e%2e/outside.txt", "/link", "/a%00b", "//etc/passwd"],
)
def test_nothing_outside_the_webroot_is_served(webroot: Path, target: str) -> None:
    assert file_at(webroot, target) is None


def test_the_front_sends_api_paths_to_the_api_with_their_query() -> None:
    target = target_of("/services/v2/order/certificate?limit=1", CONFIG)
    assert target is not None
    assert target.path == "/_aws/execute-api/abc123/services/v2/order/certificate?limit=1"


def test_the_front_sends_crls_and_ca_certificates_to_the_distribution() -> None:
    for path in ("/crl/main/0.crl", "/ca/main.cer"):
        target = target_of(path, CONFIG)
        assert target is not None
        assert (target.path, target.host) == (path, "d1.cloudfront.net")
    assert target_of("/elsewhere", CONFIG) is None


def test_accept_is_added_only_where_the_client_sent_none() -> None:
    silent, saying = Message(), Message()
    silent["Host"] = "127.0.0.1"
    saying["Accept"] = "application/json"
    assert forwarded(silent) == [("Accept", "*/*")]
    assert forwarded(saying) == [("Accept", "application/json")]


def test_mail_is_shown_oldest_first_with_all_its_readers() -> None:
    box = [
        {"Source": "ca@x", "To": ["b@x"], "CC": [], "BCC": [], "Subject": "two", "Timestamp": 2.0},
        {"Source": "ca@x", "To": ["a@x"], "CC": ["c@x"], "BCC": [], "Subject": "1", "Timestamp": 1},
    ]
    for mail in box:
        mail.update(BodyText="text", BodyHtml=None)
    shown = messages(json.dumps({"messages": {"000000000000": box}}).encode())
    assert [mail["subject"] for mail in shown] == ["1", "two"]
    assert shown[0] == {
        "from": "ca@x",
        "to": ["a@x", "c@x"],
        "subject": "1",
        "text": "text",
        "html": "",
    }


def test_a_front_without_a_stack_says_so(tmp_path: Path, serve: list[ThreadingHTTPServer]) -> None:
    config = tmp_path / "front.json"
    config.write_text(json.dumps({**CONFIG, "gateway_port": 9}))
    base = begin(Front(0, config), serve)
    assert send("GET", f"{base}/services/v2/user/me").status == 502
    assert send("GET", f"{base}/").status == 200
    assert send("GET", f"{base}/elsewhere").status == 404


def test_a_process_is_stopped_by_its_record(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    processes.start("sleeper", sleeper, cwd=tmp_path, env=os.environ)
    assert processes.running("sleeper")
    assert processes.stop_all() == ["sleeper"]
    assert not processes.running("sleeper")
    assert processes.names() == []


def test_a_process_id_that_now_belongs_to_another_is_left_alone(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    (tmp_path / "processes").mkdir()
    stale = {"pid": os.getpid(), "began": "long ago", "command": []}
    (tmp_path / "processes" / "front.json").write_text(json.dumps(stale))
    assert not processes.running("front")
    assert processes.stop_all() == []


def test_a_port_is_kept_while_it_is_free_and_replaced_when_it_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    first = ports.reserve(path)
    assert ports.reserve(path) == first
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["front"]))
        taken.listen()
        second = ports.reserve(path)
    assert second["front"] != first["front"]
    assert second["dns"] == first["dns"]
