"""Every key of the table, made here and nowhere else. docs/data-model.md explains them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from .attributes import Item, serial_text, stamp

type Key = tuple[str, str]

#: Partitions of the time-sorted index, so that no single one takes every write.
SHARDS = 8
#: The indexes' key attributes; an item without them is not in the index.
INDEX_ATTRIBUTES = ("gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "gsi3pk", "gsi3sk")

_STAMP_WIDTH = len("2026-11-21T12:00:00.000000Z")
_NUMBER_DIGITS = 12


def primary(key: Key) -> Item:
    """The key as the two attributes of the table."""
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def index(number: int, key: Key) -> Item:
    """The key as the two attributes of one index."""
    return {f"gsi{number}pk": {"S": key[0]}, f"gsi{number}sk": {"S": key[1]}}


# One order and all that belongs to it: one partition, one Query.


def order_partition(order_id: int) -> str:
    """Where an order and all that belongs to it stand."""
    return f"ORDER#{order_id}"


def order(order_id: int) -> Key:
    """The order itself."""
    return order_partition(order_id), "ORDER"


def certificate(order_id: int, certificate_id: int) -> Key:
    """A certificate id of the order."""
    return order_partition(order_id), f"CERT#{certificate_id}"


def authorizations(order_id: int, certificate_id: int, chunk: int) -> Key:
    """One item of a certificate's authorizations, by its place."""
    return order_partition(order_id), f"AUTHZ#{certificate_id}#{chunk:03}"


def request(order_id: int, request_id: int) -> Key:
    """A request about the order."""
    return order_partition(order_id), f"REQUEST#{request_id}"


def runs(order_id: int, certificate_id: int) -> Key:
    """The counter of a certificate's runs."""
    return order_partition(order_id), f"RUNS#{certificate_id}"


# Ways to find an order.


def certificate_pointer(certificate_id: int) -> Key:
    """From a certificate id to its order."""
    return f"CERT#{certificate_id}", "POINTER"


def request_pointer(request_id: int) -> Key:
    """From a request id to its order."""
    return f"REQUEST#{request_id}", "POINTER"


def serial(number: int) -> Key:
    """From a serial number, taken for good, to its order."""
    return f"SERIAL#{serial_text(number)}", "SERIAL"


def thumbprint(digest: str) -> Key:
    """From a SHA-1 or SHA-256 fingerprint (hex, any case) to its order."""
    return f"THUMB#{digest.lower()}", "THUMB"


def idempotency(account_id: int, key: str) -> Key:
    """A client's key is any text; its hash keeps ours short."""
    return f"IDEMPOTENCY#{account_id}#{hashlib.sha256(key.encode()).hexdigest()}", "IDEMPOTENCY"


# Accounts.


def account(account_id: int) -> Key:
    """The account itself."""
    return f"ACCOUNT#{account_id}", "ACCOUNT"


def proof(account_id: int, domain: str) -> Key:
    """The account's newest proof for an authorization domain."""
    return f"ACCOUNT#{account_id}", f"PROOF#{domain}"


def user(account_id: int, user_id: int) -> Key:
    """A person of the account."""
    return f"ACCOUNT#{account_id}", f"USER#{user_id}"


def api_key(sha256: str) -> Key:
    """A key by its hash (hex)."""
    return f"KEY#{sha256}", "KEY"


def key_listing(account_id: int, key_id: int) -> Key:
    """The same key among those of its account."""
    return f"ACCOUNT#{account_id}", f"KEY#{key_id}"


# Issuers and their CRLs.

ISSUERS = "ISSUER"
REVOKED_PREFIX = "REVOKED#"


def issuer(issuer_id: str) -> Key:
    """An issuing CA."""
    return ISSUERS, issuer_id


def crl_partition(issuer_id: str, shard: int) -> str:
    """Where a CRL shard's lines and numbers stand."""
    return f"CRL#{issuer_id}#{shard}"


def revoked(issuer_id: str, shard: int, number: int) -> Key:
    """One line of a CRL shard."""
    return crl_partition(issuer_id, shard), f"{REVOKED_PREFIX}{serial_text(number)}"


