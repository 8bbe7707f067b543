"""One key per certificate id: cut anywhere, repeated, interleaved; then issued over that key."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import MOMENT, an_issuer_record, an_order
from tests.fake_managed_keys import FakeKeyService
from tests.fakes import Cut, FakeBook, FrozenClock, SeededEntropy, Tripwire
from tests.interleaving import Interleaving
from tests.issuance_world import FAR, IssuanceWorld, proven, ready_certificate
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.csr import parse_csr
from vouchsafe.domain.drafting import public_key_of
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.issuers import Trust
from vouchsafe.domain.managed_keys import ManagedKey, public_part
from vouchsafe.domain.products import ManagedKeyType
from vouchsafe.services.managed_keys import MakeOutcome, MakingPorts, make_key

SEEDS = 60
PRODUCT = "cloud_basic"
MADE_BEFORE = MakeOutcome(outcome="made", cause="it was made before")


class KeyWorld(IssuanceWorld):
    """Certificate 5001 of cloud_basic with every gate open and no key yet."""

    def __init__(self, tripwire: Tripwire | None = None, *, product: str = PRODUCT) -> None:
        self.keys = FakeKeyService()
        super().__init__(tripwire, product=product)

    def _set_up(self, product: str) -> None:
        order = replace(an_order(), product_id=product)
        certificate = replace(ready_certificate(), product_id=product, csr=b"")
        self.book.commit(order, certificate, proven(), an_issuer_record())

    def wire(self, tripwire: Tripwire) -> None:
        super().wire(tripwire)
        self.keys._tripwire = tripwire  # noqa: SLF001

    def make(self) -> MakeOutcome:
        ports = MakingPorts(
            ledger=self.book,
            maker=self.keys,
            clock=FrozenClock(MOMENT),
            entropy=SeededEntropy(3),
        )
        return make_key(1001, 5001, ports=ports)

    def kept(self) -> list[ManagedKey]:
        return [record for key, record in self.book.records.items() if key[0] is ManagedKey]

    def assert_one_key(self) -> bytes:
        """One key is kept, it is the one that the certificate's request is for; the public part."""
        self.wire(Tripwire())
        (key,) = self.kept()
        public = public_part(self.keys.open(key))
        request = x509.load_der_x509_csr(self.dossier().newest.csr)
        assert public_key_of(request) == public
        told = [c for c in self.book.left_behind(FAR, 50) if c.kind is ChangeKind.MANAGED_KEY_MADE]
        assert [(c.actor, c.certificate_id) for c in told] == [("system", 5001)]
        return public


def test_a_key_is_made_in_three_calls_and_never_again() -> None:
    world = KeyWorld(Tripwire())
    assert world.make() == MakeOutcome(outcome="made")
    assert world.tripwire.calls == ["ledger.order", "keys.make", "ledger.commit"]
    first = world.assert_one_key()
    assert world.make() == MADE_BEFORE
    assert world.assert_one_key() == first
    assert len(world.keys.made) == 1


def test_the_request_is_one_that_a_customer_might_have_sent() -> None:
    for kind in ManagedKeyType:
        world = KeyWorld()
        world.keys = FakeKeyService(kind=kind)
        world.make()
        request = x509.load_der_x509_csr(world.dossier().newest.csr)
        text = request.public_bytes(Encoding.PEM).decode()
        assert parse_csr(text).subject_values("CN") == ("www.example.com",)


def test_a_name_too_long_for_a_common_name_is_left_out_of_the_request() -> None:
    world = KeyWorld()
    certificate = world.dossier().newest
    long = f"{'a' * 60}.example.com"
    world.book.commit(replace(certificate, common_name=long, version=certificate.version + 1))
    world.make()
    assert not list(x509.load_der_x509_csr(world.dossier().newest.csr).subject)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_cut_at_any_call_leaves_one_key_in_the_end(at: int, after: bool) -> None:
    world = KeyWorld(Tripwire(at, after=after))
    with pytest.raises(Cut):
        world.make()
    assert world.make().outcome == "made"
    world.assert_one_key()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_twins_that_may_be_killed_keep_one_key_between_them(seed: int) -> None:
    world = KeyWorld()
    turns = Interleaving(seed, kill_chance=0.1)
    world.wire(turns)
    turns.run(world.make, world.make, world.make)
    world.wire(Tripwire())
    world.make()
    world.assert_one_key()


def test_twins_do_make_keys_at_the_same_time_in_these_tests() -> None:
    def made(seed: int) -> int:
        world = KeyWorld()
        turns = Interleaving(seed)
        world.wire(turns)
        turns.run(world.make, world.make)
        return len(world.keys.made)

    assert {made(seed) for seed in range(20)} == {1, 2}


def test_the_certificate_is_issued_over_the_key_that_was_made() -> None:
    world = KeyWorld()
    assert world.issue().outcome == "needs_key"
    assert world.store.objects == {}
    world.make()
    public = world.assert_one_key()
    assert world.issue().outcome == "issued"
    world.assert_exactly_one()
    certificate = x509.load_der_x509_certificate(world.store.objects[5001])
    assert public_key_of(certificate) == public


def test_no_key_is_asked_for_before_every_gate_is_open() -> None:
    world = KeyWorld()
    certificate = world.dossier().newest
    world.book.commit(replace(certificate, caa=None, version=certificate.version + 1))
    assert world.issue().outcome == "gates_closed"


def test_no_certificate_over_such_a_key_chains_to_a_public_issuer() -> None:
    world = KeyWorld()
    world.make()
    issuer = world.book.get("test-ec-1")
    assert issuer is not None
    world.book.commit(replace(issuer, trust=Trust.PUBLIC, version=issuer.version + 1))
    with pytest.raises(Unavailable, match="no issuing CA serves cloud_basic"):
        world.issue()
    assert world.store.objects == {}


@pytest.mark.parametrize("status", [CertificateStatus.CANCELLED, CertificateStatus.INVALID])
def test_what_has_ended_gets_no_key(status: CertificateStatus) -> None:
    world = KeyWorld()
    certificate = world.dossier().newest
    world.book.commit(replace(certificate, status=status, version=certificate.version + 1))
    assert world.make().outcome == "not_wanted"
    assert (world.kept(), world.keys.made) == ([], [])


@pytest.mark.parametrize("product", ["advanced_dv", "private_ssl_plus", "ssl_dv_geotrust_flex"])
def test_only_managed_products_get_a_key(product: str) -> None:
    world = KeyWorld(product=product)
    assert world.make().outcome == "not_wanted"
    assert world.keys.made == []


def test_an_order_that_cannot_be_read_is_tried_again() -> None:
    world = KeyWorld()
    world.book = FakeBook()
    with pytest.raises(Unavailable):
        world.make()


def test_nothing_that_is_written_down_holds_the_private_key() -> None:
    world = KeyWorld()
    world.make()
    (private,) = world.keys.made
    secret = private[40:72]  # inside the ECPrivateKey
    for record in world.book.records.values():
        assert secret.hex() not in json.dumps(asdict(record), default=_hex)
        assert repr(private)[2:40] not in repr(record)


def _hex(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def test_making_late_does_not_move_the_window() -> None:
    world = KeyWorld()
    before = world.dossier().newest
    world.clock.advance(timedelta(hours=1))
    world.make()
    after = world.dossier().newest
    assert (after.window, after.next_look_at, after.run) == (
        before.window,
        before.next_look_at,
        before.run,
    )
