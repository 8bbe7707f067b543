"""What an operator says to the ceremony, in CloudFormation's spelling; and its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography import x509

from ..domain.errors import Flaw, invalid
from ..domain.hierarchy import COUNTRY, ORGANIZATION, HierarchyConfig, ca_name
from ..domain.issuers import CaRevocationReason, Issuer, KeyType, Trust, crl_url, signs_at
from ..services.ceremony import Hierarchy
from ..services.issuer_ceremony import ImportWish
from ..services.root_crls import RootCrl
from ..settings import Settings

_NAMES = {
    "IssuerId": "issuer_id",
    "RootName": "root_name",
    "IssuingName": "issuing_name",
    "Organization": "organization",
    "Country": "country",
}
_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_LONGEST_ID = 32


class Given:
    """The properties of one invocation; each is read with its own refusal."""

    def __init__(self, properties: Mapping[str, Any], settings: Settings) -> None:
        self._said = properties
        self._settings = settings

    def text(self, name: str, default: str | None = None) -> str:
        """A text. Raises VouchsafeError(INVALID) when it is missing and has no default."""
        value = str(self._said.get(name) or default or "").strip()
        if not value:
            raise invalid(Flaw(name, "is required"))
        if name in {"IssuerId", "Parent"} and (len(value) > _LONGEST_ID or not set(value) <= _ID):
            raise invalid(Flaw(name, "may hold lower-case letters, digits and hyphens, at most 32"))
        return value

    def flag(self, name: str) -> bool:
        """Whether it says true."""
        return str(self._said.get(name, "")).lower() == "true"

    def words(self, name: str) -> tuple[str, ...] | None:
        """A list of words; None when nothing is said, () for an empty list."""
        value = self._said.get(name)
        if value is None:
            return None
        return tuple(str(each) for each in (value if isinstance(value, list) else [value]))

    def moment(self, name: str) -> datetime | None:
        """An ISO 8601 moment with its offset, or a date (its first second, UTC)."""
        if name not in self._said:
            return None
        try:
            found = datetime.fromisoformat(str(self._said[name]))
        except ValueError:
            raise invalid(Flaw(name, "must be a moment, such as 2027-01-15T00:00:00Z")) from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def key_type(self) -> KeyType | None:
        """The key type that is asked for."""
        return self._one_of("KeyType", KeyType)

    def reason(self) -> CaRevocationReason:
        """Why a CA certificate is revoked; there is no default (BR 7.2.2)."""
        found = self._one_of("Reason", CaRevocationReason)
        if found is None:
            raise invalid(Flaw("Reason", "is required"))
        return found

    def root_crl(self, issuer: Issuer) -> RootCrl:
        """The CRL of the root that the issuer is under."""
        base, root_id = self._settings.require("publication_url"), issuer.root_id
        key_ref = issuer.root_key_ref or self._settings.require("root_key_ref")
        return RootCrl(root_id=root_id, url=crl_url(base, root_id, 0), key_ref=key_ref)

    def key_ref(self) -> str:
        """The issuing key: that of the stack unless another is named."""
        return self.text("KeyRef", self._settings.issuing_key_ref)

    def name(self) -> x509.Name:
        """The subject of an issuing CA."""
        try:
            return ca_name(
                self.text("Country", COUNTRY),
                self.text("Organization", ORGANIZATION),
                self.text("IssuingName"),
            )
        except ValueError as error:
            raise invalid(Flaw("name", str(error))) from error

    def config(self, parent: Issuer | None = None) -> HierarchyConfig:
        """The hierarchy that is asked for; beside `parent` where another CA of its root is."""
        settings = self._settings
        named = {field: self.text(key) for key, field in _NAMES.items() if key in self._said}
        root_key = settings.root_key_ref
        if parent is not None:
            root_key = parent.root_key_ref or root_key
            named = _inherited(parent) | named
            named |= {"issuer_id": self.text("IssuerId"), "issuing_name": self.text("IssuingName")}
        return HierarchyConfig(
            publication_url=settings.require("publication_url"),
            root_key_ref=self.text("RootKeyRef", root_key or settings.require("root_key_ref")),
            issuing_key_ref=self.text("KeyRef") if parent else self._first_key(),
            issuing_key_type=self.key_type() or settings.issuer_key_type,
            trust=self._one_of("Trust", Trust) or settings.issuer_trust,
            shards=self._shards(),
            parent=_parent_of(parent) if parent else "",
            **named,
        )

    def wish(self) -> ImportWish:
        """What is to be taken in."""
        return ImportWish(
            issuer_id=self.text("IssuerId"),
            key_ref=self.key_ref(),
            certificate=self.text("Certificate"),
            chain=self.text("Chain"),
            trust=self._one_of("Trust", Trust) or self._settings.issuer_trust,
            shards=self._shards(),
        )

    def _first_key(self) -> str:
        return self.text("KeyRef", self._settings.require("issuing_key_ref"))

    def _shards(self) -> int:
        text = self.text("Shards", str(self._settings.crl_shards))
        if not text.isdecimal() or not 1 <= int(text) <= 256:  # noqa: PLR2004
            raise invalid(Flaw("Shards", "must be a number from 1 to 256"))
        return int(text)

    def _one_of[T: StrEnum](self, name: str, kind: type[T]) -> T | None:
        if name not in self._said:
            return None
        try:
            return kind(str(self._said[name]))
        except ValueError:
            raise invalid(Flaw(name, f"must be one of {', '.join(kind)}")) from None


def _parent_of(issuer: Issuer) -> str:
    """The issuer that the root was made with; its id is in the root's."""
    return issuer.root_id.removeprefix("root-") or issuer.issuer_id


def _inherited(parent: Issuer) -> dict[str, str]:
    """Country and organization of the root, unless others are said."""
    subject = x509.load_der_x509_certificate(parent.root).subject
    fields = {"country": x509.NameOID.COUNTRY_NAME, "organization": x509.NameOID.ORGANIZATION_NAME}
    found = {field: subject.get_attributes_for_oid(oid) for field, oid in fields.items()}
    return {field: str(values[0].value) for field, values in found.items() if values}


def made(hierarchy: Hierarchy) -> dict[str, Any]:
    """What came of making or taking in an issuing CA."""
    issuer = hierarchy.issuer
    return {
        "IssuerId": issuer.issuer_id,
        "State": issuer.state.value,
        "NotAfter": issuer.not_after.isoformat(),
        "MadeNow": "true" if hierarchy.made_now else "false",
    }


def row(issuer: Issuer, now: datetime) -> dict[str, Any]:
    """An issuer as an operator reads it."""
    certificate = x509.load_der_x509_certificate(issuer.certificate)
    return {
        "IssuerId": issuer.issuer_id,
        "State": issuer.state.value,
        "SignsNow": signs_at(issuer, now),
        "Trust": issuer.trust.value,
        "Serves": list(issuer.serves) or ["everything"],
        "From": issuer.since.isoformat(),
        "Subject": certificate.subject.rfc4514_string(),
        "Issuer": certificate.issuer.rfc4514_string(),
        "NotBefore": certificate.not_valid_before_utc.isoformat(),
        "NotAfter": issuer.not_after.isoformat(),
        "KeyType": issuer.key_type.value,
        "KeyRef": issuer.key_ref,
        "Shards": issuer.shards,
    } | _revocation(issuer)


def _revocation(issuer: Issuer) -> dict[str, Any]:
    if issuer.revoked_at is None or issuer.revoked_for is None:
        return {}
    return {"RevokedAt": issuer.revoked_at.isoformat(), "Reason": issuer.revoked_for.value}
