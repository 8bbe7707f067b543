"""Contacts as JSON between the function that looks them up and those who ask for them."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from .authorization import Contact, ContactSource, DnssecStatus, PerspectiveVerdict


def contact_to_json(contact: Contact) -> dict[str, Any]:
    """Plain JSON values."""
    looked_at = contact.looked_at.isoformat() if contact.looked_at else None
    plain = {"source": str(contact.source), "dnssec": str(contact.dnssec), "looked_at": looked_at}
    return asdict(contact) | plain


def contact_from_json(data: Any) -> Contact:
    """The contact in `data`. Raises KeyError, TypeError or ValueError for another shape."""
    known = {each.name: data[each.name] for each in fields(Contact)}
    looked_at = known["looked_at"]
    return Contact(
        **known
        | {
            "source": ContactSource(known["source"]),
            "dnssec": DnssecStatus(known["dnssec"]),
            "looked_at": datetime.fromisoformat(looked_at) if looked_at else None,
            "perspectives": tuple(PerspectiveVerdict(**each) for each in known["perspectives"]),
        }
    )
