"""Every route, as data: dispatch, documents and the gateway's definition are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .permissions import Action


class Function(StrEnum):
    """The Lambda functions behind the API, by folder."""

    ORDERS = "orders_api"
    CERTIFICATES = "certificates_api"
    REQUESTS = "requests_api"
    UNKNOWN = "unknown_route"

    @property
    def logical_id(self) -> str:
        """The resource in the template."""
        return "".join(word.title() for word in self.value.split("_")) + "Function"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method on one path. `operation` names the function that answers it: `module.name`.

    `request` and `responses` name models of `schemas` and `answers`; a response without a JSON body
    has its media type, or nothing. `parameters` describe the path's variables and the query.
    """

    method: str
    path: str
    function: Function
    operation: str
    action: Action
    summary: str
    request: str | None = None
    request_optional: bool = False
    responses: Mapping[int, str | None] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def operation_id(self) -> str:
        """A name for generated clients: `orders_place`."""
        return self.operation.replace(".", "_")


_ORDER = {"id": "The order's id."}
_CERTIFICATE = {"id": "The certificate's id."}
_FORMAT = {
    "format": "pem_all, pem_noroot, pem_nointermediate, p7b, cer, apache, default, default_pem"
    " or default_cer."
}
_FILE = "application/octet-stream"

_ORDERS = (
    Route(
        method="POST",
        path="/v2/order/certificate/{id}",
        function=Function.ORDERS,
        operation="orders.place",
        action=Action.ORDER,
        summary="Place an order",
        request="OrderBody",
        responses={201: "PlacedOrder"},
        parameters={"id": "The product's id, for example ssl_dv_geotrust_flex."},
        headers={"Idempotency-Key": "Optional: the same key and body give the same one order."},
    ),
    Route(
        method="GET",
        path="/v2/order/certificate/{id}",
        function=Function.ORDERS,
        operation="orders.read",
        action=Action.LOOK,
        summary="Read an order and how its validation stands",
        responses={200: "OrderInfo"},
        parameters={
            "id": "The order's id, or the SHA-1 thumbprint or serial number of its certificate."
        },
    ),
    Route(
        method="PUT",
        path="/v2/order/certificate/{id}/check-dcv",
        function=Function.ORDERS,
        operation="orders.check",
        action=Action.ORDER,
        summary="Look for the records now",
        request="CheckBody",
        request_optional=True,
        responses={200: "CheckResult"},
        parameters=_ORDER,
    ),
    Route(
        method="PUT",
        path="/v2/order/certificate/{id}/status",
        function=Function.ORDERS,
        operation="orders.change_status",
        action=Action.ORDER,
        summary="Cancel a pending order",
        request="StatusBody",
        responses={204: None},
        parameters=_ORDER,
    ),
    Route(
        method="GET",
        path="/v2/user/me",
        function=Function.ORDERS,
        operation="directory.me",
        action=Action.IDENTIFY,
        summary="Who am I",
        responses={200: "Person"},
    ),
    Route(
        method="GET",
        path="/v2/product",
        function=Function.ORDERS,
        operation="directory.products",
        action=Action.IDENTIFY,
        summary="What can be ordered",
        responses={200: "ProductList"},
    ),
)

_CERTIFICATES = (
    Route(
        method="GET",
        path="/v2/certificate/{id}/download/format/{format}",
        function=Function.CERTIFICATES,
        operation="certificates.download",
        action=Action.LOOK,
        summary="Download a certificate",
        responses={200: _FILE},
        parameters=_CERTIFICATE | _FORMAT,
    ),
    Route(
        method="GET",
        path="/v2/certificate/download/order/{id}",
        function=Function.CERTIFICATES,
        operation="certificates.download_by_order",
        action=Action.LOOK,
        summary="Download an order's newest certificate as a zip",
        responses={200: _FILE},
        parameters=_ORDER,
    ),
    Route(
        method="GET",
        path="/v2/certificate/download/order/{id}/format/{format}",
        function=Function.CERTIFICATES,
        operation="certificates.download_by_order",
        action=Action.LOOK,
        summary="Download an order's newest certificate",
        responses={200: _FILE},
        parameters=_ORDER | _FORMAT,
    ),
    Route(
        method="GET",
        path="/v2/certificate/{id}/chain",
        function=Function.CERTIFICATES,
        operation="certificates.chain",
        action=Action.LOOK,
        summary="Read a certificate's chain, leaf first",
        responses={200: "ChainList"},
        parameters=_CERTIFICATE,
    ),
)

_REQUESTS = (
    Route(
        method="PUT",
        path="/v2/certificate/{id}/revoke",
        function=Function.REQUESTS,
        operation="requests.revoke_certificate",
        action=Action.REVOKE,
        summary="Ask for the revocation of one certificate",
        request="RevokeBody",
        request_optional=True,
        responses={201: "RequestSummary", 204: None},
        parameters={"id": "The certificate's id, or its serial number in hexadecimal."},
    ),
    Route(
        method="PUT",
        path="/v2/order/certificate/{id}/revoke",
        function=Function.REQUESTS,
        operation="requests.revoke_order",
        action=Action.REVOKE,
        summary="Ask for the revocation of everything an order issued",
        request="RevokeBody",
        request_optional=True,
        responses={201: "RequestSummary", 204: None},
        parameters=_ORDER,
    ),
    Route(
        method="GET",
        path="/v2/request",
        function=Function.REQUESTS,
        operation="requests.list_requests",
        action=Action.LOOK,
        summary="List requests, newest first",
        responses={200: "RequestList"},
        query={"status": "pending, approved or rejected."},
    ),
    Route(
        method="GET",
        path="/v2/request/{id}",
        function=Function.REQUESTS,
        operation="requests.read",
        action=Action.LOOK,
        summary="Read a request",
        responses={200: "RequestInfo"},
        parameters={"id": "The request's id."},
    ),
    Route(
        method="PUT",
        path="/v2/request/{id}/status",
        function=Function.REQUESTS,
        operation="requests.decide",
        action=Action.DECIDE,
        summary="Approve or reject a request",
        request="DecisionBody",
        responses={204: None},
        parameters={"id": "The request's id."},
    ),
)

#: All routes. A path's variable has one name at one place, whatever it means there: the gateway
#: and OpenAPI allow no two.
ROUTES: tuple[Route, ...] = (*_ORDERS, *_CERTIFICATES, *_REQUESTS)


def routes_of(function: Function) -> tuple[Route, ...]:
    """The routes one function answers."""
    return tuple(route for route in ROUTES if route.function is function)
