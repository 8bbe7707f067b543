"""CRLs: what is recorded gets listed, the number rises, a bad list replaces nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders import MOMENT, a_hierarchy
from tests.fakes import FakeBook, FakePublication, FrozenClock, Tripwire
from tests.interleaving import Interleaving
from tests.issuance_world import QuietLinter
from tests.revocation_world import world
from vouchsafe.domain import drafting
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.revocation import RevocationReason, RevokedSerial
from vouchsafe.services.publishing import CRL_LIFE, Ports, publish_crl, publish_due


class Signer:
    """Port CrlSigner with the test hierarchy's key, or with a wrong one."""

    def __init__(self, tripwire: Tripwire, key: ec.EllipticCurvePrivateKey | None = None) -> None:
        self._tripwire = tripwire
        self._key = key or a_hierarchy().issuing_key

    def sign(self, issuer: Issuer, crl: drafting.LintedCrl) -> bytes:
        with self._tripwire.crossing("signer.sign"):
            signature = self._key.sign(crl.tbs, ec.ECDSA(hashes.SHA256()))
            return drafting.assemble(crl.tbs, signature)


def ports(book: FakeBook, tripwire: Tripwire | None = None) -> Ports:
    tripwire = tripwire or Tripwire()
    return Ports(
        ledger=book,
        issuers=book,
        revocations=book,
        publication=FakePublication(tripwire),
        signer=Signer(tripwire),
        linter=QuietLinter(),
        clock=FrozenClock(MOMENT),
        publication_url="http://ca.example.com",
    )


def line(serial: int, **changed: object) -> RevokedSerial:
    reason = RevocationReason.SUPERSEDED
    made = RevokedSerial(
        issuer_id="test-ec-1",
        shard=0,
        serial=serial,
        revoked_at=MOMENT,
        reason=reason,
        not_after=MOMENT + timedelta(days=100),
        certificate_id=serial,
        entry=drafting.revoked_entry(serial, MOMENT, reason),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def published(given: Ports) -> x509.CertificateRevocationList:
    standing = given.publication.crl("test-ec-1", 0)
    assert standing is not None
    return x509.load_der_x509_crl(standing[0])


def number(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def test_a_shard_lists_what_was_recorded_for_it_with_reason_and_date() -> None:
    book = world()
    book.commit(line(4), line(8))
    given = ports(book)
    publish_crl("test-ec-1", 0, ports=given)
    crl = published(given)
    assert {entry.serial_number for entry in crl} == {4, 8}
    assert crl.next_update_utc == MOMENT + CRL_LIFE
    assert crl.is_signature_valid(a_hierarchy().issuing.public_key())  # type: ignore[arg-type]
    (point,) = (
        crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value.full_name or ()
    )
    assert point.value == "http://ca.example.com/crl/test-ec-1/0.crl"


def test_every_publication_raises_the_number_also_when_nothing_changed() -> None:
    given = ports(world())
    numbers = [publish_crl("test-ec-1", 0, ports=given) for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert len(published(given)) == 0


def test_the_schedule_publishes_what_was_never_published_and_then_rests_six_hours() -> None:
    clock = FrozenClock(MOMENT)
    given = replace(ports(world()), clock=clock)
    everything = [("test-ec-1", shard) for shard in range(4)]
    assert [(i, s) for i, s, _ in publish_due(ports=given)] == everything
    clock.advance(timedelta(hours=5, minutes=59))
    assert publish_due(ports=given) == []
    clock.advance(timedelta(minutes=1))
    assert [(i, s) for i, s, _ in publish_due(ports=given)] == everything


def test_a_shard_that_cannot_be_published_stops_no_other() -> None:
    book = world()
    given = ports(book)
    book.commit(line(5, shard=1, entry=b"no entry"))
    with pytest.raises(ExceptionGroup, match="1 CRLs could not be published"):
        publish_due(ports=given)
    there = [given.publication.crl("test-ec-1", shard) is not None for shard in range(4)]
    assert there == [True, False, True, True]


def test_an_entry_leaves_only_after_one_crl_past_its_end() -> None:
    book = world()
    clock = FrozenClock(MOMENT)
    given = replace(ports(book), clock=clock)
    book.commit(line(4, not_after=MOMENT + timedelta(hours=1)))
    publish_crl("test-ec-1", 0, ports=given)
    clock.advance(timedelta(hours=2))
    publish_crl("test-ec-1", 0, ports=given)
    assert len(published(given)) == 1, "the first list after the end still has it"
    publish_crl("test-ec-1", 0, ports=given)
    assert len(published(given)) == 0


def test_a_list_signed_by_the_wrong_key_never_replaces_the_standing_one() -> None:
    book = world()
    given = ports(book)
    publish_crl("test-ec-1", 0, ports=given)
    wrong = replace(given, signer=Signer(Tripwire(), ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(Unavailable, match="does not verify"):
        publish_crl("test-ec-1", 0, ports=wrong)
    assert number(published(given)) == 1


@pytest.mark.parametrize("seed", range(60))
def test_racing_publishers_leave_every_line_listed_and_the_highest_number(seed: int) -> None:
    turns = Interleaving(seed)
    book = world()
    book._tripwire = turns  # noqa: SLF001
    given = ports(book, turns)

    def revoke_and_publish(serial: int) -> int:
        book.commit(line(serial))
        return publish_crl("test-ec-1", 0, ports=given)

    results = turns.run(*(partial(revoke_and_publish, serial) for serial in (4, 8, 12)))
    assert not [result for result in results if isinstance(result, Exception)], results
    crl = published(given)
    assert {entry.serial_number for entry in crl} == {4, 8, 12}
    assert number(crl) == max(results)  # type: ignore[type-var]
