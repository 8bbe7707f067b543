"""What our certificates look like (BR 7.1.2), as data: checked once, then only read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from . import der, keys
from .organization import ValidatedIdentity
from .plain_names import LONGEST_COMMON_NAME, common_name_alone
from .products import ValidationLevel
from .subjects import organization_subject

#: BR 7.1.6.1: the policy that each level of validation asserts.
POLICY_OIDS: Mapping[str, str] = {
    "dv": "2.23.140.1.2.1",
    "ov": "2.23.140.1.2.2",
    "ev": "2.23.140.1.1",
}

NOBODY = der.sequence()  # an empty subject
SERVER_AUTH = ExtendedKeyUsageOID.SERVER_AUTH

#: Key usages by the kind of the subscriber's key (BR 7.1.2.7.11); the names are cryptography's.
_ALLOWED_USAGES: Mapping[str, frozenset[str]] = {
    "rsa": frozenset({"digital_signature", "key_encipherment"}),
    "ec": frozenset({"digital_signature"}),
}
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileConfig:
    """What is written down for one kind of certificate; nothing here is trusted yet."""

    level: str  # dv, ov, ev
    rsa_usages: frozenset[str] = frozenset({"digital_signature", "key_encipherment"})
    ec_usages: frozenset[str] = frozenset({"digital_signature"})
    common_name: bool = True  # whether the subject carries a CN where it fits


class Profile:
    """One checked kind of certificate. Raises ValueError when the config breaks BR 7.1.2.7."""

    def __init__(self, config: ProfileConfig) -> None:
        if config.level not in POLICY_OIDS:
            raise ValueError(f"no reserved policy for the level {config.level!r}")  # BR 7.1.6.1
        for kind, usages in (("rsa", config.rsa_usages), ("ec", config.ec_usages)):
            if "digital_signature" not in usages or not usages <= _ALLOWED_USAGES[kind]:
                raise ValueError(f"key usages {sorted(usages)} do not suit {kind} keys")
        self._config = config

    @property
    def level(self) -> str:
        """dv, ov or ev."""
        return self._config.level

    @property
    def policy_oid(self) -> str:
        """The one policy identifier (BR 7.1.6.1)."""
        return POLICY_OIDS[self._config.level]

    def subject(self, common_name: str, identity: ValidatedIdentity | None = None) -> bytes:
        """The subject as a DER Name: for DV the CN alone, for OV and EV the identity that was
        validated and the CN (BR 7.1.2.7.2, .4, .5, 7.1.4.3); the CN only where 64 characters hold
        it.

        Raises ValueError for an identity that DV cannot take, or that is not fit for OV or EV.
        """
        common_name = common_name if self._config.common_name else ""
        if self._config.level != ValidationLevel.DV:
            if identity is None:
                raise ValueError("there is no validated identity to name")
            level = ValidationLevel(self._config.level)
            return organization_subject(identity, level, common_name).public_bytes()
        if identity is not None:
            raise ValueError("a DV certificate names no organization")
        if not common_name or len(common_name) > LONGEST_COMMON_NAME:
            return NOBODY
        return common_name_alone(common_name)

    def usages(self, public_key: bytes) -> frozenset[str]:
        """What a subscriber's key (DER SubjectPublicKeyInfo) is for, by cryptography's names
        (BR 7.1.2.7.11)."""
        is_rsa = isinstance(keys.public_key(public_key), rsa.RSAPublicKey)
        return self._config.rsa_usages if is_rsa else self._config.ec_usages

    def key_usage(self, public_key: bytes) -> x509.KeyUsage:
        """The same as an extension."""
        return key_usage(self.usages(public_key))


@cache  # of a handful
def key_usage(usages: frozenset[str]) -> x509.KeyUsage:
    """A KeyUsage with exactly those bits, by cryptography's names."""
    return x509.KeyUsage(**{name: name in usages for name in _USAGES})


PROFILES: Mapping[str, Profile] = {
    level: Profile(ProfileConfig(level=level)) for level in POLICY_OIDS
}


@lru_cache(maxsize=4)  # the same is built for a draft, and for the gate to hold the draft against
def subject_of(level: str, common_name: str, identity: ValidatedIdentity | None) -> bytes:
    """The subject that `Profile.subject` makes for a level, as a DER Name. Raises as it does."""
    return profile_for(level).subject(common_name, identity)


def profile_for(level: str) -> Profile:
    """The profile of a validation level: dv, ov or ev. Raises KeyError for any other."""
    return PROFILES[level]
