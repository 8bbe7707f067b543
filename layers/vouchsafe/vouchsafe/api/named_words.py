"""Whom a certificate names."""

from __future__ import annotations

from typing import Any

from ..domain.certificate import Certificate


def named_words(certificate: Certificate) -> dict[str, Any] | None:
    """Number and name of the organization in the subject, as that was validated; None for DV."""
    named = certificate.named
    if named is None or named.validation.identity is None:
        return None
    return {"id": named.organization_id, "name": named.validation.identity.name}
