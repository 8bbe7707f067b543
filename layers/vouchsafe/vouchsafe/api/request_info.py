"""What clients are told about requests that wait, or waited, for a decision."""

from __future__ import annotations

from typing import Any

from ..domain.dossier import Dossier
from ..domain.notes import Note
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.revocation import revoke_by
from .dialect import REQUEST_TYPES, REQUEST_WORDS, timestamp


def request_summary(request: Request) -> dict[str, Any]:
    """A request as it stands inside an order, and in the answer that made it."""
    return {
        "id": request.request_id,
        "date": timestamp(request.created_at),
        "type": REQUEST_TYPES[request.kind],
        "status": REQUEST_WORDS[request.status],
        "requester": {"id": request.requester_id},
        "comments": request.comments,
    }


def note_row(note: Note) -> dict[str, Any]:
    """A note as clients see it."""
    return {
        "id": note.note_id,
        "text": note.text,
        "user": {"id": note.user_id},
        "date_created": timestamp(note.created_at),
    }


def request_row(request: Request) -> dict[str, Any]:
    """A request in a list: its order by id alone."""
    return request_summary(request) | {"order": {"id": request.order_id}}


def request_info(dossier: Dossier, request: Request) -> dict[str, Any]:
    """Everything about one request. Absent until it is decided: date_processed and who decided.

    The certificate is the one that was asked for; of a whole order, the newest.
    """
    order = dossier.order
    meant = order.certificate_id if request.whole_order else request.certificate_ids[0]
    certificate = dossier.certificate(meant)
    info = request_summary(request) | {
        "order": {
            "id": order.order_id,
            "certificate": {
                "id": certificate.certificate_id,
                "common_name": certificate.common_name,
                "dns_names": [name.value for name in certificate.identifiers],
            },
            "product": {"name_id": order.product_id},
            "container": {"id": order.container_id, "name": order.container_name},
        },
        "certificate_ids": list(request.certificate_ids),
    }
    if request.kind is RequestKind.REVOKE:
        info |= _revocation(request)
    if request.decided_at is None:
        info["reminder_dates"] = [timestamp(moment) for moment in request.reminders]
        if request.lapses_at is not None:
            info["date_lapses"] = timestamp(request.lapses_at)
    else:
        info["date_processed"] = timestamp(request.decided_at)
        info["processor_comment"] = request.processor_comment
        if request.reviewer_id is not None:
            info["reviewer"] = info["processor"] = {"id": request.reviewer_id}
    return info


def _revocation(request: Request) -> dict[str, Any]:
    """The reason, until when it has to be published (BR 4.9.1.1), and since when it is."""
    told: dict[str, Any] = {"revoke_by": timestamp(revoke_by(request.reason, request.created_at))}
    if request.reason is not None:
        told["revocation_reason"] = request.reason.value
    if request.done_at is not None and request.status is RequestStatus.APPROVED:
        told["date_revoked"] = timestamp(request.done_at)
    return told
