"""Port Ledger: every field survives being stored, at its largest too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import (
    MOMENT,
    a_certificate,
    an_order,
)
from tests.contracts.test_ledger import SERIAL, a_pack
from vouchsafe.domain.authorization import (
    AuthorizationStatus,
    CaaCheck,
    CaaFinding,
    DcvMethodName,
    DnssecStatus,
    LookSummary,
    Observation,
    PerspectiveVerdict,
    Proof,
)
from vouchsafe.domain.certificate import Intent, Issued, Revoked
from vouchsafe.domain.revocation import RevocationReason

VERDICT = PerspectiveVerdict(perspective="eu-west-1", rir="RIPE", completed=True, passed=True)
LONG = "x" * 200  # what an observation keeps of an answer
PROOF = Proof(
    method=DcvMethodName.DNS_TXT,
    br_section="3.2.2.4.7",
    authorization_domain="example.com",
    steps=("one label up",),
    value="_x",
    proven_at=MOMENT,
    quorum="5/6",
    perspectives=(VERDICT, replace(VERDICT, passed=False, detail="no record")),
    dnssec=DnssecStatus.SECURE,
)
LOOK = LookSummary(
    looked_at=MOMENT,
    cause="proven",
    explanation="",
    advice="",
    observations=(
        Observation(
            question="TXT x", server="ns1 (192.0.2.1)", answer="", dnssec=DnssecStatus.INSECURE
        ),
    ),
    perspectives=PROOF.perspectives,
)


def test_every_field_of_a_long_life_survives(book: Any) -> None:
    verdicts = PROOF.perspectives
    finding = CaaFinding(
        name="example.com",
        completed=True,
        permitted=True,
        deciding_name="",
        deciding_record="",
        ttl=300,
        detail="",
    )
    certificate = a_certificate(
        caa=CaaCheck(
            checked_at=MOMENT,
            good_until=MOMENT + timedelta(hours=8),
            permitted=True,
            findings=(finding,),
            perspectives=verdicts,
        ),
        intent=Intent(
            serial=SERIAL,
            issuer_id="i",
            shard=3,
            tbs=b"\x30\x00\xff",
            not_before=MOMENT,
            not_after=MOMENT + timedelta(days=199, seconds=-1),
            recorded_at=MOMENT + timedelta(microseconds=1),
        ),
        issued=Issued(
            serial=1,
            issuer_id="i",
            shard=3,
            sha1="ab",
            sha256="cd",
            not_before=MOMENT,
            not_after=MOMENT,
            issued_at=MOMENT,
        ),
        revoked=Revoked(revoked_at=MOMENT, reason=RevocationReason.KEY_COMPROMISE, request_id=301),
    )
    pack = a_pack("example.com", status=AuthorizationStatus.VALID, proof=PROOF, last_look=LOOK)
    book.ledger.commit(an_order(), certificate, pack)
    dossier = book.ledger.order(1001)
    assert dossier.certificates == (certificate,)
    assert dossier.authorizations == {5001: pack.items}


def test_250_names_with_long_evidence_for_each_fit(book: Any) -> None:
    name = ".".join(["x" * 60] * 3 + ["example.com"])
    seen = Observation(question=f"TXT _dnsauth.{name}", server=LONG, answer=LONG)
    verdicts = (replace(VERDICT, detail=LONG),) * 7
    look = replace(
        LOOK, explanation=LONG * 3, advice=LONG * 2, observations=(seen,) * 8, perspectives=verdicts
    )
    proof = replace(PROOF, perspectives=verdicts, steps=(LONG,) * 4)
    pack = a_pack(*[name] * 250, proof=proof, last_look=look)
    book.ledger.commit(an_order(), a_certificate(), pack)
    assert book.ledger.order(1001).authorizations[5001] == pack.items
