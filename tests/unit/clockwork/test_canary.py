"""The canary goes from the order to the CRL in small steps, and says where the path is broken."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from cryptography import x509

from tests.builders import MOMENT
from tests.canary_world import STEP, ZONE, CanaryWorld, FixedRequest
from tests.fakes import Cut, Tripwire
from vouchsafe.domain.accounts import Account
from vouchsafe.domain.canary import ACCOUNT, PATIENCE, CanaryPhase
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.revocation import RevocationReason

HOUR = timedelta(hours=1)


def test_it_orders_and_shows_its_record_then_revokes_what_it_got_and_sees_it_listed() -> None:
    world = CanaryWorld()
    phases = [world.step().run.phase for _ in range(3)]
    assert phases == [CanaryPhase.PROVING, CanaryPhase.LISTING, CanaryPhase.OVER]
    (order,) = world.orders()
    certificate = world.dossier(order.order_id).newest
    assert certificate.revoked is not None
    assert certificate.revoked.reason is RevocationReason.CESSATION_OF_OPERATION
    assert world.zone.records == {}


def test_the_seconds_are_from_the_record_being_there_to_the_issue_and_told_once() -> None:
    world = CanaryWorld()
    assert [world.step().seconds for _ in range(4)] == [None, STEP.total_seconds(), None, None]


def test_the_next_one_begins_an_hour_after_the_last_began_under_a_name_never_proven() -> None:
    world = CanaryWorld()
    world.until_over()
    assert world.step(HOUR - 3 * STEP).run.run == 1
    second = world.step(STEP).run
    assert (second.run, second.phase) == (2, CanaryPhase.PROVING)
    names = [order.common_name for order in world.orders()]
    assert len(set(names)) == 2
    assert all(name.endswith(f".{ZONE}") for name in names)
    world.until_over()
    assert world.statuses() == ["revoked", "revoked"]


def test_whoever_mended_something_need_not_wait_for_the_hour() -> None:
    world = CanaryWorld()
    world.step()
    assert world.step(at_once=True).run.run == 1  # one at a time, always
    world.until_over()
    assert world.step(at_once=True).run.run == 2


def test_its_account_is_made_once_with_nobody_in_it_and_no_key() -> None:
    world = CanaryWorld()
    world.until_over()
    world.step(HOUR)
    (account,) = [each for key, each in world.book.records.items() if key[0] is Account]
    assert account.account_id == ACCOUNT
    assert not world.book.users_of(ACCOUNT)
    assert not world.book.keys_of(ACCOUNT)
    changes = [each for key, each in world.book.records.items() if key[0] is Change]
    made = [each for each in changes if each.kind is ChangeKind.ACCOUNT_CREATED]
    assert len(made) == 1
    assert {each.account_id for each in changes} == {ACCOUNT}


def test_a_new_agreement_is_accepted_before_the_next_order() -> None:
    world = CanaryWorld()
    world.until_over()
    world.agreement = "2"
    world.step(HOUR)
    assert world.until_over().run.failure == ""


def test_of_its_key_nothing_is_kept() -> None:
    world = CanaryWorld()
    world.step()
    (order,) = world.orders()
    request = x509.load_der_x509_csr(world.dossier(order.order_id).newest.csr)
    assert request.is_signature_valid
    assert world.memory.run is not None
    assert {each.name for each in fields(world.memory.run)} == {
        "run",
        "name",
        "began_at",
        "phase",
        "after_failure",
        "order_id",
        "certificate_id",
        "record_name",
        "record_value",
        "shown_at",
        "issued_at",
        "failure",
        "version",
    }
    assert "PRIVATE KEY" not in repr(world.book.records)


def _every_cut() -> list[tuple[int, bool]]:
    world = CanaryWorld()
    world.until_over()
    calls = len(world.tripwire.calls)
    assert calls > 20
    return [(at, after) for at in range(1, calls + 1) for after in (False, True)]


@pytest.mark.parametrize(("at", "after"), _every_cut())
def test_cut_off_anywhere_it_ends_all_the_same_with_one_order_and_nothing_left(
    at: int, after: bool
) -> None:
    world = CanaryWorld(Tripwire(at, after=after))
    cuts = 0
    for _ in range(8):
        try:
            seen = world.step()
        except Cut:
            cuts += 1
            continue
        if seen.run.is_over:
            break
    assert cuts == 1
    run = world.memory.run
    assert run is not None
    assert (run.run, run.phase, run.failure) == (1, CanaryPhase.OVER, "")
    assert world.statuses() == ["revoked"]
    assert world.zone.records == {}
    assert len(world.store.objects) == 1


def test_of_twins_one_writes_and_the_other_says_how_it_stands() -> None:
    world = CanaryWorld()
    remember = world.memory.remember

    def while_a_twin_does(run: object) -> None:
        world.memory.remember = remember  # type: ignore[method-assign]
        assert world.step(timedelta()).run.phase is CanaryPhase.PROVING
        remember(run)  # type: ignore[arg-type]

    world.memory.remember = while_a_twin_does  # type: ignore[method-assign]
    seen = world.step()
    assert seen.run.phase is CanaryPhase.PROVING
    assert len(world.orders()) == 1


def test_an_order_that_nobody_proves_fails_in_time_is_cancelled_and_its_record_goes() -> None:
    world = CanaryWorld()
    world.works = False
    world.step()
    assert not world.step(PATIENCE).run.alarming
    seen = world.step()
    assert "not over after 0:40:00: order" in seen.run.failure
    assert seen.run.phase is CanaryPhase.OVER
    assert world.statuses() == ["cancelled"]
    assert world.zone.records == {}


def test_the_alarm_stays_until_a_later_run_reaches_its_end() -> None:
    world = CanaryWorld()
    world.works = False
    world.step()
    assert world.step(PATIENCE + STEP).run.alarming
    world.works = True
    assert world.step(HOUR).run.alarming  # the next one is under way
    seen = world.until_over()
    assert (seen.run.run, seen.run.alarming) == (2, False)


def test_while_the_zone_takes_no_change_the_run_fails_and_no_other_begins_before_it_is_clean() -> (
    None
):
    world = CanaryWorld()
    world.zone.down = True
    assert "takes no change" in world.step().waits
    failed = world.step(PATIENCE + STEP)
    assert failed.run.phase is CanaryPhase.CLEARING
    assert "takes no change" in failed.run.failure
    assert world.statuses() == ["cancelled"]
    assert world.step(2 * HOUR).run.run == 1
    world.zone.down = False
    assert world.step().run.phase is CanaryPhase.OVER
    assert world.step(at_once=True).run.run == 2


def test_a_revocation_that_no_list_shows_fails_and_says_so() -> None:
    world = CanaryWorld()
    world.publishes = False
    world.step()
    world.step()
    assert "404" in world.step().waits
    seen = world.step(PATIENCE)
    assert seen.run.failure.startswith("listing: ")
    assert seen.run.is_over
    assert world.statuses() == ["revoked"]


def test_a_list_without_the_certificate_is_not_taken_for_one_with_it() -> None:
    world = CanaryWorld()
    world.until_over()
    older = {f"crl/test-ec-1/{shard}.crl": crl for shard in range(4) for crl in _lists(world)}
    world.publishes = False
    world.step(HOUR)
    world.step()
    world.publication.objects.update(older)  # one for every shard
    assert "is not on http://ca.example.com/crl/test-ec-1/" in world.step().waits


def _lists(world: CanaryWorld) -> list[bytes]:
    return [body for path, body in world.publication.objects.items() if path.startswith("crl/")]


def test_a_certificate_without_evidence_fails() -> None:
    world = CanaryWorld()
    world.packs = False
    world.step()
    world.step()
    assert "no evidence packet" in world.step().waits
    assert "no evidence packet" in world.step(PATIENCE).run.failure


def test_a_certificate_that_is_not_as_ordered_fails_at_once_and_is_revoked_all_the_same() -> None:
    other, world = CanaryWorld(), CanaryWorld()
    other.entropy.bytes(1)  # another name
    for each in (other, world):
        each.step()
        each.clock.advance(STEP)
        each.serve()
    (certificate_id,) = world.store.objects
    (world.store.objects[certificate_id],) = other.store.objects.values()
    seen = world.step()
    assert "names are not" in seen.run.failure
    assert "another key" in seen.run.failure
    world.serve()
    assert world.statuses() == ["revoked"]
    assert world.zone.records == {}


def test_an_order_that_is_refused_fails_at_once() -> None:
    world = CanaryWorld()
    world.requests = FixedRequest("no request at all")
    seen = world.step()
    assert seen.run.failure.startswith("ordering: ")
    assert (seen.run.phase, world.orders()) == (CanaryPhase.OVER, [])


def test_while_it_is_being_issued_it_is_not_given_up() -> None:
    world = CanaryWorld()
    world.step()
    (order,) = world.orders()
    before = world.dossier(order.order_id).newest
    claimed = replace(before, status=CertificateStatus.PROCESSING, version=before.version + 1)
    world.works = False
    world.book.commit(claimed)
    seen = world.step(PATIENCE + STEP)
    assert (seen.run.phase, seen.waits) == (
        CanaryPhase.CLEARING,
        f"order {order.order_id} is being issued",
    )


def test_trouble_that_passes_costs_a_step_and_nothing_else() -> None:
    world = CanaryWorld()
    start = world.workflow.start_revocation

    def once_down(order_id: int, request_id: int, attempt: int) -> None:
        world.workflow.start_revocation = start  # type: ignore[method-assign]
        raise Unavailable("throttled")

    world.workflow.start_revocation = once_down  # type: ignore[method-assign]
    assert world.until_over().run.failure == ""


def test_nothing_is_done_before_it_is_time() -> None:
    world = CanaryWorld()
    world.until_over()
    calls = len(world.tripwire.calls)
    world.step()
    assert world.tripwire.calls[calls:] == ["memory.canary"]
    assert world.clock.now() < MOMENT + HOUR
