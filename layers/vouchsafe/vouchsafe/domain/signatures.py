"""Signature algorithms as the fixed byte strings of BR 7.1.3.2; signed things from TBS bytes."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import der
from .issuers import KeyType


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """One algorithm: its hash, its AlgorithmIdentifier as DER, and a signature that means nothing.

    `placeholder` has the shape and a usual length of a real signature; a linter may see it, as
    BR 4.3.1.2 allows, but no key made it.
    """

    hash_name: str  # sha256, sha384, sha512
    identifier: bytes
    placeholder: bytes

    def hash(self) -> hashes.HashAlgorithm:
        """The hash as `cryptography` wants it."""
        return _HASHES[self.hash_name]()

    def sealed(self, tbs: bytes, signature: bytes) -> bytes:
        """The signed object: as `assemble` makes it of TBS bytes that name this algorithm."""
        return der.sequence(tbs, self.identifier, der.bit_string(signature))


_HASHES: dict[str, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}

_EC_BYTES = {KeyType.EC_P256: 32, KeyType.EC_P384: 48}
_RSA_BYTES = {KeyType.RSA_3072: 384, KeyType.RSA_4096: 512}


def _ecdsa(key_type: KeyType, hash_name: str, identifier: str) -> SignatureAlgorithm:
    number = der.tlv(der.INTEGER, b"\x01" * _EC_BYTES[key_type])
    return SignatureAlgorithm(hash_name, bytes.fromhex(identifier), der.sequence(number, number))


def _rsa(key_type: KeyType, hash_name: str, identifier: str) -> SignatureAlgorithm:
    return SignatureAlgorithm(hash_name, bytes.fromhex(identifier), b"\x01" * _RSA_BYTES[key_type])


_RSA_IDENTIFIERS = {  # BR 7.1.3.2.1
    "sha256": "300d06092a864886f70d01010b0500",
    "sha384": "300d06092a864886f70d01010c0500",
    "sha512": "300d06092a864886f70d01010d0500",
}

#: BR 7.1.3.2.2: under ECDSA the signer's curve decides the hash.
_ECDSA: dict[KeyType, SignatureAlgorithm] = {
    KeyType.EC_P256: _ecdsa(KeyType.EC_P256, "sha256", "300a06082a8648ce3d040302"),
    KeyType.EC_P384: _ecdsa(KeyType.EC_P384, "sha384", "300a06082a8648ce3d040303"),
}
_RSA: dict[tuple[KeyType, str], SignatureAlgorithm] = {
    (key_type, hash_name): _rsa(key_type, hash_name, identifier)
    for key_type in _RSA_BYTES
    for hash_name, identifier in _RSA_IDENTIFIERS.items()
}
_OF_TYPE: dict[KeyType, tuple[SignatureAlgorithm, ...]] = {
    **{key_type: (algorithm,) for key_type, algorithm in _ECDSA.items()},
    **{
        key_type: tuple(_RSA[key_type, hash_name] for hash_name in _RSA_IDENTIFIERS)
        for key_type in _RSA_BYTES
    },
}

_CURVES = {"secp256r1": KeyType.EC_P256, "secp384r1": KeyType.EC_P384}
_MODULI = {3072: KeyType.RSA_3072, 4096: KeyType.RSA_4096}


def ca_key_type(public_key: bytes) -> KeyType:
    """The type of a CA key from its DER SubjectPublicKeyInfo. Raises ValueError for any other."""
    key = load_der_public_key(public_key)
    found = None
    if isinstance(key, ec.EllipticCurvePublicKey):
        found = _CURVES.get(key.curve.name)
    elif isinstance(key, rsa.RSAPublicKey):
        found = _MODULI.get(key.key_size)
    if found is None:
        raise ValueError("no CA key: it must be EC P-256 or P-384, or RSA 3072 or 4096")
    return found


def algorithm_for(key_type: KeyType, wish: str = "sha256") -> SignatureAlgorithm:
    """The algorithm a CA key of that type signs with; `wish` (a hash name) counts under RSA alone.

    An unknown wish gets SHA-256.
    """
    if key_type in _ECDSA:
        return _ECDSA[key_type]
    return _RSA[key_type, wish if wish in _RSA_IDENTIFIERS else "sha256"]


def algorithm_of(tbs: bytes, key_type: KeyType) -> SignatureAlgorithm:
    """The algorithm that TBS bytes (certificate or CRL) name for a CA key of that type.

    Raises ValueError when they name one that such a key must not use.
    """
    return algorithm_named(_named_in(tbs), key_type)


def algorithm_named(identifier: bytes, key_type: KeyType) -> SignatureAlgorithm:
    """The algorithm with that AlgorithmIdentifier (DER) for a CA key of that type.

    Raises ValueError when such a key must not use it.
    """
    for algorithm in _OF_TYPE[key_type]:
        if algorithm.identifier == identifier:
            return algorithm
    raise ValueError(f"a key of type {key_type} must not sign under that algorithm")


def assemble(tbs: bytes, signature: bytes) -> bytes:
    """The signed object: SEQUENCE of the TBS bytes, their own algorithm identifier, the signature.

    The same shape for certificates and CRLs (RFC 5280 4.1.1, 5.1.1). Raises ValueError for bytes
    without an algorithm identifier.
    """
    named = _named_in(tbs)
    if not named:
        raise ValueError("the TBS bytes hold no algorithm identifier")
    return der.sequence(tbs, named, der.bit_string(signature))


def _named_in(tbs: bytes) -> bytes:
    """The algorithm identifier in TBS bytes of a certificate or a CRL: their first SEQUENCE."""
    return der.first(tbs, der.SEQUENCE)


def signature_fits(
    tbs: bytes, signature: bytes, *, public_key: bytes, algorithm: SignatureAlgorithm
) -> bool:
    """Whether `signature` over `tbs` verifies under `public_key` (DER SubjectPublicKeyInfo)."""
    key = load_der_public_key(public_key)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, tbs, ec.ECDSA(algorithm.hash()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, tbs, padding.PKCS1v15(), algorithm.hash())
        else:
            return False
    except InvalidSignature:
        return False
    return True
