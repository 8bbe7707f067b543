"""Issuing certificates and their keys, as the order book records them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class KeyType(StrEnum):
    """Key types a CA may use here (BR 6.1.5)."""

    EC_P256 = "ec_p256"
    EC_P384 = "ec_p384"
    RSA_3072 = "rsa_3072"
    RSA_4096 = "rsa_4096"


class Trust(StrEnum):
    """Whether an issuer plays by the industry's rules."""

    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An issuing CA: its certificate, its root's, its key and its CRL shards."""

    issuer_id: str
    trust: Trust
    key_type: KeyType
    key_ref: str  # what the signer port needs to find the key (an ARN); "" in tests
    certificate: bytes  # DER
    root: bytes  # DER
    shards: int
    not_after: datetime
    created_at: datetime
    version: int = 1


def choose_issuer(wanted: Trust, issuers: Iterable[Issuer]) -> Issuer | None:
    """The newest issuer a product of that trust may chain to, or None.

    A product for private use never chains to a public issuer; a public one prefers a public issuer
    and takes a private one where the deployment has no other.
    """
    fit = [i for i in issuers if i.trust is wanted or wanted is Trust.PUBLIC]
    return max(fit, key=lambda i: (i.trust is wanted, i.created_at, i.issuer_id), default=None)


def shard_of(serial: int, issuer: Issuer) -> int:
    """The CRL shard of a serial, fixed at issue: the serial modulo the issuer's shard count."""
    return serial % issuer.shards


def crl_url(publication_url: str, issuer_id: str, shard: int) -> str:
    """Where a shard's CRL is published; the CDP and the IDP hold exactly these bytes."""
    return f"{publication_url}/crl/{issuer_id}/{shard}.crl"
