"""Routes of what follows a placed order: reissues, duplicates, another CSR, ordering again."""

from __future__ import annotations

from .permissions import Action
from .route import ORDER_ID, Function, Route

AGAIN: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/v2/order/certificate/{id}/reissue",
        function=Function.ORDERS,
        operation="again.reissue",
        action=Action.ORDER,
        summary="Reissue an issued order's certificate, with other names or another key",
        request="AgainBody",
        responses={200: "DryRun", 201: "PlacedOrder"},
        tried=True,
        parameters=ORDER_ID,
    ),
    Route(
        method="GET",
        path="/v2/order/certificate/{id}/reissue",
        function=Function.ORDERS,
        operation="again.reissues",
        action=Action.LOOK,
        summary="List an order's reissues, oldest first",
        responses={200: "AgainList"},
        parameters=ORDER_ID,
    ),
    Route(
        method="POST",
        path="/v2/order/certificate/{id}/duplicate",
        function=Function.ORDERS,
        operation="again.duplicate",
        action=Action.ORDER,
        summary="Make a further certificate for the same names",
        request="AgainBody",
        responses={200: "DryRun", 201: "PlacedOrder"},
        tried=True,
        parameters=ORDER_ID,
    ),
    Route(
        method="GET",
        path="/v2/order/certificate/{id}/duplicate",
        function=Function.ORDERS,
        operation="again.duplicates",
        action=Action.LOOK,
        summary="List an order's duplicates, oldest first",
        responses={200: "AgainList"},
        parameters=ORDER_ID,
    ),
    Route(
        method="POST",
        path="/v2/order/certificate/{id}/csr",
        function=Function.ORDERS,
        operation="again.replace_request",
        action=Action.ORDER,
        summary="Replace the CSR of what is not issued yet",
        request="ReplaceCsrBody",
        responses={204: None},
        parameters=ORDER_ID,
    ),
    Route(
        method="POST",
        path="/v2/order/certificate/{id}/reorder",
        function=Function.ORDERS,
        operation="again.reorder",
        action=Action.ORDER,
        summary="Order again what ended without a certificate",
        request="ReorderBody",
        request_optional=True,
        responses={200: "DryRun", 201: "PlacedOrder"},
        tried=True,
        parameters=ORDER_ID,
    ),
)
