"""An issued certificate, the public intake in front of its book, and mails about what happens."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools import Logger
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.builders import MOMENT, a_private_key, an_order
from tests.builders_keys import a_use
from tests.fakes import FakeRateLimits, FakeWorkflow, SeededEntropy
from tests.letter_world import SERIAL, World, a_stored_certificate
from tests.unit.api.driving import event_for
from vouchsafe.api import public_intake
from vouchsafe.dependencies_intake import PublicIntake
from vouchsafe.domain.blocked_keys import BlockedKey, key_hash
from vouchsafe.domain.certificate import Certificate, CertificateStatus, Issued
from vouchsafe.domain.changes import Change
from vouchsafe.domain.dossier import SerialClaim, Thumbprint
from vouchsafe.domain.notices import Mail
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.problem_reports import ProblemCase
from vouchsafe.services.blocking import key_of
from vouchsafe.services.key_proofs import IntakePorts
from vouchsafe.services.problem_work import CasePorts
from vouchsafe.settings import Settings

DER = a_stored_certificate("example.com", "www.example.com")
SERIAL_TEXT = f"{SERIAL:032x}"
#: Whoever placed the order, and whom it names.
SUBSCRIBER = ("ada@example.com", "ops@example.com")
REPORTER = "finder@elsewhere.example"
_NUMBERS = itertools.count()


def pem(der: bytes = DER) -> str:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()


def a_proof(challenge: str, *, key: Any = None, **more: str) -> str:
    """A request by the certificate's key (or another) whose subject is the challenge."""
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, challenge)]
    subject += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, text) for text in more.values()]
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(subject))
    signed = builder.sign(key or a_private_key(), hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


class Answered:
    """What came back."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.status: int = answer["statusCode"]
        self.headers: dict[str, str] = answer["headers"]
        self.text: str = answer["body"]

    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def codes(self) -> list[str]:
        return [each["code"] for each in self.json()["errors"]]


class IntakeWorld:
    """Certificate 5001 of order 1001, issued for the key of `a_private_key()`."""

    def __init__(self, *, locale: str = "en") -> None:
        self.workflow, self.limits = FakeWorkflow(), FakeRateLimits()
        self.world = World(operators=("operators@ca.example",))
        self.book, self.clock, self.log = self.world.book, self.world.clock, io.StringIO()
        self.entropy = SeededEntropy()
        order = self.book.order(1001)
        assert order is not None
        details = replace(order.order.details, locale=locale)
        issued = Issued(
            serial=SERIAL,
            issuer_id="test-ec-1",
            shard=0,
            sha1=hashlib.sha1(DER).hexdigest(),  # noqa: S324
            sha256=hashlib.sha256(DER).hexdigest(),
            not_before=MOMENT,
            not_after=MOMENT + timedelta(days=90),
            issued_at=MOMENT,
        )
        standing = order.certificate(5001)
        self.book.commit(
            replace(an_order(status=OrderStatus.VALID, details=details), version=2),
            replace(
                standing,
                status=CertificateStatus.VALID,
                issued=issued,
                next_look_at=None,
                version=standing.version + 1,
            ),
            SerialClaim(serial=SERIAL, order_id=1001, certificate_id=5001),
            Thumbprint(sha1=issued.sha1, sha256=issued.sha256, order_id=1001, certificate_id=5001),
            a_use(spki_sha256=self.key_hash),
        )
        self._told: set[str] = {each.change_id for each in self.changes()}
        given = PublicIntake(
            settings=Settings(base_url="https://ca.example/services/v2"),
            clock=self.clock,
            entropy=self.entropy,
            ledger=self.book,
            cases=self.book,
            workflow=self.workflow,
            limits=self.limits,
        )
        log = Logger(service=f"intake-{next(_NUMBERS)}", stream=self.log, level="DEBUG")
        self._handle = public_intake.build(given, log=log)

    @property
    def certificate(self) -> Certificate:
        dossier = self.book.order(1001)
        assert dossier is not None
        return dossier.certificate(5001)

    @property
    def key_hash(self) -> str:
        return key_hash(key_of(self.certificate))

    @property
    def block(self) -> BlockedKey | None:
        return self.book.blocked_key(self.key_hash)

    @property
    def ports(self) -> IntakePorts:
        return IntakePorts(
            cases=self.book,
            ledger=self.book,
            workflow=self.workflow,
            clock=self.clock,
            entropy=self.entropy,
        )

    @property
    def case_ports(self) -> CasePorts:
        return CasePorts(cases=self.book, withdrawing=self.ports.withdrawing)

    def call(self, method: str, path: str, **sent: Any) -> Answered:
        return Answered(self._handle(event_for(method, f"/v2/{path}", **sent), None))

    def post(self, path: str, fields: dict[str, Any]) -> Answered:
        """As JSON."""
        headers = {"Content-Type": "application/json"}
        return self.call("POST", path, body=json.dumps(fields), headers=headers)

    def fill_in(self, fields: dict[str, str], *, language: str = "en") -> Answered:
        """As the form sends it."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(fields).encode()
        query = {"lang": language}
        return self.call("POST", "problem-report", body=body, headers=headers, query=query)

    def challenge(self, serial: str = SERIAL_TEXT) -> str:
        answer = self.call("GET", "revoke-by-key/challenge", query={"serial_number": serial})
        assert answer.status == 200, answer.text
        return str(answer.json()["challenge"])

    def report(self, **changed: Any) -> Answered:
        fields = {
            "certificate": SERIAL_TEXT,
            "problem": "key_compromise",
            "evidence": "The key lies in a public repository.",
            "email": REPORTER,
        }
        return self.post("problem-report", fields | changed)

    def cases(self) -> list[ProblemCase]:
        return [each for key, each in self.book.records.items() if key[0] is ProblemCase]

    def changes(self) -> list[Change]:
        return [each for key, each in self.book.records.items() if key[0] is Change]

    def mails(self) -> list[Mail]:
        """The mails about everything that happened since this was asked last."""
        before = len(self.world.mailer.sent)
        for change in sorted(self.changes(), key=lambda each: each.change_id):
            if change.change_id not in self._told:
                self._told.add(change.change_id)
                self.world.tell(change)
        return list(self.world.mailer.sent[before:])
