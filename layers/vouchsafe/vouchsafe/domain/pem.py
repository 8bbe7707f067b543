"""PEM blocks (RFC 7468): base64 in lines of 64 characters between two labels."""

from __future__ import annotations

import binascii

_LINE = 64  # characters


def pem(label: str, der: bytes) -> str:
    """One block under `label` ("CERTIFICATE"), with its final newline."""
    text = binascii.b2a_base64(der, newline=False).decode("ascii")
    lines = "\n".join([text[at : at + _LINE] for at in range(0, len(text), _LINE)])
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"
