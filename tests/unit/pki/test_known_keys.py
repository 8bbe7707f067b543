"""The list of known keys: badkeys' form, found by its number, unusable ones stop the issue."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.builders_keys import a_list_of_known_keys
from tests.issuance_world import IssuanceWorld
from vouchsafe.adapters.known_keys import S3KnownKeys
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.known_keys import KeyList
from vouchsafe.services.blocking import key_of
from vouchsafe.services.issuance import issue_certificate

RSA_NUMBER = (1 << 2047) + 3  # no key that anybody has
EC_KEY = ec.derive_private_key(7, ec.SECP256R1()).public_key()


def _spki(key: Any) -> bytes:
    made: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return made


RSA_SPKI = _spki(rsa.RSAPublicNumbers(65537, RSA_NUMBER).public_key())
EC_SPKI = _spki(EC_KEY)


LISTED = a_list_of_known_keys(RSA_NUMBER, EC_KEY.public_numbers().x)


def test_keys_are_found_with_their_collection() -> None:
    found = KeyList(LISTED)
    assert (len(found), found.collection_of(RSA_SPKI), found.collection_of(EC_SPKI)) == (52, 1, 2)


@pytest.mark.parametrize(
    "content", [b"", a_list_of_known_keys(), a_list_of_known_keys(RSA_NUMBER - 2)]
)
def test_keys_that_are_not_on_it_are_not_found(content: bytes) -> None:
    assert KeyList(content).collection_of(RSA_SPKI) is None
    assert KeyList(content).collection_of(EC_SPKI) is None


@pytest.mark.parametrize("content", [LISTED[:-1], LISTED[16:] + LISTED[:16]])
def test_a_torn_or_unsorted_file_is_no_list(content: bytes) -> None:
    with pytest.raises(ValueError, match="list of keys"):
        KeyList(content)


def test_badkeys_itself_finds_the_same_in_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "badkeys"
    cache.mkdir()
    (cache / "blocklist.dat").write_bytes(LISTED)
    names = [{"id": 1, "name": "debianssl"}, {"id": 2, "name": "rfc"}]
    (cache / "badkeysdata.json").write_text(json.dumps({"blocklists": names}))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    theirs = importlib.import_module("badkeys.allkeys").blocklist
    assert theirs(RSA_NUMBER)["blid"] == 1
    assert theirs(EC_KEY.public_numbers().x)["blid"] == 2
    assert theirs(RSA_NUMBER - 2) is False


class _Bucket:
    """An S3 client with one object or none, counting."""

    def __init__(self, content: bytes | None) -> None:
        self.content, self.reads = content, 0

    def get_object(self, **_: str) -> dict[str, Any]:
        self.reads += 1
        if self.content is None:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(self.content), "ContentLength": len(self.content)}


def test_the_object_is_read_once_and_not_before_it_is_needed() -> None:
    bucket = _Bucket(LISTED)
    known = S3KnownKeys(bucket, "store", "keys/blocklist.dat")
    assert bucket.reads == 0
    assert [known.collection_of(RSA_SPKI) for _ in range(3)] == [1, 1, 1]
    assert bucket.reads == 1


@pytest.mark.parametrize(
    ("content", "most"), [(None, 10**6), (LISTED[:-1], 10**6), (LISTED, len(LISTED) - 1)]
)
def test_a_list_that_cannot_be_used_stops_the_issue(content: bytes | None, most: int) -> None:
    known = S3KnownKeys(_Bucket(content), "store", "keys/blocklist.dat", most_bytes=most)
    with pytest.raises(Unavailable):
        known.collection_of(RSA_SPKI)


def test_a_listed_key_is_refused_before_anything_is_claimed() -> None:
    from dataclasses import replace

    from cryptography.hazmat.primitives.serialization import load_der_public_key

    world = IssuanceWorld()
    key = load_der_public_key(key_of(world.dossier().newest))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    known = S3KnownKeys(_Bucket(a_list_of_known_keys(key.public_numbers().x)), "store", "x")
    outcome = issue_certificate(1001, 5001, 1, ports=replace(world.ports, known_keys=known))
    assert outcome.outcome == "refused"
    assert "vouchsafe.key.known" in outcome.cause
    assert world.dossier().newest.status is CertificateStatus.INVALID
    assert (world.claimed(), world.signer.signatures) == (set(), 0)
