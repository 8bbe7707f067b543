"""The bodies of notes and custom fields, as documented models."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from .liberal import Number, Part, Text, Word


class NoteBody(Part):
    """POST order/certificate/{id}/note."""

    text: Text = Field(None, description="At most 1000 characters.")
    note: Text = Field(None, description="The same under another name.")


class CustomFieldBody(Part):
    """POST order/certificate/{id}/custom-field."""

    metadata_id: Number = Field(None, description="The custom field's id. Required.")
    value: Any = Field(None, description="A text or a number, as the field's data_type says.")


class MetadataBody(Part):
    """POST account/metadata and PUT account/metadata/{id}."""

    label: Text = Field(None, description="Its name, once in the account. Required.")
    is_required: bool | None = None  # false is an answer here, not a blank
    is_active: bool | None = None
    data_type: Word = Field(
        None, description="anything (default), text, int, email_address or email_list."
    )
    description: Text = None


class MetadataListBody(Part):
    """POST account/metadata/bulk."""

    metadata: list[MetadataBody] = Field(default_factory=list)
