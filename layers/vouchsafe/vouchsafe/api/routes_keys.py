"""Routes of managed keys."""

from __future__ import annotations

from .permissions import Action
from .route import CERTIFICATE_ID, FILE, Function, Route

MANAGED_KEYS: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/v2/certificate/{id}/private_key/export",
        function=Function.MANAGED_KEYS,
        operation="key_exports.export",
        action=Action.EXPORT_KEYS,
        summary="Take out the key that the service made, with its certificate, under a passphrase",
        request="KeyExportBody",
        responses={200: FILE},
        parameters=CERTIFICATE_ID,
        each_time=True,
    ),
)
