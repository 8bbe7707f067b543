"""Builders of blocked keys, uses of keys, bulk revocations, reported problems; valid by default."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from tests.builders import MOMENT
from vouchsafe.domain.blocked_keys import BlockedKey, BlockReason, KeyUse
from vouchsafe.domain.bulk_revocation import BulkRevocation
from vouchsafe.domain.problem_reports import ProblemCase, ProblemKind, Report
from vouchsafe.domain.revocation import RevocationReason

SOME_KEY = "5c" * 32


def a_blocked_key(**changed: Any) -> BlockedKey:
    """A key reported at MOMENT whose sweep is due then."""
    given: dict[str, Any] = {
        "spki_sha256": SOME_KEY,
        "reason": BlockReason.KEY_COMPROMISE,
        "since": MOMENT,
        "actor": "user 7",
        "account_id": 1,
        "sweep_due": MOMENT,
    }
    return BlockedKey(**(given | changed))


def a_use(certificate_id: int = 5001, **changed: Any) -> KeyUse:
    """The key's use by certificate 5001 of order 1001."""
    given: dict[str, Any] = {
        "spki_sha256": SOME_KEY,
        "certificate_id": certificate_id,
        "order_id": 1001,
        "account_id": 1,
        "issuer_id": "test-ec-1",
        "claimed_at": MOMENT,
    }
    return KeyUse(**(given | changed))


def a_bulk(**changed: Any) -> BulkRevocation:
    """A preview of one certificate."""
    given: dict[str, Any] = {
        "bulk_id": "01KAK0000000000000000000B1",
        "selection": {"account_id": 1},
        "reason": RevocationReason.SUPERSEDED,
        "comments": "Issued by the wrong profile",
        "chosen": ((1001, 5001),),
        "made_at": MOMENT,
        "operator_id": 9,
    }
    return BulkRevocation(**(given | changed))


def a_case(**changed: Any) -> ProblemCase:
    """A case with one report, about certificate 5001 of order 1001."""
    report = Report(
        at=MOMENT,
        kind=ProblemKind.MISUSE,
        evidence="It serves a copy of a bank's site.",
        reporter="finder@elsewhere.example",
    )
    given: dict[str, Any] = {
        "case_id": "01KAK0000000000000000000C1",
        "serial": 77,
        "order_id": 1001,
        "certificate_id": 5001,
        "account_id": 1,
        "opened_at": MOMENT,
        "reports": (report,),
    }
    return ProblemCase(**(given | changed))


LATER = MOMENT + timedelta(minutes=1)


def a_list_of_known_keys(*numbers: int, others: int = 50) -> bytes:
    """A file of keys' numbers (RSA: the modulus, EC: x), in collections 1, 2 …; others in 9."""
    rows = [_known(number, at + 1) for at, number in enumerate(numbers)]
    rows += [_known(1000 + at, 9) for at in range(others)]
    return b"".join(sorted(rows))


def _known(number: int, collection: int) -> bytes:
    text = number.to_bytes((number.bit_length() + 7) // 8)
    return hashlib.sha256(text).digest()[:15] + bytes([collection])
