"""Claiming what one alone may have, a name or an address, with the records that it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..domain.accounts import UserEmail
from ..domain.certificate_name import CertificateName
from ..domain.errors import Conflict, Flaw, Unavailable, invalid
from ..ports import Ledger, Record
from .attempts import ATTEMPTS
from .idempotency import OnceOnly, answered


def commit_claiming[C: (CertificateName, UserEmail)](
    claim: C,
    records: Sequence[Record],
    *,
    standing: Callable[[], C | None],
    flaws: Callable[[C], Sequence[Flaw]],
    what: str,
    once: OnceOnly[Any] | None,
    ledger: Ledger,
) -> None:
    """Commit the records together with a first claim; one that stands is taken over if it may be.

    It is looked up only when the commit fails. Raises VouchsafeError(INVALID) with the `flaws` of
    the claim that stands, Conflict for any other reason, a twin under the client's key among them,
    and Unavailable while others keep taking `what`.
    """
    for _ in range(ATTEMPTS):
        try:
            ledger.commit(*records, claim)
        except Conflict:
            taken = standing()
            if taken is None or taken.version < claim.version:
                raise  # it was not the claim that was in the way
            if found := flaws(taken):
                if answered(once, ledger=ledger):
                    raise
                raise invalid(*found) from None
            claim = replace(claim, version=taken.version + 1)
        else:
            return
    raise Unavailable(f"{what} is being taken by others")
