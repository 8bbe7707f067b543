"""An issuing certificate that was signed elsewhere: named checks before it is taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from .errors import Flaw
from .hierarchy import CaKey
from .issuers import Trust
from .profiles import SERVER_AUTH
from .signatures import ca_key_type

_HASHES = frozenset({"sha256", "sha384", "sha512"})
_NAMED = (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaImport:
    """What is brought in: the issuing certificate, and above it all up to the root, nearest first.

    `key` is the key that is to sign with it.
    """

    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]
    key: CaKey
    trust: Trust
    now: datetime

    @property
    def path(self) -> tuple[x509.Certificate, ...]:
        """From the issuing certificate to the root."""
        return (self.certificate, *self.above)


def read_import(
    pem: str, chain: str, *, key: CaKey, trust: Trust, now: datetime
) -> CaImport | Flaw:
    """What two PEM texts hold: one certificate, and its chain to the root in any order."""
    try:
        (certificate,) = x509.load_pem_x509_certificates(pem.encode())
        pool = x509.load_pem_x509_certificates(chain.encode())
    except ValueError:
        return Flaw("readable", "certificate and chain must be PEM, one certificate and its chain")
    above = _in_order(certificate, pool)
    return CaImport(certificate=certificate, above=above, key=key, trust=trust, now=now)


def _in_order(
    leaf: x509.Certificate, pool: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """The certificates of `pool` from the issuer of `leaf` to the root, as far as they go."""
    above: list[x509.Certificate] = []
    current = leaf
    while current.issuer != current.subject:
        left = [each for each in pool if each not in above and each.subject == current.issuer]
        following = next((each for each in left if _signed_by(current, each)), None)
        if following is None:
            break
        above.append(following)
        current = following
    return tuple(above)


def _signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def spki(certificate: x509.Certificate) -> bytes:
    """A certificate's DER SubjectPublicKeyInfo."""
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _key_matches(given: CaImport) -> Iterator[str]:
    if spki(given.certificate) != given.key.public_key:
        yield "the certificate is for another key"


def _key_types(given: CaImport) -> Iterator[str]:
    for each in given.path:
        try:
            ca_key_type(spki(each))
        except ValueError as error:
            yield f"{each.subject.rfc4514_string()}: {error}"


def _signature_chains(given: CaImport) -> Iterator[str]:
    top = given.path[-1]
    if not given.above or top.issuer != top.subject or not _signed_by(top, top):
        yield "the chain does not lead, signature by signature, to a root that signed itself"
    for each in given.path:
        used = each.signature_hash_algorithm
        if used is None or used.name not in _HASHES:
            yield f"{each.subject.rfc4514_string()} is signed with a hash that is too weak"


def _constraints(given: CaImport) -> Iterator[str]:
    for depth, each in enumerate(given.path):
        found = _extension(each, x509.BasicConstraints)
        if found is None or not found.critical or not found.value.ca:
            yield f"{each.subject.rfc4514_string()} is not marked, critically, as a CA"
        elif depth and found.value.path_length is not None and found.value.path_length < depth - 1:
            yield f"{each.subject.rfc4514_string()} allows a shorter path only"
        elif not depth and found.value.path_length != 0:
            yield "the issuing certificate's path length is not 0"


def _usages(given: CaImport) -> Iterator[str]:
    found = _extension(given.certificate, x509.KeyUsage)
    if found is None or not found.critical:
        yield "keyUsage is missing or not critical"
    elif not (found.value.key_cert_sign and found.value.crl_sign):
        yield "keyUsage lacks keyCertSign or cRLSign"


def _purposes(given: CaImport) -> Iterator[str]:
    found = _extension(given.certificate, x509.ExtendedKeyUsage)
    if found is None:
        if given.trust is Trust.PUBLIC:
            yield "extKeyUsage is missing"
    elif list(found.value) != [SERVER_AUTH]:
        yield "extKeyUsage is not serverAuth alone"


def _validity(given: CaImport) -> Iterator[str]:
    for each in given.path:
        if not each.not_valid_before_utc <= given.now <= each.not_valid_after_utc:
            yield f"{each.subject.rfc4514_string()} is not valid now"
    if any(
        given.certificate.not_valid_after_utc > each.not_valid_after_utc for each in given.above
    ):
        yield "it ends after a certificate above it"


def _name(given: CaImport) -> Iterator[str]:
    subject = given.certificate.subject
    for oid in _NAMED:
        if len(subject.get_attributes_for_oid(oid)) != 1:
            yield f"the subject does not have exactly one {oid._name}"
    if (
        given.above
        and given.certificate.issuer.public_bytes() != given.above[0].subject.public_bytes()
    ):
        yield "the issuer is not, byte for byte, the subject of the certificate above"


def _identifiers(given: CaImport) -> Iterator[str]:
    if _extension(given.certificate, x509.SubjectKeyIdentifier) is None:
        yield "subjectKeyIdentifier is missing"
    above = _extension(given.above[0], x509.SubjectKeyIdentifier) if given.above else None
    found = _extension(given.certificate, x509.AuthorityKeyIdentifier)
    if above and (found is None or found.value.key_identifier != above.value.digest):
        yield "authorityKeyIdentifier is not the key identifier of the certificate above"


def _extension[T: x509.ExtensionType](
    certificate: x509.Certificate, kind: type[T]
) -> x509.Extension[T] | None:
    try:
        return certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


@dataclass(frozen=True, slots=True)
class Check:
    """One named check: its clause, and a function that yields a sentence per fault."""

    name: str
    clause: str
    faults: Callable[[CaImport], Iterator[str]]


CHECKS: tuple[Check, ...] = (
    Check("key_matches", "BR 6.1.1.1", _key_matches),
    Check("key_type", "BR 6.1.5", _key_types),
    Check("signature_chains", "RFC 5280 6.1, BR 7.1.3.2", _signature_chains),
    Check("basic_constraints", "BR 7.1.2.10.4", _constraints),
    Check("key_usage", "BR 7.1.2.10.7", _usages),
    Check("purposes", "BR 7.1.2.10.6", _purposes),
    Check("validity", "RFC 5280 6.1.3", _validity),
    Check("name", "BR 7.1.2.10.2, 7.1.4.1", _name),
    Check("key_identifiers", "RFC 5280 4.2.1.1, 4.2.1.2", _identifiers),
)


def flaws_of(given: CaImport) -> tuple[Flaw, ...]:
    """Everything that is wrong with it, by the name of the check."""
    return tuple(
        Flaw(check.name, f"{fault} ({check.clause})")
        for check in CHECKS
        for fault in check.faults(given)
    )
