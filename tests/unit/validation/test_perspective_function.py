"""The perspective's function, in a process of its own, as Lambda runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.builders import TOKEN
from tests.unit.validation.internet import Internet
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import LookRequest
from vouchsafe.domain.wire import report_from_json, to_json

ROOT = Path(__file__).parents[3]
PROGRAM = """
import json, sys
from functions.perspective.app import handler
report = handler(json.load(sys.stdin), None)
heavy = {"boto3", "botocore", "pydantic", "pkilint", "aws_lambda_powertools"}
print(json.dumps({"report": report, "heavy": sorted(heavy & set(sys.modules))}))
"""


def test_it_looks_from_its_place_and_loads_nothing_of_aws(internet: Internet) -> None:
    internet.publish("www", "TXT", f'"{TOKEN}"')
    question = question_for(Identifier("www.example.com"), DcvMethodName.DNS_TXT, TOKEN)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(to_json(LookRequest(dcv=(question,)))),
        env={
            "PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'vouchsafe'}",
            "STAGE": "local",
            "PERSPECTIVE_NAME": "sa-east-1",
            "PERSPECTIVE_RIR": "LACNIC",
            "LAB_DNS_ROOTS": "127.40.0.1",
            "LAB_DNS_PORT": str(internet.servers.port),
            "LAB_LOOPBACK": "true",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    report = report_from_json(answer["report"])
    assert (report.perspective, report.rir) == ("sa-east-1", "LACNIC")
    assert report.dcv[0].passed
    assert answer["heavy"] == []
