"""What pages for people read of a gateway's event: who asks, in which language, with what form."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from ..domain.letters import Language, language_of


def source_of(event: Mapping[str, Any]) -> str:
    """The address that a call came from; "" where the gateway names none."""
    identity = (event.get("requestContext") or {}).get("identity") or {}
    return str(identity.get("sourceIp") or "")


def headers_of_event(event: Mapping[str, Any]) -> dict[str, str]:
    """The headers, names in lower case."""
    return {str(k).lower(): str(v) for k, v in (event.get("headers") or {}).items()}


def query_of(event: Mapping[str, Any]) -> dict[str, str]:
    """The query's parameters."""
    return {str(k): str(v) for k, v in (event.get("queryStringParameters") or {}).items()}


def body_text(event: Mapping[str, Any], largest: int) -> str:
    """The body; "" for one above `largest` characters, and for damaged base64."""
    text = str(event.get("body") or "").encode("utf-8", "replace").decode()  # no half characters
    if len(text) > largest:
        return ""
    if not event.get("isBase64Encoded"):
        return text
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def language_asked(event: Mapping[str, Any]) -> Language:
    """The language asked for by the link, else by the browser; English for all others."""
    wanted = query_of(event).get("lang") or headers_of_event(event).get("accept-language") or ""
    return language_of(wanted.strip())
