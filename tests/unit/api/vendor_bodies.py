"""Bodies as real clients send them."""

from __future__ import annotations

import base64
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.unit.api.material import pem_csr

CSR = pem_csr("example.com")
DER = x509.load_pem_x509_csr(CSR.encode()).public_bytes(Encoding.DER)


def _lemur() -> dict[str, Any]:
    """No method, an organization by number, and a hint when it is private."""
    return {
        "certificate": {
            "common_name": "example.com",
            "dns_names": ["example.com", "www.example.com"],
            "csr": CSR,
            "signature_hash": "sha256",
        },
        "organization": {"id": 111111},
        "custom_expiration_date": "2027-05-01",
        "product": {"type_hint": "private"},
    }


def _sapcc() -> dict[str, Any]:
    """Every field of a Go structure, set or not."""
    contact = {"first_name": "", "last_name": "", "email": "", "telephone": "", "job_title": ""}
    return {
        "id": 0,
        "date_created": "0001-01-01T00:00:00Z",
        "certificate": {
            "common_name": "example.com",
            "dns_names": ["www.example.com"],
            "csr": CSR,
            "signature_hash": "sha256",
            "server_platform": {"id": 57, "name": "", "install_url": "", "csr_url": ""},
            "organization_units": [],
            "ca_cert_id": "",
            "date_created": "0001-01-01T00:00:00Z",
        },
        "order_validity": {"years": 1, "days": 0, "custom_expiration_date": ""},
        "organization": {
            "id": 0,
            "name": "",
            "display_name": "",
            "is_active": False,
            "zip": "",
            "container": {"id": 0, "name": "", "is_active": False},
            "organization_contact": contact,
        },
        "container": {"id": 0},
        "payment_method": "balance",
        "dcv_method": "dns-txt-token",
        "skip_approval": True,
        "disable_renewal_notifications": True,
        "comments": "",
    }


def _keyfactor() -> dict[str, Any]:
    """Ids as texts, zeros kept, an expiration date as a local date-time with a fraction."""
    return {
        "certificate": {
            "common_name": "example.com",
            "dns_names": ["www.example.com"],
            "csr": CSR,
            "signature_hash": "sha256",
            "ca_cert_id": "DF3689F672CCB90C",
            "profile_option": "server_client_auth_eku",
        },
        "organization": {"id": "117483"},
        "validity_years": 0,
        "renewal_of_order_id": 0,
        "custom_expiration_date": "2027-03-01T13:45:30.1234567+09:00",
        "dcv_method": "dns-txt-token",
        "skip_approval": True,
    }


def _venafi() -> dict[str, Any]:
    """The request on one line, and a field of code signing left empty."""
    return {
        "certificate": {
            "common_name": "example.com",
            "dns_names": ["www.example.com"],
            "csr": CSR.replace("\r", "").replace("\n", ""),
            "signature_hash": "sha256",
            "server_platform": {"id": -1},
        },
        "cs_provisioning_method": "",
        "order_validity": {"days": 365},
        "organization": {"id": 117483},
        "dcv_method": "dns-txt-token",
    }


def _a2c() -> dict[str, Any]:
    """The bare request, base64url with padding."""
    padded = base64.urlsafe_b64encode(DER).decode()
    return {
        "certificate": {
            "common_name": "example.com",
            "dns_names": ["example.com", "www.example.com"],
            "csr": padded,
            "signature_hash": "sha256",
            "server_platform": {"id": 34},
        },
        "order_validity": {"years": 1},
        "organization": {"id": 117483, "name": "Example Ltd"},
        "skip_approval": True,
    }


def _tf_st() -> dict[str, Any]:
    """Zeros for what was not said."""
    return {
        "certificate": {
            "common_name": "example.com",
            "dns_names": ["www.example.com"],
            "csr": CSR,
            "signature_hash": "sha256",
            "ca_cert_id": "",
            "organization_units": None,
            "server_platform": {"id": 2},
        },
        "organization": {"id": 0},
        "order_validity": {"years": 1, "days": 0, "custom_expiration_date": ""},
        "dcv_method": "dns-txt-token",
        "payment_method": "balance",
        "renewal_of_order_id": 0,
        "auto_renew": 0,
        "auto_reissue": 0,
    }


def _ribose() -> dict[str, Any]:
    """Zip code and telephone as numbers."""
    return {
        "certificate": {
            "organization_units": ["Developer Operations"],
            "server_platform": {"id": 45},
            "profile_option": None,
            "csr": CSR.replace("\n", "\r\n"),
            "common_name": "example.com",
            "signature_hash": "sha256",
        },
        "organization": {
            "id": 117483,
            "zip": 94107,
            "telephone": 15559158000,
            "organization_contact": {"telephone": 15559158000, "telephone_extension": 12},
        },
        "validity_years": 1,
        "auto_renew": 10,
        "renewal_of_order_id": 314152,
        "dcv_method": "dns-txt-token",
        "custom_renewal_message": "Keep this renewed",
        "disable_renewal_notifications": False,
    }


def _dc_py() -> dict[str, Any]:
    """The vendor's own old client."""
    return {
        "certificate": {
            "common_name": "example.com",
            "csr": CSR,
            "signature_hash": "sha256",
            "dns_names": ["www.example.com"],
            "server_platform": {"id": -1},
        },
        "validity_years": 1,
        "organization": {"id": 5153184},
        "dcv_method": "dns-txt-token",
    }


CLIENTS: dict[str, dict[str, Any]] = {
    "lemur": _lemur(),
    "sapcc": _sapcc(),
    "keyfactor": _keyfactor(),
    "venafi": _venafi(),
    "acme2certifier": _a2c(),
    "tf-st": _tf_st(),
    "ribose": _ribose(),
    "dc-py": _dc_py(),
}
#: Those that name no method: they order what was proven before.
WITHOUT_METHOD = frozenset({"lemur", "acme2certifier"})
