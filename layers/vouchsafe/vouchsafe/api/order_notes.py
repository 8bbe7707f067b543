"""The routes of notes beside orders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..dependencies import OrdersApi
from ..domain.notes import Note
from ..services.annotating import add_note
from ..services.registration import read_order
from .call import Answer, Call, answer_json, told
from .idempotency import once_only
from .list_schemas import NoteBody
from .reading import validated
from .request_info import note_row


def list_notes(call: Call, deps: OrdersApi) -> Answer:
    """GET order/certificate/{id}/note: oldest first."""
    dossier = read_order(call.number("order"), call.principal, ledger=deps.ledger)
    notes = dossier.notes.notes if dossier.notes else ()
    return answer_json({"notes": [note_row(note) for note in notes]})


def add(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}/note; the text may stand under `text` or `note`."""
    order_id = call.number("order")
    read_order(order_id, call.principal, ledger=deps.ledger)
    body, warnings = validated(NoteBody, call.body())
    answer = partial(_written, warnings=warnings)
    note = add_note(
        order_id,
        body.text or body.note or "",
        call.principal,
        once=once_only(call, answer),
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(note)


def _written(note: Note, *, warnings: Sequence[str]) -> Answer:
    return answer_json({"id": note.note_id} | told(warnings), 201)
