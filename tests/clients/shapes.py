"""Requests as other clients send them, with what those clients read from the answers.

Written from the clients' public sources, field by field: zero values of Go, omitted nulls of
Json.NET, numbers as text, filters unescaped in the query, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


def _get(client: str, path: str, reads: Reads | None = None) -> Exchange:
    return Exchange(client=client, method="GET", path=path, reads=reads or {})


_GO_DIGICERT = (
    _get(
        "go-digicert",
        "user/me",
        {"id": int, "username": str, "container.id": int, "access_roles": list},
    ),
    _get("go-digicert", "order/certificate", ROW),
    _get(
        "go-digicert",
        "order/certificate/{order}",
        {"id": int, "validity_years": int, "certificate.id": int},
    ),
    _get(
        "go-digicert",
        "certificate/{certificate}/chain",
        {"intermediates.0.subject_common_name": str, "intermediates.2.pem": str},
    ),
    _get(
        "go-digicert",
        "organization",
        {"organizations.0.id": int, "organizations.0.name": str},
    ),
)
_VENAFI = (
    _get(
        "Venafi connector",
        "product",
        {
            "products.0.name_id": str,
            "products.0.name": str,
            "products.0.type": str,
            "products.0.signature_hash_types.allowed_hash_types.0.id": str,
            "products.0.signature_hash_types.default_hash_type_id": str,
        },
    ),
    _get(
        "Venafi connector",
        "order/certificate?filters[product_name_id]={product}&filters[status]=issued"
        "&limit=10&offset=0&sort=order_id",
        {**ROW, **PAGE, "page.limit": int},
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
    _get(
        "Infisical",
        "order/certificate/{order}",
        {"id": int, "status": str, "certificate.id": int, "dcv_method": str},
    ),
    Exchange(
        client="Infisical",
        method="PUT",
        path="order/certificate/{order}/check-dcv",
        body=b"null",
        reads={"order_status": str, "certificate_id": int, "dns_name_validations.0.status": str},
    ),
    _get(
        "Infisical",
        "order/certificate/status-changes?seconds=86400",
        {"orders.0.order_id": int, "orders.0.certificate_id": int, "orders.0.status": str},
    ),
    _get("Infisical", "organization/{organization}/validation"),
)
_KEYFACTOR = (
    _get(
        "Keyfactor",
        "domain?include_validation=False",
        {"domains": list},
    ),
    _get(
        "Keyfactor",
        "product/{product}",
        {
            "name_id": str,
            "type": str,
            "additional_dns_names_allowed": bool,
            "signature_hash_types.default_hash_type_id": str,
            "allowed_validity_years": list,
            "csr_required": bool,
        },
    ),
    _get("Keyfactor", "account/metadata"),
    _get(
        "Keyfactor",
        "container",
        {"containers.0.id": int, "containers.0.name": str, "containers.0.is_active": bool},
    ),
    _get(
        "Keyfactor",
        "organization?container_id={container}&include_validation=false",
        {"organizations.0.id": int, "organizations.0.is_active": bool},
    ),
    _get(
        "Keyfactor",
        "order/certificate?limit=1000&offset=0&filters[valid_till]=>2026-01-01",
        {**ROW, **PAGE, "orders.0.validity_years": int, "orders.0.has_duplicates": bool},
    ),
    _get(
        "Keyfactor",
        "order/certificate/{order}",
        {
            "certificate.id": int,
            "certificate.ca_cert.id": str,
            "product.name_id": str,
            "container.id": int,
            "requests": list,
            "order_valid_till": str,
        },
    ),
    _get(
        "Keyfactor",
        "order/certificate/{order}/reissue",
        {"certificates": list},
    ),
    _get(
        "Keyfactor",
        "order/certificate/{order}/duplicate",
        {"certificates": list},
    ),
    _get("Keyfactor", "request?status=pending", {"requests": list}),
    _get(
        "Keyfactor metadata sync",
        "order/certificate?filters[serial_number]={serial}&limit=1",
        {"orders.0.id": int, "page.total": int},
    ),
)
_TERRAFORM = (
    _get(
        "terraform-provider-st-digicert",
        "order/certificate?filters[status]=issued&sort=-date_created&filters[common_name]={name}",
        ROW,
    ),
    _get(
        "terraform-provider-st-digicert",
        "order/certificate/{order}",
        {"order_valid_till": str, "is_renewed": bool, "certificate.valid_till": str},
    ),
    _get(
        "terraform-provider-st-digicert",
        "certificate/intermediates",
        {"intermediates.0.subject_common_name": str},
    ),
)
_OTHERS = (
    _get(
        "digicert-client for Python 2",
        "organization?container_id={container}",
        {"organizations": list},
    ),
    _get(
        "sapcc go-certcentral",
        "organization",
        {"organizations.0.status": str, "organizations.0.zip": str},
    ),
)

EXCHANGES = (*_GO_DIGICERT, *_VENAFI, *_INFISICAL, *_KEYFACTOR, *_TERRAFORM, *_OTHERS)
