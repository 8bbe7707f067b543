"""Bodies as the vendor's guide prints them: each lacks one comma."""

from __future__ import annotations

import json

from tests.unit.api.vendor_bodies import CSR

#: The guide's order; `{comma}` stands where its print lacks one.
_PRINTED_ORDER = """{
    "certificate": {
        "common_name": "example.com",
        "dns_names": ["sub.example.com", "app.example.com"],
        "csr": "<csr>",
        "server_platform": {"id": 45},
        "signature_hash": "sha256",
        "organization_units": ["Accounting department"]
    },
    "validity_years": 2,
    "comments": "Message for the approver",
    "disable_renewal_notifications": true,
    "locale": "en",
    "dcv_emails": [
      {"dns_name": "example.com", "email_domain": "example.com", "email": "hostname@example.com"},
      {"dns_name": "sub.example.com", "email_domain": "example.com", "email": "admin@example.com"},
      {"dns_name": "app.example.com", "email_domain": "example.com", "email": "admin@example.com"}
    ]{comma}
    "payment_method": "balance",
    "organization": {
        "name": "Epigyne Unwieldiness llc",
        "assumed_name": "Epigyne Unwieldiness",
        "country": "us",
        "address": "932 Prospect Street",
        "address2": "Floor 08",
        "city": "Minneapolis",
        "state": "mn",
        "zip": "40849",
        "telephone": "666-186-6450",
        "container": {"id": 93288},
        "organization_contact": {
            "first_name": "Gia",
            "last_name": "Booth",
            "job_title": "Clinical Laboratory Technician",
            "email": "gia.booth@inbox.com",
            "telephone": "666-186-6450",
            "telephone_extension": "736"
        }
    },
    "custom_fields": [{"metadata_id": 11, "value": "Invoice #00001"}]
}"""

#: The guide's reissue, likewise.
_PRINTED_REISSUE = """{
  "certificate": {
    "common_name": "example.com",
    "dns_names": ["sub.example.com"],
    "csr": "<csr>",
    "server_platform": {"id": 2},
    "signature_hash": "sha256"{comma}
    "skip_approval": true
  }
}"""


def printed_order(comma: str = "") -> str:
    """The guide's order as printed, or with the comma it lacks."""
    return _filled(_PRINTED_ORDER, comma)


def printed_reissue(comma: str = "") -> str:
    """The guide's reissue as printed, or with the comma it lacks."""
    return _filled(_PRINTED_REISSUE, comma)


def _filled(text: str, comma: str) -> str:
    return text.replace("{comma}", comma).replace('"<csr>"', json.dumps(CSR))
