"""Certificates in their write-once bucket, and what the public fetches in another."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ..domain.errors import Conflict
from .sdk import code_of, patiently

_CERTIFICATE = "application/pkix-cert"  # RFC 2585 4.1
_CRL = "application/pkix-crl"  # RFC 2585 4.2
_JSON = "application/json"
_PEM = "application/x-pem-file"
_PACKET_KEY = "ca/evidence.pem"
#: CRLs are replaced in place; a minute keeps a revocation's way to the reader short.
_CRL_CACHE = "max-age=60"
_NUMBERS_CACHE = "max-age=300"

_CHECKSUM = "ChecksumSHA256"  # asked for with a put, and answered with what the store holds
_REFUSED = frozenset({"PreconditionFailed", "412"})
_MISSING = frozenset({"NoSuchKey", "404"})


class _Bucket:
    """Objects of one bucket, by key."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, key: str, body: bytes, **options: str) -> str:
        """Write; the new ETag. Raises ClientError."""
        return str(self.answered(key, body, **options)["ETag"])

    def answered(self, key: str, body: bytes, **options: str) -> Mapping[str, Any]:
        """Write; all that the store answers. Raises ClientError."""
        arguments = {"Bucket": self._name, "Key": key, "Body": body, **options}
        answer: Mapping[str, Any] = patiently(lambda: self._client.put_object(**arguments))
        return answer

    def get(self, key: str) -> tuple[bytes, str] | None:
        """What stands there now and its ETag; None when nothing does."""
        try:
            return patiently(lambda: self._read(key))
        except ClientError as error:
            if code_of(error) not in _MISSING:
                raise
            return None

    def _read(self, key: str) -> tuple[bytes, str]:
        answer = self._client.get_object(Bucket=self._name, Key=key)
        with answer["Body"] as body:
            return bytes(body.read()), str(answer["ETag"])


class S3CertificateStore:
    """Port CertificateStore: `certificates/<id>.cer`, DER, put with If-None-Match."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._bucket = _Bucket(client, bucket)

    def put(self, certificate_id: int, der: bytes) -> bytes:
        """Store unless something stands there; the bytes that stand there now.

        They are `der` where the store says that it wrote them, by their SHA-256; in every other
        case they are read back. Raises Unavailable for trouble that may pass.
        """
        digest = base64.b64encode(hashlib.sha256(der).digest()).decode()
        sums = {"ChecksumAlgorithm": "SHA256", _CHECKSUM: digest}
        only = {"ContentType": _CERTIFICATE, "IfNoneMatch": "*", **sums}
        try:
            answer = self._bucket.answered(_key(certificate_id), der, **only)
            if answer.get(_CHECKSUM) == digest:
                return der
        except ClientError as error:
            if code_of(error) not in _REFUSED:
                raise
        standing = self.get(certificate_id)
        if standing is None:
            raise RuntimeError(f"{_key(certificate_id)} vanished from a write-once bucket")
        return standing

    def get(self, certificate_id: int) -> bytes | None:
        """The DER certificate under that id, or None."""
        found = self._bucket.get(_key(certificate_id))
        return found[0] if found else None


class S3PacketStore:
    """Port PacketStore: `evidence/certificates/<id>.json`, put with If-None-Match."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._bucket = _Bucket(client, bucket)

    def put(self, certificate_id: int, content: bytes) -> bytes:
        """Store unless something stands there; what stands there now, read back.

        Raises Unavailable for trouble that may pass.
        """
        key = _packet_key(certificate_id)
        try:
            self._bucket.put(key, content, ContentType=_JSON, IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) not in _REFUSED:
                raise
        standing = self.get(certificate_id)
        if standing is None:
            raise RuntimeError(f"{key} vanished from a write-once bucket")
        return standing

    def get(self, certificate_id: int) -> bytes | None:
        """The packet of that certificate, or None."""
        found = self._bucket.get(_packet_key(certificate_id))
        return found[0] if found else None


def _packet_key(certificate_id: int) -> str:
    return f"evidence/certificates/{certificate_id}.json"


class S3PacketKeyPublication:
    """Port PacketKeyPublication: `ca/evidence.pem` beside the CA certificates."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._bucket = _Bucket(client, bucket)
        self._published: bytes | None = None

    def publish(self, pem: bytes) -> None:
        """Put the key there; nothing when the very same stands there. Asks once a container."""
        if pem == self._published:
            return
        standing = self._bucket.get(_PACKET_KEY)
        if standing is None or standing[0] != pem:
            self._bucket.put(_PACKET_KEY, pem, ContentType=_PEM)
        self._published = pem


def _key(certificate_id: int) -> str:
    return f"certificates/{certificate_id}.cer"


class S3EvidenceStore:
    """Port EvidenceStore: `evidence/<review>/<sha256>` in the write-once bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._bucket = _Bucket(client, bucket)

    def put(self, review_id: int, sha256: str, content: bytes, media_type: str) -> None:
        """Keep the file under its hash; the same again changes nothing."""
        key = _evidence_key(review_id, sha256)
        try:
            self._bucket.put(key, content, ContentType=media_type, IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) not in _REFUSED:
                raise

    def get(self, review_id: int, sha256: str) -> bytes | None:
        """The file's bytes, or None."""
        found = self._bucket.get(_evidence_key(review_id, sha256))
        return found[0] if found else None


def _evidence_key(review_id: int, sha256: str) -> str:
    return f"evidence/{review_id}/{sha256}"


class S3Publication:
    """Port Publication: `ca/<issuer>.cer` and `crl/<issuer>/<shard>.crl`, as in the URLs."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._bucket = _Bucket(client, bucket)

    def put_ca_certificate(self, issuer_id: str, der: bytes) -> None:
        """Publish a CA certificate; publishing the same again changes nothing."""
        self._bucket.put(f"ca/{issuer_id}.cer", der, ContentType=_CERTIFICATE)

    def put_crl(self, issuer_id: str, shard: int, der: bytes, *, replaces: str | None) -> str:
        """Publish if the stored ETag is `replaces` (None: nothing there). New ETag.

        Raises Conflict when something else stands there; our own put whose answer was lost does not
        count as something else.
        """
        key = f"crl/{issuer_id}/{shard}.crl"
        guard = {"IfNoneMatch": "*"} if replaces is None else {"IfMatch": replaces}
        try:
            return self._bucket.put(key, der, ContentType=_CRL, CacheControl=_CRL_CACHE, **guard)
        except ClientError as error:
            if code_of(error) not in _REFUSED | _MISSING:
                raise
        standing = self._bucket.get(key)
        if standing is None or standing[0] != der:
            raise Conflict(f"{key} is not what was to be replaced")
        return standing[1]

    def crl(self, issuer_id: str, shard: int) -> tuple[bytes, str] | None:
        """The CRL that stands there now (DER) and its ETag, or None."""
        return self._bucket.get(f"crl/{issuer_id}/{shard}.crl")


class S3NumbersPage:
    """Port NumbersPage: at the root of what is published."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._bucket = _Bucket(client, bucket)

    def publish(self, name: str, content: bytes, media_type: str) -> None:
        """Put it there in place of what stood there."""
        self._bucket.put(name, content, ContentType=media_type, CacheControl=_NUMBERS_CACHE)