def crl_state(issuer_id: str, shard: int) -> Key:
    """The numbers of a CRL shard."""
    return crl_partition(issuer_id, shard), "STATE"


# Looks, changes, feeds, claims, sequences.

SEQUENCE: Key = ("SEQUENCE", "SEQUENCE")


def looks_partition(certificate_id: int) -> str:
    """Where the looks at a certificate's names stand."""
    return f"LOOKS#{certificate_id}"


def look(certificate_id: int, number: int, run: int, chunk: int) -> Key:
    """Twin looks of one number differ in their run; both stay."""
    return looks_partition(certificate_id), f"{number:06}#{run:06}#{chunk:03}"


def change(change_id: str) -> Key:
    """A change by its id."""
    return f"CHANGE#{change_id}", "CHANGE"


def feed_partition(account_id: int) -> str:
    """Where an account's numbered changes stand."""
    return f"FEED#{account_id}"


def feed_number(number: int) -> str:
    """Digits sort before COUNTER, so a range of numbers never meets the counter."""
    return f"{number:0{_NUMBER_DIGITS}}"


def feed_row(account_id: int, number: int) -> Key:
    """The change of that number in an account's feed."""
    return feed_partition(account_id), feed_number(number)


def feed_counter(account_id: int) -> Key:
    """The last number of an account's feed."""
    return feed_partition(account_id), "COUNTER"


def claim(name: str) -> Key:
    """A lease by its name."""
    return f"CLAIM#{name}", "CLAIM"


# Indexes: 1 an account's things by creation, 2 the same by status, 3 whatever is due at a time.


def account_list(account_id: int, kind: str, status: str | None = None) -> str:
    """An account's ORDERS or REQUESTS: all of them in index 1, those of a status in index 2."""
    return f"ACCOUNT#{account_id}#{kind}" + ("" if status is None else f"#{status}")


def by_account(account_id: int, kind: str, created_at: datetime, number: int) -> Item:
    """Index 1; `kind` is ORDERS or REQUESTS."""
    return index(1, (account_list(account_id, kind), f"{stamp(created_at)}#{number}"))


def by_status(account_id: int, kind: str, status: str, created_at: datetime, number: int) -> Item:
    """Index 2."""
    return index(2, (account_list(account_id, kind, status), f"{stamp(created_at)}#{number}"))


def all_accounts(account_id: int) -> Item:
    """Index 1, for whoever walks over all accounts."""
    return index(1, ("ACCOUNTS", f"{account_id:010}"))


def work_partitions() -> Iterator[str]:
    """Index 3: everything unfinished."""
    return (f"WORK#{shard}" for shard in range(SHARDS))


def unnumbered_partitions() -> Iterator[str]:
    """Index 3: every change without a number."""
    return (f"UNNUMBERED#{shard}" for shard in range(SHARDS))


def work(order_id: int, due_at: datetime, number: int) -> Item:
    """Index 3, while something is unfinished."""
    return index(3, (f"WORK#{order_id % SHARDS}", f"{stamp(due_at)}#{number}"))


def on_day(kind: str, moment: datetime, number: int) -> Item:
    """Index 3, in the bucket of a UTC day; `kind` is EXPIRY (certificates) or TERM (orders)."""
    at = stamp(moment)
    return index(3, (f"{kind}#{at[:10]}#{number % SHARDS}", f"{at}#{number}"))


def unnumbered(change_id: str, at: datetime) -> Item:
    """Index 3, until the change has its number."""
    shard = hashlib.sha256(change_id.encode()).digest()[0] % SHARDS
    return index(3, (f"UNNUMBERED#{shard}", f"{stamp(at)}#{change_id}"))


def moment_of(sort_key: str) -> datetime:
    """The moment a time-sorted key starts with."""
    return datetime.fromisoformat(sort_key[:_STAMP_WIDTH])


def number_of(key: str) -> int:
    """The id a key such as `ORDER#1001` or `CERT#5001` ends with."""
    return int(key.rpartition("#")[2])
