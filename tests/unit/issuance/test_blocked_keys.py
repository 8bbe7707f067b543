"""A key that is blocked gets no signature, whenever the block comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders_keys import a_blocked_key
from tests.fakes import Cut, Tripwire
from tests.issuance_world import IssuanceWorld
from vouchsafe.domain.blocked_keys import key_hash
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import Change
from vouchsafe.domain.errors import Unavailable
from vouchsafe.services.blocking import key_of


def _key(world: IssuanceWorld) -> str:
    return key_hash(key_of(world.dossier().newest))


def _block(world: IssuanceWorld) -> None:
    world.book.commit(a_blocked_key(spki_sha256=_key(world)))


def _cut(call: str, *, after: bool) -> IssuanceWorld:
    """A world in which issuing was cut before or after that call."""
    whole = IssuanceWorld(trip := Tripwire())
    whole.issue()
    world = IssuanceWorld(Tripwire(at=trip.calls.index(call) + 1, after=after))
    with pytest.raises(Cut):
        world.issue()
    return world


def test_what_is_issued_leaves_the_use_of_its_key() -> None:
    world = IssuanceWorld()
    world.issue()
    (use,) = world.book.uses_of_key(_key(world), 0, 10)
    assert (use.certificate_id, use.order_id, use.issuer_id) == (5001, 1001, "test-ec-1")


def test_a_blocked_key_is_refused_for_good_before_anything_is_claimed() -> None:
    world = IssuanceWorld()
    _block(world)
    outcome = world.issue()
    assert (outcome.outcome, world.signer.signatures) == ("refused", 0)
    assert "vouchsafe.key.blocked" in outcome.cause
    assert world.dossier().newest.status is CertificateStatus.INVALID
    assert world.claimed() == set()
    (told,) = [r for r in world.book.records.values() if isinstance(r, Change)]
    assert "reported compromised" in told.data["cause"]


def test_an_intent_whose_key_was_blocked_since_is_not_signed_but_lapses() -> None:
    world = _cut("signer.sign", after=False)
    _block(world)
    with pytest.raises(Unavailable):
        world.issue()
    assert world.signer.signatures == 0
    world.clock.advance(timedelta(hours=9))
    assert world.issue().outcome == "given_up"
    assert len(world.given_up()) == 1
    assert world.dossier().newest.status is CertificateStatus.PENDING


def test_what_was_stored_before_the_block_is_recorded_for_the_sweep_to_find() -> None:
    world = _cut("store.put", after=True)
    _block(world)
    assert world.issue().outcome == "issued"
    assert [use.certificate_id for use in world.book.uses_of_key(_key(world), 0, 10)] == [5001]
