"""A real browser without a window, driven over its DevTools protocol by the standard library alone.

Chromium comes from the system's packages; `find()` says whether there is one.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_START_WITHIN = 60.0  # seconds
_ANSWER_WITHIN = 60.0
_LISTENING = re.compile(rb"DevTools listening on ws://127\.0\.0\.1:(\d+)/")
_FLAGS = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--lang=en-US",
)


def find() -> str | None:
    """The path of a Chromium on this machine, if there is one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class Browser:
    """One browser with one page, as a context. Its profile is thrown away with it."""

    def __init__(self, path: str, *, width: int = 900, height: int = 1000) -> None:
        self._path = path
        self._size = width, height
        self._profile = tempfile.mkdtemp(prefix="vouchsafe-browser-")
        self._process: subprocess.Popen[bytes] | None = None
        self._page: _Socket | None = None
        self._calls = 0

    def __enter__(self) -> Self:
        log = Path(self._profile) / "stderr"
        width, height = self._size
        command = [self._path, *_FLAGS, f"--window-size={width},{height}"]
        if os.geteuid() == 0:  # its sandbox refuses to run as root
            command.append("--no-sandbox")
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [*command, f"--user-data-dir={self._profile}/profile", "about:blank"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        port = self._port(log)
        target = _ask(port, "PUT", f"/json/new?{quote('about:blank')}")
        self._page = _Socket(port, urlsplit(target["webSocketDebuggerUrl"]).path)
        for domain in ("Page", "Runtime"):
            self._call(f"{domain}.enable")
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._page is not None:
            self._page.close()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, url: str) -> None:
        """Open an address and wait until its page is there. Raises RuntimeError."""
        self._call("Page.navigate", url="about:blank")  # a new fragment alone would load nothing
        self.until("location.href === 'about:blank'")
        self._call("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page. Raises RuntimeError when it throws."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def until(self, script: str, within: float = 30.0) -> None:
        """Wait until an expression is true in the page. Raises RuntimeError."""
        deadline = time.monotonic() + within
        while not self._true(script):
            if time.monotonic() > deadline:
                raise RuntimeError(f"never true in the page: {script}")
            time.sleep(0.1)

    def _true(self, script: str) -> bool:
        """Whether it is true now; a page on its way to the next one is neither here nor there."""
        try:
            return bool(self.evaluate(script))
        except RuntimeError:
            return False

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as a mouse would."""
        place = self.evaluate(
            f"(()=>{{const e=document.querySelector({json.dumps(selector)});e.scrollIntoView();"
            "const r=e.getBoundingClientRect();return [r.x+r.width/2,r.y+r.height/2]})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place[0],
                y=place[1],
                button="left",
                clickCount=1,
            )

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self._call("Input.insertText", text=text)

    def run_scripts(self, wanted: bool) -> None:
        """Whether pages opened from now on may run their scripts."""
        self._call("Emulation.setScriptExecutionDisabled", value=not wanted)

    def screenshot(self, path: Path) -> None:
        """The whole page as a PNG file."""
        picture = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    def _port(self, log: Path) -> int:
        deadline = time.monotonic() + _START_WITHIN
        while time.monotonic() < deadline:
            found = _LISTENING.search(log.read_bytes())
            if found:
                return int(found[1])
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"the browser does not start: {log.read_bytes()[-500:]!r}")

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        assert self._page is not None, "the browser is not open"
        self._calls += 1
        number = self._calls
        self._page.send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._page.receive()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result


def _ask(port: int, method: str, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_WITHIN)
    try:
        connection.request(method, path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


class _Socket:
    """A client's side of a WebSocket, as far as DevTools needs it: text messages (RFC 6455)."""

    def __init__(self, port: int, path: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_WITHIN)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._file = self._socket.makefile("rb")
        status = self._file.readline()
        if b" 101 " not in status:
            raise RuntimeError(f"no WebSocket: {status!r}")
        while self._file.readline().strip():
            pass

    def send(self, message: dict[str, Any]) -> None:
        """One text message; a client masks what it sends (RFC 6455 5.3)."""
        data = json.dumps(message).encode()
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x81, 0x80 | size)
        elif size < 1 << 16:
            head = struct.pack("!BBH", 0x81, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x81, 0x80 | 127, size)
        mask = secrets.token_bytes(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
        self._socket.sendall(head + mask + masked)

    def receive(self) -> dict[str, Any]:
        """The next text message, put together from its frames."""
        whole = b""
        while True:
            first, second = self._exactly(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", self._exactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self._exactly(8))
            data = self._exactly(size)
            opcode = first & 0x0F
            if opcode == 0x8:
                raise RuntimeError("the browser closed the connection")
            if opcode in (0x0, 0x1):
                whole += data
                if first & 0x80:
                    message: dict[str, Any] = json.loads(whole)
                    return message

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _exactly(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) < size:
            raise RuntimeError("the browser ended")
        return data
