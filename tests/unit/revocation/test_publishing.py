"""CRLs: what is recorded gets listed, the number rises, a bad list replaces nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import MOMENT, a_hierarchy
from tests.fakes import Cut, FakeBook, FakePublication, FrozenClock, Tripwire
from tests.interleaving import Interleaving
from tests.issuance_world import IssuanceWorld, QuietLinter
from tests.revocation_world import world
from vouchsafe.domain import drafting
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.linting import Finding, Severity
from vouchsafe.domain.revocation import CrlState, RevocationReason, RevokedSerial
from vouchsafe.services.publishing import CRL_LIFE, Ports, Published, publish_crl, publish_due


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
        pause=tripwire.paused,
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
    numbers = [publish_crl("test-ec-1", 0, ports=given).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert len(published(given)) == 0


def test_the_schedule_publishes_what_was_never_published_and_then_rests_six_hours() -> None:
    clock = FrozenClock(MOMENT)
    given = replace(ports(world()), clock=clock)
    everything = [("test-ec-1", shard) for shard in range(4)]
    assert [(each.issuer_id, each.shard) for each in publish_due(ports=given)] == everything
    clock.advance(timedelta(hours=5, minutes=59))
    assert publish_due(ports=given) == []
    clock.advance(timedelta(minutes=1))
    assert [(each.issuer_id, each.shard) for each in publish_due(ports=given)] == everything


class Jammed(FakePublication):
    """A publication that never lets shard 1 be replaced."""

    def put_crl(self, issuer_id: str, shard: int, der: bytes, *, replaces: str | None) -> str:
        if shard == 1:
            raise Unavailable("it does not answer")
        return super().put_crl(issuer_id, shard, der, replaces=replaces)


def test_a_shard_that_cannot_be_published_stops_no_other() -> None:
    given = replace(ports(world()), publication=Jammed())
    with pytest.raises(ExceptionGroup, match="1 CRLs could not be published"):
        publish_due(ports=given)
    there = [given.publication.crl("test-ec-1", shard) is not None for shard in range(4)]
    assert there == [True, False, True, True]


_SPOILT = {
    "no entry": b"no entry",
    "another serial's": drafting.revoked_entry(9, MOMENT, RevocationReason.SUPERSEDED),
    "cut off": drafting.revoked_entry(8, MOMENT, RevocationReason.SUPERSEDED)[:-3],
    "a reason nobody knows": drafting.revoked_entry(8, MOMENT, RevocationReason.SUPERSEDED)[:-1]
    + b"\x1f",
    "no time": drafting.revoked_entry(8, MOMENT, RevocationReason.SUPERSEDED).replace(b"Z", b"?"),
}


@pytest.mark.parametrize("entry", _SPOILT.values(), ids=_SPOILT)
def test_an_entry_that_is_spoilt_is_made_anew_from_its_row(entry: bytes) -> None:
    book = world()
    book.commit(line(4), line(8, entry=entry), line(12))
    given = replace(ports(book), linter=ReadingLinter())
    assert publish_crl("test-ec-1", 0, ports=given).set_aside == ()
    crl = published(given)
    assert [each.serial_number for each in crl] == [4, 8, 12]
    assert drafting.revoked_entry(8, MOMENT, RevocationReason.SUPERSEDED) in crl.public_bytes(
        Encoding.DER
    )


class ReadingLinter(QuietLinter):
    """A linter that looks at every entry's date and reason."""

    def crl(self, der: bytes) -> Sequence[Finding]:
        try:
            for each in x509.load_der_x509_crl(der):
                assert each.revocation_date_utc and list(each.extensions)
        except ValueError as error:
            return [Finding(Severity.ERROR, "test.entry", str(error))]
        return []


def test_a_row_that_nobody_can_read_is_set_aside_and_named() -> None:
    book = world()
    book.commit(line(4), line(8), line(12))
    book.spoilt = {8}
    given = ports(book)
    assert publish_crl("test-ec-1", 0, ports=given).set_aside == ("8",)
    assert [each.serial_number for each in published(given)] == [4, 12]


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
        return publish_crl("test-ec-1", 0, ports=given).number

    results = turns.run(*(partial(revoke_and_publish, serial) for serial in (4, 8, 12)))
    assert not [result for result in results if isinstance(result, Exception)], results
    crl = published(given)
    assert {entry.serial_number for entry in crl} == {4, 8, 12}
    assert number(crl) == max(results)  # type: ignore[type-var]


