"""Domains as items: the domain with its name, its row, its counters; and how all that goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ...domain.domain_ages import domain_ageing_due
from ...domain.domains import Domain, DomainListing, DomainRemoval, ProofHold
from ...domain.proofs import DomainProof
from . import clock_keys, domain_keys, keys
from .attributes import encode, encode_fields
from .writes import ENTITY, Write, follower, merged, pointer_to, removed, write


def domain_writes(domain: Domain) -> tuple[Write, ...]:
    """The domain, in the index of what is due; the first time with its name, taken once."""
    account_id, number = domain.account_id, domain.domain_id
    owed = {} if domain.next_look_at is None else domain_keys.due(number, domain.next_look_at)
    record = write("domain", domain_keys.domain(account_id, number), domain, owed)
    if domain.version > 1:
        return (record,)
    name = domain_keys.name(account_id, domain.name)
    return record, pointer_to(name, "domain_id", number)


def listing_writes(listing: DomainListing) -> tuple[Write, ...]:
    """The domain's row among those of its account and of its container, in the index of ages
    while a notice about its proof is ahead.
    """
    key = domain_keys.row(listing.account_id, listing.place)
    container = domain_keys.in_container(listing.account_id, listing.container_id, listing.place)
    due = domain_ageing_due(listing)
    aged = {} if due is None else clock_keys.domain_age(listing.domain_id, due)
    return (follower("domain_listing", key, encode_fields(listing) | container | aged),)


def removal_writes(removal: DomainRemoval) -> tuple[Write, ...]:
    """The domain goes as it was read, and with it its name, its row and the proof of its name."""
    one = removal.domain
    return (
        removed(domain_keys.domain(one.account_id, one.domain_id), version=one.version),
        removed(domain_keys.name(one.account_id, one.name)),
        removed(domain_keys.row(one.account_id, one.place)),
        removed(keys.proof(one.account_id, one.name)),
    )


def proof_writes(proof: DomainProof) -> tuple[Write, ...]:
    """The newest proof stands; what it came from is kept where it was made. A hold stays."""
    key = keys.proof(proof.account_id, proof.authorization_domain)
    return (merged("domain_proof", key, encode_fields(proof)),)


def hold_writes(hold: ProofHold) -> tuple[Write, ...]:
    """The hold beside the proof of that domain, if there is one, or alone."""
    key = keys.proof(hold.account_id, hold.authorization_domain)
    return (merged("domain_proof", key, encode_fields(hold)),)


def counting_actions(records: Sequence[Any], table: str) -> list[dict[str, dict[str, Any]]]:
    """The actions of TransactWriteItems that keep totals in step with domains that come and go.

    None of them has a condition: the domain's own version guards them all.
    """
    moved: dict[keys.Key, Counter[str]] = {}
    for record in records:
        if isinstance(record, Domain) and record.version == 1:
            _count(moved, record, 1)
        elif isinstance(record, DomainRemoval):
            _count(moved, record.domain, -1)
    return [
        {"Update": {"TableName": table, **_added(key, amounts)}} for key, amounts in moved.items()
    ]


def _count(moved: dict[keys.Key, Counter[str]], domain: Domain, by: int) -> None:
    for container_id in (None, domain.container_id):
        key = domain_keys.counter(domain.account_id, container_id)
        moved.setdefault(key, Counter())[domain_keys.bucket_name(domain.place)] += by


def _added(key: keys.Key, amounts: Counter[str]) -> dict[str, Any]:
    parts = ", ".join(f"{bucket} :{bucket}" for bucket in amounts)
    return {
        "Key": keys.primary(key),
        "UpdateExpression": f"SET #entity = :entity ADD {parts}",
        "ExpressionAttributeNames": {"#entity": ENTITY},
        "ExpressionAttributeValues": {
            f":{bucket}": {"N": str(by)} for bucket, by in amounts.items()
        }
        | {":entity": encode("domain_count")},
    }
