"""Our own gate before any signature: a table of named checks over a parsed draft.

Linters do not see some of these (a wildcard on a public suffix, upper case, repeated names, a short
serial, a second key purpose, the wrong hash under the signer's curve); the rest is checked twice.

What drafts say of themselves is checked in each; the terms that thousands have in common are
checked once for the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

from .calendar import longest_not_after
from .drafts import Draft, Terms, authority_of, ca_parts
from .identifiers import parse_identifier
from .keys import check_key
from .linting import Finding, Severity
from .products import ValidationLevel
from .profiles import NOBODY, SERVER_AUTH, key_usage, profile_for, subject_of
from .signatures import algorithm_named


@dataclass(frozen=True, slots=True)
class Check[T: (Draft, Terms)]:
    """One named check: its clause, and a function that yields a sentence per fault."""

    name: str
    clause: str
    faults: Callable[[T], Iterator[str]]


def pass_gate(draft: Draft) -> tuple[Finding, ...]:
    """Every fault that the tables find, all at ERROR; empty when the linter may have its turn."""
    return _found(CHECKS_OF_EACH, draft) + _found_of(draft.terms)


@lru_cache(maxsize=256)  # one for each issuer, level, kind of key and CRL shard
def _found_of(terms: Terms) -> tuple[Finding, ...]:
    return _found(CHECKS_OF_TERMS, terms)


def _found[T: (Draft, Terms)](checks: tuple[Check[T], ...], seen: T) -> tuple[Finding, ...]:
    return tuple(
        [
            Finding(Severity.ERROR, f"vouchsafe.gate.{check.name}", fault, check.clause)
            for check in checks
            for fault in check.faults(seen)
        ]
    )


def _names_canonical(draft: Draft) -> Iterator[str]:
    for name in draft.names:
        try:
            spelled = parse_identifier(name).value
        except ValueError as error:
            yield f"{name}: {error}"
        else:
            if spelled != name:
                yield f"{name} is not in canonical spelling"


def _names_unique(draft: Draft) -> Iterator[str]:
    if len(set(draft.names)) != len(draft.names):
        yield "a name stands there twice"


def _only_dns_names(draft: Draft) -> Iterator[str]:
    san = draft.alternatives
    if san is None or not (san.names or san.others):
        yield "there is no name"
    elif san.others:
        yield "a name is no dNSName"


def _common_name_is_a_name(draft: Draft) -> Iterator[str]:
    for common_name in draft.common_names:
        if common_name not in draft.names:
            yield "the common name is none of the names"


def _subject_as_validated(draft: Draft) -> Iterator[str]:
    """The subject, byte for byte, is what the level and the validated identity make of it."""
    common_name = draft.common_names[0] if draft.common_names else ""
    try:
        expected = subject_of(draft.level, common_name, draft.identity)
    except ValueError as error:
        yield str(error)
    else:
        if draft.parts.subject != expected:
            yield "the subject is not what was validated"


def _no_wildcard_in_ev(draft: Draft) -> Iterator[str]:
    if draft.level == ValidationLevel.EV and any(name.startswith("*") for name in draft.names):
        yield "an EV certificate holds no wildcard name"


def _empty_subject_makes_names_critical(draft: Draft) -> Iterator[str]:
    san = draft.alternatives
    if san is not None and san.critical != (draft.parts.subject == NOBODY):
        yield "subjectAltName is critical exactly when the subject is empty"


def _key_sound(draft: Draft) -> Iterator[str]:
    for finding in check_key(draft.parts.spki):
        yield finding.message


def _key_not_ours(draft: Draft) -> Iterator[str]:
    own = (ca_parts(draft.issuer.certificate).spki, ca_parts(draft.issuer.root).spki)
    if draft.parts.spki in own:
        yield "the key is one of the CA's own"


_SMALLEST_SERIAL = 2**64  # at least 64 random bits; ours have 126
_SERIAL_BOUND = 2**159


def _serial_random(draft: Draft) -> Iterator[str]:
    if not _SMALLEST_SERIAL <= draft.certificate.serial_number < _SERIAL_BOUND:
        yield "the serial number is too short or too long"


def _validity_allowed(draft: Draft) -> Iterator[str]:
    start, end = draft.certificate.not_valid_before_utc, draft.certificate.not_valid_after_utc
    if end < start:
        yield "it ends before it starts"
    if end > longest_not_after(start):
        yield "it is valid for longer than the calendar allows"
    if end > draft.issuer.not_after:
        yield "it ends after its issuer"


def _algorithm_exact(terms: Terms) -> Iterator[str]:
    try:
        algorithm_named(terms.algorithm, terms.key_type)
    except ValueError as error:
        yield str(error)


def _issuer_identical(terms: Terms) -> Iterator[str]:
    if terms.issuer != ca_parts(terms.issuing).subject:
        yield "the issuer is not the issuing certificate's subject"
    identifier = terms.extension(x509.AuthorityKeyIdentifier)
    if identifier != authority_of(terms.issuing):
        yield "authorityKeyIdentifier is not the issuer's key identifier alone"


def _purpose_server_only(terms: Terms) -> Iterator[str]:
    purposes = terms.extension(x509.ExtendedKeyUsage)
    if purposes is None or list(purposes) != [SERVER_AUTH]:
        yield "extKeyUsage is not serverAuth alone"


def _usage_fits_key(terms: Terms) -> Iterator[str]:
    expected = key_usage(terms.usages)
    if terms.extension(x509.KeyUsage) != expected:
        yield "keyUsage does not suit the key"


def _one_policy(terms: Terms) -> Iterator[str]:
    policies = list(terms.extension(x509.CertificatePolicies) or [])
    expected = x509.ObjectIdentifier(profile_for(terms.level).policy_oid)
    if len(policies) != 1 or policies[0].policy_identifier != expected:
        yield "certificatePolicies is not the one reserved identifier of its level"
    elif policies[0].policy_qualifiers:
        yield "the policy carries qualifiers"


def _crl_pointer(terms: Terms) -> Iterator[str]:
    points = list(terms.extension(x509.CRLDistributionPoints) or [])
    names = (points[0].full_name or []) if len(points) == 1 else []
    if len(names) != 1 or not str(names[0].value).startswith("http://"):
        yield "cRLDistributionPoints is not one point with one http URI"


def _issuer_pointer(terms: Terms) -> Iterator[str]:
    access = list(terms.extension(x509.AuthorityInformationAccess) or [])
    if not any(each.access_method == AuthorityInformationAccessOID.CA_ISSUERS for each in access):
        yield "authorityInfoAccess does not say where the issuing certificate is"


_CRITICAL = {
    ExtensionOID.BASIC_CONSTRAINTS: True,
    ExtensionOID.KEY_USAGE: True,
    ExtensionOID.EXTENDED_KEY_USAGE: False,
    ExtensionOID.CERTIFICATE_POLICIES: False,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER: False,
    ExtensionOID.AUTHORITY_INFORMATION_ACCESS: False,
    ExtensionOID.CRL_DISTRIBUTION_POINTS: False,
}


def _extensions_expected(terms: Terms) -> Iterator[str]:
    found = {each.oid: each.critical for each in terms.all_extensions}
    if found != _CRITICAL:
        yield "the extensions, or which of them are critical, are not those of the profile"


def _not_a_ca(terms: Terms) -> Iterator[str]:
    if terms.extension(x509.BasicConstraints) != x509.BasicConstraints(ca=False, path_length=None):
        yield "basicConstraints does not say that this is no CA"


CHECKS_OF_EACH: tuple[Check[Draft], ...] = (
    Check("names_canonical", "BR 7.1.2.7.12, 4.2.2", _names_canonical),
    Check("names_unique", "BR 7.1.2.7.12", _names_unique),
    Check("only_dns_names", "BR 7.1.2.7.12", _only_dns_names),
    Check("common_name_is_a_name", "BR 7.1.4.3", _common_name_is_a_name),
    Check("subject_as_validated", "BR 7.1.2.7.2 to .5, EVG 7.1.4.2", _subject_as_validated),
    Check("no_wildcard_in_ev", "EVG 3.2.2.2", _no_wildcard_in_ev),
    Check("san_criticality", "RFC 5280 4.2.1.6", _empty_subject_makes_names_critical),
    Check("key_sound", "BR 6.1.1.3, 6.1.5, 6.1.6", _key_sound),
    Check("key_not_ours", "BR 6.1.1.3", _key_not_ours),
    Check("serial_random", "BR 7.1.2.7", _serial_random),
    Check("validity_allowed", "BR 6.3.2", _validity_allowed),
)
#: None of them knows a clock or anything of a draft but its terms: their findings are remembered.
CHECKS_OF_TERMS: tuple[Check[Terms], ...] = (
    Check("algorithm_exact", "BR 7.1.3.2", _algorithm_exact),
    Check("issuer_identical", "BR 7.1.2.7, 7.1.2.11.1", _issuer_identical),
    Check("purpose_server_only", "BR 7.1.2.7.10", _purpose_server_only),
    Check("usage_fits_key", "BR 7.1.2.7.11", _usage_fits_key),
    Check("one_policy", "BR 7.1.2.7.9", _one_policy),
    Check("crl_pointer", "BR 7.1.2.11.2", _crl_pointer),
    Check("issuer_pointer", "BR 7.1.2.7.7", _issuer_pointer),
    Check("extensions_expected", "BR 7.1.2.7.6", _extensions_expected),
    Check("not_a_ca", "BR 7.1.2.7.8", _not_a_ca),
)
