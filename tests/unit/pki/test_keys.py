"""Subscriber keys that must not be certified, shown with keys that really have the fault."""

from __future__ import annotations

import random
import warnings
from math import prod

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.builders_pki import a_key
from tests.fakes_pki import spki_of
from vouchsafe.domain import keys

_SMALL = [n for n in range(2, 752) if all(n % d for d in range(2, int(n**0.5) + 1))]


def _codes(spki: bytes) -> list[str]:
    return [finding.code.removeprefix("vouchsafe.key.") for finding in keys.check_key(spki)]


def _rsa_spki(modulus: int, exponent: int = 65537) -> bytes:
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_prime(candidate: int) -> bool:
    if any(candidate % p == 0 for p in _SMALL):
        return False
    return all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5, 7, 11))


def _next_prime(start: int) -> int:
    candidate = start | 1
    while not _is_prime(candidate):
        candidate += 2
    return candidate


def _a_prime(bits: int, seed: int = 1) -> int:
    return _next_prime(random.Random(seed).getrandbits(bits) | 3 << (bits - 2))


def _a_flawed_prime(bits: int, seed: int) -> int:
    """A prime as the flawed library made it: k * M + (65537^a mod M), M a primorial."""
    source = random.Random(seed)
    primorial = prod([n for n in _SMALL if n < 702])  # 126 primes, for keys of 2048 bits
    while True:
        a = source.getrandbits(64)
        k = (source.getrandbits(bits) | 3 << (bits - 2)) // primorial
        candidate = k * primorial + pow(65537, a, primorial)
        if candidate.bit_length() == bits and _is_prime(candidate):
            return candidate


@pytest.mark.parametrize("kind", ["p256", "p384", "p521", "rsa2048", "rsa3072"])
def test_sound_keys_pass(kind: str) -> None:
    assert _codes(spki_of(a_key(kind))) == []


def test_primes_that_lie_close_together_are_found() -> None:
    p = _a_prime(1024)
    q = _next_prime(p + 2**500)
    assert _codes(_rsa_spki(p * q)) == ["close_primes"]


def test_primes_far_enough_apart_are_not_called_close() -> None:
    modulus = _a_prime(1024, seed=1) * _a_prime(1024, seed=2)
    assert _codes(_rsa_spki(modulus)) == []


def test_the_square_of_a_prime_is_a_prime_power() -> None:
    assert "prime_power" in _codes(_rsa_spki(_a_prime(1024) ** 2))


def test_the_cube_of_a_prime_is_a_prime_power() -> None:
    assert _codes(_rsa_spki(_a_prime(688) ** 3)) == ["prime_power"]


@pytest.mark.parametrize("factor", [3, 5, 743, 751])
def test_a_small_factor_is_found(factor: int) -> None:
    cofactor = (1 << 2047) // factor + random.Random(factor).getrandbits(2000) | 1
    while any(cofactor % p == 0 for p in _SMALL):
        cofactor += 2
    assert _codes(_rsa_spki(cofactor * factor)) == ["small_factor"]


def test_keys_of_the_flawed_library_are_found() -> None:
    modulus = _a_flawed_prime(1024, 1) * _a_flawed_prime(1024, 2)
    assert _codes(_rsa_spki(modulus)) == ["roca"]


def test_the_verdicts_agree_with_an_independent_checker() -> None:
    from badkeys.rsakeys.fermat import fermat
    from badkeys.rsakeys.roca import roca

    p = _a_prime(1024)
    moduli = [
        p * _next_prime(p + 2**400),
        p * _a_prime(1024, seed=9),
        _a_flawed_prime(1024, 4) * _a_flawed_prime(1024, 5),
        *(rsa.generate_private_key(65537, 2048).public_key().public_numbers().n for _ in range(2)),
    ]
    for modulus in moduli:
        assert keys.has_close_primes(modulus) == bool(fermat(modulus))
        assert keys.has_roca_shape(modulus) == bool(roca(modulus))


@pytest.mark.parametrize("bits", [1024, 2040, 2049, 8200])
def test_moduli_of_other_sizes_are_refused(bits: int) -> None:
    modulus = random.Random(bits).getrandbits(bits) | 1 | 1 << (bits - 1)
    assert _codes(_rsa_spki(modulus)) == ["size"]


@pytest.mark.parametrize("exponent", [3, 17, 65535, 2**256 + 1])
def test_exponents_out_of_range_are_refused(exponent: int) -> None:
    modulus = _a_prime(1024, seed=1) * _a_prime(1024, seed=2)
    assert _codes(_rsa_spki(modulus, exponent)) == ["exponent"]


def test_other_kinds_of_keys_are_refused() -> None:
    others = [ed25519.Ed25519PrivateKey.generate().public_key()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        others.append(dsa.generate_private_key(2048).public_key())  # type: ignore[arg-type]
    for key in others:
        assert _codes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)) == ["type"]


@pytest.mark.parametrize("curve", [ec.SECP256K1(), ec.BrainpoolP256R1(), ec.SECP224R1()])
def test_other_curves_are_refused(curve: ec.EllipticCurve) -> None:
    assert _codes(spki_of(ec.generate_private_key(curve)))[:1] == ["curve"]


def test_a_point_off_the_curve_is_refused() -> None:
    spki = bytearray(spki_of(a_key()))
    spki[-1] ^= 1
    assert _codes(bytes(spki)) == ["unreadable"]


def test_a_compressed_point_is_not_the_one_encoding() -> None:
    point = a_key().public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    assert _codes(head + point) == ["encoding"]


@given(st.binary(max_size=300))
def test_any_bytes_give_findings_and_never_an_exception(data: bytes) -> None:
    assert keys.check_key(data)


def test_a_key_is_described_in_few_words() -> None:
    assert keys.describe_key(spki_of(a_key("p384"))) == "EC P-384"
    assert keys.describe_key(spki_of(a_key("rsa2048"))) == "RSA 2048"
