"""The wording of what operators are told by mail: in English, for the service's own people."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Letter, Listing, Note, Paragraph

_WHY_YOU = Note("This message went to the operators' address of this deployment.")

LETTERS: dict[str, Letter] = {
    LetterKind.KEY_REPORTED: Letter(
        subject="[Operators] A key is reported as compromised: {short}",
        blocks=(
            Paragraph(
                "A private key was reported as compromised ({reporter}). Look for other"
                " certificates with this key, in every account: they have to be revoked within 24"
                " hours of the evidence (BR 4.9.1.1)."
            ),
            Listing("key", ("SHA-256 of the key", "Account", "Reported on")),
            _WHY_YOU,
        ),
    ),
    LetterKind.REAUDIT_FOUND: Letter(
        subject="[Operators] The re-audit found faults: {subject}",
        blocks=(
            Paragraph(
                "The re-audit of issued certificates found faults in {subject} (order {order_id})."
                " A certificate that was issued wrongly has to be revoked within five days, for"
                " some causes within 24 hours (BR 4.9.1.1)."
            ),
            Listing("faults", ("Fault",)),
            _WHY_YOU,
        ),
    ),
    LetterKind.PROBLEM_REPORTED: Letter(
        subject="[Operators] A certificate problem is reported: {subject}",
        blocks=(
            Paragraph(
                "Somebody reported a problem with a certificate ({subject}, {at}). A preliminary"
                " report is due within 24 hours, by {due} (BR 4.9.5)."
            ),
            Listing("report", ("What", "Said")),
            _WHY_YOU,
        ),
    ),
}
