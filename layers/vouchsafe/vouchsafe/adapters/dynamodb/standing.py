"""What an account stands for when something new is asked of it, read in one call."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...domain.accounts import Account
from ...domain.authorization import Proof
from ...domain.blocked_keys import BlockedKey
from ...domain.containers import Container, line_of, root_of
from ...domain.organization import Organization
from ...domain.proofs import DomainProof, Standing
from . import account_keys, key_book, keys
from .attributes import Item, decode_fields
from .table import Table
from .writes import ENTITY

_KINDS: dict[str, type[Any]] = {
    "account": Account,
    "organization": Organization,
    "container": Container,
    "blocked_key": BlockedKey,
}


def read_standing(
    table: Table,
    account_id: int,
    domains: Collection[str],
    *,
    organization_id: int | None,
    container_id: int | None,
    key: str = "",
) -> Standing:
    """The account, its newest proofs for the domains, one organization, one line of containers, the
    block of one key.
    """
    wanted = [keys.account(account_id), *(keys.proof(account_id, each) for each in domains)]
    if organization_id is not None:
        wanted.append(account_keys.organization(account_id, organization_id))
    if container_id is not None:
        wanted.append(account_keys.container(account_id, container_id))
    if key:
        wanted.append(key_book.blocked(key))
    found: dict[type, list[Any]] = {kind: [] for kind in _KINDS.values()}
    proofs: dict[str, Proof | None] = {}
    for item in table.get_all(wanted):
        if item[ENTITY]["S"] == "domain_proof":
            proofs |= proof_in(item)
            continue
        kind = _KINDS[item[ENTITY]["S"]]
        found[kind].append(decode_fields(kind, item))
    account: Account | None = next(iter(found[Account]), None)
    return Standing(
        account=account,
        proofs=proofs,
        organization=next(iter(found[Organization]), None),
        blocked=next(iter(found[BlockedKey]), None),
        line=_line(table, account, container_id, found[Container]),
    )


def proof_in(item: Item) -> dict[str, Proof | None]:
    """The proof in a row by its domain; None where it is held back; nothing in a bare row."""
    domain = item["authorization_domain"]["S"]
    if item.get("held", {}).get("BOOL"):
        return {domain: None}
    return {domain: decode_fields(DomainProof, item).proof} if "proof" in item else {}


def _line(
    table: Table, account: Account | None, container_id: int | None, found: list[Container]
) -> tuple[Container, ...]:
    """The container asked for and all above it; a root is made from its account."""
    if account is None:
        return ()
    root = root_of(account)
    if container_id == root.container_id:
        return (root,)
    if not found:
        return ()
    above = [n for n in found[0].ancestor_ids if n != root.container_id]
    items = table.get_all([account_keys.container(account.account_id, n) for n in above])
    tree = {each.container_id: each for each in (decode_fields(Container, i) for i in items)}
    return tuple(line_of(found[0], tree | {root.container_id: root}))
