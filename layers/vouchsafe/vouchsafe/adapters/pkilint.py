"""The linter port on pkilint: rule sets are built once per process and kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from cryptography import x509
from pkilint import finding_filter, loader, pkix
from pkilint.cabf import cabf_crl, serverauth
from pkilint.cabf.serverauth import serverauth_constants
from pkilint.pkix import certificate, crl, extension, name
from pyasn1_alt_modules import rfc5280

from ..domain.linting import Finding, Severity

_BASELINE = f"BR {serverauth_constants.BR_VERSION}"

#: What pkilint says about an address that the public internet does not know.
_LOCAL_URL_CODES = frozenset(
    {"cabf.internal_domain_name", "cabf.internal_ip_address", "pkix.invalid_uri_syntax"}
)
#: A URI that is sound but for a host without dots or with an address: `http://localhost:8443/…`.
_LOCAL_URL = re.compile(r"http://[a-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?")
#: The only places of a certificate where the waiver holds.
_POINTERS = (rfc5280.CRLDistributionPoints, rfc5280.AuthorityInfoAccessSyntax)


class PkilintLinter:
    """Lints certificates by the BR's TLS profiles, and CRLs by RFC 5280 with the BR on top.

    `waive_local_urls` drops one kind of finding, for a lab that publishes on loopback: that a CRL
    or issuer pointer names a host the public internet does not know. Names are never waived.
    """

    def __init__(self, *, waive_local_urls: bool) -> None:
        self._waive_local_urls = waive_local_urls

    def certificate(self, der: bytes) -> Sequence[Finding]:
        """Findings about a DER certificate; its policy, purposes and CA bit say of which type."""
        try:
            document = loader.load_der_certificate(der, "draft")
        except ValueError as error:
            return (_unreadable(error),)
        kind = serverauth.determine_certificate_type(document)
        results = _certificate_rules(kind).validate(document.root)
        kept, _ = finding_filter.filter_results(_finding_filters(kind), results)
        return tuple(self._findings(kept))

    def crl(self, der: bytes) -> Sequence[Finding]:
        """Findings about a DER CRL; one over CA certificates only is judged as such."""
        try:
            document = loader.load_der_crl(der, "draft")
        except ValueError as error:
            return (_unreadable(error),)
        results = _crl_rules(_crl_type(der)).validate(document.root)
        return tuple(self._findings(results))

    def _findings(self, results: Iterable[Any]) -> Iterator[Finding]:
        for result in results:
            for description in result.finding_descriptions:
                code = description.finding.code
                if self._waived(code, result.node):
                    continue
                severity = Severity(min(description.finding.severity, Severity.INFO))
                message = description.message or code
                yield Finding(severity, code, message, _BASELINE)

    def _waived(self, code: str, node: Any) -> bool:
        if not self._waive_local_urls or code not in _LOCAL_URL_CODES:
            return False
        return _is_pointer(node) and bool(_LOCAL_URL.fullmatch(str(node.pdu)))


def _unreadable(error: ValueError) -> Finding:
    return Finding(Severity.FATAL, "pkilint.unreadable", f"it cannot be decoded: {error}")


def _is_pointer(node: Any) -> bool:
    return any(isinstance(each.pdu, _POINTERS) for each in node.parents)


def _crl_type(der: bytes) -> crl.CertificateRevocationListType:
    """An ARL when the issuing distribution point says so (RFC 5280 5.2.5), else a CRL."""
    extensions = x509.load_der_x509_crl(der).extensions
    try:
        point = extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return crl.CertificateRevocationListType.CRL
    is_arl = point.only_contains_ca_certs
    kinds = crl.CertificateRevocationListType
    return kinds.ARL if is_arl else kinds.CRL


@cache
def _certificate_rules(kind: Any) -> Any:
    """The whole rule set of one certificate type (0.2 s to build)."""
    return certificate.create_pkix_certificate_validator_container(
        serverauth.create_decoding_validators(), serverauth.create_validators(kind)
    )


@cache
def _finding_filters(kind: Any) -> Any:
    """Without these, PKIX rules that the BR supersede report false faults."""
    return serverauth.create_serverauth_finding_filters(kind)


@cache
def _crl_rules(kind: crl.CertificateRevocationListType) -> Any:
    return crl.create_pkix_crl_validator_container(
        [
            pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
            pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
        ],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container(
                [cabf_crl.create_validity_period_validator(kind)]
            ),
            crl.create_extensions_validator_container([]),
            cabf_crl.CabfCrlReasonCodeAllowlistValidator(kind),
        ],
    )
