"""Orders as other clients write them, for a name that is proven already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.clients.shapes import Facts


def _day() -> str:
    """A day two months from now."""
    return (datetime.now(UTC) + timedelta(days=60)).strftime("%Y-%m-%d")


def _go_digicert(facts: Facts) -> dict[str, Any]:
    """Go's zero values; a null list."""
    return {
        "certificate": {
            "common_name": facts.name,
            "csr": facts.csr,
            "server_platform": {"id": 0},
            "signature_hash": "sha256",
        },
        "validity_years": 1,
        "disable_renewal_notifications": False,
        "payment_method": "balance",
        "skip_approval": False,
        "disable_ct": False,
        "organization": {"id": facts.organization, "contacts": None},
        "container": {"id": 0},
    }


def _venafi(facts: Facts) -> dict[str, Any]:
    """All line breaks taken out of the request."""
    return {
        "certificate": {
            "common_name": facts.name,
            "dns_names": [facts.name],
            "csr": "".join(facts.csr.splitlines()),
            "server_platform": {"id": -1},
            "signature_hash": "sha256",
            "cs_provisioning_method": "",
        },
        "organization": {"id": facts.organization},
        "custom_expiration_date": _day(),
    }


def _infisical(facts: Facts) -> dict[str, Any]:
    """The current form of the term."""
    return {
        "certificate": {
            "common_name": facts.name,
            "dns_names": [facts.name],
            "csr": facts.csr,
            "signature_hash": "sha256",
        },
        "organization": {"id": facts.organization},
        "order_validity": {"days": 60},
        "dcv_method": "dns-txt-token",
        "skip_approval": True,
    }


def _keyfactor(facts: Facts) -> dict[str, Any]:
    """Ids as text, a local moment as the day, a zero beside it."""
    return {
        "certificate": {
            "common_name": facts.name,
            "dns_names": [facts.name],
            "csr": facts.csr,
            "server_platform": {"id": "-1"},
            "signature_hash": "sha256",
        },
        "organization": {"id": str(facts.organization)},
        "validity_years": 0,
        "custom_expiration_date": f"{_day()}T09:30:15.1234567+09:00",
        "disable_renewal_notifications": False,
        "renewal_of_order_id": 0,
        "dcv_method": "dns-txt-token",
        "container": {"id": facts.container},
        "custom_fields": [],
        "skip_approval": False,
    }


def _terraform(facts: Facts) -> dict[str, Any]:
    """The fields of an answer sent along, empty."""
    return {
        "certificate": {
            "certificate_id": 0,
            "organization": {"id": 0},
            "common_name": facts.name,
            "dns_names": [facts.name],
            "csr": facts.csr,
            "signature_hash": "sha256",
            "ca_cert_id": facts.product,
            "certificate_chain": None,
            "errors": None,
        },
        "organization": {"id": facts.organization},
        "order_validity": {"days": 397},
        "payment_method": "balance",
        "renewal_of_order_id": 0,
        "dcv_method": "dns-txt-token",
    }


def _go_certcentral(facts: Facts) -> dict[str, Any]:
    """A whole organization of blanks around its id."""
    return {
        "certificate": {
            "common_name": facts.name,
            "dns_names": [facts.name],
            "csr": facts.csr,
            "server_platform": {"id": 57},
            "signature_hash": "sha256",
            "organization_units": ["Containers"],
        },
        "organization": {
            "id": facts.organization,
            "status": "",
            "name": "",
            "address": "",
            "city": "",
            "state": "",
            "zip": "",
            "country": "",
        },
        "validity_years": 1,
        "payment_method": "balance",
        "skip_approval": True,
        "id": 0,
        "container": {"id": 0},
        "date_created": "0001-01-01T00:00:00Z",
    }


def _python_2(facts: Facts) -> dict[str, Any]:
    """The first client there was; its own fields travel along."""
    return {
        "certificate": {
            "common_name": facts.name,
            "csr": facts.csr,
            "organization_units": [],
            "server_platform": {"id": -1},
            "signature_hash": "sha256",
        },
        "organization": {"id": facts.organization},
        "validity_years": 1,
        "certificate_type": facts.product,
    }


#: By client: the body of its order.
ORDERS: Mapping[str, Callable[[Facts], dict[str, Any]]] = {
    "go-digicert": _go_digicert,
    "Venafi connector": _venafi,
    "Infisical": _infisical,
    "Keyfactor": _keyfactor,
    "terraform-provider-st-digicert": _terraform,
    "sapcc go-certcentral": _go_certcentral,
    "digicert-client for Python 2": _python_2,
}
