"""The ceremony: a root and an issuing CA come to life, once, and are published."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from ..domain.errors import Conflict
from ..domain.hierarchy import HierarchyConfig, issuing_tbs, root_tbs
from ..domain.issuers import Issuer
from ..domain.linting import Finding
from ..ports import RootKey
from .ca_signing import Ports, ca_key, certified, fresh_serial
from .issuer_changes import change_of
from .own_keys import block_own_keys
from .root_crls import RootCrl, publish_root_crl


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """What there is now, whether this call made it, and what the linter noted while it did."""

    issuer: Issuer
    made_now: bool
    findings: tuple[Finding, ...] = ()


def ensure_hierarchy(*, ports: Ports, config: HierarchyConfig, actor: str = "system") -> Hierarchy:
    """The root and issuing CA of `config`, made and published unless they are.

    May be repeated and run by twins: the record in the ledger, written once, decides whose
    certificates count, and everything published comes from that record. A root CRL near its end is
    made anew. Raises LintRefused when a CA certificate or the CRL breaks a rule, ValueError when a
    key is not of the type that was asked for.
    """
    found = ports.issuers.get(config.issuer_id)
    hierarchy = Hierarchy(issuer=found, made_now=False) if found else _make(ports, config, actor)
    block_own_keys(hierarchy.issuer, ledger=ports.ledger, clock=ports.clock)
    ports.publication.put_ca_certificate(config.root_id, hierarchy.issuer.root)
    ports.publication.put_ca_certificate(config.issuer_id, hierarchy.issuer.certificate)
    publish_root_crl(hierarchy.issuer, RootCrl.of(config), ports=ports)
    return hierarchy


def _make(ports: Ports, config: HierarchyConfig, actor: str) -> Hierarchy:
    """Sign both certificates and record them; a twin that was faster wins."""
    now = ports.clock.now()
    root_key = ports.keys.describe(config.root_key_ref)
    issuing_key = _issuing_key(ports, config)
    root_tbs_bytes = root_tbs(config, ca_key(root_key), serial=fresh_serial(ports), now=now)
    root, root_findings = certified(root_tbs_bytes, root_key, ports)
    issuing_tbs_bytes = issuing_tbs(
        config,
        ca_key(issuing_key),
        x509.load_der_x509_certificate(root),
        ca_key(root_key),
        serial=fresh_serial(ports),
    )
    certificate, findings = certified(issuing_tbs_bytes, root_key, ports)
    issuer = Issuer(
        issuer_id=config.issuer_id,
        trust=config.trust,
        key_type=issuing_key.key_type,
        key_ref=issuing_key.key_ref,
        certificate=certificate,
        root=root,
        shards=config.shards,
        not_after=x509.load_der_x509_certificate(certificate).not_valid_after_utc,
        created_at=now,
        root_id=config.root_id,
        root_key_ref=root_key.key_ref,
    )
    try:
        ports.ledger.commit(issuer, change_of(None, issuer, "made", actor=actor, ports=ports))
    except Conflict:
        winner = ports.issuers.get(config.issuer_id)
        if winner is None:
            raise
        return Hierarchy(issuer=winner, made_now=False)
    return Hierarchy(issuer=issuer, made_now=True, findings=(*root_findings, *findings))


def _issuing_key(ports: Ports, config: HierarchyConfig) -> RootKey:
    key = ports.keys.describe(config.issuing_key_ref)
    if key.key_type is not config.issuing_key_type:
        raise ValueError(f"the issuing key is {key.key_type}, not {config.issuing_key_type}")
    return key


__all__ = ["Hierarchy", "Ports", "ensure_hierarchy"]
