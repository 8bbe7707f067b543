"""The wording of mails about reported problems, in English.

None holds a word that a stranger wrote: whoever fills in the form cannot have us mail it to others.
"""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Letter, Listing, Note, Paragraph

_CERTIFICATE = Listing(
    "certificate", ("Case", "Certificate", "Serial number", "Reported on", "Preliminary report by")
)
_SHORT = Listing("short", ("Case", "Certificate", "Serial number", "Reported on"))
_WHY_YOU = Note(
    "You get this because you reported a problem with this certificate, or because it is yours."
)

LETTERS: dict[str, Letter] = {
    LetterKind.PROBLEM_ACKNOWLEDGED: Letter(
        subject="We got your report about a certificate: case {case}",
        blocks=(
            Paragraph("Thank you. We got your report about the certificate for {names}."),
            _CERTIFICATE,
            Paragraph(
                "We look into it now. Within 24 hours of the first report we tell you, and whoever"
                " the certificate belongs to, what we found so far; then we decide whether it is"
                " revoked, and when, and tell you that as well."
            ),
            Paragraph(
                "If you hold the certificate's private key, you can have it revoked at once,"
                " without us: {base_url}/problem-report says how."
            ),
            Note(
                "If you reported nothing, somebody else gave your address. You need not do"
                " anything; a few more mails about this case may follow."
            ),
        ),
    ),
    LetterKind.PROBLEM_PRELIMINARY: Letter(
        subject="Preliminary report about the certificate for {names}: case {case}",
        blocks=(
            Paragraph(
                "A problem with the certificate for {names} was reported to us. This is what we"
                " found so far:"
            ),
            Paragraph("{finding}"),
            _SHORT,
            Paragraph(
                "It is not decided yet whether the certificate is revoked. We tell you when it is."
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.PROBLEM_REVOKED: Letter(
        subject="The certificate for {names} is revoked: case {case}",
        blocks=(
            Paragraph(
                "A problem with the certificate for {names} was reported to us. It is revoked on"
                " {revoke_at}, because {reason}."
            ),
            Paragraph("{finding}"),
            _SHORT,
            Paragraph(
                "If it is yours: order another one, with a new key where the key is known to"
                " others, and take this one out of use."
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.PROBLEM_DECLINED: Letter(
        subject="The certificate for {names} is not revoked: case {case}",
        blocks=(
            Paragraph(
                "A problem with the certificate for {names} was reported to us. We looked into it,"
                " and the certificate stays valid:"
            ),
            Paragraph("{finding}"),
            _SHORT,
            Paragraph("If you know more than we did, please report it again."),
            _WHY_YOU,
        ),
    ),
    LetterKind.PROBLEM_REMINDER: Letter(
        subject="[Operators] No preliminary report for {hours} hours: case {case}",
        blocks=(
            Paragraph(
                "A problem with the certificate for {names} was reported {hours} hours ago, and"
                " nobody has written the preliminary report. It is due by {due} (BR 4.9.5)."
            ),
            _CERTIFICATE,
            Note("This message went to the operators' address of this deployment."),
        ),
    ),
}
