"""The hierarchy comes to life once, however often and however torn the ceremony is held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.builders_pki import NOW, PUBLICATION_URL, a_key
from tests.ceremony_world import World, a_world
from tests.fake_book import FakeBook
from tests.fakes_pki import SoftwareCeremonyKeys
from tests.tripwire import Cut, Tripwire
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.issuers import KeyType, Trust
from vouchsafe.domain.linting import LintRefused, Severity
from vouchsafe.ports import RootKey
from vouchsafe.services.ceremony import Hierarchy


def _certificates(hierarchy: Hierarchy) -> tuple[x509.Certificate, x509.Certificate]:
    issuer = hierarchy.issuer
    root = x509.load_der_x509_certificate(issuer.root)
    return root, x509.load_der_x509_certificate(issuer.certificate)


def test_the_first_call_makes_and_publishes_everything() -> None:
    world = a_world()
    hierarchy = world.ensure()
    assert hierarchy.made_now
    assert world.book.get("e1") == hierarchy.issuer
    assert set(world.publication.objects) == {
        "ca/root-e1.cer",
        "ca/e1.cer",
        "crl/root-e1/0.crl",
    }
    assert world.publication.objects["ca/e1.cer"] == hierarchy.issuer.certificate
    assert world.publication.objects["ca/root-e1.cer"] == hierarchy.issuer.root


def test_a_repeated_call_changes_nothing_and_signs_nothing() -> None:
    world = a_world()
    first = world.ensure()
    published, signatures = dict(world.publication.objects), world.keys.signatures
    second = world.ensure()
    assert second.issuer == first.issuer
    assert not second.made_now
    assert world.publication.objects == published
    assert world.keys.signatures == signatures


def test_the_root_is_a_root_for_twenty_years() -> None:
    root, _ = _certificates(a_world().ensure())
    assert root.subject.rfc4514_string() == "CN=Vouchsafe Root R1,O=Vouchsafe,C=KR"
    assert root.not_valid_before_utc == NOW - timedelta(hours=12)
    assert root.not_valid_after_utc - root.not_valid_before_utc == timedelta(days=7305, seconds=-1)
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=None)
    root.verify_directly_issued_by(root)


def test_the_issuing_certificate_may_sign_server_certificates_and_no_further_ca() -> None:
    root, issuing = _certificates(a_world().ensure())
    constraints = issuing.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert constraints == x509.BasicConstraints(ca=True, path_length=0)
    purposes = issuing.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.SERVER_AUTH]
    points = issuing.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert [name.value for name in points[0].full_name or []] == [
        f"{PUBLICATION_URL}/crl/root-e1/0.crl"
    ]
    assert issuing.not_valid_after_utc <= root.not_valid_after_utc
    issuing.verify_directly_issued_by(root)


def test_the_root_list_stands_where_the_issuing_certificate_points_and_verifies() -> None:
    world = a_world()
    root, _ = _certificates(world.ensure())
    crl = x509.load_der_x509_crl(world.publication.objects["crl/root-e1/0.crl"])
    assert crl.is_signature_valid(root.public_key())  # type: ignore[arg-type]
    assert len(crl) == 0
    point = crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    assert point.only_contains_ca_certs
    assert point.full_name is None


@pytest.mark.parametrize("root", ["p256", "p384", "rsa3072"])
@pytest.mark.parametrize("kind", [KeyType.EC_P256, KeyType.EC_P384, KeyType.RSA_3072])
def test_every_mixture_of_key_types_is_signed_by_the_right_algorithm(
    root: str, kind: KeyType
) -> None:
    name = kind.value.replace("ec_", "").replace("_", "")
    world = a_world(root=a_key(root, "root"), issuing=a_key(name, "issuing"))
    hierarchy = world.ensure(issuing_key_type=kind)
    parsed_root, issuing = _certificates(hierarchy)
    issuing.verify_directly_issued_by(parsed_root)
    assert hierarchy.issuer.key_type is kind
    assert all(each.severity >= Severity.NOTICE for each in hierarchy.findings)


def test_an_issuing_key_of_another_type_than_asked_for_stops_the_ceremony() -> None:
    world = a_world()
    with pytest.raises(ValueError, match="ec_p256, not ec_p384"):
        world.ensure(issuing_key_type=KeyType.EC_P384)
    assert world.publication.objects == {}


def test_a_hierarchy_that_breaks_a_rule_is_never_signed() -> None:
    world = a_world()
    with pytest.raises(LintRefused):
        world.ensure(country="zz")
    assert world.keys.signatures == 0
    assert world.publication.objects == {}


def test_a_key_that_signs_with_something_else_than_it_shows_makes_nothing() -> None:
    class Swapped(SoftwareCeremonyKeys):
        def sign(self, key: RootKey, tbs: bytes) -> bytes:
            return super().sign(
                RootKey(key_ref="other", key_type=key.key_type, public_key=b""), tbs
            )

    world = a_world()
    keys = {"root-key": a_key("p384", "root"), "issuing-key": a_key("p256", "i")}
    world.keys = Swapped(keys | {"other": a_key("p384", "other")})
    with pytest.raises(RuntimeError, match="something else"):
        world.ensure()
    assert world.book.get("e1") is None


def test_of_twins_one_wins_and_both_publish_the_winner() -> None:
    class SlowBook(FakeBook):
        """Says once that there is no issuer, while a twin makes one."""

        twin: World | None = None

        def get(self, issuer_id: str) -> Any:
            found = super().get(issuer_id)
            if found is None and self.twin is not None:
                twin, self.twin = self.twin, None
                twin.ensure()
            return found

    world = a_world()
    world.book = SlowBook()
    world.book.twin = World(world.book, world.publication, world.keys, world.clock, seed=100)
    loser = world.ensure()
    assert not loser.made_now
    assert world.book.get("e1") == loser.issuer
    assert world.publication.objects["ca/e1.cer"] == loser.issuer.certificate


def _calls_of_one_ceremony() -> int:
    tripwire = Tripwire()
    a_world(tripwire).ensure()
    return len(tripwire.calls)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, _calls_of_one_ceremony() + 1))
def test_a_ceremony_cut_anywhere_is_finished_by_the_next_one(at: int, after: bool) -> None:
    world = a_world(Tripwire(at, after=after))
    with pytest.raises(Cut):
        world.ensure()
    hierarchy = world.ensure()
    assert world.book.get("e1") == hierarchy.issuer
    assert world.publication.objects["ca/root-e1.cer"] == hierarchy.issuer.root
    assert world.publication.objects["ca/e1.cer"] == hierarchy.issuer.certificate
    assert "crl/root-e1/0.crl" in world.publication.objects
    _, issuing = _certificates(hierarchy)
    issuing.verify_directly_issued_by(_certificates(hierarchy)[0])


def _root_crl(world: World) -> tuple[int, Any]:
    crl = x509.load_der_x509_crl(world.publication.objects["crl/root-e1/0.crl"])
    number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return number, crl.next_update_utc


def test_a_root_list_near_its_end_is_made_anew_with_the_next_number() -> None:
    world = a_world()
    world.ensure()
    number, end = _root_crl(world)
    world.clock.advance(timedelta(days=200))
    world.ensure()
    assert _root_crl(world) == (number, end)
    world.clock.advance(timedelta(days=100))
    world.ensure()
    later, later_end = _root_crl(world)
    assert later == number + 1
    assert later_end == end + timedelta(days=300)


def test_a_lost_race_for_the_record_without_a_winner_is_not_swallowed() -> None:
    class Refusing(FakeBook):
        def commit(self, *records: Any) -> None:
            raise Conflict("somebody else")

    world = a_world()
    world.book = Refusing()
    with pytest.raises(Conflict):
        world.ensure()


def test_trust_and_shards_go_into_the_record() -> None:
    issuer = a_world().ensure(trust=Trust.PUBLIC, shards=5).issuer
    assert (issuer.trust, issuer.shards) == (Trust.PUBLIC, 5)
