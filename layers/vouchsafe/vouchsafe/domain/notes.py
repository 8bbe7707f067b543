"""What people write beside an order: never part of a certificate, never changed once written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .errors import Flaw, invalid

#: Together they stay one small item: 4 bytes a character at worst.
MOST_NOTES = 80
LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note; `note_id` counts within the order."""

    note_id: int
    user_id: int
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNotes:
    """All notes of an order, oldest first; `version` counts writes from 1."""

    order_id: int
    account_id: int
    notes: tuple[Note, ...] = ()
    version: int = 1

    def with_note(self, text: str, user_id: int, now: datetime) -> OrderNotes:
        """One note more. Raises VouchsafeError(INVALID) for an empty, too long or 81st one."""
        if not text.strip():
            raise invalid(Flaw("text", "is required"))
        if len(text) > LONGEST_NOTE:
            raise invalid(Flaw("text", f"is longer than {LONGEST_NOTE} characters"))
        if len(self.notes) >= MOST_NOTES:
            raise invalid(Flaw("text", f"the order has {MOST_NOTES} notes, which is the most"))
        note = Note(note_id=len(self.notes) + 1, user_id=user_id, text=text, created_at=now)
        return replace(self, notes=(*self.notes, note), version=self.version + 1)
