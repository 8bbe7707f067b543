"""OV and EV certificates: whom they name, and that nobody is named who is not validated by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.again_world import AgainWorld
from tests.builders import MOMENT, an_account
from tests.builders_accounts import a_validation
from tests.builders_organizations import a_found_validation, an_identity
from tests.fakes import Cut, Tripwire
from tests.issuance_world import IssuanceWorld, permitted
from vouchsafe.domain.certificate import CertificateKind, CertificateStatus, NamedOrganization
from vouchsafe.domain.organization import Organization, OrganizationCheck
from vouchsafe.domain.parking import Gate
from vouchsafe.domain.policy_lists import Clearance, Clearances, PolicyLists
from vouchsafe.domain.products import ValidationLevel
from vouchsafe.domain.subjects import organization_subject

CLAIMED = 3  # the call that claims: up to it nothing is bound


def change(world: IssuanceWorld, **changed: object) -> None:
    """Somebody changes the organization."""
    standing = world.book.records[(Organization, 1, 601)]
    world.book.commit(replace(standing, version=standing.version + 1, **changed))


@pytest.mark.parametrize(
    ("product", "level"),
    [("ssl_basic", ValidationLevel.OV), ("ssl_ev_basic", ValidationLevel.EV)],
)
def test_the_subject_is_what_was_validated_and_its_validation_stays_on_record(
    product: str, level: ValidationLevel
) -> None:
    world = IssuanceWorld(product=product)
    assert world.issue().outcome == "issued"
    issued = x509.load_der_x509_certificate(world.store.objects[5001])
    expected = organization_subject(an_identity(), level, "www.example.com")
    assert issued.subject.public_bytes() == expected.public_bytes()
    assert world.dossier().newest.named == NamedOrganization(
        organization_id=601, validation=a_found_validation(OrganizationCheck.EV)
    )
    change(world, validations=())
    assert world.dossier().newest.named is not None


def test_a_dv_certificate_names_nobody_even_where_its_order_keeps_an_organization() -> None:
    world = IssuanceWorld()
    order = world.dossier().order
    world.book.commit(replace(order, organization_id=601, version=2))
    assert world.issue().outcome == "issued"
    issued = x509.load_der_x509_certificate(world.store.objects[5001])
    assert not issued.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert world.dossier().newest.named is None


SHUT: dict[str, tuple[Callable[[IssuanceWorld], None], Gate]] = {
    "expired": (
        lambda world: change(
            world,
            validations=(
                a_found_validation(OrganizationCheck.EV, validated_until=world.clock.now()),
            ),
        ),
        Gate.ORGANIZATION,
    ),
    "about to expire": (
        lambda world: change(
            world,
            validations=(
                a_found_validation(
                    OrganizationCheck.EV, validated_until=world.clock.now() + timedelta(minutes=19)
                ),
            ),
        ),
        Gate.ORGANIZATION,
    ),
    "deactivated": (lambda world: change(world, active=False), Gate.ORGANIZATION),
    "recorded without a review": (
        lambda world: change(world, validations=(a_validation(),)),
        Gate.ORGANIZATION,
    ),
    "high risk": (
        lambda world: world.book.commit(PolicyLists(high_risk_names=("example.com",), version=1)),
        Gate.CLEARANCE,
    ),
    "denied": (
        lambda world: world.book.commit(PolicyLists(denied_names=("example.com",), version=1)),
        Gate.CLEARANCE,
    ),
    "no agreement": (
        lambda world: setattr(world, "ports", replace(world.ports, agreement="2")),
        Gate.AGREEMENT,
    ),
}


@pytest.mark.parametrize("case", SHUT)
def test_every_gate_is_asked_again_right_before_signing(case: str) -> None:
    world = IssuanceWorld(product="ssl_ev_basic")
    shut, gate = SHUT[case]
    shut(world)
    assert world.issue().cause == f"still closed: {gate}"
    assert (world.claimed(), world.signer.signatures, world.store.objects) == (set(), 0, {})


def test_a_cleared_account_gets_a_high_risk_name() -> None:
    world = IssuanceWorld()
    cleared = Clearance(name="example.com", reason="known", cleared_at=MOMENT, operator_id=9)
    world.book.commit(
        an_account(),
        PolicyLists(high_risk_names=("example.com",), version=1),
        Clearances(account_id=1, items=(cleared,), version=1),
    )
    assert world.issue().outcome == "issued"


def test_what_was_claimed_is_finished_with_the_validation_it_was_claimed_with() -> None:
    """The bytes are fixed and may be signed already; what changes later does not change them."""
    world = IssuanceWorld(Tripwire(CLAIMED, after=True), product="ssl_basic")
    with pytest.raises(Cut):
        world.issue()
    change(world, validations=(a_found_validation(identity=an_identity(name="Other Ltd")),))
    assert world.issue(run=2).outcome == "issued"
    world.assert_exactly_one()
    issued = x509.load_der_x509_certificate(world.store.objects[5001])
    (name,) = issued.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert name.value == "Example Holdings Ltd"


@pytest.mark.parametrize("case", SHUT)
def test_what_was_claimed_is_not_signed_later_while_a_gate_is_shut(case: str) -> None:
    """Nobody knows whether it was signed: it waits, signs once all is open, or is given up."""
    world = IssuanceWorld(Tripwire(CLAIMED, after=True), product="ssl_ev_basic")
    with pytest.raises(Cut):
        world.issue()
    shut, gate = SHUT[case]
    shut(world)
    assert world.issue(run=2).cause == f"still closed: {gate}"
    assert (world.signer.signatures, world.store.objects) == (0, {})
    assert world.dossier().newest.status is CertificateStatus.PROCESSING
    world.clock.advance(timedelta(hours=25))
    assert world.issue(run=3).outcome == "given_up"
    assert world.given_up() == world.claimed()


def test_what_was_claimed_is_signed_once_every_gate_is_open_again() -> None:
    world = IssuanceWorld(Tripwire(CLAIMED, after=True), product="ssl_ev_basic")
    with pytest.raises(Cut):
        world.issue()
    change(world, active=False)
    assert world.issue(run=2).outcome == "gates_closed"
    change(world, active=True)
    assert world.issue(run=3).outcome == "issued"
    world.assert_exactly_one()


def test_what_was_claimed_is_not_signed_when_its_own_validation_is_over() -> None:
    """A newer one does not help: the bytes name what the older one found."""
    world = IssuanceWorld(Tripwire(CLAIMED, after=True), product="ssl_basic")
    with pytest.raises(Cut):
        world.issue()
    claimed = world.dossier().newest
    assert claimed.named is not None
    over = replace(claimed.named.validation, validated_until=world.clock.now())
    named = replace(claimed.named, validation=over)
    world.book.commit(replace(claimed, named=named, version=claimed.version + 1))
    assert world.issue(run=2).cause == f"still closed: {Gate.ORGANIZATION}"
    assert world.signer.signatures == 0


def test_after_an_intent_was_given_up_the_organization_is_asked_anew() -> None:
    world = IssuanceWorld(Tripwire(CLAIMED, after=True), product="ssl_basic")
    with pytest.raises(Cut):
        world.issue()
    world.clock.advance(timedelta(hours=25))
    assert world.issue(run=2).outcome == "given_up"
    pending = world.dossier().newest
    assert (pending.status, pending.named) == (CertificateStatus.PENDING, None)
    fresh = replace(pending, caa=permitted(world.clock.now()), version=pending.version + 1)
    world.book.commit(fresh)
    change(world, validations=())
    assert world.issue(run=3).cause == "still closed: organization"


@pytest.mark.parametrize("kind", [CertificateKind.REISSUE, CertificateKind.DUPLICATE])
def test_a_further_certificate_asks_for_the_organization_anew(kind: CertificateKind) -> None:
    world = AgainWorld(kind, "ssl_basic")
    number = world.made_ready(Tripwire())
    newer = a_found_validation(identity=an_identity(locality="Leeds"))
    change(world, validations=())
    assert world.issue_again(number).cause == "still closed: organization"
    change(world, validations=(newer,))
    assert world.issue_again(number, run=2).outcome == "issued"
    first, again = (world.dossier().certificate(each).named for each in (5001, number))
    assert first is not None and again is not None
    assert (first.validation == newer, again.validation == newer) == (False, True)
