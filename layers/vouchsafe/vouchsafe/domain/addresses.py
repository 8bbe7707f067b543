"""E-mail addresses: as much of RFC 5321 as keeps nonsense and header tricks out."""

from __future__ import annotations

_LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_LONGEST_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1
_SPECIALS = frozenset('()<>[]:;\\,"')  # RFC 5322 3.2.3, less the dot and the at sign


def check_address(text: str) -> None:
    """Raises ValueError with a plain reason for what cannot be a mailbox on the Internet."""
    local, _, host = text.rpartition("@")
    odd = any(c.isspace() or not c.isprintable() or c in _SPECIALS for c in text)
    if odd or not local or "@" in local or "." not in host.strip("."):
        raise ValueError("is not an e-mail address")
    if len(text) > _LONGEST_ADDRESS or len(local) > _LONGEST_LOCAL_PART:
        raise ValueError("is too long for an e-mail address")


def folded(text: str) -> str:
    """The form in which two addresses are the same."""
    return text.strip().casefold()
