"""A root's CRL over its issuing CAs: made from their records, and made anew before it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from ..domain.ca_imports import spki
from ..domain.crls import CrlRequest, entries_of, names_serial, prepare_crl, revoked_ca_entry
from ..domain.errors import Flaw, invalid
from ..domain.hierarchy import (
    ROOT_CRL_LIFE,
    ROOT_CRL_RENEWAL,
    HierarchyConfig,
    canonical_key,
)
from ..domain.issuers import Issuer
from ..ports import RootKey
from .attempts import undisturbed
from .ca_signing import Ports, described, signed


@dataclass(frozen=True, slots=True, kw_only=True)
class RootCrl:
    """Which list: the id its root is published under, its address, and the root's key."""

    root_id: str
    url: str
    key_ref: str

    @classmethod
    def of(cls, config: HierarchyConfig) -> RootCrl:
        """The list of the root of `config`."""
        return cls(root_id=config.root_id, url=config.root_crl_url, key_ref=config.root_key_ref)


@dataclass(frozen=True, slots=True)
class _Standing:
    """The list that is published: its number, its entries (DER), until when it is fresh enough."""

    number: int = 0
    entries: tuple[bytes, ...] = ()
    etag: str | None = None
    good_until: datetime | None = None


def publish_root_crl(issuer: Issuer, crl: RootCrl, *, ports: Ports) -> int:
    """Publish the CRL of the root of `issuer`, unless one stands there that is fresh and complete
    (BR 4.9.7); its number.

    Complete is one with every CA on record under that root that is revoked. An entry that stands
    there stays, whatever the records say. May be repeated and run by twins. Raises LintRefused,
    VouchsafeError with `root_key` for a key that is not the root's, Unavailable while others keep
    publishing.
    """

    def attempt() -> int:
        standing = _standing(crl, ports)
        entries = _complete(standing.entries, crl, ports)
        now = ports.clock.now().replace(microsecond=0)
        fresh = standing.good_until is not None and standing.good_until > now
        if fresh and set(entries) == set(standing.entries):
            return standing.number
        encoded = _made(issuer, crl, standing.number + 1, entries, ports)
        ports.publication.put_crl(crl.root_id, 0, encoded, replaces=standing.etag)
        return standing.number + 1

    doing = "is being published by others"
    return undisturbed(attempt, what=f"the CRL of {crl.root_id}", meanwhile=doing)


def _standing(crl: RootCrl, ports: Ports) -> _Standing:
    found = ports.publication.crl(crl.root_id, 0)
    if found is None:
        return _Standing()
    encoded, etag = found
    parsed = x509.load_der_x509_crl(encoded)
    number = parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    end = parsed.next_update_utc
    return _Standing(
        number, tuple(entries_of(encoded)), etag, None if end is None else end - ROOT_CRL_RENEWAL
    )


def _complete(standing: Sequence[bytes], crl: RootCrl, ports: Ports) -> list[bytes]:
    """The entries to publish: those on record, and those that stand there of anything else."""
    on_record = {
        x509.load_der_x509_certificate(each.certificate).serial_number: each
        for each in ports.issuers.all()
        if each.root_id == crl.root_id and each.revoked_at is not None
    }
    kept = [
        entry for entry in standing if not any(names_serial(entry, serial) for serial in on_record)
    ]
    return kept + [
        revoked_ca_entry(serial, each.revoked_at, each.revoked_for)
        for serial, each in sorted(on_record.items())
        if each.revoked_at is not None and each.revoked_for is not None
    ]


def _made(
    issuer: Issuer, crl: RootCrl, number: int, entries: Sequence[bytes], ports: Ports
) -> bytes:
    """The signed list."""
    key = described(crl.key_ref, ports)
    root = x509.load_der_x509_certificate(issuer.root)
    if spki(root) != canonical_key(key.public_key):
        raise invalid(Flaw("root_key", f"{crl.key_ref} is not the key of that root"))
    now = ports.clock.now().replace(microsecond=0)
    linted = prepare_crl(
        CrlRequest(
            issuer=_root_as_issuer(issuer, key, crl),
            shard=0,
            number=number,
            this_update=now,
            next_update=now + ROOT_CRL_LIFE - timedelta(seconds=1),
            url=crl.url,
            entries=entries,
            about_cas=True,
        ),
        lint=ports.linter.crl,
    )
    return signed(linted.tbs, key, ports)


def _root_as_issuer(issuer: Issuer, key: RootKey, crl: RootCrl) -> Issuer:
    """The root in the part of an issuer, for its own CRL."""
    return Issuer(
        issuer_id=crl.root_id,
        trust=issuer.trust,
        key_type=key.key_type,
        key_ref=key.key_ref,
        certificate=issuer.root,
        root=issuer.root,
        shards=1,
        not_after=x509.load_der_x509_certificate(issuer.root).not_valid_after_utc,
        created_at=issuer.created_at,
    )
