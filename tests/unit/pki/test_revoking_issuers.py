"""An issuing CA's certificate is revoked: on record once, and on its root's list for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509

from tests.builders_pki import NOW, PUBLICATION_URL, a_key
from tests.ceremony_world import LINTER, World, a_world
from tests.fake_book import FakeBook
from tests.fakes import FakePublication, FrozenClock
from tests.tripwire import Cut, Tripwire
from vouchsafe.domain.errors import Conflict, Unavailable
from vouchsafe.domain.linting import refusing
from vouchsafe.services.accounts import OPERATORS

E2 = {"IssuerId": "e2", "KeyRef": "key-2", "IssuingName": "Vouchsafe Issuing E2"}
PLACE = "crl/root-e1/0.crl"
AN_HOUR = timedelta(hours=1)


def _world() -> World:
    """A hierarchy, an hour old, whose only issuer was retired meanwhile."""
    world = a_world()
    world.ask("ensure")
    world.clock.advance(AN_HOUR / 2)
    world.ask("retire", IssuerId="e1", Anyway="true")
    world.clock.advance(AN_HOUR / 2)
    return world


def _revoke(world: World, reason: str = "cessationOfOperation", issuer: str = "e1") -> Any:
    return world.ask("revoke", IssuerId=issuer, Reason=reason)


def _why(answer: dict[str, Any]) -> str:
    return "; ".join(each["message"] for each in answer["errors"])


def _list(world: World) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(world.publication.objects[PLACE])


def _entry(world: World, issuer: str = "e1") -> x509.RevokedCertificate | None:
    certificate = x509.load_der_x509_certificate(world.issuer(issuer).certificate)
    return _list(world).get_revoked_certificate_by_serial_number(certificate.serial_number)


def _reason(world: World, issuer: str = "e1") -> str:
    entry = _entry(world, issuer)
    assert entry is not None
    return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value


@pytest.mark.parametrize(
    ("reason", "on_the_list"),
    [
        ("caCompromise", "cACompromise"),
        ("cessationOfOperation", "cessationOfOperation"),
        ("superseded", "superseded"),
    ],
)
def test_a_revoked_issuer_is_on_its_roots_list_with_the_reason(
    reason: str, on_the_list: str
) -> None:
    world = _world()
    answer = _revoke(world, reason)
    assert (answer["RevokedAt"], answer["Reason"]) == ((NOW + AN_HOUR).isoformat(), reason)
    assert (answer["RootCrl"], answer["RootCrlNumber"]) == (f"{PUBLICATION_URL}/{PLACE}", 2)
    entry = _entry(world)
    assert entry is not None
    assert entry.revocation_date_utc == NOW + AN_HOUR
    assert _reason(world) == on_the_list
    root = x509.load_der_x509_certificate(world.issuer("e1").root)
    assert _list(world).is_signature_valid(root.public_key())  # type: ignore[arg-type]
    assert refusing(LINTER.crl(world.publication.objects[PLACE])) == ()


def test_revoking_it_again_changes_nothing_and_signs_nothing() -> None:
    world = _world()
    first = _revoke(world)
    standing, published, signed = world.issuer("e1"), _list(world), world.keys.signatures
    world.clock.advance(AN_HOUR)
    assert _revoke(world) == first
    assert (world.issuer("e1"), world.keys.signatures) == (standing, signed)
    assert _list(world) == published


def test_it_is_on_record_once_under_the_operators_account() -> None:
    world = _world()
    for _ in range(2):
        _revoke(world)
    *_, retired, revoked = world.changes()
    assert (retired.data["action"], revoked.data["action"]) == ("retired", "revoked")
    assert (revoked.account_id, revoked.actor) == (OPERATORS, "operator")
    assert "revoked_for" not in (revoked.before or {})
    assert revoked.after is not None
    assert revoked.after["revoked_for"] == "cessationOfOperation"


def test_a_compromise_found_later_replaces_the_reason_and_keeps_the_date() -> None:
    world = _world()
    _revoke(world)
    world.clock.advance(AN_HOUR)
    assert _revoke(world, "caCompromise")["RevokedAt"] == (NOW + AN_HOUR).isoformat()
    assert (len(list(_list(world))), _reason(world)) == (1, "cACompromise")
    assert "revoked already" in _why(_revoke(world, "superseded"))
    assert _reason(world) == "cACompromise"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"IssuerId": "e1"}, "Reason: is required"),
        ({"IssuerId": "e1", "Reason": ""}, "Reason: must be one of"),
        ({"IssuerId": "e1", "Reason": "keyCompromise"}, "Reason: must be one of caCompromise"),
        ({"IssuerId": "e9", "Reason": "superseded"}, "issuer"),
        ({"Reason": "superseded"}, "IssuerId: is required"),
    ],
)
def test_what_is_no_revocation_is_refused_by_name(given: dict[str, str], why: str) -> None:
    world = _world()
    assert why in _why(world.ask("revoke", **given))
    assert len(list(_list(world))) == 0


def test_an_issuer_that_still_signs_is_retired_first() -> None:
    world = a_world()
    world.ask("ensure")
    assert "not_retired" in _why(_revoke(world))
    assert (world.issuer("e1").revoked_at, len(list(_list(world)))) == (None, 0)


def test_an_issuer_under_anothers_root_is_not_ours_to_revoke() -> None:
    world = _world()
    issuer = world.issuer("e1")
    world.book.commit(replace(issuer, root_id="", version=issuer.version + 1))
    assert "root_elsewhere" in _why(_revoke(world))


def test_another_roots_key_signs_nothing() -> None:
    world = _world()
    world.keys.add("other", a_key("p384", "other"))
    issuer = world.issuer("e1")
    world.book.commit(replace(issuer, root_key_ref="other", version=issuer.version + 1))
    signed = world.keys.signatures
    assert "root_key" in _why(_revoke(world))
    assert world.keys.signatures == signed


def test_each_revoked_issuer_of_a_root_stays_on_its_list_when_it_is_made_anew() -> None:
    world = _world()
    world.keys.add("key-2", a_key("p384", "second"))
    world.ask("add", **E2, KeyType="ec_p384")
    world.ask("retire", IssuerId="e2", Anyway="true")
    _revoke(world)
    _revoke(world, "superseded", "e2")
    assert (_reason(world), _reason(world, "e2")) == ("cessationOfOperation", "superseded")
    before = list(_list(world))
    world.clock.advance(timedelta(days=300))
    world.ask("ensure")
    number = _list(world).extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    assert (number, [each.serial_number for each in _list(world)]) == (
        4,
        [each.serial_number for each in before],
    )


def _wire(world: World, tripwire: Tripwire) -> None:
    """Let the calls of the book, the publication and the keys cross another wire."""
    world.book._tripwire = world.publication._tripwire = world.keys._tripwire = tripwire


def _calls_of_one_revocation() -> int:
    tripwire = Tripwire()
    world = _world()
    _wire(world, tripwire)
    _revoke(world)
    return len(tripwire.calls)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, _calls_of_one_revocation() + 1))
def test_a_revocation_cut_anywhere_is_finished_by_the_next_call(at: int, after: bool) -> None:
    world = _world()
    _wire(world, Tripwire(at, after=after))
    with pytest.raises(Cut):
        _revoke(world)
    _revoke(world)
    assert _reason(world) == "cessationOfOperation"
    assert [each.data["action"] for each in world.changes()].count("revoked") == 1
    assert len(list(_list(world))) == 1


class RacedPublication(FakePublication):
    """Lets somebody else publish right before the next list is put there."""

    deed: Callable[[], object] | None = None

    def put_crl(self, issuer_id: str, shard: int, der: bytes, *, replaces: str | None) -> str:
        deed, self.deed = self.deed, None
        if deed is not None:
            deed()
        return super().put_crl(issuer_id, shard, der, replaces=replaces)


def test_a_twin_that_renews_the_list_as_it_read_it_before_takes_no_entry_away() -> None:
    world = _world()
    raced = RacedPublication()
    raced.objects = world.publication.objects
    before = FakeBook()
    before.commit(replace(world.issuer("e1"), version=1))
    later = FrozenClock(NOW + timedelta(days=300))
    twin = World(before, raced, world.keys, later, seed=100)
    world.publication = raced
    raced.deed = twin.ensure
    assert _revoke(world)["RootCrlNumber"] == 3
    assert _reason(world) == "cessationOfOperation"
    twin.clock.advance(timedelta(days=300))
    twin.ensure()
    assert _reason(world) == "cessationOfOperation"


def test_while_others_keep_publishing_it_is_left_to_another_call() -> None:
    world = _world()

    class Busy(FakePublication):
        def put_crl(self, issuer_id: str, shard: int, der: bytes, *, replaces: str | None) -> str:
            raise Conflict("somebody else")

    busy = Busy()
    busy.objects = world.publication.objects
    world.publication = busy
    with pytest.raises(Unavailable, match="being published by others"):
        _revoke(world)
