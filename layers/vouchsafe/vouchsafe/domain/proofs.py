"""Proofs an account may use again: by authorization domain, within the dated limit (BR 4.2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from .accounts import Account
from .authorization import Authorization, AuthorizationStatus, DcvMethodName, Proof, RandomValue
from .blocked_keys import BlockedKey
from .containers import Container
from .gates import proof_counts
from .identifiers import Identifier, parents_to_registrable
from .methods import METHODS
from .organization import Organization

#: An account's proofs by authorization domain; None: there may be one, but it is held back.
type Proofs = Mapping[str, Proof | None]

#: How many proofs go into one transaction with what else a look changes.
PROOFS_A_COMMIT = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainProof:
    """The newest proof an account has for an authorization domain, and where it was made.

    Always replaces what stood there: the authorization it comes from stays the evidence, or the
    change that tells of a domain's proof. Made for an order and certificate, or for a domain.
    """

    account_id: int
    authorization_domain: str
    proof: Proof
    order_id: int = 0
    certificate_id: int = 0
    domain_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one read says of an account: its rules, and its proofs by authorization domain.

    `organization` is the one that was asked for, if the account has it; so is `line`. A domain
    whose proof the account holds back has None. `blocked` is the block of the key asked for.
    """

    account: Account | None = None
    proofs: Proofs = field(default_factory=dict)
    organization: Organization | None = None
    blocked: BlockedKey | None = None
    line: tuple[Container, ...] = ()  # the container asked for, its parent … up to the root


def domains_to_ask(identifiers: Iterable[Identifier]) -> tuple[str, ...]:
    """Every authorization domain whose proof could cover one of the names, each once."""
    asked = (domain for one in identifiers for domain in parents_to_registrable(one.base))
    return tuple(dict.fromkeys(asked))


def covers(proof: Proof, identifier: Identifier) -> bool:
    """Whether a proof shows control of `identifier` (BR 3.2.2.4, SC-101).

    Reuse goes by the Authorization Domain Name. DNS and e-mail proofs reach to the names below it;
    a file proves that one name alone, and no wildcard. A name whose CNAME led to the domain must be
    looked at again: the CNAME may lead elsewhere by now.
    """
    domain, base = proof.authorization_domain, identifier.base
    if _exact_only(proof):
        return domain == base and not identifier.wildcard
    return base == domain or base.endswith(f".{domain}")


def _exact_only(proof: Proof) -> bool:
    return not METHODS[proof.method].prunes


def authorize(
    identifiers: Sequence[Identifier],
    method: DcvMethodName,
    values: Sequence[RandomValue],
    proofs: Proofs,
    now: datetime,
) -> tuple[Authorization, ...]:
    """An authorization for each name with its value: valid by an earlier proof, or pending.

    The proof must count at `now`, and keeps its own `proven_at`.
    """
    return tuple(
        _authorize(
            Authorization(identifier=identifier, method=method, random_value=value), proofs, now
        )
        for identifier, value in zip(identifiers, values, strict=True)
    )


def proof_for(identifier: Identifier, proofs: Proofs, now: datetime) -> Proof | None:
    """The account's proof that covers the name at `now`, nearest first; None without one."""
    pending = Authorization(identifier=identifier, method=DcvMethodName.DNS_TXT)
    return _authorize(pending, proofs, now).proof


def _authorize(pending: Authorization, proofs: Proofs, now: datetime) -> Authorization:
    """A domain that is held back ends the search: nothing above it counts for the name, either."""
    for domain in parents_to_registrable(pending.identifier.base):
        if domain not in proofs:
            continue
        proof = proofs[domain]
        if proof is None:
            break
        if not covers(proof, pending.identifier):
            continue
        proven = replace(
            pending, status=AuthorizationStatus.VALID, method=proof.method, proof=proof
        )
        if proof_counts(proven, now):
            return proven
    return pending


def fresh_proofs(
    account_id: int,
    order_id: int,
    certificate_id: int,
    *,
    before: Iterable[Authorization],
    after: Iterable[Authorization],
) -> tuple[DomainProof, ...]:
    """The proofs that `after` has and `before` had not, one for each authorization domain.

    Where several names share a domain, a proof that reaches below it is preferred.
    """
    known = {one.identifier: one.proof for one in before}
    found: dict[str, Proof] = {}
    for one in after:
        proof = one.proof
        if proof is None or proof == known.get(one.identifier):
            continue
        standing = found.get(proof.authorization_domain)
        if standing is None or _exact_only(standing):
            found[proof.authorization_domain] = proof
    return tuple(
        DomainProof(
            account_id=account_id,
            authorization_domain=domain,
            proof=proof,
            order_id=order_id,
            certificate_id=certificate_id,
        )
        for domain, proof in found.items()
    )
