"""Routes of requests: what somebody has to decide."""

from __future__ import annotations

from .permissions import Action
from .route import ORDER_ID, Function, Route

REQUESTS: tuple[Route, ...] = (
    Route(
        method="PUT",
        path="/v2/certificate/{id}/revoke",
        function=Function.REQUESTS,
        operation="requests.revoke_certificate",
        action=Action.REVOKE,
        once=True,
        summary="Ask for the revocation of one certificate",
        request="RevokeBody",
        request_optional=True,
        responses={201: "AskedRevocation", 204: None},
        parameters={"id": "The certificate's id, or its serial number in hexadecimal."},
    ),
    Route(
        method="PUT",
        path="/v2/order/certificate/{id}/revoke",
        function=Function.REQUESTS,
        operation="requests.revoke_order",
        action=Action.REVOKE,
        once=True,
        summary="Ask for the revocation of everything an order issued",
        request="RevokeBody",
        request_optional=True,
        responses={201: "AskedRevocation", 204: None},
        parameters=ORDER_ID,
    ),
    Route(
        method="GET",
        path="/v2/request",
        function=Function.REQUESTS,
        operation="requests.list_requests",
        action=Action.LOOK,
        summary="List requests, newest first",
        responses={200: "RequestList"},
        query={
            "status": "pending, approved or rejected.",
            "limit": "Rows of a page, 1000 at most.",
            "offset": "Rows before the page.",
        },
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
