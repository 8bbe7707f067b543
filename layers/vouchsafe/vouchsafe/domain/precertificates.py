"""Precertificates and SCT lists (RFC 6962 3.1 to 3.3): one TBSCertificate with one extension more.

Nothing signs these yet. Both come from the same bytes, and differ from them in the last extension
alone: a precertificate has the poison there, the final certificate the list of SCTs (BR 7.1.2.9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import der

POISON_OID = "1.3.6.1.4.1.11129.2.4.3"
SCT_LIST_OID = "1.3.6.1.4.1.11129.2.4.2"
_NULL = b"\x05\x00"
_EXTENSIONS = 0xA3  # [3] EXPLICIT, RFC 5280 4.1
_HASH_BYTES = 32
_MOST_IN_LIST = 0xFFFF
_MOST_IN_TBS = 0xFFFFFF
_V1, _CERTIFICATE_TIMESTAMP, _PRECERT_ENTRY = b"\x00", b"\x00", b"\x00\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sct:
    """A signed certificate timestamp, version 1 (RFC 6962 3.2).

    `log_id` is SHA-256 over the log's key, `timestamp` milliseconds since 1970; the algorithms are
    TLS's numbers (RFC 5246 7.4.1.4.1): SHA-256 is 4, RSA 1, ECDSA 3.
    """

    log_id: bytes
    timestamp: int
    signature: bytes
    extensions: bytes = b""
    hash_algorithm: int = 4
    signature_algorithm: int = 3

    def encoded(self) -> bytes:
        """The SCT as TLS writes it. Raises ValueError for a log id of another length."""
        if len(self.log_id) != _HASH_BYTES:
            raise ValueError("a log's id has 32 octets")
        algorithms = bytes((self.hash_algorithm, self.signature_algorithm))
        return b"".join(
            (
                _V1,
                self.log_id,
                self.timestamp.to_bytes(8),
                _opaque(self.extensions, 2),
                algorithms,
                _opaque(self.signature, 2),
            )
        )

    def signed_by_log(self, tbs: bytes, issuer_key_hash: bytes) -> bytes:
        """What the log signed for a precertificate (RFC 6962 3.2).

        `tbs` is the TBSCertificate without poison and without SCTs; `issuer_key_hash` is SHA-256
        over the issuer's DER SubjectPublicKeyInfo. Raises ValueError for what is too long.
        """
        return b"".join(
            (
                _V1,
                _CERTIFICATE_TIMESTAMP,
                self.timestamp.to_bytes(8),
                _PRECERT_ENTRY,
                issuer_key_hash,
                _opaque(tbs, 3),
                _opaque(self.extensions, 2),
            )
        )


def precertificate_tbs(tbs: bytes) -> bytes:
    """The precertificate's TBSCertificate: `tbs` with the poison, critical, as last extension.

    `tbs` is as `drafting.tbs_of` makes it. Raises ValueError for bytes with one of the two already.
    """
    return _with_extension(tbs, der.extension(POISON_OID, _NULL, critical=True))


def final_tbs(tbs: bytes, scts: Sequence[Sct]) -> bytes:
    """The certificate's TBSCertificate: `tbs` with the SCT list in the poison's place.

    Raises ValueError without any SCT, and for a list that is too long (RFC 6962 3.3).
    """
    if not scts:
        raise ValueError("an SCT list holds at least one SCT")
    listed = b"".join(_opaque(sct.encoded(), 2) for sct in scts)
    value = der.tlv(der.OCTET_STRING, _opaque(listed, 2))
    return _with_extension(tbs, der.extension(SCT_LIST_OID, value, critical=False))


def bare_tbs(tbs: bytes) -> bytes:
    """`tbs` without poison and SCT list, byte for byte what both are made from (RFC 6962 3.2)."""
    *before, (_, _, listed) = der.children(tbs)
    extensions = [whole for _, whole, _ in der.children(listed)]
    kept = [each for each in extensions if not _is_of_ct(each)]
    return _joined([whole for _, whole, _ in before], kept)


def _with_extension(tbs: bytes, extension: bytes) -> bytes:
    *before, (tag, _, listed) = der.children(tbs)
    if tag != _EXTENSIONS:
        raise ValueError("the TBSCertificate has no extensions")
    extensions = [whole for _, whole, _ in der.children(listed)]
    if any(map(_is_of_ct, extensions)):
        raise ValueError("it has a poison or an SCT list already")
    return _joined([whole for _, whole, _ in before], [*extensions, extension])


def _joined(before: Sequence[bytes], extensions: Sequence[bytes]) -> bytes:
    return der.sequence(*before, der.explicit(3, der.sequence(*extensions)))


def _is_of_ct(extension: bytes) -> bool:
    (_, oid, _), *_ = der.children(extension)
    return oid in {der.object_identifier(POISON_OID), der.object_identifier(SCT_LIST_OID)}


def _opaque(content: bytes, octets: int) -> bytes:
    """A TLS vector: its length in so many octets, then the content."""
    if len(content) > (_MOST_IN_LIST if octets == 2 else _MOST_IN_TBS):  # noqa: PLR2004
        raise ValueError(f"{len(content)} octets are too many for one vector")
    return len(content).to_bytes(octets) + content
