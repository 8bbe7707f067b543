"""The CA's own keys, blocked for subscribers from the ceremony on (BR 6.1.1.3)."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..domain.blocked_keys import BlockedKey, BlockReason, key_hash
from ..domain.errors import Conflict
from ..domain.issuers import Issuer
from ..ports import Clock, Ledger


def block_own_keys(issuer: Issuer, *, ledger: Ledger, clock: Clock) -> None:
    """Block the issuer's key and its root's, unless they are blocked; twins may do it at once."""
    for der in (issuer.root, issuer.certificate):
        key = x509.load_der_x509_certificate(der).public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if ledger.blocked_key(key_hash(spki)) is not None:
            continue
        block = BlockedKey(
            spki_sha256=key_hash(spki),
            reason=BlockReason.CA_KEY,
            since=clock.now(),
            actor="system",
            note=f"issuer {issuer.issuer_id}",
        )
        try:
            ledger.commit(block)
        except Conflict:
            continue  # a twin was faster
