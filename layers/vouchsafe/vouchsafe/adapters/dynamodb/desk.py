"""One certificate, its order, and what people decided, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...domain.accounts import Account
from ...domain.desk import Desk, Hint, hint_of
from ...domain.errors import Unavailable
from ...domain.order import Order
from ...domain.organization import Organization
from ...domain.policy_lists import PolicyLists
from ...domain.proofs import Standing
from . import account_keys, keys, vetting_keys
from .attributes import Item, decode_fields
from .orders import to_dossier, torn
from .table import Table
from .writes import ENTITY

#: Items of 25 names: what 250 names take. A certificate with more is read again with its own count.
_CHUNKS = 10
_READS = 6

_OF_ORDER = frozenset({"order", "certificate", "authorizations"})


def read_desk(table: Table, order_id: int, certificate_id: int, hint: Hint) -> Desk | None:
    """The desk of one certificate; again while the hint was wrong or a commit landed meanwhile.

    A batch of reads is no snapshot, so what belongs together is held against each other here, and
    what is written later is conditional on the versions read.
    """
    chunks = _CHUNKS
    for _ in range(_READS):
        items = list(table.get_all(_wanted(order_id, certificate_id, chunks, hint)))
        found = {_entity(item): item for item in items}
        if "order" not in found or "certificate" not in found:
            return None
        before, hint = hint, hint_of(decode_fields(Order, found["order"]))
        if hint != before:
            continue
        own = [item for item in items if _entity(item) in _OF_ORDER]
        if not torn(own):
            return _desk(own, found)
        packs = [item for item in own if _entity(item) == "authorizations"]
        chunks = max([chunks, *(int(item["chunks"]["N"]) for item in packs)])
    raise Unavailable(f"order {order_id} changes too fast to be read")


def _wanted(order_id: int, certificate_id: int, chunks: int, hint: Hint) -> Sequence[keys.Key]:
    wanted = [keys.order(order_id), keys.certificate(order_id, certificate_id)]
    wanted += [keys.authorizations(order_id, certificate_id, n) for n in range(chunks)]
    wanted += [keys.account(hint.account_id), vetting_keys.lists_in_force()]
    if hint.organization_id:
        wanted.append(account_keys.organization(hint.account_id, hint.organization_id))
    return wanted


def _desk(own: Sequence[Item], found: dict[str, Item]) -> Desk:
    dossier = to_dossier(own)
    assert dossier is not None, "its order was found"
    standing = Standing(
        account=_decoded(Account, found.get("account")),
        proofs={},
        organization=_decoded(Organization, found.get("organization")),
    )
    lists = _decoded(PolicyLists, found.get("policy_lists")) or PolicyLists()
    return Desk(dossier=dossier, standing=standing, lists=lists)


def _decoded(kind: type[Any], item: Item | None) -> Any:
    return None if item is None else decode_fields(kind, item)


def _entity(item: Item) -> str:
    return str(item.get(ENTITY, {"S": ""})["S"])
