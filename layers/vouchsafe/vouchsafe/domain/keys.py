"""Subscriber keys: which are weak, malformed or of a wrong kind (BR 6.1.1.3, 6.1.5, 6.1.6).

Everything is computed here with integers: cheap enough for a function that answers a client.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import count, islice
from math import gcd, isqrt, prod

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from .linting import Finding, Severity

_SMALLEST_RSA = 2048  # bits, BR 6.1.5
_LARGEST_RSA = 8192  # bits, our own bound on work
_SMALLEST_EXPONENT = 2**16 + 1  # BR 6.1.6 SHOULD, a MUST here
_EXPONENT_BOUND = 2**256  # BR 6.1.6
_SMALL_FACTOR_BOUND = 752  # BR 6.1.6
_FERMAT_ROUNDS = 100  # BR 6.1.1.3 (5)
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}  # BR 6.1.5


@lru_cache(maxsize=4)  # the same bytes are asked about by several checks of one request
def public_key(spki: bytes) -> PublicKeyTypes:
    """The key in a DER SubjectPublicKeyInfo, on its curve; other encodings of it are read as well.

    Raises ValueError, TypeError or UnsupportedAlgorithm for bytes that hold none.
    """
    return load_der_public_key(spki)


#: What stands before the coordinates of an uncompressed point (RFC 5480 2.1.1, 2.2), and how many
#: octets those have.
_POINTS = {
    "secp256r1": (bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), 64),
    "secp384r1": (bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004"), 96),
    "secp521r1": (bytes.fromhex("30819b301006072a8648ce3d020106052b810400230381860004"), 132),
}


@lru_cache(maxsize=4)
def canonical(spki: bytes) -> bytes:
    """The key in its one encoding (BR 7.1.3.1). Raises as `public_key` does."""
    key = public_key(spki)
    if isinstance(key, ec.EllipticCurvePublicKey):
        before, octets = _POINTS.get(key.curve.name, (b"", 0))
        if octets and spki.startswith(before) and len(spki) == len(before) + octets:
            return spki  # a point that was read can be spelled in this form in one way
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=4)  # the same key comes in its request, and back out of the draft
def check_key(spki: bytes) -> tuple[Finding, ...]:
    """What is wrong with a public key (DER SubjectPublicKeyInfo); empty when it may be certified.

    Never raises for any bytes.
    """
    try:
        key = public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        return (_error("unreadable", f"the public key cannot be read: {error}", "BR 6.1.6"),)
    if isinstance(key, rsa.RSAPublicKey):
        findings = _check_rsa(key.public_numbers())
    elif isinstance(key, ec.EllipticCurvePublicKey):
        findings = _check_curve(key.curve.name)
    else:
        return (_error("type", "only RSA and ECDSA keys are certified", "BR 6.1.5"),)
    if canonical(spki) != spki:
        findings += (
            _error("encoding", "the public key is not in its one fixed encoding", "BR 7.1.3.1"),
        )
    return findings


def describe_key(spki: bytes) -> str:
    """A key that check_key passed in few words: `RSA 2048`, `EC P-256`."""
    key = public_key(spki)
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {_CURVES.get(key.curve.name, key.curve.name)}"
    return type(key).__name__


def _error(code: str, message: str, clause: str) -> Finding:
    return Finding(Severity.ERROR, f"vouchsafe.key.{code}", message, clause)


def _check_curve(name: str) -> tuple[Finding, ...]:
    if name in _CURVES:
        return ()
    return (_error("curve", "the curve is none of P-256, P-384, P-521", "BR 6.1.5"),)


def _check_rsa(numbers: rsa.RSAPublicNumbers) -> tuple[Finding, ...]:
    bits = numbers.n.bit_length()
    if not _SMALLEST_RSA <= bits <= _LARGEST_RSA or bits % 8:
        sizes = f"{_SMALLEST_RSA} to {_LARGEST_RSA} bits in steps of 8"
        return (_error("size", f"the modulus has {bits} bits; allowed are {sizes}", "BR 6.1.5"),)
    findings = []
    if numbers.e % 2 == 0 or not _SMALLEST_EXPONENT <= numbers.e < _EXPONENT_BOUND:
        reason = "the exponent must be odd, at least 65537 and below 2^256"
        findings.append(_error("exponent", reason, "BR 6.1.6"))
    if gcd(numbers.n, _small_primes_product()) != 1:
        reason = f"the modulus has a prime factor below {_SMALL_FACTOR_BOUND}"
        findings.append(_error("small_factor", reason, "BR 6.1.6"))
    elif is_prime_power(numbers.n):
        findings.append(_error("prime_power", "the modulus is a power of one number", "BR 6.1.6"))
    if has_close_primes(numbers.n):
        reason = "the modulus falls to Fermat's factorization: its primes are too close"
        findings.append(_error("close_primes", reason, "BR 6.1.1.3"))
    if has_roca_shape(numbers.n):
        reason = "the key was made by a library with a known flaw (ROCA, CVE-2017-15361)"
        findings.append(_error("roca", reason, "BR 6.1.1.3"))
    return tuple(findings)


def has_close_primes(modulus: int) -> bool:
    """Whether 100 rounds of Fermat's method factor an odd modulus."""
    root = isqrt(modulus)
    if root * root < modulus:
        root += 1
    difference = root * root - modulus
    for _ in range(_FERMAT_ROUNDS):
        if _is_square(difference):
            return True
        difference += 2 * root + 1
        root += 1
    return False


