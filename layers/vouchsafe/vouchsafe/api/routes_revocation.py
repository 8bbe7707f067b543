"""Routes of operators: blocked keys and bulk revocations."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Route

REVOCATION: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/v2/operator/blocked-key",
        function=Function.OPERATORS,
        operation="blocked_keys.block",
        action=Action.OPERATE,
        summary="Block a compromised key for all accounts and revoke all certificates with it",
        request="BlockKeyBody",
        responses={201: "BlockedKeyInfo"},
        once=True,
    ),
    Route(
        method="GET",
        path="/v2/operator/blocked-key/{hash}",
        function=Function.OPERATORS,
        operation="blocked_keys.read",
        action=Action.OVERSEE,
        summary="Read why and since when a key is blocked",
        responses={200: "BlockedKeyInfo"},
        parameters={"hash": "SHA-256 of the SubjectPublicKeyInfo, hexadecimal."},
    ),
    Route(
        method="POST",
        path="/v2/operator/bulk-revocation",
        function=Function.OPERATORS,
        operation="bulk_revocations.choose",
        action=Action.OPERATE,
        summary="Preview the revocation of many certificates, or carry out what was previewed",
        request="BulkRevocationBody",
        responses={201: "BulkRevocationInfo"},
        once=True,
    ),
    Route(
        method="GET",
        path="/v2/operator/bulk-revocation/{bulk}",
        function=Function.OPERATORS,
        operation="bulk_revocations.read",
        action=Action.OVERSEE,
        summary="Read a bulk revocation and how far it went",
        responses={200: "BulkRevocationInfo"},
        parameters={"bulk": "The preview's token."},
        query={
            "limit": "Rows of a page, 100 at most.",
            "offset": "Rows before the page.",
        },
    ),
)
