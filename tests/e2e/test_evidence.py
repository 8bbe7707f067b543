"""Evidence of a real certificate: made by itself, verified offline, and only as long as intact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.service import Service, until
from tests.lab.client import Response, send

PACKAGE = Path(__file__).parents[2] / "layers" / "vouchsafe"
#: Seconds from issue to the packet, as promised.
PROMISED = 60
#: Seconds after which the re-audit looks at what was issued, and some.
OLD_ENOUGH = 330


def verify(*arguments: str) -> tuple[int, str]:
    """The verifier as a command of its own, without the service's environment."""
    run = subprocess.run(
        [sys.executable, "-m", "vouchsafe.evidence", "verify", *arguments],
        env={"PYTHONPATH": str(PACKAGE), "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


def fetched(service: Service, certificate_id: int) -> Response:
    """The packet, once it is there; until then the answer says to ask again."""

    def there() -> Response | None:
        answer = service.client.call("GET", f"certificate/{certificate_id}/evidence")
        if answer.status == 404:
            assert answer.problem()[0] == "not_found|evidence"
            assert int(answer.headers["retry-after"]) > 0
            return None
        return answer

    return until(there, PROMISED, f"the packet of certificate {certificate_id}")


def test_an_issued_certificate_gets_a_packet_that_others_verify(
    service: Service, stranger: Service, tmp_path: Path
) -> None:
    issued = service.issue("www.evidence.lab.example.com", "*.evidence.lab.example.com")
    certificate_id = issued["certificate"]["id"]
    answer = fetched(service, certificate_id)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")

    packet, key = tmp_path / "packet.json", tmp_path / "evidence.pem"
    packet.write_bytes(answer.body)
    published = send("GET", answer.json()["key"]["url"])
    assert published.status == 200
    key.write_bytes(published.body)

    code, said = verify(str(packet), "--key", str(key))
    assert code == 0, said
    assert said.startswith("VERIFIED.")
    for name in ("www.evidence.lab.example.com", "*.evidence.lab.example.com"):
        assert f"{name}: proven by dns_txt" in said
    assert f"serial {issued['certificate']['serial_number'].lower().lstrip('0')}" in said

    flipped = bytearray(answer.body)
    flipped[len(flipped) // 2] ^= 1
    packet.write_bytes(flipped)
    code, said = verify(str(packet), "--key", str(key))
    assert (code, said.split(":")[0]) == (1, "NOT VERIFIED")

    foreign = stranger.client.call("GET", f"certificate/{certificate_id}/evidence")
    assert (foreign.status, foreign.problem()[0]) == (404, "not_found|certificate")
    again = service.client.call("GET", f"certificate/{certificate_id}/evidence")
    assert again.body == answer.body


def test_the_packet_says_what_every_perspective_saw(service: Service) -> None:
    issued = service.issue("seen.evidence.lab.example.com")
    packet = fetched(service, issued["certificate"]["id"]).json()
    (name,) = packet["names"]
    seen = [place["perspective"] for place in name["proof"]["perspectives"] if place["passed"]]
    assert len(seen) >= 6
    assert packet["caa"]["permitted"] is True
    assert [row["kind"] for row in packet["changes"]][-1] == "certificate_issued"


@pytest.mark.late
def test_the_re_audit_finds_nothing_of_all_that_was_issued(service: Service) -> None:
    service.issue("looked-at-again.evidence.lab.example.com")
    client = service.stack.emulator.client("lambda")
    name = service.stack.outputs["AuditIssuedFunction"]

    def looked() -> bool:
        answer = client.invoke(FunctionName=name, Payload=b"{}")
        assert "FunctionError" not in answer
        counts = json.loads(answer["Payload"].read())
        assert counts["faulty"] == 0
        return bool(counts["seen"])

    until(looked, OLD_ENOUGH, "something was old enough to be looked at again", every=10)
