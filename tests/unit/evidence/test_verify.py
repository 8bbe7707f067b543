"""The offline verifier: what it confirms, and that nothing can be altered without its seeing it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from tests.builders import a_csr, a_hierarchy
from tests.fake_packets import SoftwarePacketSigner
from tests.unit.evidence.world import EvidenceWorld
from vouchsafe.domain.audit import canonical, hash_of
from vouchsafe.domain.packets import sealed, to_be_signed
from vouchsafe.evidence import NotVerified, main, verify

PACKAGE = Path(__file__).parents[3] / "layers" / "vouchsafe"
LATE = "2030-01-01T00:00:00.000000Z"


@cache
def a_packet() -> bytes:
    world = EvidenceWorld()
    world.pack()
    return world.packet


def the_key() -> bytes:
    return SoftwarePacketSigner().public_key()


def pem(der: bytes) -> bytes:
    key = load_der_public_key(der)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signed(change: Callable[[Any], None]) -> bytes:
    """The packet with a change, signed by the right key all the same."""
    packet = json.loads(a_packet())
    change(packet)
    return sealed(packet, SoftwarePacketSigner().sign(to_be_signed(packet)))


def test_a_packet_as_it_came_is_verified() -> None:
    told = verify(a_packet(), the_key())
    assert "by the key given" in told[0]
    assert any("proven by dns_txt (BR 3.2.2.4.7)" in line for line in told)


def test_without_the_key_it_says_which_one_to_compare() -> None:
    packet = json.loads(a_packet())
    (first, *_) = verify(a_packet())
    assert packet["key"]["sha256"] in first and packet["key"]["url"] in first


def test_another_key_is_refused() -> None:
    other = SoftwarePacketSigner(label="other").public_key()
    with pytest.raises(NotVerified, match="another key signed it"):
        verify(a_packet(), other)


def test_who_signs_with_a_key_of_their_own_is_found_out_by_the_key() -> None:
    packet = json.loads(a_packet())
    forger = SoftwarePacketSigner(label="forger")
    import hashlib

    public = forger.public_key()
    packet["key"] |= {
        "public_key": base64.b64encode(public).decode(),
        "sha256": hashlib.sha256(public).hexdigest(),
    }
    forged = sealed(packet, forger.sign(to_be_signed(packet)))
    assert verify(forged)
    with pytest.raises(NotVerified, match="another key"):
        verify(forged, the_key())


@pytest.mark.long
def test_every_flipped_byte_is_detected() -> None:
    packet = a_packet()
    for at in range(len(packet)):
        flipped = bytearray(packet)
        flipped[at] ^= 1 << (at % 8)
        with pytest.raises(NotVerified):
            verify(bytes(flipped))


@pytest.mark.long
def test_a_letters_case_is_not_overlooked() -> None:
    packet = a_packet()
    for at, byte in enumerate(packet):
        if chr(byte).isalpha():
            swapped = packet[:at] + chr(byte).swapcase().encode() + packet[at + 1 :]
            with pytest.raises(NotVerified):
                verify(swapped)


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_what_is_missing_or_more_is_detected(cut: int) -> None:
    packet = a_packet()
    for content in (packet[:cut], packet[cut + 1 :], packet[: -cut - 1], packet + b" ", b"[]\n"):
        with pytest.raises(NotVerified):
            verify(content)


def test_the_same_value_in_another_encoding_is_refused() -> None:
    packet = json.loads(a_packet())
    for text in (json.dumps(packet), json.dumps(packet, indent=1), canonical(packet).decode()):
        with pytest.raises(NotVerified, match="canonical"):
            verify(text.encode())


def _certificate_of_another(packet: Any) -> None:
    other = a_hierarchy().root.public_bytes(Encoding.DER)
    packet["certificate"]["der"] = base64.b64encode(other).decode()


def _rehashed(row: Any, **said: Any) -> None:
    row |= said
    row["hash"] = hash_of({name: value for name, value in row.items() if name != "hash"})


CONTRADICTIONS: list[tuple[Callable[[Any], Any], str]] = [
    (_certificate_of_another, "not signed by its issuer"),
    (lambda p: p["issuer"].update(root=p["issuer"]["certificate"]), "not signed by its issuer"),
    (lambda p: p["certificate"].update(sha256="00" * 32), "not the one on record"),
    (lambda p: p["certificate"].update(serial="1"), "another serial number than the record"),
    (lambda p: p["certificate"].update(issued_at="2020-01-01T00:00:00.000000Z"), "after the issue"),
    (lambda p: p["intent"].update(tbs_sha256="00" * 32), "not what was recorded"),
    (lambda p: p["intent"].update(not_after=LATE), "other dates"),
    (lambda p: p["intent"].update(serial="1"), "than its intent"),
    (lambda p: p["names"].pop(), "not those that were proven"),
    (lambda p: p["names"][0].update(name="evil.example"), "not those that were proven"),
    (lambda p: p["names"][0].update(proof=None), "no proof"),
    (lambda p: p["names"][0].update(status="pending"), "no proof"),
    (lambda p: p["names"][0]["proof"].update(proven_at=LATE), "proven after"),
    (
        lambda p: p["names"][0]["proof"].update(authorization_domain="ample.com"),
        "says nothing about",
    ),
    (lambda p: p.update(caa=None), "CAA did not permit"),
    (lambda p: p["caa"].update(permitted=False), "CAA did not permit"),
    (lambda p: p["caa"]["findings"][0].update(permitted=False), "CAA did not permit the issue for"),
    (lambda p: p["caa"].update(good_until=p["caa"]["checked_at"]), "not checked in time"),
    (lambda p: p["caa"].update(checked_at=LATE), "not checked in time"),
    (lambda p: p["lint"].update(passed=False), "linter did not pass"),
    (lambda p: p["changes"].clear(), "not the last"),
    (lambda p: p["changes"].pop(), "not the last"),
    (lambda p: p["changes"].reverse(), "form or order"),
    (lambda p: p["changes"][0].update(actor="user 9"), "was changed"),
    (lambda p: p["changes"][0].update(more=1), "form or order"),
    (lambda p: _rehashed(p["changes"][-1], certificate_id=5002), "not the last"),
    (lambda p: p.update(more=1), "not a packet of form"),
    (lambda p: p.pop("lint"), "not a packet of form"),
    (lambda p: p.update(evidence=2), "not a packet of form"),
    (lambda p: p["key"].update(sha256="00" * 32), "it was changed"),
    (lambda p: p["key"].update(algorithm="none"), "it was changed"),
    (lambda p: p["key"].update(public_key="AAAA"), "cannot be read"),
    (lambda p: p["order"].pop("csr"), "does not hold what a packet holds"),
    (
        lambda p: p["order"].update(csr=base64.b64encode(_other_csr()).decode()),
        "not the request's",
    ),
]


def _other_csr() -> bytes:
    """A request with another key than the certificate's."""
    from tests.builders_pki import a_csr as csr_of
    from tests.builders_pki import a_key

    assert a_csr("www.example.com")
    return csr_of(key=a_key(label="another")).public_bytes(Encoding.DER)