_SQUARES_MOD_240 = frozenset(i * i % 240 for i in range(240))


def _is_square(value: int) -> bool:
    """Whether `value` (not negative) is a square; a residue settles nine in ten at once."""
    return value % 240 in _SQUARES_MOD_240 and isqrt(value) ** 2 == value


def is_prime_power(modulus: int) -> bool:
    """Whether `modulus` is a^k with k > 1, for moduli without a factor below 752 (2^9 < 752)."""
    degrees = _primes_below(modulus.bit_length() // 9 + 1)
    return any(_may_be_power(modulus, k) and _root(modulus, k) ** k == modulus for k in degrees)


def _may_be_power(value: int, degree: int) -> bool:
    """A quick no: a k-th power is a k-th power residue modulo every prime q with k | q - 1."""
    return all(pow(value % q, (q - 1) // degree, q) in {0, 1} for q in _witnesses(degree))


@cache
def _witnesses(degree: int) -> tuple[int, ...]:
    """The first four primes that are 1 modulo `degree`."""
    candidates = (1 + degree * i for i in count(1))
    return tuple(islice((q for q in candidates if _is_small_prime(q)), 4))


def _root(value: int, degree: int) -> int:
    """The integer part of the `degree`-th root of `value` (Newton, from above)."""
    guess = 1 << -(-value.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


@cache
def _primes_below(bound: int) -> tuple[int, ...]:
    return tuple(n for n in range(2, bound) if _is_small_prime(n))


def _is_small_prime(value: int) -> bool:
    return value > 1 and all(value % d for d in range(2, isqrt(value) + 1))


@cache
def _small_primes_product() -> int:
    return prod(_primes_below(_SMALL_FACTOR_BOUND))


#: Below it lie the first 39 primes, modulo which the flawed library's primes are powers of 65537.
_ROCA_BOUND = 168


def has_roca_shape(modulus: int) -> bool:
    """Whether `modulus` is a power of 65537 modulo each of the small primes (the ROCA fingerprint).

    A sound modulus passes by chance about once in 2^27.
    """
    return all(modulus % prime in powers for prime, powers in _roca_table())


@cache
def _roca_table() -> tuple[tuple[int, frozenset[int]], ...]:
    """For each small odd prime, the powers of 65537 modulo it, the most telling first."""
    odd_primes = _primes_below(_ROCA_BOUND)[1:]
    rows = [(p, frozenset(pow(65537, i, p) for i in range(p))) for p in odd_primes]
    return tuple(sorted(rows, key=lambda row: len(row[1]) / row[0]))
