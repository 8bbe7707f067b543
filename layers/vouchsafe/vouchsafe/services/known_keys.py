"""Keys on the operator's list of known ones: told where a key comes in, refused at the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.errors import Flaw

if TYPE_CHECKING:
    from ..domain.csr import Csr
    from ..key_ports import KnownKeys

#: Debian's weak keys, keys of known private part, keys of known methods.
CLAUSE = "BR 6.1.1.3 (3) to (5)"


def known_fault(spki: bytes, known: KnownKeys | None) -> str:
    """What is wrong with a key (DER SPKI) on the list, for people; "" for another, or no list.

    Raises Unavailable where the list cannot be used.
    """
    collection = known.collection_of(spki) if known else None
    if collection is None:
        return ""
    return f"its key is publicly known: collection {collection} of the list of known keys"


def known_flaws(csr: Csr | None, known: KnownKeys | None, field: str) -> tuple[Flaw, ...]:
    """What is wrong with `field` for a request with such a key. Raises Unavailable."""
    fault = known_fault(csr.public_key, known) if csr else ""
    return (Flaw(field, fault),) if fault else ()
