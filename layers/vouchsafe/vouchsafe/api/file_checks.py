"""A check of names that are proven by a file answers 400 until every file was found."""

from __future__ import annotations

from collections.abc import Sequence

from ..domain.authorization import Authorization, AuthorizationStatus, DcvMethodName
from ..domain.dossier import Dossier
from ..domain.errors import ErrorCode, VouchsafeError

NOT_FOUND = "file_random_value_not_found"
_SENTENCE = "Could not find the random value at the expected file location for one or more domains."
_TOLD = 5  # names whose causes are told


def refuse_missing_files(dossier: Dossier, names: Sequence[str]) -> None:
    """Raises VouchsafeError(INVALID) when a file of one of `names` (all, if none) is missing."""
    certificate = dossier.under_way or dossier.newest
    items = dossier.authorizations.get(certificate.certificate_id, ())
    asked = [one for one in items if not names or one.identifier.value in names]
    if missing := [_told(one) for one in asked if _missing(one)]:
        detail = " ".join([_SENTENCE, *missing[:_TOLD]])
        raise VouchsafeError(ErrorCode.INVALID, detail, subject=NOT_FOUND)


def _missing(item: Authorization) -> bool:
    pending = item.status is not AuthorizationStatus.VALID
    return pending and item.method is DcvMethodName.HTTP_FILE


def _told(item: Authorization) -> str:
    look = item.last_look
    return f"{item.identifier.value}: {look.explanation if look else 'not looked at yet.'}"
