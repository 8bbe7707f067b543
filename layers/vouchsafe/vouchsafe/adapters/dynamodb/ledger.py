"""The order book over DynamoDB."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from ...domain import canary
from ...domain.blocked_keys import BlockedKey
from ...domain.certificate_name import CertificateName
from ...domain.changes import Change
from ...domain.desk import Desk, Hint
from ...domain.dossier import Allocation, Dossier, IdempotencyRecord
from ...domain.errors import Conflict, Unavailable
from ...domain.order import Order
from ...domain.proofs import Standing
from ...domain.requests import Request, RequestStatus
from ...ports import Record
from ..clock import SystemClock
from . import account_keys, key_book, keys
from .attributes import decode_fields
from .desk import read_desk
from .domain_writes import counting_actions
from .orders import to_dossier, torn
from .registers import to_writes
from .standing import read_standing
from .table import Table
from .totals import Action, Step, actions_of, telling

#: An id follows its predecessor by 1 to 8, so that nobody counts our orders by their numbers, and
#: 2**31 ids last for 470 million objects of a kind.
_LONGEST_STEP = 8
_MOST_ID = canary.ACCOUNT - 1
_NO_ORDER = 0  # ids are greater
#: How often a read that met a commit half way is made again.
_READS = 5


class DynamoLedger:
    """Port Ledger: one partition an order, pointers to find it, conditional writes."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)
        self._last: Order | None = None  # read or written last; a version never says another thing

    def commit(self, *records: Record) -> None:
        """Write all records or none.

        Raises Conflict when any condition fails, Unavailable for trouble that did not pass, and
        ValueError for more than one transaction may hold.
        """
        steps = [Step(before=self._before(r), after=r) for r in records if isinstance(r, Order)]
        more: list[Action] = []
        writes = to_writes(records)
        if steps:
            said = [record.at for record in records if isinstance(record, Change)]
            at = max(said) if said else SystemClock().now()
            more = actions_of(steps, at, self._table.name)
            writes = [*telling(writes, steps, at)]
        more += counting_actions(records, self._table.name)
        self._table.commit(writes, more)
        if steps:
            self._last = steps[-1].after

    def _before(self, order: Order) -> Order | None:
        """The order that `order` replaces, as it counts now. Raises Conflict when it moved on."""
        if order.version == 1:
            return None
        last = self._last
        if last and (last.order_id, last.version) == (order.order_id, order.version - 1):
            return last  # where another one stands by now, the commit's own condition fails
        item = self._table.get(keys.order(order.order_id))
        standing = None if item is None else decode_fields(Order, item)
        if standing is None or standing.version != order.version - 1:
            raise Conflict(f"order {order.order_id} is not at version {order.version - 1}")
        return standing

    def order(self, order_id: int) -> Dossier | None:
        """The order and all that belongs to it, from one side of every commit; or None."""
        for _ in range(_READS):
            items = list(self._table.partition(keys.order_partition(order_id)))
            if not torn(items):
                dossier = to_dossier(items)
                self._last = dossier.order if dossier else self._last
                return dossier
        raise Unavailable(f"order {order_id} changes too fast to be read")

    def desk(self, order_id: int, certificate_id: int, hint: Hint) -> Desk | None:
        """Port Desks: one certificate with all that its issue rests on, in one call."""
        found = read_desk(self._table, order_id, certificate_id, hint)
        self._last = found.dossier.order if found else self._last
        return found

    def order_of_certificate(self, certificate_id: int) -> Dossier | None:
        """The order a certificate id belongs to, or None."""
        return self._follow(keys.certificate_pointer(certificate_id))

    def order_of_request(self, request_id: int) -> Dossier | None:
        """The order a request id belongs to, or None."""
        return self._follow(keys.request_pointer(request_id))

    def order_of_serial(self, serial: int) -> Dossier | None:
        """The order a serial number was taken for, or None."""
        return self._follow(keys.serial(serial))

    def order_of_thumbprint(self, digest: str) -> Dossier | None:
        """The order of the certificate with that SHA-1 or SHA-256 (hex, any case), or None."""
        return self._follow(keys.thumbprint(digest))

    def _follow(self, pointer: keys.Key) -> Dossier | None:
        """The order a pointer leads to. Where there is none, an order is looked for all the same:

        an id of another account, of which the caller is told nothing, takes the same calls.
        """
        item = self._table.get(pointer)
        return self.order(_NO_ORDER if item is None else int(item["order_id"]["N"]))

    def requests_of(
        self, account_id: int, *, status: RequestStatus | None, limit: int
    ) -> Sequence[Request]:
        """An account's requests, all or those of one status, newest first; may lag by seconds."""
        partition = keys.account_list(account_id, "REQUESTS", status)
        items = self._table.newest(1 if status is None else 2, partition, limit)
        return [decode_fields(Request, item) for item in items]

    def standing(
        self,
        account_id: int,
        domains: Collection[str] = (),
        *,
        organization_id: int | None = None,
        container_id: int | None = None,
        key: str = "",
    ) -> Standing:
        """The account's rules, its proofs for the domains, one organization, container, key."""
        return read_standing(
            self._table,
            account_id,
            domains,
            organization_id=organization_id,
            container_id=container_id,
            key=key,
        )

    def blocked_key(self, spki_sha256: str) -> BlockedKey | None:
        """The block of a key (hex SHA-256 of its SPKI), or None. Strongly consistent."""
        item = self._table.get(key_book.blocked(spki_sha256))
        return None if item is None else decode_fields(BlockedKey, item)

    def certificate_name(self, account_id: int, name: str) -> CertificateName | None:
        """Which order took a certificate name (folded) last, if one ever did."""
        item = self._table.get(account_keys.certificate_name(account_id, name))
        return None if item is None else decode_fields(CertificateName, item)

    def idempotency(self, account_id: int, key: str) -> IdempotencyRecord | None:
        """What an account used that Idempotency-Key for, or None."""
        item = self._table.get(keys.idempotency(account_id, key))
        return None if item is None else decode_fields(IdempotencyRecord, item)

    def allocate(
        self,
        *,
        orders: int = 0,
        certificates: int = 0,
        requests: int = 0,
        accounts: int = 0,
        users: int = 0,
        keys: int = 0,
        organizations: int = 0,
        reviews: int = 0,
        domains: int = 0,
    ) -> Allocation:
        """Fresh ids of each kind, growing, below 2**31, in one call."""
        wanted = {
            "orders": orders,
            "certificates": certificates,
            "requests": requests,
            "accounts": accounts,
            "users": users,
            "keys": keys,
            "organizations": organizations,
            "reviews": reviews,
            "domains": domains,
        }
        steps = {kind: _steps(count) for kind, count in wanted.items() if count}
        if not steps:
            return Allocation()
        ends = self._table.add(_SEQUENCE, {kind: sum(each) for kind, each in steps.items()})
        return Allocation(**{kind: _ids(ends[kind], each) for kind, each in steps.items()})

    def next_run(self, order_id: int, certificate_id: int) -> int:
        """A run number never given before for this certificate; the first is 1."""
        return self._table.add(keys.runs(order_id, certificate_id), {"run": 1})["run"]

    def last_run(self, order_id: int, certificate_id: int) -> int:
        """The run number that was given last for this certificate; 0 before the first."""
        counter = self._table.get(keys.runs(order_id, certificate_id))
        return int(counter["run"]["N"]) if counter else 0


_SEQUENCE = keys.SEQUENCE


def _steps(count: int) -> list[int]:
    return [random.randint(1, _LONGEST_STEP) for _ in range(count)]


def _ids(end: int, steps: list[int]) -> tuple[int, ...]:
    """The ids the counter passed on its way to `end`."""
    if end > _MOST_ID:
        raise RuntimeError("the ids of a kind are used up")
    ids, at = [], end - sum(steps)
    for step in steps:
        at += step
        ids.append(at)
    return tuple(ids)
