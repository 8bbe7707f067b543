"""Revocation by proof of key: the request has to be ours to ask for, fresh, and signed by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_private_key
from tests.intake_world import DER, SERIAL_TEXT, Answered, IntakeWorld, a_proof, pem
from tests.letter_world import a_stored_certificate
from vouchsafe.domain.key_challenges import CHALLENGE_LIFE
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.announcing import announce_revocation
from vouchsafe.services.recording import record_revocation


def revoke(world: IntakeWorld, csr: str, **changed: Any) -> Answered:
    return world.post("revoke-by-key", {"certificate": pem(), "csr": csr} | changed)


def test_whoever_holds_the_key_has_the_certificate_revoked_without_an_account() -> None:
    world = IntakeWorld()
    answer = revoke(world, a_proof(world.challenge()), reason="keyCompromise")
    assert (answer.status, answer.json()) == (
        202,
        {"serial_number": SERIAL_TEXT, "status": "revoking"},
    )
    ((order_id, request_id, _),) = world.workflow.revocations
    dossier = world.book.order(order_id)
    assert dossier is not None
    request = dossier.request(request_id)
    assert (request.reason, request.certificate_ids) == (RevocationReason.KEY_COMPROMISE, (5001,))
    assert world.block is not None
    assert (world.block.actor, world.block.sweep_due) == ("key_holder", MOMENT)


@pytest.mark.parametrize(
    "reason",
    [None, "affiliationChanged", "cessationOfOperation", "superseded", "unspecified"],
)
def test_any_other_reason_blocks_no_key(reason: str | None) -> None:
    world = IntakeWorld()
    answer = revoke(world, a_proof(world.challenge()), **({"reason": reason} if reason else {}))
    assert answer.status == 202
    assert world.block is None
    assert len(world.workflow.revocations) == 1


@pytest.mark.parametrize("reason", ["privilegeWithdrawn", "cACompromise", "1", "keycompromise!"])
def test_a_reason_that_is_not_the_subscribers_is_refused(reason: str) -> None:
    world = IntakeWorld()
    answer = revoke(world, a_proof(world.challenge()), reason=reason)
    assert (answer.status, answer.codes) == (400, ["invalid_field|reason"])
    assert world.workflow.revocations == []


def _of(world: IntakeWorld, case: str) -> str:
    challenge = world.challenge("1234" if case == "of another serial" else SERIAL_TEXT)
    match case:
        case "by another key":
            return a_proof(challenge, key=a_private_key("another"))
        case "made for an order":
            return a_proof("www.example.com")
        case "never given out":
            return a_proof("vouchsafe-proof-aaaaaaaaaaaaaaaaaaaaaaaaaa")
        case "too old":
            world.clock.advance(CHALLENGE_LIFE)
        case "beside other words":
            return a_proof(challenge, organization="Example")
        case "with a broken signature":
            good = a_proof(challenge).splitlines()
            return "\n".join([*good[:-2], good[-2][:-6] + "AAAAA=", good[-1]])
    return a_proof(challenge)


@pytest.mark.parametrize(
    "case",
    [
        "beside other words",
        "by another key",
        "made for an order",
        "never given out",
        "of another serial",
        "too old",
        "with a broken signature",
    ],
)
def test_a_request_that_proves_nothing_is_refused(case: str) -> None:
    world = IntakeWorld()
    answer = revoke(world, _of(world, case), reason="keyCompromise")
    assert (answer.status, answer.codes) == (400, ["invalid_field|csr"])
    assert (world.block, world.workflow.revocations) == (None, [])


def test_a_challenge_serves_one_purpose_and_a_repeat_of_the_same_call_is_no_harm() -> None:
    world = IntakeWorld()
    proof = a_proof(world.challenge())
    first, again = revoke(world, proof), revoke(world, proof)
    assert (first.status, again.status) == (202, 202)
    assert len(world.workflow.revocations) == 1
    assert revoke(world, proof, reason="keyCompromise").codes == ["invalid_field|csr"]
    assert world.report(csr=proof).codes == ["invalid_field|csr"]
    assert world.block is None


def test_a_certificate_that_is_not_ours_is_unknown_whatever_we_have_under_its_number() -> None:
    world = IntakeWorld()
    twin = a_stored_certificate("other.example.com")  # the same serial number
    assert twin != DER
    answer = revoke(world, a_proof(world.challenge()), certificate=pem(twin))
    assert (answer.status, answer.codes) == (404, ["not_found|certificate"])
    assert world.workflow.revocations == []


def test_a_challenge_is_given_for_any_number_alike() -> None:
    world = IntakeWorld()
    known, unknown = (
        world.call("GET", "revoke-by-key/challenge", query={"serial_number": each}).json()
        for each in (SERIAL_TEXT, "f" * 32)
    )
    assert known.keys() == unknown.keys()
    assert len(known["challenge"]) == len(unknown["challenge"]) <= 64
    wrong = world.call("GET", "revoke-by-key/challenge", query={"serial_number": "x"})
    assert (wrong.status, wrong.codes) == (400, ["invalid_field|serial_number"])


def _revoked(world: IntakeWorld) -> None:
    """What the machine does."""
    order_id, request_id, _ = world.workflow.revocations[-1]
    record_revocation(order_id, request_id, ledger=world.book, clock=world.clock)
    announce_revocation(
        order_id, request_id, ledger=world.book, clock=world.clock, entropy=world.entropy
    )


def test_a_revoked_certificate_is_said_to_be_revoked_and_a_compromise_still_blocks_its_key() -> (
    None
):
    world = IntakeWorld()
    revoke(world, a_proof(world.challenge()), reason="superseded")
    _revoked(world)
    again = revoke(world, a_proof(world.challenge()), reason="unspecified")
    assert (again.status, again.json()["status"], again.json()["reason"]) == (
        200,
        "revoked",
        "superseded",
    )
    worse = revoke(world, a_proof(world.challenge()), reason="keyCompromise")
    assert (worse.status, world.block is not None) == (202, True)


def test_an_expired_certificate_is_left_alone_and_its_key_blocked() -> None:
    world = IntakeWorld()
    world.clock.advance(timedelta(days=91))
    answer = revoke(world, a_proof(world.challenge()), reason="keyCompromise")
    assert (answer.status, answer.json()["status"]) == (200, "expired")
    assert (world.block is not None, world.workflow.revocations) == (True, [])


def test_unknown_paths_and_methods_are_no_routes() -> None:
    world = IntakeWorld()
    assert world.call("GET", "revoke-by-key").codes == ["not_found|route"]
    assert world.call("DELETE", "somewhere").codes == ["not_found|route"]


def test_every_call_is_counted_by_its_source() -> None:
    world = IntakeWorld()
    statuses = [world.call("GET", "revoke-by-key").status for _ in range(121)]
    assert statuses == [404] * 120 + [429]
    refused = revoke(world, "x")
    assert (refused.status, int(refused.headers["Retry-After"]) > 0) == (429, True)
