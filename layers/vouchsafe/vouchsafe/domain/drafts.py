"""A draft as the gate sees it: parsed, with its issuer and with what it is to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from . import der
from .issuers import Issuer, KeyType
from .organization import ValidatedIdentity
from .plain_names import Alternatives, alternatives_in, common_name_in, is_alternatives
from .profiles import profile_for
from .signatures import algorithm_of


class Parts(NamedTuple):
    """Elements of a TBSCertificate, each as the DER that stands there."""

    algorithm: bytes  # AlgorithmIdentifier
    issuer: bytes  # Name
    subject: bytes  # Name
    spki: bytes  # SubjectPublicKeyInfo
    alternatives: tuple[bytes, ...]  # each subjectAltName among the extensions: one, or none
    terms: bytes  # the other extensions, in a row


_VERSION = 0xA0  # [0] EXPLICIT; left out for version 1 (RFC 5280 4.1)
_EXTENSIONS = 0xA3  # [3] EXPLICIT, the last element where there are any


def parts_of(tbs: bytes) -> Parts:
    """Those parts of a TBSCertificate. Raises ValueError for bytes that hold fewer."""
    found = der.elements(tbs)
    if found[:1] and found[0][0] == _VERSION:
        del found[0]
    _, algorithm, issuer, _, subject, spki, *_ = found
    alternatives, terms = _extensions_in(found[-1])
    return Parts(algorithm, issuer, subject, spki, alternatives, terms)


def _extensions_in(last: bytes) -> tuple[tuple[bytes, ...], bytes]:
    if last[0] != _EXTENSIONS:
        return (), b""
    (listed,) = der.elements(last)
    alternatives: list[bytes] = []
    others: list[bytes] = []
    for each in der.elements(listed):
        (alternatives if is_alternatives(each) else others).append(each)
    return tuple(alternatives), b"".join(others)


@lru_cache(maxsize=64)
def ca_parts(encoded: bytes) -> Parts:
    """The same of a CA's certificate, which is asked for every time."""
    return parts_of(der.elements(encoded)[0])


@dataclass(frozen=True, slots=True)
class Terms:
    """What a draft has in common with all others of one issuer, level, kind of key and CRL.

    Terms are equal when all of this is, byte for byte as it stands in the drafts: what is found of
    one then holds for the other. `_holder` is a draft on these terms; nothing else of it is shown.
    """

    level: str
    usages: frozenset[str]  # what such a key is for, at that level
    key_type: KeyType  # of the issuer
    issuing: bytes  # the issuer's certificate
    algorithm: bytes  # this and the issuer as in Parts
    issuer: bytes
    extensions: bytes  # all but subjectAltName, in a row
    _holder: x509.Certificate = field(compare=False, repr=False)

    @property
    def all_extensions(self) -> list[x509.Extension[x509.ExtensionType]]:
        """Those in `extensions`, read. Raises ValueError, DuplicateExtension for two of a kind."""
        return [
            each
            for each in self._holder.extensions
            if each.oid != ExtensionOID.SUBJECT_ALTERNATIVE_NAME
        ]

    def extension[T: x509.ExtensionType](self, kind: type[T]) -> T | None:
        """One extension's value, None when it is missing."""
        values = (each.value for each in self.all_extensions)
        return next((value for value in values if isinstance(value, kind)), None)


@dataclass(frozen=True)  # no slots: what is parsed of it stays with it
class Draft:
    """A draft under a placeholder signature, with the issuer that is to sign it, and with what it
    is to say: its level, and for OV and EV the identity that was validated.
    """

    encoded: bytes
    certificate: x509.Certificate
    parts: Parts  # what stands in it byte for byte, as no library has understood it
    issuer: Issuer
    level: str
    identity: ValidatedIdentity | None

    @classmethod
    def of(
        cls,
        encoded: bytes,
        issuer: Issuer,
        *,
        level: str = "dv",
        identity: ValidatedIdentity | None = None,
    ) -> Draft:
        """The draft in DER bytes. Raises ValueError when they are no certificate."""
        certificate = x509.load_der_x509_certificate(encoded)
        parts = parts_of(der.elements(encoded)[0])
        return cls(encoded, certificate, parts, issuer, level, identity)

    @classmethod
    def to_sign(
        cls, tbs: bytes, issuer: Issuer, *, level: str, identity: ValidatedIdentity | None
    ) -> Draft:
        """The draft of TBS bytes. Raises ValueError for bytes that `issuer` cannot sign."""
        algorithm = algorithm_of(tbs, issuer.key_type)
        encoded = algorithm.sealed(tbs, algorithm.placeholder)
        certificate = x509.load_der_x509_certificate(encoded)
        return cls(encoded, certificate, parts_of(tbs), issuer, level, identity)

    @property
    def terms(self) -> Terms:
        """What it has in common with others."""
        return Terms(
            self.level,
            profile_for(self.level).usages(self.parts.spki),
            self.issuer.key_type,
            self.issuer.certificate,
            self.parts.algorithm,
            self.parts.issuer,
            self.parts.terms,
            self.certificate,
        )

    @cached_property
    def alternatives(self) -> Alternatives | None:
        """What subjectAltName says, None when it is missing."""
        given = self.parts.alternatives
        if not given:
            return None
        read = alternatives_in(given[0]) if len(given) == 1 else None
        return self._as_the_library_reads() if read is None else read

    def _as_the_library_reads(self) -> Alternatives:
        extensions = self.certificate.extensions
        found = extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = tuple(found.value.get_values_for_type(x509.DNSName))
        return Alternatives(names, len(list(found.value)) - len(names), found.critical)

    @property
    def names(self) -> tuple[str, ...]:
        """The dNSNames, in order."""
        return self.alternatives.names if self.alternatives else ()

    @cached_property
    def common_names(self) -> tuple[str, ...]:
        """Those in the subject."""
        alone = common_name_in(self.parts.subject)
        if alone is not None:
            return (alone,)
        found = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return tuple([str(attribute.value) for attribute in found])


@lru_cache(maxsize=64)
def authority_of(encoded: bytes) -> x509.AuthorityKeyIdentifier:
    """How certificates under the CA certificate in DER bytes name its key (BR 7.1.2.11.1)."""
    ca = x509.load_der_x509_certificate(encoded).extensions
    own = ca.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier(own.digest, None, None)
