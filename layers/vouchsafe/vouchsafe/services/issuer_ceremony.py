"""Further issuing CAs: made under our own root, or signed elsewhere for a key of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ..domain.ca_imports import CaImport, flaws_of, read_import, spki
from ..domain.ca_requests import request_info, request_of
from ..domain.errors import Conflict, Flaw, invalid
from ..domain.hierarchy import HierarchyConfig, ca_name, canonical_key, issuing_tbs
from ..domain.issuers import Issuer, IssuerState, KeyType, Trust
from ..domain.linting import Finding, LintRefused, Severity, refusing
from ..ports import RootKey
from .ca_signing import Ports, ca_key, certified, described, fresh_serial
from .ceremony import Hierarchy
from .issuer_changes import change_of, found, request_change
from .own_keys import block_own_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """An issuing CA to take in: its certificate and chain as PEM, and the key that is behind it."""

    issuer_id: str
    key_ref: str
    certificate: str
    chain: str
    trust: Trust
    shards: int


def add_issuer(config: HierarchyConfig, *, actor: str, ports: Ports) -> Hierarchy:
    """Another issuing CA under the root of `config.parent`, staged and published.

    Its trust is its root's. May be repeated and run by twins: the record decides. Raises
    VouchsafeError naming why not: `issuer_id`, `key_in_use`, `key_type`, `name_in_use`, `root_key`,
    and `lint` when the certificate would break a rule.
    """
    parent = found(config.parent, ports)
    key = described(config.issuing_key_ref, ports)
    standing = _standing(config.issuer_id, key, ports)
    if standing is not None:
        return _published(Hierarchy(issuer=standing, made_now=False), ports)
    name = ca_name(config.country, config.organization, config.issuing_name)
    _refuse_taken(key, name, ports)
    if key.key_type is not config.issuing_key_type:
        raise invalid(Flaw("key_type", f"the key is {key.key_type}, not {config.issuing_key_type}"))
    try:
        certificate, findings = _under(parent, config, key, ports)
    except LintRefused as refused:
        raise invalid(Flaw("lint", str(refused))) from refused
    issuer = Issuer(
        issuer_id=config.issuer_id,
        trust=parent.trust,
        key_type=key.key_type,
        key_ref=key.key_ref,
        certificate=certificate,
        root=parent.root,
        shards=config.shards,
        not_after=x509.load_der_x509_certificate(certificate).not_valid_after_utc,
        created_at=ports.clock.now(),
        state=IssuerState.STAGED,
        root_id=config.root_id,
        root_key_ref=config.root_key_ref,
    )
    return _recorded(issuer, "added", findings, actor=actor, ports=ports)


def _under(
    parent: Issuer, config: HierarchyConfig, key: RootKey, ports: Ports
) -> tuple[bytes, tuple[Finding, ...]]:
    """The certificate of `key`, signed by the root that `parent` has."""
    root_key = described(config.root_key_ref, ports)
    root = x509.load_der_x509_certificate(parent.root)
    if spki(root) != canonical_key(root_key.public_key):
        raise invalid(Flaw("root_key", f"{config.root_key_ref} is not the key of that root"))
    tbs = issuing_tbs(
        config,
        ca_key(key),
        root,
        ca_key(root_key),
        serial=fresh_serial(ports),
        now=ports.clock.now(),
    )
    return certified(tbs, root_key, ports)


def request_issuer(
    key_ref: str, name: x509.Name, *, key_type: KeyType | None, actor: str, ports: Ports
) -> str:
    """A certificate request (PEM) of an issuing key, for a CA elsewhere to sign. Recorded.

    Raises VouchsafeError with `key_in_use`, `key_type` or `name_in_use`.
    """
    key = described(key_ref, ports)
    if key_type is not None and key.key_type is not key_type:
        raise invalid(Flaw("key_type", f"the key is {key.key_type}, not {key_type}"))
    _refuse_taken(key, name, ports)
    ours = ca_key(key)
    info = request_info(name, ours)
    request = request_of(info, ports.keys.prove(key, info), ours)
    ports.ledger.commit(request_change(key, name, actor=actor, ports=ports))
    return request.public_bytes(Encoding.PEM).decode("ascii")


def import_issuer(wish: ImportWish, *, actor: str, ports: Ports) -> Hierarchy:
    """Take an issuing CA in that was signed elsewhere: checked, staged and published.

    May be repeated. Raises VouchsafeError naming each check that refuses (`ca_imports.CHECKS`,
    `lint` under public trust, `readable`, `issuer_id`, `key_in_use`, `name_in_use`).
    """
    key = described(wish.key_ref, ports)
    now = ports.clock.now()
    given = read_import(wish.certificate, wish.chain, key=ca_key(key), trust=wish.trust, now=now)
    if isinstance(given, Flaw):
        raise invalid(given)
    standing = _standing(wish.issuer_id, key, ports)
    encoded = given.certificate.public_bytes(Encoding.DER)
    if standing is not None:
        if standing.certificate != encoded:
            raise invalid(Flaw("issuer_id", f"{wish.issuer_id} has another certificate"))
        return _published(Hierarchy(issuer=standing, made_now=False), ports)
    flaws, findings = _judged(given, ports)
    if flaws:
        raise invalid(*flaws)
    _refuse_taken(key, given.certificate.subject, ports)
    return _recorded(
        _imported(wish, given, key, now), "imported", findings, actor=actor, ports=ports
    )


def _judged(given: CaImport, ports: Ports) -> tuple[tuple[Flaw, ...], tuple[Finding, ...]]:
    """Every flaw, and what the linter notes; under private trust only the unreadable refuses."""
    findings = tuple(ports.linter.certificate(given.certificate.public_bytes(Encoding.DER)))
    refused = [
        each
        for each in refusing(findings)
        if given.trust is Trust.PUBLIC or each.severity is Severity.FATAL
    ]
    lint = tuple(Flaw("lint", f"{each.code}: {each.message}") for each in refused)
    return (*flaws_of(given), *lint), findings


def _imported(wish: ImportWish, given: CaImport, key: RootKey, now: datetime) -> Issuer:
    *between, root = (each.public_bytes(Encoding.DER) for each in given.above)
    return Issuer(
        issuer_id=wish.issuer_id,
        trust=wish.trust,
        key_type=key.key_type,
        key_ref=key.key_ref,
        certificate=given.certificate.public_bytes(Encoding.DER),
        root=root,
        shards=wish.shards,
        not_after=given.certificate.not_valid_after_utc,
        created_at=now,
        state=IssuerState.STAGED,
        intermediates=tuple(between),
    )


def _standing(issuer_id: str, key: RootKey, ports: Ports) -> Issuer | None:
    """The issuer of that id where this was done before. Raises VouchsafeError for another key's."""
    standing = ports.issuers.get(issuer_id)
    if standing is None:
        return None
    certificate = x509.load_der_x509_certificate(standing.certificate)
    if spki(certificate) != canonical_key(key.public_key):
        raise invalid(Flaw("issuer_id", f"{issuer_id} has another key; choose another id"))
    return standing


