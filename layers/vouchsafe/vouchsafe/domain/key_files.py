"""A private key with its certificates in the files that servers read, under a passphrase."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    PrivateFormat,
    load_der_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PBES,
    serialize_key_and_certificates,
)

from .der import OCTET_STRING, integer, object_identifier, sequence, tlv

#: Rounds of PBKDF2 with HMAC-SHA-256: what OWASP's password storage page asks for.
_ROUNDS = 600_000
#: Old programs refuse more, or take minutes for it.
_OLD_ROUNDS = 2048
_SHORTEST, _LONGEST = 12, 128
_FEWEST_DIFFERENT = 5
_KEY_BYTES = 32  # AES-256
SALT_BYTES = 16
_LINE = 64  # RFC 7468 2

_NULL = b"\x05\x00"
_PBES2 = "1.2.840.113549.1.5.13"
_PBKDF2 = "1.2.840.113549.1.5.12"
_HMAC_SHA256 = "1.2.840.113549.2.9"
_AES256_CBC = "2.16.840.1.101.3.4.1.42"


class KeyFormat(StrEnum):
    """The forms a key leaves in; both are encrypted."""

    PKCS12 = "pkcs12"
    PEM = "pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """How a key is to leave. `compatible`: PKCS #12 for programs that know no AES there."""

    form: KeyFormat
    passphrase: str = field(repr=False)
    compatible: bool = False


def passphrase_flaw(text: str) -> str | None:
    """Why a passphrase is not taken; None for one that is. Never says the passphrase."""
    if not _SHORTEST <= len(text) <= _LONGEST:
        return f"must have {_SHORTEST} to {_LONGEST} characters"
    if not all(" " <= character <= "~" for character in text):
        return "must be of printable ASCII characters: programs disagree about all others"
    if len(set(text)) < _FEWEST_DIFFERENT:
        return f"must have {_FEWEST_DIFFERENT} different characters at least"
    return None


def key_file(
    private: bytes, certificates: tuple[bytes, ...], wrapping: Wrapping, *, noise: bytes
) -> bytes:
    """The file: the key (PKCS #8, DER) encrypted, and the certificates (DER, leaf first).

    `noise` is twice SALT_BYTES unpredictable bytes. Raises ValueError for keys of other kinds.
    """
    if wrapping.form is KeyFormat.PKCS12:
        return _pkcs12(private, certificates, wrapping)
    blocks = [("ENCRYPTED PRIVATE KEY", _encrypted(private, wrapping.passphrase, noise))]
    blocks += [("CERTIFICATE", der) for der in certificates]
    return "".join(_pem(label, der) for label, der in blocks).encode("ascii")


def _pkcs12(private: bytes, certificates: tuple[bytes, ...], wrapping: Wrapping) -> bytes:
    """RFC 7292: AES-256 and HMAC-SHA-256; for old programs triple DES and HMAC-SHA-1."""
    key = load_der_private_key(private, password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("a managed key is an RSA or an EC key")
    leaf, *others = (x509.load_der_x509_certificate(der) for der in certificates)
    builder = PrivateFormat.PKCS12.encryption_builder()
    if wrapping.compatible:
        builder = builder.key_cert_algorithm(PBES.PBESv1SHA1And3KeyTripleDESCBC)
        builder = builder.kdf_rounds(_OLD_ROUNDS).hmac_hash(SHA1())  # noqa: S303 (asked for)
    else:
        builder = builder.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC)
        builder = builder.kdf_rounds(_ROUNDS).hmac_hash(SHA256())
    encryption = builder.build(wrapping.passphrase.encode("ascii"))
    return serialize_key_and_certificates(b"certificate", key, leaf, others, encryption)


def _encrypted(private: bytes, passphrase: str, noise: bytes) -> bytes:
    """An EncryptedPrivateKeyInfo (RFC 5958 3) under PBES2 (RFC 8018 6.2).

    Put together here because the library's own has 2048 rounds, and no way to ask for more.
    """
    salt, start = noise[:SALT_BYTES], noise[SALT_BYTES : 2 * SALT_BYTES]
    derived = PBKDF2HMAC(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, iterations=_ROUNDS)
    cipher = Cipher(AES(derived.derive(passphrase.encode("ascii"))), CBC(start)).encryptor()
    padder = PKCS7(AES.block_size).padder()
    padded = padder.update(private) + padder.finalize()
    hashed = sequence(object_identifier(_HMAC_SHA256), _NULL)
    rounds = sequence(tlv(OCTET_STRING, salt), integer(_ROUNDS), hashed)
    scheme = sequence(
        sequence(object_identifier(_PBKDF2), rounds),
        sequence(object_identifier(_AES256_CBC), tlv(OCTET_STRING, start)),
    )
    content = cipher.update(padded) + cipher.finalize()
    return sequence(
        sequence(object_identifier(_PBES2), scheme),
        tlv(OCTET_STRING, content),
    )


def _pem(label: str, der: bytes) -> str:
    text = base64.b64encode(der).decode("ascii")
    lines = (text[start : start + _LINE] for start in range(0, len(text), _LINE))
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""))
