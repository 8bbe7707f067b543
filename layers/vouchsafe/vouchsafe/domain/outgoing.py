"""What may go into a message that is posted to an address an outsider named."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST_BODY = 256 * 1024  # bytes; what we have to say is far shorter
_FIELD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")  # RFC 9110 5.1
_TEXT = re.compile(r"[\x20-\x7e\t]{0,4000}")
#: Set by whoever sends, or they would make another request of it.
_SENDERS = frozenset(
    {"host", "user-agent", "content-length", "connection", "transfer-encoding", "accept-encoding"}
)


def check_message(body: bytes, headers: Mapping[str, str]) -> None:
    """Raises ValueError for a body that is too long, or headers that cannot be sent."""
    if len(body) > MOST_BODY:
        raise ValueError(f"the body is longer than {MOST_BODY} bytes")
    for name, value in headers.items():
        if name.lower() in _SENDERS or not _FIELD.fullmatch(name) or not _TEXT.fullmatch(value):
            raise ValueError(f"the header {name!r} cannot be sent")
