"""Domains behind proofs: whatever an account has proven is one of its domains from then on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from ..domain.authorization import Proof
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.domains import Domain, approval_of, approved
from ..domain.errors import Conflict
from ..domain.products import ValidationLevel
from ..domain_ports import Domains
from ..ports import Ledger
from .attempts import undisturbed
from .domain_records import domain_records, told_approval


def note_proofs(change: Change, *, ledger: Ledger, domains: Domains) -> None:
    """Give every proof that a committed change tells of its domain, or note it with the one there.

    Doing it twice, or late, is harmless: a proof that was forgotten meanwhile stays so. Raises
    Unavailable for trouble that may pass.
    """
    proven = _proven_by(change, ledger)
    if not proven:
        return
    standing = ledger.standing(change.account_id, proven)
    proofs = {name: proof for name, proof in standing.proofs.items() if proof is not None}
    known = domains.known_domains(change.account_id, proofs)
    for name in known:
        _note(change.account_id, known[name], proofs[name], ledger, domains)
    missing = {name: proof for name, proof in proofs.items() if name not in known}
    if missing:
        _make(change, missing, ledger, domains)


def _proven_by(change: Change, ledger: Ledger) -> tuple[str, ...]:
    """The authorization domains whose proofs the change tells of."""
    if change.kind is ChangeKind.DOMAIN_PROVEN:
        return (str(change.after["authorization_domain"]),)
    dossier = None if change.order_id is None else ledger.order(change.order_id)
    if dossier is None or change.certificate_id is None:
        return ()
    names = set(change.data.get("names", ()))
    items = dossier.authorizations.get(change.certificate_id, ())
    found = (one.proof for one in items if one.identifier.value in names and one.proof)
    return tuple(dict.fromkeys(proof.authorization_domain for proof in found))


def _note(account_id: int, domain_id: int, proof: Proof, ledger: Ledger, domains: Domains) -> None:
    def attempt() -> None:
        before = domains.domain(account_id, domain_id)
        if before is None:
            return
        newest = before.approval
        if newest is not None and newest.proven_at >= proof.proven_at:
            return
        ledger.commit(*domain_records(before, approved(before, approval_of(proof))))

    undisturbed(attempt, what=f"domain {domain_id}")


def _make(change: Change, proofs: Mapping[str, Proof], ledger: Ledger, domains: Domains) -> None:
    container = _container(change, ledger, domains)
    places = domains.domain_places(change.account_id, len(proofs))
    numbers = ledger.allocate(domains=len(proofs)).domains
    for place, number, (name, proof) in zip(places, numbers, proofs.items(), strict=True):
        domain = Domain(
            domain_id=number,
            account_id=change.account_id,
            place=place,
            name=name,
            container_id=container[0],
            container_name=container[1],
            method=proof.method,
            kinds=(ValidationLevel.DV,),
            created_at=proof.proven_at,
            approval=approval_of(proof),
        )
        try:
            ledger.commit(_added(change, domain), *domain_records(None, domain))
        except Conflict:
            known = domains.known_domains(change.account_id, [name]).get(name)
            if known is not None:  # somebody else was faster
                _note(change.account_id, known, proof, ledger, domains)


def _container(change: Change, ledger: Ledger, domains: Domains) -> tuple[int, str]:
    """The container of what was proven: an order, or a domain below."""
    if change.order_id is not None:
        dossier = ledger.order(change.order_id)
        assert dossier is not None
        return dossier.order.container_id, dossier.order.container_name
    below = domains.domain(change.account_id, int(change.data["domain_id"]))
    if below is None:
        account = ledger.standing(change.account_id).account
        return (0, "") if account is None else (account.root_container_id, account.name)
    return below.container_id, below.container_name


def _added(change: Change, domain: Domain) -> Change:
    """Told once, however often this is done: its id follows from the change that led to it."""
    noise = hashlib.sha256(f"{change.change_id} {domain.name}".encode()).digest()[:NOISE_BYTES]
    assert domain.approval is not None
    return replace(
        change,
        change_id=new_change_id(change.at, noise),
        kind=ChangeKind.DOMAIN_ADDED,
        actor="system",
        data={"domain_id": domain.domain_id, "name": domain.name},
        subject=f"domain {domain.domain_id}",
        before={},
        after={"name": domain.name, "approval": told_approval(domain.approval)},
    )
