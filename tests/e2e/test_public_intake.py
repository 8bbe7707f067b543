"""Without an account, on the running service: a report that ends on the CRL, and a proof of key."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.e2e.service import PRODUCT, Service, body, until
from tests.lab import verification
from tests.lab.accounts import operator_key
from tests.lab.client import Client, send

DOCS = Path(__file__).parents[2] / "docs" / "public-intake.md"
REPORTER = "finder@elsewhere.example.net"


def _issue(service: Service, name: str, key: Any) -> Any:
    answer = service.try_order(body(name, csr=verification.make_csr(key, name)))
    assert answer.status == 201, answer.body
    order_id = answer.json()["id"]
    service.prove(order_id)
    service.check_now(order_id)
    order = service.until_status(order_id, "issued")
    return service.chain(order["certificate"]["id"])


def _listed(chain: Any) -> bool:
    crl = verification.fetch_crl(chain)[1]
    return crl is not None and verification.revoked_in(crl, chain)


def commands() -> str:
    """The commands under the first heading of the page, as a reader would copy them."""
    return re.findall(r"```sh\n(.*?)```", DOCS.read_text(), re.DOTALL)[0]


def test_a_report_is_answered_decided_and_ends_on_the_crl(service: Service) -> None:
    chain = _issue(service, "reported.lab.example.com", verification.make_key())
    base, serial = service.client.base_url, f"{chain.leaf.serial_number:032x}"
    page = send("GET", f"{base}/problem-report", {"Accept-Language": "ko-KR"})
    assert (page.status, '<html lang="ko">' in page.body.decode()) == (200, True)
    said = {"certificate": serial, "problem": "misuse", "evidence": "A copy of a bank's site."}
    report = json.dumps(said | {"email": REPORTER}).encode()
    headers = {"Content-Type": "application/json"}
    taken = send("POST", f"{base}/problem-report", headers, report)
    assert taken.status == 201, taken.body
    case = taken.json()["case"]
    until(lambda: service.mails(f"case {case}"), 60, "the reporter is answered")

    operator = Client(base, operator_key(service.stack))
    (row,) = [
        each
        for each in operator.ask("GET", "operator/problem-report")["problems"]
        if each["case"] == case
    ]
    assert row["hours_left"] in {23, 24}
    path = f"operator/problem-report/{case}"
    operator.ask("POST", f"{path}/preliminary-report", {"finding": "We saw it, too."}, expect=200)
    verdict = {"decision": "revoke", "reason": "privilegeWithdrawn", "finding": "It is a copy."}
    operator.ask("POST", f"{path}/decision", verdict, expect=200)
    until(lambda: _listed(chain), 240, "the certificate is on the CRL", every=2)
    until(lambda: service.mails("is revoked", case), 60, "the final report is out")
    assert operator.ask("GET", path)["decision"]["date_begun"]


def test_the_commands_of_the_page_revoke_by_the_key_alone(service: Service, tmp_path: Path) -> None:
    key = verification.make_key()
    chain = _issue(service, "by-key.lab.example.com", key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "cert.pem").write_bytes(chain.leaf.public_bytes(Encoding.PEM))
    script = ["bash", "-euo", "pipefail", "-c", commands()]
    done = subprocess.run(
        script,
        cwd=tmp_path,
        env=os.environ | {"BASE": service.client.base_url},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout)["status"] == "revoking", done.stdout
    until(lambda: _listed(chain), 120, "the certificate is on the CRL", every=2)
    csr = verification.make_csr(key, "again.lab.example.com")
    refused = service.try_order(body("again.lab.example.com", csr=csr), PRODUCT)
    assert (refused.status, "reported compromised" in str(refused.body)) == (400, True)
