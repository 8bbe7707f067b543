"""CRLs as the world gets them: one GET, without credentials, by no proxy."""

from __future__ import annotations

import http.client
import urllib.request

from ..domain.errors import Unavailable

_SECONDS = 10
_MOST_BYTES = 64 * 1024 * 1024


class HttpPublishedLists:
    """Port PublishedLists. The URLs are words of our own certificates, so no fence is needed."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def fetch(self, url: str) -> bytes:
        """The body of a good answer. Raises Unavailable for every other outcome."""
        try:
            with self._opener.open(url, timeout=_SECONDS) as answer:
                body = bytes(answer.read(_MOST_BYTES + 1))
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"{url}: {error}") from error
        if len(body) > _MOST_BYTES:
            raise Unavailable(f"{url}: longer than any list of ours")
        return body