def waiting(book: FakeBook, given: Ports, serial: int) -> Callable[[], Published]:
    def revoke_and_publish() -> Published:
        book.commit(line(serial))
        return publish_crl("test-ec-1", 0, ports=given)

    return revoke_and_publish


@pytest.mark.parametrize("seed", range(20))
def test_many_at_once_share_a_few_lists(seed: int) -> None:
    turns = Interleaving(seed)
    book = world()
    book._tripwire = turns  # noqa: SLF001
    given = ports(book, turns)
    serials = [4 * n for n in range(1, 13)]
    results = turns.run(*(waiting(book, given, serial) for serial in serials))
    assert all(isinstance(each, Published) for each in results), results
    assert {entry.serial_number for entry in published(given)} == set(serials)
    assert turns.calls.count("signer.sign") <= len(serials) // 2


def test_who_waited_for_a_list_signs_none_and_is_listed_in_it() -> None:
    book = world()
    given = ports(book)

    def meanwhile(_: float) -> None:
        """The list under way comes out, and another one whose number is newer than the wait."""
        state = book.state("test-ec-1", 0)
        assert state is not None
        if state.number == 1:
            stands = replace(state, published_number=1, version=state.version + 1)
            book.commit(stands)
            publish_crl("test-ec-1", 0, ports=given)

    under_way = CrlState(
        issuer_id="test-ec-1",
        shard=0,
        number=1,
        published_number=0,
        published_at=None,
        next_update=None,
        etag=None,
    )
    book.commit(under_way, line(4))
    calls = Tripwire()
    patient = replace(given, pause=meanwhile, signer=Signer(calls))
    assert publish_crl("test-ec-1", 0, ports=patient).number == 2
    assert calls.calls == []
    assert [each.serial_number for each in published(given)] == [4]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_publisher_that_died_anywhere_is_overtaken(after: bool) -> None:
    calls = Tripwire()
    undisturbed = world()
    undisturbed._tripwire = calls  # noqa: SLF001
    publish_crl("test-ec-1", 0, ports=ports(undisturbed, calls))
    for at in range(1, len(calls.calls) + 1):
        book = world()
        book.commit(line(4))
        dying = Tripwire(at, after=after)
        publication = FakePublication(dying)
        book._tripwire = dying  # noqa: SLF001
        with pytest.raises(Cut):
            publish_crl("test-ec-1", 0, ports=replace(ports(book, dying), publication=publication))
        book.commit(line(8))
        given = replace(ports(book), publication=publication)
        publish_crl("test-ec-1", 0, ports=given)
        assert {entry.serial_number for entry in published(given)} == {4, 8}, at


@pytest.mark.parametrize("seed", range(60))
def test_killed_publishers_leave_a_rising_number_and_lose_no_line(seed: int) -> None:
    turns = Interleaving(seed, kill_chance=0.05)
    book = world()
    book._tripwire = turns  # noqa: SLF001
    given = ports(book, turns)
    publication = given.publication
    assert isinstance(publication, FakePublication)
    turns.run(*(waiting(book, given, serial) for serial in (4, 8, 12, 16)))
    recorded = {each.serial for each in book.revoked("test-ec-1", 0)}
    publish_crl("test-ec-1", 0, ports=given)
    assert {entry.serial_number for entry in published(given)} == recorded
    state = book.state("test-ec-1", 0)
    assert state is not None
    assert number(published(given)) == state.published_number == state.number


def test_the_distribution_point_in_a_certificate_is_that_of_its_list_byte_for_byte() -> None:
    world = IssuanceWorld()
    world.issue()
    certificate = x509.load_der_x509_certificate(world.store.objects[5001])
    issued = world.dossier().newest.issued
    assert issued is not None
    given = ports(world.book)
    publish_crl("test-ec-1", issued.shard, ports=given)
    standing = given.publication.crl("test-ec-1", issued.shard)
    assert standing is not None
    pointed = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    listed = x509.load_der_x509_crl(standing[0]).extensions
    says = listed.get_extension_for_class(x509.IssuingDistributionPoint).value.public_bytes()
    (name,) = pointed[0].full_name or ()
    uri = str(name.value).encode()
    general_name = bytes((0x86, len(uri))) + uri  # [6] uniformResourceIdentifier
    assert general_name in pointed.public_bytes()
    assert general_name in says
