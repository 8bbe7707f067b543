"""Issuing certificates and their keys, as the order book records them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .products import Product


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


class IssuerState(StrEnum):
    """Where an issuing CA is in its life. A retired one never signs a new certificate again."""

    STAGED = "staged"  # published, with empty CRLs; signs no certificate yet
    ACTIVE = "active"  # signs from `active_from` on
    RETIRED = "retired"  # only finishes what was claimed, and goes on with its CRLs


class CaRevocationReason(StrEnum):
    """Why a CA's certificate is revoked (RFC 5280 5.3.1); it is never left open (BR 7.2.2)."""

    CA_COMPROMISE = "caCompromise"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An issuing CA: its certificate, its root's, its key, its CRL shards, and what it serves.

    `serves` names levels (dv, ov, ev) and product ids; empty: whatever its trust allows.
    `active_from` is None for one that was made active at once, as the first one is.
    `intermediates` are the CA certificates between it and its root, nearest first; `root_id` is
    under which id the root is published here, "" where others publish it. One that is `revoked_at`
    is on its root's CRL for good.
    """

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
    state: IssuerState = IssuerState.ACTIVE
    serves: tuple[str, ...] = ()
    active_from: datetime | None = None
    retired_at: datetime | None = None
    intermediates: tuple[bytes, ...] = ()
    root_id: str = ""
    root_key_ref: str = ""  # the root's key, for the ceremony; "" where it is not ours
    revoked_at: datetime | None = None
    revoked_for: CaRevocationReason | None = None  # with `revoked_at`, or neither

    @property
    def since(self) -> datetime:
        """From when on it signs certificates, once it is active."""
        return self.active_from or self.created_at


def signs_at(issuer: Issuer, now: datetime) -> bool:
    """Whether the issuer takes new certificates at `now` (aware)."""
    return issuer.state is IssuerState.ACTIVE and issuer.since <= now < issuer.not_after


def choose_issuer(issuers: Iterable[Issuer], product: Product, now: datetime) -> Issuer | None:
    """The issuer of a new certificate of `product` at `now`, or None while there is none.

    Of those that sign now and serve the product: whoever names the product itself before whoever
    names its level before whoever serves all; then the one activated last; then the greater id.
    A product for private use, or whose key we make (BR 6.1.1.3), never chains to a public issuer; a
    public one takes a private issuer only where no public one has ever signed.
    """
    known = tuple(issuers)
    trust = _trust_for(known, product, now)
    fit = [i for i in known if i.trust is trust and signs_at(i, now) and _weight(i, product)]
    return max(fit, key=lambda i: (_weight(i, product), i.since, i.issuer_id), default=None)


def _trust_for(issuers: Iterable[Issuer], product: Product, now: datetime) -> Trust:
    if product.trust is Trust.PRIVATE or product.key_source == "managed":
        return Trust.PRIVATE
    public = any(
        i.trust is Trust.PUBLIC and i.state is not IssuerState.STAGED and i.since <= now
        for i in issuers
    )
    return Trust.PUBLIC if public else Trust.PRIVATE


def _weight(issuer: Issuer, product: Product) -> int:
    """How much an issuer is meant for a product; 0: not at all."""
    if product.product_id in issuer.serves:
        return 3
    if product.level.value in issuer.serves:
        return 2
    return 0 if issuer.serves else 1


def shard_of(serial: int, issuer: Issuer) -> int:
    """The CRL shard of a serial, fixed at issue: the serial modulo the issuer's shard count."""
    return serial % issuer.shards


def crl_url(publication_url: str, issuer_id: str, shard: int) -> str:
    """Where a shard's CRL is published; the CDP and the IDP hold exactly these bytes."""
    return f"{publication_url}/crl/{issuer_id}/{shard}.crl"
