"""One issuing CA takes over from another while certificates are being issued: none fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders import MOMENT, a_hierarchy
from tests.builders_pki import an_issuer, issuing_key
from tests.interleaving import Interleaving
from tests.issuance_world import IssuanceWorld
from tests.tripwire import Cut, Tripwire
from vouchsafe.domain.certificate import CertificateStatus, Intent
from vouchsafe.domain.drafting import LintedDraft, assemble
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.issuers import CaRevocationReason, Issuer, IssuerState, shard_of
from vouchsafe.services.issuance_outcomes import give_up

OLD = "test-ec-1"  # the issuer that an IssuanceWorld has


class BothKeys:
    """Port CertificateSigner with the keys of the old issuer and of the new one."""

    def __init__(self, tripwire: Tripwire) -> None:
        self._tripwire = tripwire

    def sign(self, issuer: Issuer, draft: LintedDraft) -> bytes:
        assert draft.issuer_id == issuer.issuer_id
        with self._tripwire.crossing("signer.sign"):
            if issuer.issuer_id == OLD:
                key, digest = a_hierarchy().issuing_key, ec.ECDSA(hashes.SHA256())
            else:
                private = issuing_key("p384", "e2")
                assert isinstance(private, ec.EllipticCurvePrivateKey)
                key, digest = private, ec.ECDSA(hashes.SHA384())
            return assemble(draft.tbs, key.sign(draft.tbs, digest))


class RollingWorld(IssuanceWorld):
    """A certificate ready to be issued, and a second issuing CA that is staged."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        super().__init__()
        self.signer = BothKeys(self.tripwire)  # type: ignore[assignment]
        self.ports = replace(self.ports, signer=self.signer)
        staged = replace(
            an_issuer("p384", made_at=MOMENT, issuer_id="e2"), state=IssuerState.STAGED
        )
        self.book.commit(staged)
        if tripwire is not None:
            self.wire(tripwire)

    def roll_over(self) -> None:
        """The new issuer is activated, the old one retired: two writes of an operator."""
        now = self.clock.now()
        for issuer_id, changed in (
            ("e2", {"state": IssuerState.ACTIVE, "active_from": now}),
            (OLD, {"state": IssuerState.RETIRED, "retired_at": now}),
        ):
            issuer = self.book.get(issuer_id)
            assert issuer is not None
            self.book.commit(replace(issuer, version=issuer.version + 1, **changed))  # type: ignore[arg-type]

    def assert_whole(self) -> Intent:
        """Exactly one certificate, signed by the issuer of its intent, with that one's pointers."""
        certificate = self.dossier().newest
        assert certificate.status is CertificateStatus.VALID
        assert certificate.intent is not None and certificate.issued is not None
        assert list(self.store.objects) == [5001]
        leaf = x509.load_der_x509_certificate(self.store.objects[5001])
        issuer = self.book.get(certificate.issued.issuer_id)
        assert issuer is not None
        assert certificate.intent.issuer_id == issuer.issuer_id
        leaf.verify_directly_issued_by(x509.load_der_x509_certificate(issuer.certificate))
        points = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        shard = shard_of(leaf.serial_number, issuer)
        assert (shard, certificate.issued.shard) == (shard, shard)
        expected = f"http://ca.example.com/crl/{issuer.issuer_id}/{shard}.crl"
        assert points[0].full_name is not None
        assert points[0].full_name[0].value == expected
        return certificate.intent


class Meanwhile(Tripwire):
    """Does something else between two port calls: before the `at`-th."""

    def __init__(self, at: int, deed: Callable[[], None]) -> None:
        super().__init__()
        self._place = at
        self._deed = deed

    @contextmanager
    def crossing(self, name: str) -> Iterator[None]:
        self.calls.append(name)
        if len(self.calls) == self._place:
            self._place = 0  # the deed crosses this wire, too
            self._deed()
        yield


