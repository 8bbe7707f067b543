"""Packing: what is in a packet, and that every certificate gets one, whatever dies on the way."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.builders import a_certificate
from tests.issuance_world import FAR
from tests.tripwire import Cut, Tripwire
from tests.unit.evidence.world import REMARK, EvidenceWorld
from vouchsafe.domain.audit import canonical
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.packets import packet_of
from vouchsafe.evidence import verify
from vouchsafe.services.packing import MISSED_AFTER, pack_evidence, pack_missed, publish_key


def test_a_packet_holds_all_that_led_to_the_certificate() -> None:
    world = EvidenceWorld()
    assert world.pack() is True
    packet = json.loads(world.packet)
    assert world.packet == canonical(packet) + b"\n"
    der = world.issuance.store.objects[5001]
    assert base64.b64decode(packet["certificate"]["der"]) == der
    assert packet["order"]["order_id"] == 1001 and packet["order"]["account_id"] == 1
    proofs = {each["name"]: each["proof"]["br_section"] for each in packet["names"]}
    assert proofs == dict.fromkeys(world.issuance.dossier().order.dns_names, "3.2.2.4.7")
    assert [each["deciding_name"] for each in packet["caa"]["findings"]]
    assert [each["request_id"] for each in packet["requests"]] == [301]
    assert packet["organization"] is None
    (remark,) = packet["lint"]["remarks"]
    assert remark["remark"] == f"warning {REMARK}" and "Old clients" in remark["accepted"]
    intent = world.issuance.dossier().newest.intent
    assert intent is not None
    assert packet["intent"]["tbs_sha256"] == hashlib.sha256(intent.tbs).hexdigest()
    kinds = [each["kind"] for each in packet["changes"]]
    assert len(kinds) == 2 and kinds[-1] == "certificate_issued"
    assert [each["hash"] for each in packet["changes"]] == [
        row.hash for row in world.book.of_order(1001)
    ]


@pytest.mark.parametrize("product", ["ssl_securesite_flex", "ssl_ev_securesite_flex"])
def test_a_packet_says_whom_the_certificate_names_and_who_validated_that(product: str) -> None:
    world = EvidenceWorld(product=product)
    world.pack()
    named = json.loads(world.packet)["organization"]
    assert named["organization_id"] == 601
    assert named["validation"]["identity"]["name"]
    assert named["validation"]["operator_id"]
    assert any("organization 601" in line for line in verify(world.packet))


def test_a_packet_names_the_key_that_signed_it_and_where_it_is_published() -> None:
    world = EvidenceWorld()
    publish_key(world.ports)
    world.pack()
    key = json.loads(world.packet)["key"]
    assert key["url"] == "http://ca.example.com/ca/evidence.pem"
    assert world.publication.pem is not None
    assert load_pem_public_key(world.publication.pem)
    assert key["sha256"] == hashlib.sha256(world.signer.public_key()).hexdigest()


def test_the_first_packet_stays() -> None:
    world = EvidenceWorld()
    world.pack()
    first = world.packet
    world.clock.advance(timedelta(minutes=1))
    assert world.pack() is False
    assert world.packet == first


def test_a_twin_that_was_faster_wins() -> None:
    world = EvidenceWorld()
    put = world.packets.put

    def beaten(certificate_id: int, content: bytes) -> bytes:
        world.packets.objects[certificate_id] = b"the twin's"
        return put(certificate_id, content)

    world.packets.put = beaten  # type: ignore[method-assign]
    assert world.pack() is False
    assert world.packet == b"the twin's"
    assert world.book.unpacked(FAR, 10) == []


def test_what_is_told_later_is_not_in_it() -> None:
    world = EvidenceWorld()
    from tests.builders import a_change
    from vouchsafe.domain.changes import ChangeKind

    later = a_change(change_id="later", kind=ChangeKind.ORDER_NOTED, at=FAR - timedelta(days=3000))
    other = a_change(change_id="another certificate's", certificate_id=5002)
    world.book.commit(later, other)
    world.book.number(other)
    world.book.number(later)
    world.pack()
    ids = [each["change_id"] for each in json.loads(world.packet)["changes"]]
    assert "later" not in ids and "another certificate's" not in ids


def test_nothing_is_packed_before_the_issue_has_its_place_in_the_log() -> None:
    world = EvidenceWorld(numbered=False)
    with pytest.raises(Unavailable, match="not in the log"):
        world.pack()
    assert not world.packets.objects
    world.number()
    assert world.pack() is True


def test_a_certificate_that_is_not_issued_has_no_packet() -> None:
    world = EvidenceWorld()
    with pytest.raises(Unavailable):
        pack_evidence(1002, 5002, ports=world.ports)
    dossier = world.issuance.dossier()
    assert a_certificate().issued is None
    with pytest.raises(KeyError):
        pack_evidence(dossier.order.order_id, 5002, ports=world.ports)


@pytest.mark.parametrize("after", [False, True])
def test_a_packer_that_died_anywhere_is_made_up_for_by_the_sweep(after: bool) -> None:
    cuts = 0
    for at in range(1, 30):
        world = EvidenceWorld()
        tripwire = Tripwire(at, after=after)
        world.wire(tripwire)
        try:
            world.pack()
        except Cut:
            cuts += 1
        if not tripwire.tripped:
            break
        world.clock.advance(MISSED_AFTER * 2)
        assert pack_missed(10, ports=world.ports) == (0 if _was_done(world, at, after) else 1)
        assert verify(world.packet)
        assert world.book.unpacked(FAR, 10) == []
    assert cuts >= 9


def _was_done(world: EvidenceWorld, at: int, after: bool) -> bool:
    """Whether the cut came after the very last call."""
    calls = world.issuance.tripwire.calls
    return after and calls[at - 1] == "issued.packed"


def test_the_sweep_leaves_what_is_still_on_its_way() -> None:
    world = EvidenceWorld()
    assert pack_missed(10, ports=world.ports) == 0
    world.clock.advance(MISSED_AFTER + timedelta(seconds=1))
    assert pack_missed(10, ports=world.ports) == 1
    assert pack_missed(10, ports=world.ports) == 0


def test_one_that_cannot_be_packed_is_told_of_and_stays() -> None:
    world = EvidenceWorld(numbered=False)
    world.clock.advance(MISSED_AFTER * 2)
    with pytest.raises(ExceptionGroup, match="1 of 1 packets are missing"):
        pack_missed(10, ports=world.ports)
    assert world.book.unpacked(FAR, 10) == [world.listing()]


def test_what_was_not_issued_cannot_be_put_into_a_packet() -> None:
    world = EvidenceWorld()
    from vouchsafe.domain.packets import Material, PacketKey

    material = Material(
        dossier=world.issuance.dossier(),
        certificate=a_certificate(),
        der=b"",
        issuer=world.book.all()[0],
        changes=[],
        key=PacketKey(public_key=b"", url=""),
        made_at=FAR,
    )
    with pytest.raises(ValueError, match="was not issued"):
        packet_of(material)
