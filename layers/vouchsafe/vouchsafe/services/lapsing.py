"""Undecided requests and the time: reminders fall due, and in the end most requests lapse."""

from __future__ import annotations

from dataclasses import replace

from ..domain.changes import ChangeKind
from ..domain.dossier import Dossier
from ..domain.errors import Conflict, VouchsafeError
from ..domain.requests import Request, RequestStatus
from ..ports import Clock, Entropy, Ledger
from .asking import request_change
from .decisions import Ruling, settle


def attend_request(
    dossier: Dossier, request: Request, *, ledger: Ledger, clock: Clock, entropy: Entropy
) -> None:
    """End an undecided request whose time is over, or note that its next reminder is due.

    A decision that comes at the same moment wins.
    """
    now = clock.now()
    try:
        if request.lapses_at is not None and now >= request.lapses_at:
            ruling = Ruling(status=RequestStatus.LAPSED, reviewer_id=None, comment="", now=now)
            settle(dossier, request, ruling, times=None, ledger=ledger, entropy=entropy)
            return
        passed = sum(moment <= now for moment in request.reminders)
        if passed > request.reminded:
            noted = replace(request, reminded=passed, version=request.version + 1)
            told = ChangeKind.REQUEST_REMINDER_DUE
            change = request_change(noted, told, "system", now, entropy, was=request)
            ledger.commit(noted, change)
    except (Conflict, VouchsafeError):
        return  # decided, or void, a moment ago
