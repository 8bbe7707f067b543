"""Checks an evidence packet without the service: python -m vouchsafe.evidence verify FILE.

Needs the standard library and `cryptography`. docs/evidence.md says what a packet proves and what
it cannot.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from .domain.audit import canonical
from .domain.packet_checks import Contradiction, findings
from .domain.packets import ALGORITHM, FORMAT, packet_signature_fits, to_be_signed

_MEMBERS = frozenset(
    {
        "caa",
        "certificate",
        "changes",
        "evidence",
        "intent",
        "issuer",
        "key",
        "lint",
        "made_at",
        "names",
        "order",
        "organization",
        "requests",
        "signature",
    }
)


#: What reading something raises that is not what it is taken for.
_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, x509.ExtensionNotFound)


class NotVerified(Exception):
    """The file is not what the service signed, or what it holds does not fit together."""


def verify(content: bytes, known_key: bytes | None = None) -> list[str]:
    """What the packet proves, in sentences. Raises NotVerified with the first flaw found.

    `known_key` is the DER SubjectPublicKeyInfo of the key that must have signed it; without, the
    packet's own is taken at its word, and said to be.
    """
    packet = _read(content)
    signed_by = _check_signature(packet, known_key)
    try:
        return [signed_by, *findings(packet)]
    except Contradiction as flaw:
        raise NotVerified(str(flaw)) from flaw
    except (*_UNREADABLE, UnsupportedAlgorithm) as error:
        raise NotVerified(f"it does not hold what a packet holds: {error!r}") from error


def _read(content: bytes) -> dict[str, Any]:
    try:
        packet = json.loads(content.decode(), parse_float=_refused, parse_constant=_refused)
        exact = isinstance(packet, dict) and canonical(packet) + b"\n" == content
    except (ValueError, TypeError, RecursionError):
        exact = False
    if not exact:
        raise NotVerified("it is not one object in canonical JSON and a line end")
    if packet.keys() != _MEMBERS or packet["evidence"] != FORMAT:
        raise NotVerified(f"it is not a packet of form {FORMAT}")
    return packet  # type: ignore[no-any-return]


def _refused(text: str) -> Any:
    raise ValueError(text)


def _check_signature(packet: dict[str, Any], known_key: bytes | None) -> str:
    """Who signed it, in a sentence."""
    try:
        key, signature = packet["key"], bytes.fromhex(packet["signature"])
        public_key = base64.b64decode(key["public_key"], validate=True)
        exact = signature.hex() == packet["signature"] and key["algorithm"] == ALGORITHM
        named = hashlib.sha256(public_key).hexdigest()
        fits = packet_signature_fits(to_be_signed(packet), signature, public_key)
    except (KeyError, TypeError, ValueError) as error:
        raise NotVerified(f"its key or signature cannot be read: {error}") from error
    if not (exact and fits and named == key["sha256"]):
        raise NotVerified("it was changed: the signature is not over what stands there")
    if known_key is None:
        return (
            f"Unchanged since the key {named} signed it. Compare that fingerprint with the key"
            f" published at {key['url']}, or give that key with --key."
        )
    if known_key != public_key:
        raise NotVerified(f"another key signed it: {named}")
    return f"Unchanged since it was signed by the key given, {named}."


def _key_in(path: Path) -> bytes:
    """The DER SubjectPublicKeyInfo of a PEM file."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (UnsupportedAlgorithm, ValueError):
        raise NotVerified(f"{path} is no public key in PEM") from None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a file and say what came of it; 0 when it holds, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m vouchsafe.evidence", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("verify", help="verify a packet")
    command.add_argument("file", type=Path, help="what GET certificate/{id}/evidence gave")
    command.add_argument("--key", type=Path, metavar="FILE", help="the published key, PEM")
    given = parser.parse_args(arguments)
    try:
        key = _key_in(given.key) if given.key else None
        told = verify(given.file.read_bytes(), key)
    except NotVerified as flaw:
        sys.stdout.write(f"NOT VERIFIED: {flaw}.\n")
        return 1
    except OSError as error:
        sys.stdout.write(f"NOT VERIFIED: a file cannot be read: {error.strerror}.\n")
        return 1
    sys.stdout.write("\n".join(["VERIFIED.", *told]) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
