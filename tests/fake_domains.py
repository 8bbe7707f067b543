"""Domains in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.authorization import Proof
from vouchsafe.domain.domain_ages import domain_ageing_due
from vouchsafe.domain.domains import (
    CheckResult,
    Domain,
    DomainCheck,
    DomainListing,
    DomainRemoval,
    ProofHold,
    in_turns,
)
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain_ports import DomainPage


class FakeDomains:
    """Port Domains, and what a commit does to domains, over the `records` of the book."""

    _tripwire: Tripwire
    _lock: Any
    _counters: dict[tuple[Any, ...], int]
    records: dict[tuple[Any, ...], Any]

    def domain(self, account_id: int, domain_id: int) -> Domain | None:
        with self._tripwire.crossing("domains.domain"), self._lock:
            return self.records.get((Domain, account_id, domain_id))

    def domain_named(self, account_id: int, name: str) -> Domain | None:
        with self._tripwire.crossing("domains.domain_named"), self._lock:
            return next((d for d in self._domains(account_id) if d.name == name), None)

    def known_domains(self, account_id: int, names: Collection[str]) -> Mapping[str, int]:
        with self._tripwire.crossing("domains.known_domains"), self._lock:
            found = (d for d in self._domains(account_id) if d.name in names)
            return {domain.name: domain.domain_id for domain in found}

    def domain_places(self, account_id: int, count: int) -> Sequence[int]:
        with self._tripwire.crossing("domains.domain_places"), self._lock:
            counter = ("place", account_id)
            end = self._counters[counter] = self._counters.get(counter, 0) + count
            return range(end - count, end)

    def domains_page(
        self, account_id: int, *, container_id: int | None, offset: int, limit: int
    ) -> DomainPage:
        with self._tripwire.crossing("domains.domains_page"), self._lock:
            rows = [r for k, r in self.records.items() if k[:2] == (DomainListing, account_id)]
            meant = [r for r in rows if container_id in {None, r.container_id}]
            meant.sort(key=lambda row: row.place)
            return DomainPage(total=len(meant), rows=tuple(meant[offset : offset + limit]))

    def domains_due(self, before: datetime, limit: int) -> Sequence[Domain]:
        with self._tripwire.crossing("domains.domains_due"), self._lock:
            every = [record for key, record in self.records.items() if key[0] is Domain]
            due = [(d.next_look_at, d) for d in every if d.next_look_at is not None]
            late = [d for at, d in sorted(due, key=lambda each: each[0]) if at < before]
            return list(in_turns(late, lambda domain: domain.account_id))[:limit]

    def domains_ageing(self, before: datetime, limit: int) -> Sequence[Domain]:
        with self._tripwire.crossing("domains.domains_ageing"), self._lock:
            rows = [record for key, record in self.records.items() if key[0] is DomainListing]
            due = [(domain_ageing_due(r), r.account_id, r.domain_id) for r in rows]
            late = sorted((at, *ids) for at, *ids in due if at is not None and at <= before)
            return [self.records[(Domain, *ids)] for _, *ids in late][:limit]

    def _domains(self, account_id: int) -> list[Domain]:
        return [record for key, record in self.records.items() if key[:2] == (Domain, account_id)]

    def _proofs(self, account_id: int, domains: Collection[str]) -> dict[str, Proof | None]:
        """The proofs of those domains; None where one is held back."""
        found: dict[str, Proof | None] = {}
        for domain in domains:
            hold = self.records.get((ProofHold, account_id, domain))
            proof = self.records.get((DomainProof, account_id, domain))
            if hold is not None and hold.held:
                found[domain] = None
            elif proof is not None:
                found[domain] = proof.proof
        return found

    def _check_name(self, domain: Domain) -> None:
        """A name is one domain of an account."""
        if domain.version == 1 and any(
            other.name == domain.name for other in self._domains(domain.account_id)
        ):
            raise Conflict(f"{domain.name} is a domain already")

    def _check_removal(self, removal: DomainRemoval) -> None:
        one = removal.domain
        standing = self.records.get((Domain, one.account_id, one.domain_id))
        if standing is None or standing.version != one.version:
            raise Conflict(f"domain {one.domain_id} is not at version {one.version}")

    def _remove(self, removal: DomainRemoval) -> None:
        one = removal.domain
        for key in (
            (Domain, one.account_id, one.domain_id),
            (DomainListing, one.account_id, one.place),
            (DomainProof, one.account_id, one.name),
            (ProofHold, one.account_id, one.name),
        ):
            self.records.pop(key, None)


class FakeDomainChecker:
    """Port DomainChecker: answers what it is told to, and notes what it was asked."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.asked: list[tuple[int, int]] = []
        self.answer = DomainCheck(result=CheckResult.UNCLEAR, cause="own_trouble")
        self.failures: list[Exception] = []

    def check(self, account_id: int, domain_id: int) -> DomainCheck:
        with self._tripwire.crossing("checker.check"):
            self.asked.append((account_id, domain_id))
            if self.failures:
                raise self.failures.pop(0)
            return replace(self.answer)
