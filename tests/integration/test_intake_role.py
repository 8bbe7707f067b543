"""The public intake writes only where its role lets it; anybody may send it requests."""

from __future__ import annotations

import hashlib
import importlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.builders import an_order
from tests.infrastructure.templates import PRIMARY, allowed_to
from tests.intake_world import DER, SERIAL_TEXT, a_proof, pem
from tests.integration.test_page_role import BOOK, _partitions
from tests.integration.test_task_events import EVENTS, ledger
from tests.letter_world import SERIAL
from tests.revocation_world import issued
from vouchsafe import clients
from vouchsafe.domain.dossier import SerialClaim
from vouchsafe.domain.order import OrderStatus


def _allowed() -> list[str]:
    (writing,) = [
        statement
        for statement in allowed_to(PRIMARY, "PublicIntakeRole")
        if BOOK in statement["Resource"] and "dynamodb:PutItem" in statement["Action"]
    ]
    keys: list[str] = writing["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    return keys


def _call(path: str, method: str, fields: dict[str, str], query: dict[str, str]) -> Any:
    event = json.loads((EVENTS / "public_intake-report.json").read_text())
    event |= {"resource": f"/v2/{path}", "path": f"/v2/{path}", "httpMethod": method}
    event |= {"body": json.dumps(fields), "queryStringParameters": query}
    module = importlib.import_module("functions.public_intake.app")
    answer = importlib.reload(module).handler(event, None)  # it keeps what it made
    assert answer["statusCode"] < 300, answer
    return json.loads(answer["body"])


@pytest.mark.usefixtures("deployed")
def test_reports_and_proofs_write_to_no_partition_that_the_role_does_not_name() -> None:
    now = datetime.now(UTC)
    certificate = issued(SERIAL)
    assert certificate.issued is not None
    ours = replace(
        certificate.issued,
        sha256=hashlib.sha256(DER).hexdigest(),
        not_after=now + timedelta(days=90),
    )
    claim = SerialClaim(serial=SERIAL, order_id=1001, certificate_id=5001)
    ledger().commit(an_order(status=OrderStatus.VALID), replace(certificate, issued=ours), claim)
    written: set[str] = set()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if params.get("TableName") != "limits":
            written.update(_partitions(model.name, params))

    clients.client("dynamodb").meta.events.register("provide-client-params.dynamodb.*", note)

    def proof() -> str:
        query = {"serial_number": SERIAL_TEXT}
        return a_proof(_call("revoke-by-key/challenge", "GET", {}, query)["challenge"])

    said = {"certificate": pem(), "problem": "key_compromise", "evidence": "seen"}
    _call("problem-report", "POST", said, {})
    _call("problem-report", "POST", said | {"csr": proof()}, {})
    answer = _call("revoke-by-key", "POST", {"certificate": pem(), "csr": proof()}, {})
    assert answer["status"] == "revoking"
    patterns = _allowed()
    assert {one.partition("#")[0] for one in written} == {one.partition("#")[0] for one in patterns}
    assert [one for one in written if not any(fnmatchcase(one, p) for p in patterns)] == []


def test_the_intake_may_write_no_account_key_issuer_list_or_claim() -> None:
    for other in ("ACCOUNT#1", "KEY#1", "ISSUER", "CLAIM#x", "CRL#1#1", "SERIAL#1", "CERT#1"):
        assert not any(fnmatchcase(other, pattern) for pattern in _allowed())
