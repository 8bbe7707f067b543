"""The body with which a managed key is taken out of the service."""

from __future__ import annotations

from pydantic import Field

from .liberal import Anything, Part, Switch, Word


class KeyExportBody(Part):
    """POST certificate/{certificate_id}/private_key/export."""

    format: Word = Field(None, description="pkcs12 or pem. Required.")
    passphrase: Anything = Field(
        None,
        description="12 to 128 printable ASCII characters, 5 different ones at least. Required.",
        json_schema_extra={"type": "string", "format": "password", "writeOnly": True},
    )
    compatible: Switch = Field(
        None, description="true: a PKCS #12 file for programs that know no AES in it."
    )
