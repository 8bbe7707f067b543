"""The bodies operators send about blocked keys and bulk revocations."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from .liberal import Anything, LongText, Number, Part, Switch, Text, Texts, Word


def _nothing(value: object) -> object:
    return value or None


class BlockKeyBody(Part):
    """POST operator/blocked-key: the key in one of three ways."""

    spki_sha256: Word = Field(None, description="64 hexadecimal digits.")
    csr: LongText = Field(None, description="A certificate request by that key.")
    certificate_id: Number = Field(None, description="A certificate with that key.")
    reason: Text = Field(None, description="How it is known; 500 characters at most. Required.")


class BulkFilter(Part):
    """Which certificates: serials, or ids, or by account, issuer and time of issue."""

    serials: Texts = Field(default_factory=list, description="Hexadecimal; 500 at most.")
    certificate_ids: Anything = Field(
        None,
        description="500 at most.",
        json_schema_extra={"type": "array", "items": {"type": "integer"}},
    )
    account_id: Number = None
    issuer_id: Text = None
    issued_from: Text = Field(None, description="A moment: 2026-11-21T12:00:00Z.")
    issued_to: Text = Field(None, description="A moment. Default: now.")


class BulkRevocationBody(Part):
    """POST operator/bulk-revocation: a preview, or with its token the execution."""

    filter: Annotated[BulkFilter | None, BeforeValidator(_nothing)] = None
    reason: Word = Field(
        None,
        description="unspecified, keyCompromise, affiliationChanged, superseded,"
        " cessationOfOperation, privilegeWithdrawn. Required for a preview.",
    )
    comments: Text = Field(
        None, description="Told to customers; 500 characters at most. Required for a preview."
    )
    preview: Switch = Field(None, description="true: nothing is revoked. Required without a token.")
    token: Text = Field(None, description="The preview's: what it showed is what is revoked.")
