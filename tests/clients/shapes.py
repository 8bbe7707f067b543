"""Requests as other clients send them, with what those clients read from the answers.

Written from the clients' public sources, field by field: zero values of Go, omitted nulls of
Json.NET, numbers as text, filters unescaped in the query, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

#: A place in an answer ("orders.0.id") and the JSON type that the client's decoder insists on.
Reads = Mapping[str, type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request of one client. `path` and `body` may name the things of `Facts` in braces."""

    client: str
    method: str
    path: str
    body: Any = None  # bytes are sent as they are
    status: int = 200
    reads: Reads = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.client}: {self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the requests are about: an issued order, a waiting one, and a request's parts."""

    name: str
    csr: str
    product: str
    order: int
    certificate: int
    serial: str
    organization: int
    container: int

    def filled(self, text: str) -> str:
        """The text with every {fact} replaced."""
        return text.format(**{each: getattr(self, each) for each in self.__dataclass_fields__})

    @property
    def one_line_csr(self) -> str:
        """The request with all line breaks removed, armour and all."""
        return self.csr.replace("\r", "").replace("\n", "")


CHAIN: Reads = {
    "certificate_chain.0.subject_common_name": str,
    "certificate_chain.0.pem": str,
    "certificate_chain.2.pem": str,
}
PLACED: Reads = {"id": int, "certificate_id": int, **CHAIN}
PAGE: Reads = {"page.total": int, "page.offset": int}
ROW: Reads = {
    "orders.0.id": int,
    "orders.0.status": str,
    "orders.0.certificate.id": int,
    "orders.0.certificate.common_name": str,
    "orders.0.certificate.valid_till": str,
    "orders.0.date_created": str,
    "orders.0.is_renewed": bool,
    "orders.0.product.name_id": str,
    "orders.0.container.id": int,
}


def orders_of(facts: Facts) -> dict[str, dict[str, Any]]:
    """Each client's body of an order for a name that is proven already."""
    today = datetime.now(UTC)
    day = (today + timedelta(days=60)).strftime("%Y-%m-%d")
    names = [facts.name]
    return {
        "go-digicert": {
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
        },
        "Venafi connector": {
            "certificate": {
                "common_name": facts.name,
                "dns_names": names,
                "csr": facts.one_line_csr,
                "server_platform": {"id": -1},
                "signature_hash": "sha256",
                "cs_provisioning_method": "",
            },
            "organization": {"id": facts.organization},
            "custom_expiration_date": day,
        },
        "Infisical": {
            "certificate": {
                "common_name": facts.name,
                "dns_names": names,
                "csr": facts.csr,
                "signature_hash": "sha256",
            },
            "organization": {"id": facts.organization},
            "order_validity": {"days": 60},
            "dcv_method": "dns-txt-token",
            "skip_approval": True,
        },
        "Keyfactor": {
            "certificate": {
                "common_name": facts.name,
                "dns_names": names,
                "csr": facts.csr,
                "server_platform": {"id": "-1"},
                "signature_hash": "sha256",
            },
            "organization": {"id": str(facts.organization)},
            "validity_years": 0,
            "custom_expiration_date": f"{day}T09:30:15.1234567+09:00",
            "disable_renewal_notifications": False,
            "renewal_of_order_id": 0,
            "dcv_method": "dns-txt-token",
            "container": {"id": facts.container},
            "custom_fields": [],
            "skip_approval": False,
        },
        "terraform-provider-st-digicert": {
            "certificate": {
                "certificate_id": 0,
                "organization": {"id": 0},
                "common_name": facts.name,
                "dns_names": names,
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
        },
        "sapcc go-certcentral": {
            "certificate": {
                "common_name": facts.name,
                "dns_names": names,
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
        },
        "digicert-client for Python 2": {
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
        },
    }


_GO_DIGICERT = (
    Exchange(
        client="go-digicert",
        method="GET",
        path="user/me",
        reads={"id": int, "username": str, "container.id": int, "access_roles": list},
    ),
    Exchange(client="go-digicert", method="GET", path="order/certificate", reads=ROW),
    Exchange(
        client="go-digicert",
        method="GET",
        path="order/certificate/{order}",
        reads={"id": int, "validity_years": int, "certificate.id": int},
    ),
    Exchange(
        client="go-digicert",
        method="GET",
        path="certificate/{certificate}/chain",
        reads={"intermediates.0.subject_common_name": str, "intermediates.2.pem": str},
    ),
    Exchange(
        client="go-digicert",
        method="GET",
        path="organization",
        reads={"organizations.0.id": int, "organizations.0.name": str},
    ),
)
_VENAFI = (
    Exchange(
        client="Venafi connector",
        method="GET",
        path="product",
        reads={
            "products.0.name_id": str,
            "products.0.name": str,
            "products.0.type": str,
            "products.0.signature_hash_types.allowed_hash_types.0.id": str,
            "products.0.signature_hash_types.default_hash_type_id": str,
        },
    ),
    Exchange(
        client="Venafi connector",
        method="GET",
        path="order/certificate?filters[product_name_id]={product}&filters[status]=issued"
        "&limit=10&offset=0&sort=order_id",
        reads={**ROW, **PAGE, "page.limit": int},
    ),
    Exchange(
        client="Venafi connector",
        method="PUT",
        path="certificate/{serial}/revoke",
        body={"reason": "superseded", "comment": ""},
        status=201,
        reads={"id": int, "status": str},
    ),
)
_INFISICAL = (
    Exchange(
        client="Infisical",
        method="GET",
        path="order/certificate/{order}",
        reads={"id": int, "status": str, "certificate.id": int, "dcv_method": str},
    ),
    Exchange(
        client="Infisical",
        method="PUT",
        path="order/certificate/{order}/check-dcv",
        body=b"null",
        reads={"order_status": str, "certificate_id": int, "dns_name_validations.0.status": str},
    ),
    Exchange(
        client="Infisical",
        method="GET",
        path="order/certificate/status-changes?seconds=86400",
        reads={"orders.0.order_id": int, "orders.0.certificate_id": int, "orders.0.status": str},
    ),
    Exchange(client="Infisical", method="GET", path="organization/{organization}/validation"),
)
_KEYFACTOR = (
    Exchange(
        client="Keyfactor",
        method="GET",
        path="domain?include_validation=False",
        reads={"domains": list},
    ),
    Exchange(
        client="Keyfactor",
        method="GET",
        path="product/{product}",
        reads={
            "name_id": str,
            "type": str,
            "additional_dns_names_allowed": bool,
            "signature_hash_types.default_hash_type_id": str,
            "allowed_validity_years": list,
            "csr_required": bool,
        },
    ),
    Exchange(client="Keyfactor", method="GET", path="account/metadata"),
    Exchange(
        client="Keyfactor",
        method="GET",
        path="container",
        reads={"containers.0.id": int, "containers.0.name": str, "containers.0.is_active": bool},
    ),
    Exchange(
        client="Keyfactor",
        method="GET",
        path="organization?container_id={container}&include_validation=false",
        reads={"organizations.0.id": int, "organizations.0.is_active": bool},
    ),
    Exchange(
        client="Keyfactor",
        method="GET",
        path="order/certificate?limit=1000&offset=0&filters[valid_till]=>2026-01-01",
        reads={**ROW, **PAGE, "orders.0.validity_years": int, "orders.0.has_duplicates": bool},
    ),
    Exchange(
        client="Keyfactor",
        method="GET",
        path="order/certificate/{order}",
        reads={
            "certificate.id": int,
            "certificate.ca_cert.id": str,
            "product.name_id": str,
            "container.id": int,
            "requests": list,
            "order_valid_till": str,
        },
    ),
    Exchange(
        client="Keyfactor",
        method="GET",
        path="order/certificate/{order}/reissue",
        reads={"certificates": list},
    ),
    Exchange(
        client="Keyfactor",
        method="GET",
        path="order/certificate/{order}/duplicate",
        reads={"certificates": list},
    ),
    Exchange(
        client="Keyfactor", method="GET", path="request?status=pending", reads={"requests": list}
    ),
    Exchange(
        client="Keyfactor metadata sync",
        method="GET",
        path="order/certificate?filters[serial_number]={serial}&limit=1",
        reads={"orders.0.id": int, "page.total": int},
    ),
)
_TERRAFORM = (
    Exchange(
        client="terraform-provider-st-digicert",
        method="GET",
        path="order/certificate?filters[status]=issued&sort=-date_created"
        "&filters[common_name]={name}",
        reads=ROW,
    ),
    Exchange(
        client="terraform-provider-st-digicert",
        method="GET",
        path="order/certificate/{order}",
        reads={"order_valid_till": str, "is_renewed": bool, "certificate.valid_till": str},
    ),
    Exchange(
        client="terraform-provider-st-digicert",
        method="GET",
        path="certificate/intermediates",
        reads={"intermediates.0.subject_common_name": str},
    ),
)
_OTHERS = (
    Exchange(
        client="digicert-client for Python 2",
        method="GET",
        path="organization?container_id={container}",
        reads={"organizations": list},
    ),
    Exchange(
        client="sapcc go-certcentral",
        method="GET",
        path="organization",
        reads={"organizations.0.status": str, "organizations.0.zip": str},
    ),
)

EXCHANGES = (*_GO_DIGICERT, *_VENAFI, *_INFISICAL, *_KEYFACTOR, *_TERRAFORM, *_OTHERS)
