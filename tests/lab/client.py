"""A client of the API as a customer would write one, and plain fetching over http."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

#: Until no answer is a failure: a machine that has much else to do takes its time.
_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def problem(self) -> tuple[str, str]:
        """Code and message of the first error, in the vendor's form."""
        first = self.json()["errors"][0]
        return first["code"], first["message"]


class Refused(Exception):
    """The service answered with another status than the caller counted on."""

    def __init__(self, what: str, response: Response) -> None:
        super().__init__(f"{what}: HTTP {response.status} {response.body[:500].decode()}")
        self.response = response


def send(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Response:
    """One HTTP request, over a connection of its own and through no proxy."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=_SECONDS)
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, named, answer.read())
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Client:
    """Calls the API at `base_url` with one key; "" sends none."""

    base_url: str
    api_key: str

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One call; `body` is sent as JSON, bytes as they are."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.api_key:
            sent["X-DC-DEVKEY"] = self.api_key
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        return send(method, f"{self.base_url}/{path}", sent, raw)

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        """The JSON of a call that must succeed with `expect`; None for an empty body."""
        response = self.call(method, path, body)
        if response.status != expect:
            raise Refused(f"{method} {path}", response)
        return response.json() if response.body else None

    def order(self, order_id: int) -> Any:
        """GET order/certificate/{id}."""
        return self.ask("GET", f"order/certificate/{order_id}")

    def download(self, certificate_id: int, form: str = "pem_all") -> bytes:
        """The certificate in one of the download formats."""
        path = f"certificate/{certificate_id}/download/format/{form}"
        response = self.call("GET", path)
        if response.status != http.client.OK:
            raise Refused(f"GET {path}", response)
        return response.body