@pytest.mark.parametrize(("change", "said"), CONTRADICTIONS)
def test_what_does_not_fit_together_is_refused_even_when_signed(
    change: Callable[[Any], Any], said: str
) -> None:
    with pytest.raises(NotVerified, match=said):
        verify(signed(change))


def test_an_alias_may_lead_to_any_domain() -> None:
    def followed(packet: Any) -> None:
        packet["names"][0]["proof"] |= {
            "authorization_domain": "alias.example.net",
            "steps": ["CNAME followed to alias.example.net"],
        }

    assert verify(signed(followed))


def test_the_command_says_in_words_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, key = tmp_path / "packet.json", tmp_path / "key.pem"
    file.write_bytes(a_packet())
    key.write_bytes(pem(the_key()))
    assert main(["verify", str(file), "--key", str(key)]) == 0
    assert capsys.readouterr().out.startswith("VERIFIED.\n")
    key.write_bytes(b"no key")
    assert main(["verify", str(file), "--key", str(key)]) == 1
    assert "is no public key" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "missing.json")]) == 1
    assert "cannot be read" in capsys.readouterr().out
    file.write_bytes(a_packet().replace(b"dns_txt", b"dns_tXt"))
    assert main(["verify", str(file)]) == 1
    assert "NOT VERIFIED: it was changed" in capsys.readouterr().out


def test_it_runs_without_the_service_the_network_or_the_sdk(tmp_path: Path) -> None:
    file = tmp_path / "packet.json"
    file.write_bytes(a_packet())
    code = (
        "import sys; sys.modules['boto3'] = sys.modules['botocore'] = None;"
        "sys.modules['aws_lambda_powertools'] = sys.modules['pkilint'] = None;"
        f"from vouchsafe.evidence import main; sys.exit(main(['verify', {str(file)!r}]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(PACKAGE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith("VERIFIED.")
