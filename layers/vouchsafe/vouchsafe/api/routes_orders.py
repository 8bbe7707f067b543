"""Routes of orders: placing, reading, proving, cancelling; and what clients call first."""

from __future__ import annotations

from .permissions import Action
from .route import ORDER_ID, Function, Route

ORDERS: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/v2/order/certificate/{id}",
        function=Function.ORDERS,
        operation="orders.place",
        action=Action.ORDER,
        summary="Place an order",
        request="OrderBody",
        responses={200: "DryRun", 201: "PlacedOrder"},
        tried=True,
        parameters={
            "id": "The product's id, for example ssl_dv_geotrust_flex; ssl: the data decide."
        },
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
        query={"include_caa_status": "true adds what CAA says, while the order waits."},
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
        parameters=ORDER_ID,
    ),
    Route(
        method="PUT",
        path="/v2/order/certificate/{id}/dcv-random-value",
        function=Function.ORDERS,
        operation="dcv.random_value",
        action=Action.ORDER,
        summary="Read the value to publish; a new one if it is dead",
        responses={200: "DcvValue"},
        parameters=ORDER_ID,
    ),
    Route(
        method="PUT",
        path="/v2/order/certificate/{id}/dcv-method",
        function=Function.ORDERS,
        operation="dcv.method",
        action=Action.ORDER,
        summary="Prove the names another way, with a new value",
        request="MethodBody",
        responses={200: "DcvValue"},
        parameters=ORDER_ID,
    ),
    Route(
        method="PUT",
        path="/v2/order/certificate/{id}/resend-emails",
        function=Function.ORDERS,
        operation="dcv.resend_emails",
        action=Action.ORDER,
        summary="Send the mails of an order that is proven by e-mail again",
        responses={204: None},
        parameters=ORDER_ID,
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
        parameters=ORDER_ID,
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
    Route(
        method="GET",
        path="/v2/product/{id}",
        function=Function.ORDERS,
        operation="directory.product",
        action=Action.IDENTIFY,
        summary="Read a product",
        responses={200: "ProductRow"},
        parameters={"id": "The product's id."},
    ),
    Route(
        method="POST",
        path="/v2/csr/validate",
        function=Function.ORDERS,
        operation="csr_tools.validate",
        action=Action.ORDER,
        summary="Judge a certificate request before ordering with it",
        request="CsrBody",
        responses={200: "CsrReport"},
    ),
)
