"""When issuing must not happen, and what is left then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import MOMENT, an_authorization, an_issuer_record, an_order
from tests.fakes import FakeBook
from tests.issuance_world import FAR, IssuanceWorld, permitted, ready_certificate
from vouchsafe.domain.calendar import longest_not_after
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.order import OrderStatus, StatusReason
from vouchsafe.services.issuance import LAST_CALL


def test_a_draft_the_linter_refuses_ends_the_order_with_its_reason() -> None:
    world = IssuanceWorld()
    world.linter.findings.append(Finding(Severity.ERROR, "test.broken", "it is broken"))
    assert world.issue().outcome == "refused"
    dossier = world.dossier()
    assert dossier.newest.status is CertificateStatus.INVALID
    assert dossier.order.status is OrderStatus.INVALID
    assert dossier.order.status_reason is StatusReason.REFUSED_BY_LINT
    (change,) = world.book.left_behind(FAR, 10)
    assert change.kind is ChangeKind.ORDER_REJECTED
    assert "test.broken" in change.data["cause"]
    assert world.signer.signatures == 0


def test_an_unproven_name_stops_the_issue_and_changes_nothing() -> None:
    world = IssuanceWorld()
    book = FakeBook()
    unproven = Authorizations(
        order_id=1001, certificate_id=5001, items=(an_authorization("www.example.com"),)
    )
    book.commit(an_order(), ready_certificate(), unproven, an_issuer_record())
    world.book = book
    world.ports = replace(world.ports, ledger=book, desks=book, policies=book, issuers=book)
    outcome = world.issue()
    assert (outcome.outcome, outcome.cause) == ("gates_closed", "still closed: domains")
    assert world.dossier().newest == ready_certificate()


def test_a_stale_caa_answer_stops_the_issue() -> None:
    world = IssuanceWorld()
    world.clock.advance(timedelta(hours=9))
    assert world.issue().outcome == "gates_closed"


def test_nothing_is_claimed_in_the_last_minutes_of_a_caa_answer() -> None:
    """A slow signer's certificate could meet a serial that a twin has given up meanwhile."""
    world = IssuanceWorld()
    world.clock.advance(timedelta(hours=8) - LAST_CALL)
    assert world.issue().outcome == "gates_closed"
    assert (world.claimed(), world.signer.signatures) == (set(), 0)


def test_a_certificate_that_names_an_organization_is_not_issued_before_its_validation() -> None:
    world = IssuanceWorld()
    order = replace(an_order(), product_id="ssl_basic", organization_id=77, version=2)
    world.book.commit(order, replace(ready_certificate(), product_id="ssl_basic", version=2))
    assert world.issue().cause == "still closed: organization"


def test_a_certificate_drafted_before_shorter_validity_is_as_short_when_signed_after_it() -> None:
    world = IssuanceWorld()
    eve = datetime(2027, 3, 14, 12, tzinfo=UTC)  # 99 days from the 15th on, BR 6.3.2
    world.clock.advance(eve - world.clock.now())
    certificate = world.dossier().newest
    world.book.commit(
        replace(
            certificate,
            caa=permitted(eve),
            ends_at=eve + timedelta(days=300),
            version=certificate.version + 1,
        )
    )
    world.issue()
    issued = world.dossier().newest.issued
    assert issued is not None
    assert issued.not_after - issued.not_before == timedelta(days=99) - timedelta(seconds=1)


def test_a_certificate_whose_term_is_over_by_now_is_refused_and_never_signed() -> None:
    world = IssuanceWorld()
    certificate = world.dossier().newest
    over = world.clock.now() - timedelta(minutes=1)  # but after notBefore, which lies back an hour
    world.book.commit(replace(certificate, ends_at=over, version=certificate.version + 1))
    assert world.issue().outcome == "refused"
    assert world.dossier().order.status is OrderStatus.INVALID
    assert world.signer.signatures == 0


def test_an_older_run_leaves_the_issue_to_the_newer_one() -> None:
    world = IssuanceWorld()
    certificate = world.dossier().newest
    world.book.commit(replace(certificate, run=5, version=certificate.version + 1))
    assert world.issue(run=2).outcome == "superseded"
    assert world.store.objects == {}


@pytest.mark.parametrize("status", [CertificateStatus.CANCELLED, CertificateStatus.INVALID])
def test_an_ended_certificate_is_not_issued(status: CertificateStatus) -> None:
    world = IssuanceWorld()
    certificate = world.dossier().newest
    world.book.commit(replace(certificate, status=status, version=certificate.version + 1))
    assert world.issue().outcome == "not_issuable"


def test_the_certificate_ends_at_the_earliest_of_wish_calendar_and_issuer() -> None:
    world = IssuanceWorld()
    world.issue()
    issued = world.dossier().newest.issued
    assert issued is not None
    assert issued.not_after == min(
        MOMENT + timedelta(days=199),
        longest_not_after(issued.not_before),
        an_issuer_record().not_after,
    )
