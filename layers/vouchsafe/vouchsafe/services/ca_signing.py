"""What a ceremony is given, and how it signs: linted before, verified after."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.errors import Flaw, invalid
from ..domain.hierarchy import CaKey, ca_serial, canonical_key
from ..domain.linting import Finding, refuse_if_any
from ..domain.signatures import algorithm_of, assemble, signature_fits
from ..ports import CeremonyKeys, Clock, Entropy, Issuers, Ledger, Linter, Publication, RootKey

_SERIAL_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the ceremony needs."""

    keys: CeremonyKeys
    ledger: Ledger
    issuers: Issuers
    publication: Publication
    linter: Linter
    clock: Clock
    entropy: Entropy


def fresh_serial(ports: Ports) -> int:
    """A serial number for a CA certificate."""
    return ca_serial(ports.entropy.bytes(_SERIAL_BYTES))


def described(key_ref: str, ports: Ports) -> RootKey:
    """The key. Raises VouchsafeError with `key_type` for one that no CA may use."""
    try:
        return ports.keys.describe(key_ref)
    except ValueError as error:
        raise invalid(Flaw("key_type", str(error))) from error


def ca_key(key: RootKey) -> CaKey:
    """The key as it stands in certificates."""
    return CaKey(key_type=key.key_type, public_key=canonical_key(key.public_key))


def certified(tbs: bytes, key: RootKey, ports: Ports) -> tuple[bytes, tuple[Finding, ...]]:
    """A CA certificate, linted under a placeholder before the key is used (BR 4.3.1.2).

    Raises LintRefused for one that breaks a rule.
    """
    placeholder = algorithm_of(tbs, key.key_type).placeholder
    findings = tuple(ports.linter.certificate(assemble(tbs, placeholder)))
    refuse_if_any(findings)
    return signed(tbs, key, ports), findings


def signed(tbs: bytes, key: RootKey, ports: Ports) -> bytes:
    """The signed object. Raises RuntimeError when the signature is not of the key that is shown."""
    signature = ports.keys.sign(key, tbs)
    algorithm = algorithm_of(tbs, key.key_type)
    if not signature_fits(
        tbs, signature, public_key=canonical_key(key.public_key), algorithm=algorithm
    ):
        raise RuntimeError(f"the key {key.key_ref} signed with something else than it shows")
    return assemble(tbs, signature)
