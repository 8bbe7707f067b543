"""The route that hands out evidence packets."""

from __future__ import annotations

import hashlib

from ..dependencies import CertificatesApi
from ..domain.errors import ErrorCode, VouchsafeError
from ..services.ownership import owned
from .call import Answer, Call, names_tag

#: Seconds until a packet that is not there yet is worth asking for again.
_ASK_AGAIN_AFTER = 10
#: A packet is made once and never changes.
_FOREVER = "private, max-age=31536000, immutable"


def read(call: Call, deps: CertificatesApi) -> Answer:
    """GET certificate/{id}/evidence: the packet's bytes as they were signed.

    Soon after issue there may be none yet: 404 with Retry-After.
    """
    certificate_id = call.number("certificate")
    dossier = owned(deps.ledger.order_of_certificate(certificate_id), call.principal, "certificate")
    if dossier.certificate(certificate_id).issued is None:
        raise VouchsafeError(
            ErrorCode.CONFLICT, "The certificate was not issued yet.", subject="not_issued"
        )
    content = deps.packets.get(certificate_id)
    if content is None:
        raise VouchsafeError(
            ErrorCode.NOT_FOUND,
            "The evidence is being put together; ask again in a moment.",
            subject="evidence",
            retry_after=_ASK_AGAIN_AFTER,
        )
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": _FOREVER}
    if names_tag(call.headers.get("if-none-match", ""), etag):
        return Answer(status=304, headers=headers)
    named = f'attachment; filename="{certificate_id}_evidence.json"'
    return Answer(
        content=content.decode(),
        headers=headers | {"Content-Disposition": named},
    )
