"""Routes of issued certificates."""

from __future__ import annotations

from .permissions import Action
from .route import CERTIFICATE_ID, FILE, ORDER_ID, Function, Route

FORMAT = {
    "format": "pem_all, pem_noroot, pem_nointermediate, pem, crt, der, p7b, cer, apache, nginx,"
    " default, default_pem or default_cer."
}
_SUB_ID = {"subId": "A duplicate's place in their list, such as 001; without it, the order's own."}
#: 304: the client has it already, by If-None-Match.
FILES: dict[int, str | None] = {200: FILE, 304: None}

CERTIFICATES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/v2/certificate/{id}/download/format/{format}",
        function=Function.CERTIFICATES,
        operation="certificates.download",
        action=Action.LOOK,
        summary="Download a certificate",
        responses=FILES,
        parameters=CERTIFICATE_ID | FORMAT,
    ),
    Route(
        method="GET",
        path="/v2/certificate/{id}/download/platform",
        function=Function.CERTIFICATES,
        operation="certificates.download_for_platform",
        action=Action.LOOK,
        summary="Download a certificate in the form that suits the order's server software",
        responses=FILES,
        parameters=CERTIFICATE_ID,
    ),
    Route(
        method="GET",
        path="/v2/certificate/{id}/download/platform/{platform}",
        function=Function.CERTIFICATES,
        operation="certificates.download_for_platform",
        action=Action.LOOK,
        summary="Download a certificate in the form that suits a server software",
        responses=FILES,
        parameters=CERTIFICATE_ID | {"platform": "The server software's number; 29 is pem_all."},
    ),
    Route(
        method="GET",
        path="/v2/certificate/intermediates",
        function=Function.CERTIFICATES,
        operation="certificates.intermediates",
        action=Action.LOOK,
        summary="List the issuing certificates",
        responses={200: "IntermediateList"},
    ),
    Route(
        method="GET",
        path="/v2/certificate/download/order/{id}",
        function=Function.CERTIFICATES,
        operation="certificates.download_by_order",
        action=Action.LOOK,
        summary="Download an order's newest certificate as a zip",
        responses=FILES,
        parameters=ORDER_ID,
        query=_SUB_ID | {"formatType": "A format, as the path of the other form has it."},
    ),
    Route(
        method="GET",
        path="/v2/certificate/download/order/{id}/format/{format}",
        function=Function.CERTIFICATES,
        operation="certificates.download_by_order",
        action=Action.LOOK,
        summary="Download an order's newest certificate",
        responses=FILES,
        parameters=ORDER_ID | FORMAT,
        query=_SUB_ID,
    ),
    Route(
        method="GET",
        path="/v2/certificate/{id}/chain",
        function=Function.CERTIFICATES,
        operation="certificates.chain",
        action=Action.LOOK,
        summary="Read a certificate's chain, leaf first",
        responses={200: "ChainList", 304: None},
        parameters=CERTIFICATE_ID,
    ),
    Route(
        method="GET",
        path="/v2/certificate/{id}/evidence",
        function=Function.CERTIFICATES,
        operation="packets.read",
        action=Action.LOOK,
        summary="Download the signed evidence of how a certificate came about",
        responses={200: "application/json", 304: None},
        parameters=CERTIFICATE_ID,
    ),
)
