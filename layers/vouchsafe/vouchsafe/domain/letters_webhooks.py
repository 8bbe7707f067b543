"""The English wording of the mails about webhooks that take nothing."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Command, Letter, Note, Paragraph

_LOG = Command('curl -H "X-DC-DEVKEY: $API_KEY" {base_url}/webhook/{webhook_id}/delivery')
_WHY = "You get this message because you administer the account."

LETTERS: dict[str, Letter] = {
    LetterKind.WEBHOOK_FAILING: Letter(
        subject="Account {account}: the webhook at {host} has taken nothing since {since}",
        blocks=(
            Paragraph(
                "Since {since} the webhook {webhook_id} at {host} has taken nothing of what we"
                " posted to it: it answered with an error, or not at all. We go on trying. An event"
                " that it refuses for 24 hours is given up; it stays in the feed of changes."
                " After seven days without one post taken the webhook is switched off."
            ),
            Paragraph("What it answered stands in its log:"),
            _LOG,
            Paragraph(
                "When it is in order again, have a test event posted. Once that is taken, all that"
                " waits follows at once:"
            ),
            Command('curl -X POST -H "X-DC-DEVKEY: $API_KEY" {base_url}/webhook/{webhook_id}/test'),
            Note(_WHY + " It comes once; the next one not before something was taken."),
        ),
    ),
    LetterKind.WEBHOOK_SWITCHED_OFF: Letter(
        subject="Account {account}: the webhook at {host} was switched off",
        blocks=(
            Paragraph(
                "The webhook {webhook_id} at {host} has taken nothing since {since}. After seven"
                " days we switched it off: it is told nothing any more. What it answered stands in"
                " its log:"
            ),
            _LOG,
            Paragraph(
                "When it is in order again, activate it. It is told what happens from then on:"
            ),
            Command(
                'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" {base_url}/webhook/{webhook_id}/activate'
            ),
            Paragraph("What it missed stands in the feed of changes:"),
            Command('curl -H "X-DC-DEVKEY: $API_KEY" "{base_url}/changes?after={cursor}"'),
            Note(_WHY),
        ),
    ),
}
