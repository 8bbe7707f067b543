"""A subscriber certificate's extensions as DER: all but the names are the same for thousands.

What is constant for an issuer and a profile is encoded once; the names are put between.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from cryptography import x509

from .drafts import authority_of
from .plain_names import alternative_names
from .profiles import SERVER_AUTH, key_usage
from .tbs import crl_pointer, encoded, issuer_pointer, policies


def leaf_extensions(
    *,
    usages: frozenset[str],
    policy_oid: str,
    issuing: bytes,
    ca_url: str,
    crl_url: str,
    names: Sequence[str],
    names_critical: bool,
) -> tuple[bytes, ...]:
    """The extensions in their fixed order (BR 7.1.2.7.6); subjectKeyIdentifier stays out.

    `usages` are the key's, by cryptography's names; `issuing` is the issuing certificate (DER), the
    URLs are where it and the CRL are found; `names` are dNSNames. Each element of the answer holds
    one extension or several in a row. Raises ValueError for a name that is not ASCII.
    """
    return (
        _before_names(usages, issuing, ca_url),
        alternative_names(tuple(names), critical=names_critical),
        _after_names(policy_oid, crl_url),
    )


@lru_cache(maxsize=64)  # a few for each issuer
def _before_names(usages: frozenset[str], issuing: bytes, ca_url: str) -> bytes:
    values: tuple[tuple[x509.ExtensionType, bool], ...] = (
        (key_usage(usages), True),
        (x509.ExtendedKeyUsage([SERVER_AUTH]), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (authority_of(issuing), False),
        (issuer_pointer(ca_url), False),
    )
    return b"".join(encoded(value, critical=critical) for value, critical in values)


@lru_cache(maxsize=256)  # one for each level and CRL shard
def _after_names(policy_oid: str, crl_url: str) -> bytes:
    values = (policies(policy_oid), crl_pointer(crl_url))
    return b"".join(encoded(value, critical=False) for value in values)
