"""The issuing function's handler over faked AWS, measured; prints JSON.

    python -m tests.bench.issuing_function COUNT [PRODUCT]

CPU is this process's. The certificate is the same each time, its serial is not.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.faked_aws import FakedAws
from tests.builders import MOMENT, a_hierarchy, an_account, an_issuer_record, an_order
from tests.builders_organizations import a_validated_organization
from tests.issuance_world import DV, permitted, proven, ready_certificate
from vouchsafe import clients
from vouchsafe.adapters.dynamodb.registers import to_writes
from vouchsafe.domain.accounts import AgreementAcceptance
from vouchsafe.domain.organization import OrganizationCheck

_ENVIRONMENT = {
    "STAGE": "staging",
    "TABLE_NAME": "book",
    "STORE_BUCKET": "store",
    "PUBLICATION_URL": "http://ca.example.com",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "LOG_LEVEL": "ERROR",
}


def records(product: str) -> list[Any]:
    """An order whose certificate is ready, as of now, with all that it rests on."""
    now = datetime.now(UTC)
    named = product != DV
    order = replace(an_order(), product_id=product, organization_id=601 if named else None)
    certificate = replace(
        ready_certificate(),
        product_id=product,
        caa=permitted(now),
        ends_at=now + timedelta(days=40),
    )
    items = [
        replace(each, proof=replace(each.proof, proven_at=now))
        for each in proven().items
        if each.proof
    ]
    agreed = AgreementAcceptance(version="1", accepted_at=MOMENT, user_id=1)
    found = [order, certificate, replace(proven(), items=tuple(items))]
    found += [an_account(agreement=agreed), an_issuer_record(key_ref="issuing-key")]
    return [*found, a_validated_organization(OrganizationCheck.EV)] if named else found


def measure(count: int, product: str) -> dict[str, Any]:
    """Milliseconds of CPU an issue and a lint, calls and clients of one issue, after the first."""
    from functions.issue_certificate.app import handler
    from vouchsafe import bootstrap

    aws = FakedAws([each.item for each in to_writes(records(product))], a_hierarchy().issuing_key)
    aws.serve(clients._session())
    hint = {"account_id": 1, "organization_id": 0 if product == DV else 601}
    event = {"order_id": 1001, "certificate_id": 5001, "run": 1, "check": {"hint": hint}}
    assert handler(event, None)["outcome"] == "issued"
    first, calls_before = aws.clients, aws.calls.copy()
    issue = _cpu(lambda: handler(event, None), count)
    calls = {name: (n - calls_before[name]) / (3 * count) for name, n in aws.calls.items()}
    linter, stored = bootstrap.issue_certificate().linter, aws.stored
    lint = _cpu(lambda: linter.certificate(stored), count)
    return {
        "issue": issue,
        "lint": lint,
        "calls": calls,
        "clients_first": first,
        "clients_later": aws.clients - first,
    }


def _cpu(work: Callable[[], object], count: int) -> float:
    """Milliseconds of this process's CPU for one `work`; the least of three runs of `count`."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        for _ in range(count):
            work()
        taken.append((time.process_time() - started) / count * 1000)
    return min(taken)


def main() -> None:
    os.environ.update(_ENVIRONMENT)
    product = sys.argv[2] if sys.argv[2:] else DV
    print(json.dumps(measure(int(sys.argv[1]), product)))


if __name__ == "__main__":
    main()
