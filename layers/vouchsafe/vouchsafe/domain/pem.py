"""PEM blocks (RFC 7468): base64 in lines of 64 characters between two labels."""

from __future__ import annotations

import binascii

_OCTETS = 48  # make a line of 64 characters


def pem(label: str, der: bytes) -> str:
    """One block under `label` ("CERTIFICATE"), with its final newline."""
    lines = [binascii.b2a_base64(der[at : at + _OCTETS]) for at in range(0, len(der), _OCTETS)]
    text = b"".join(lines).decode("ascii")
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n"
