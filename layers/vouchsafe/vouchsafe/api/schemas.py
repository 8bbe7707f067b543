"""The bodies clients send, as documented models. What they mean is decided in `reading`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from .liberal import Anything, LongText, Number, Part, Switch, Text, Texts, Word


def _nothing(value: object) -> object:
    """An object that says nothing is none at all."""
    return value or None


class Platform(Part):
    """The server software a certificate is meant for."""

    id: Number = None


class Validity(Part):
    """A duration: custom_expiration_date beats days, days beat years. Read in `domain.validity`."""

    years: Anything = Field(None, json_schema_extra={"type": "integer"})
    days: Anything = Field(None, json_schema_extra={"type": "integer"})
    custom_expiration_date: Anything = Field(
        None, json_schema_extra={"type": "string", "format": "date"}
    )


_Platform = Annotated[Platform | None, BeforeValidator(_nothing)]
_Validity = Annotated[Validity | None, BeforeValidator(_nothing)]


class CertificatePart(Part):
    """What the certificate shall be."""

    common_name: LongText = Field(None, description="A DNS name, or a wildcard name. Required.")
    dns_names: Texts = Field(default_factory=list, description="Further names, 250 in all.")
    csr: LongText = Field(
        None,
        description="PKCS #10: PEM, or base64 or base64url DER. Required, except for cloud_basic.",
    )
    signature_hash: Word = Field(None, description="sha256, sha384 or sha512.")
    server_platform: _Platform = None
    organization_units: Anything = None
    ca_cert_id: Anything = None
    profile_option: Anything = None
    skip_approval: Switch = Field(None, description="The same as beside `certificate`.")
    cert_validity: _Validity = Field(None, description="Shortens this certificate only.")


class OrderBody(Part):
    """POST order/certificate/{product}."""

    certificate: Annotated[CertificatePart | None, BeforeValidator(_nothing)] = None
    order_validity: _Validity = Field(None, description="The order's term; beats the old fields.")
    validity_years: Anything = Field(None, json_schema_extra={"type": "integer"})
    validity_days: Anything = Field(None, json_schema_extra={"type": "integer"})
    custom_expiration_date: Anything = Field(
        None, json_schema_extra={"type": "string", "format": "date"}
    )
    dcv_method: Word = Field(
        None, description="email (default), dns-txt-token, dns-cname-token or http-token."
    )
    certificate_name: Text = Field(
        None,
        description="3 to 20 letters, digits, hyphens, a letter first; unique in the account."
        " Required for advanced_dv, advanced_ov and cloud_basic.",
    )
    dcv_emails: Anything = None
    organization: Anything = Field(
        None,
        description="Required for OV and EV: the id of one, or a whole organization as in POST"
        " organization. It is submitted for validation with the order.",
    )
    container: Anything = None
    product: Anything = None
    comments: Text = None
    processor_comment: Text = None
    custom_fields: Anything = None
    locale: Word = Field(None, description="en, ko … with or without a country.")
    payment_method: Word = Field(None, description="balance, card, profile or wire_transfer.")
    disable_renewal_notifications: Switch = None
    additional_emails: Texts = Field(default_factory=list)
    skip_approval: Switch = None
    auto_renew: Anything = None
    auto_reissue: Anything = None
    custom_renewal_message: Text = None
    renewal_of_order_id: Number = None
    renewed_thumbprint: Text = None
    alternative_order_id: Text = None
    technical_contact: Anything = None
    disable_ct: Switch = None
    certificate_dcv_scope: Anything = None
    cs_provisioning_method: Anything = None


class AgainBody(Part):
    """POST order/certificate/{id}/reissue and …/duplicate. A reissue names all its names again."""

    certificate: Annotated[CertificatePart | None, BeforeValidator(_nothing)] = None
    comments: Text = None
    skip_approval: Switch = None
    order_id: Anything = None
    order_validity: Anything = None
    dcv_method: Anything = None
    store_reissue_as_duplicate: Anything = None


class ReplaceCsrBody(Part):
    """POST order/certificate/{id}/csr."""

    csr: LongText = Field(None, description="As in an order. Required.")


class ReorderBody(Part):
    """POST order/certificate/{id}/reorder."""

    skip_approval: Switch = None


class StatusBody(Part):
    """PUT order/certificate/{id}/status."""

    status: Word = Field(None, description="CANCELED")
    note: Text = None
    send_emails: Switch = None


class MethodBody(Part):
    """PUT order/certificate/{id}/dcv-method."""

    dcv_method: Word = Field(
        None, description="email, dns-txt-token, dns-cname-token or http-token. Required."
    )
    dcv_emails: Anything = None


class CsrBody(Part):
    """POST csr/validate. `certificate` may hold csr and names, as in an order."""

    csr: LongText = Field(None, description="As in an order. Required.")
    common_name: LongText = Field(None, description="What CN is held against.")
    dns_names: Texts = Field(default_factory=list)
    product_name_id: Text = Field(None, description="Whose rules; those of advanced_dv by default.")
    organization: Anything = Field(
        None, description="name, english_name, country, state, city: what the subject must say."
    )
    certificate: Annotated[CertificatePart | None, BeforeValidator(_nothing)] = None


def _bare_names(value: object) -> object:
    """Rows as the answer has them, `{"dns_name": …}`, are read as their names."""
    if not isinstance(value, list):
        return value
    return [row.get("dns_name", row) if isinstance(row, dict) else row for row in value]


_Names = Annotated[Texts, BeforeValidator(_bare_names)]


class CheckBody(Part):
    """PUT order/certificate/{id}/check-dcv: the names to report on; all when none are given."""

    dns_name_validations: _Names = Field(default_factory=list)
    dns_names_validations: _Names = Field(default_factory=list)


class RevokeBody(Part):
    """PUT certificate/{id}/revoke and order/certificate/{id}/revoke."""

    revocation_reason: Word = Field(
        None,
        description="unspecified (default), keyCompromise, affiliationChanged, superseded,"
        " cessationOfOperation.",
    )
    comments: Text = None
    comment: Text = None
    skip_approval: Switch = None


class DecisionBody(Part):
    """PUT request/{id}/status."""

    status: Word = Field(None, description="approved or rejected")
    processor_comment: Text = None
