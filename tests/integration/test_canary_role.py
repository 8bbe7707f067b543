"""The canary writes only where its role lets it, and its zone changes as it is told."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest

from tests.infrastructure.templates import CANARY, PRIMARY, allowed_to
from tests.integration.test_page_role import BOOK, _partitions
from tests.integration.test_task_events import a_hierarchy_made
from tests.integration.test_task_events import run as run_sample
from vouchsafe import bootstrap_canary, clients
from vouchsafe.domain.canary import ACCOUNT, PATIENCE
from vouchsafe.services.canary_orders import placed_before


def _allowed() -> list[str]:
    (writing,) = [
        statement
        for statement in allowed_to(PRIMARY, "CanaryRole", **CANARY)
        if BOOK in statement["Resource"] and "dynamodb:PutItem" in statement["Action"]
    ]
    keys: list[str] = writing["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    return keys


def _records() -> dict[str, str]:
    route53 = boto3.client("route53")
    zone = bootstrap_canary.parts.settings().require("canary_zone_id")
    rows = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {row["Name"]: row["ResourceRecords"][0]["Value"] for row in rows if row["Type"] == "TXT"}


@pytest.fixture
def written(deployed: dict[str, str]) -> set[str]:
    """Every partition that is written to from here on."""
    found: set[str] = set()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        found.update(_partitions(model.name, params))

    a_hierarchy_made()
    clients.client("dynamodb").meta.events.register("provide-client-params.dynamodb.*", note)
    return found


def test_an_order_writes_to_no_partition_that_the_role_does_not_name(written: set[str]) -> None:
    assert run_sample("canary-schedule")["phase"] == "proving"
    run = bootstrap_canary.canary().memory.canary()
    assert run is not None
    assert _records() == {f"{run.record_name}.": f'"{run.record_value}"'}
    assert written
    assert [one for one in written if not any(fnmatchcase(one, p) for p in _allowed())] == []


def test_nor_does_clearing_away_what_failed(
    written: set[str],
) -> None:
    run_sample("canary-schedule")
    given = bootstrap_canary.canary()
    run = given.memory.canary()
    assert run is not None
    given.memory.remember(run.changed(began_at=run.began_at - PATIENCE))
    answer = run_sample("canary-schedule")
    assert (answer["phase"], "not over after" in answer["failure"]) == ("over", True)
    assert _records() == {}
    dossier = placed_before(run, given.ordering)
    assert dossier is not None
    assert (dossier.order.account_id, dossier.newest.status) == (ACCOUNT, "cancelled")
    assert [one for one in written if not any(fnmatchcase(one, p) for p in _allowed())] == []


def test_the_role_names_no_key_issuer_list_claim_or_other_account() -> None:
    others = ("ACCOUNT#1", "KEY#1", "ISSUER", "CLAIM#x", "CRL#1#1", "SERIAL#1", "DUTY", "POLICY")
    for other in (*others, "IDEMPOTENCY#1#x", "TOTALS#1", "LISTED#1#x"):
        assert not any(fnmatchcase(other, pattern) for pattern in _allowed())