def _calls_of_one_issue() -> list[str]:
    tripwire = Tripwire()
    world = RollingWorld(tripwire)
    world.issue()
    return list(tripwire.calls)


CALLS = _calls_of_one_issue()


@pytest.mark.parametrize("at", range(1, len(CALLS) + 1))
def test_whenever_the_roll_over_comes_the_certificate_is_issued_once_by_one_of_both(
    at: int,
) -> None:
    world = RollingWorld()
    wire = Meanwhile(at, world.roll_over)
    world.wire(wire)
    assert world.issue().outcome == "issued"
    world.assert_whole()


def test_before_the_choice_the_new_one_signs_after_it_the_old_one_does() -> None:
    signers = []
    for at in range(1, len(CALLS) + 1):
        world = RollingWorld()
        world.wire(Meanwhile(at, world.roll_over))
        world.issue()
        signers.append(world.assert_whole().issuer_id)
    turn = signers.index(OLD)
    assert 0 < turn < len(CALLS)
    assert signers == ["e2"] * turn + [OLD] * (len(CALLS) - turn)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, len(CALLS) + 1))
def test_an_issue_cut_anywhere_before_the_roll_over_is_finished_after_it(
    at: int, after: bool
) -> None:
    world = RollingWorld(Tripwire(at, after=after))
    with pytest.raises(Cut):
        world.issue()
    claimed = world.dossier().newest.intent
    world.roll_over()
    world.issue()
    intent = world.assert_whole()
    assert intent.issuer_id == (OLD if claimed else "e2")
    assert claimed is None or intent == claimed


def test_nothing_is_signed_any_more_under_an_issuer_that_was_revoked_since_the_claim() -> None:
    world = RollingWorld(Tripwire(CALLS.index("signer.sign") + 1))
    with pytest.raises(Cut):
        world.issue()
    claimed = world.dossier().newest.intent
    assert claimed is not None
    world.roll_over()
    _revoke(world, OLD)
    with pytest.raises(Unavailable, match="lapse"):
        world.issue()
    assert world.store.objects == {}
    world.clock.advance(timedelta(hours=30))
    assert world.issue().outcome != "issued"
    (line,) = world.book.revoked(OLD, claimed.shard)
    assert line.serial == claimed.serial
    assert world.store.objects == {}


def _revoke(world: RollingWorld, issuer_id: str) -> None:
    issuer = world.book.get(issuer_id)
    assert issuer is not None
    told = {"revoked_at": world.clock.now(), "revoked_for": CaRevocationReason.CA_COMPROMISE}
    world.book.commit(replace(issuer, version=issuer.version + 1, **told))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(150))
def test_twins_beside_a_roll_over_make_one_certificate(seed: int) -> None:
    turns = Interleaving(seed, kill_chance=0.1)
    world = RollingWorld(turns)
    turns.run(world.issue, world.issue, world.roll_over)
    if turns.killed:  # whoever was killed is started again, the operator, too
        world.wire(Tripwire())
        _finish_roll_over(world)
        world.issue()
    world.assert_whole()


def _finish_roll_over(world: RollingWorld) -> None:
    new = world.book.get("e2")
    assert new is not None
    if new.state is IssuerState.STAGED:
        world.roll_over()


def test_a_serial_given_up_stays_with_its_issuer_and_the_next_one_is_the_new_issuers() -> None:
    tripwire = Tripwire(CALLS.index("signer.sign") + 1)
    world = RollingWorld(tripwire)
    with pytest.raises(Cut):
        world.issue()
    certificate = world.dossier().newest
    assert certificate.intent is not None
    world.roll_over()
    world.clock.advance(timedelta(hours=30))
    outcome = give_up(world.dossier(), certificate, certificate.intent, world.ports)
    assert outcome.outcome != "issued"
    (line,) = world.book.revoked(OLD, certificate.intent.shard)
    assert line.serial == certificate.intent.serial
    assert world.dossier().newest.status is CertificateStatus.PENDING