def _refuse_taken(key: RootKey, name: x509.Name, ports: Ports) -> None:
    """One key, one issuer; and no two issuers of one name, which clients could not tell apart."""
    for issuer in ports.issuers.all():
        for encoded in (issuer.certificate, issuer.root):
            certificate = x509.load_der_x509_certificate(encoded)
            if spki(certificate) == canonical_key(key.public_key):
                raise invalid(Flaw("key_in_use", f"the key is that of issuer {issuer.issuer_id}"))
            if certificate.subject == name:
                raise invalid(Flaw("name_in_use", f"issuer {issuer.issuer_id} has that name"))


def _recorded(
    issuer: Issuer, action: str, findings: tuple[Finding, ...], *, actor: str, ports: Ports
) -> Hierarchy:
    """Write the record, which must not exist; a twin that was faster wins. Then publish."""
    try:
        ports.ledger.commit(issuer, change_of(None, issuer, action, actor=actor, ports=ports))
    except Conflict:
        winner = ports.issuers.get(issuer.issuer_id)
        if winner is None or winner.key_ref != issuer.key_ref:
            raise
        return _published(Hierarchy(issuer=winner, made_now=False), ports)
    return _published(Hierarchy(issuer=issuer, made_now=True, findings=findings), ports)


def _published(hierarchy: Hierarchy, ports: Ports) -> Hierarchy:
    """Its certificate is fetched from where leaves will point, before any leaf is signed."""
    issuer = hierarchy.issuer
    block_own_keys(issuer, ledger=ports.ledger, clock=ports.clock)
    ports.publication.put_ca_certificate(issuer.issuer_id, issuer.certificate)
    return hierarchy
