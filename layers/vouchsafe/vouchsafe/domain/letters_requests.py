"""The English wording of the mails about requests that somebody has to approve."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Block, Command, Letter, Listing, Note, Paragraph

_WHY_APPROVER = Note("You get this message because you may decide about requests of this account.")
_WHY_REQUESTER = Note(
    "You get this message because you made the request, or because the order names your address."
)
_ASKS = Paragraph(
    "{person} asks for {matter} for {names} ({product}, order {order_id}, account {account})."
)
_ASKED = "{person} asked for {matter} for {names} ({product}, order {order_id}, account {account})."
_REQUEST = Listing("request", ("Request", "Made on", "Names", "Comment"))
_REVOCATION = Listing(
    "request", ("Request", "Made on", "Names", "Comment", "Reason", "Serial number")
)
_DECIDE = (
    Paragraph("To approve it, with your API key (“rejected” instead of “approved” rejects it):"),
    Command(
        'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" -H "Content-Type: application/json"'
        ' -d \'{{"status": "approved"}}\' {base_url}/request/{request_id}/status'
    ),
)
_LAPSES: tuple[Block, ...] = (
    *_DECIDE,
    Paragraph(
        "Nothing is validated or issued before that. If nobody decides until {lapses}, the request"
        " lapses and no certificate is issued."
    ),
    _WHY_APPROVER,
)
_CLOCK: tuple[Block, ...] = (
    Paragraph(
        "A certificate authority has to revoke within 24 hours for the gravest reasons (BR"
        " 4.9.1.1). For this request that is {clock_end}: {clock_left}. The request does not lapse;"
        " until somebody decides, the certificate stays valid."
    ),
    *_DECIDE,
    _WHY_APPROVER,
)

LETTERS: dict[str, Letter] = {
    LetterKind.APPROVAL_NEEDED: Letter(
        subject="Request {request_id}: please decide about {matter} for {names}",
        blocks=(_ASKS, _REQUEST, *_LAPSES),
    ),
    LetterKind.APPROVAL_REMINDER: Letter(
        subject="Reminder: request {request_id} for {names} lapses on {lapses}",
        blocks=(
            Paragraph("This request has been waiting for {waited}."),
            _ASKS,
            _REQUEST,
            *_LAPSES,
        ),
    ),
    LetterKind.REVOCATION_NEEDED: Letter(
        subject="Request {request_id}: please decide about revoking the certificate for {names}",
        blocks=(_ASKS, _REVOCATION, *_CLOCK),
    ),
    LetterKind.REVOCATION_REMINDER: Letter(
        subject="Reminder: revocation request {request_id} for {names}, {clock_left}",
        blocks=(
            Paragraph("This request has been waiting for {waited}."),
            _ASKS,
            _REVOCATION,
            *_CLOCK,
        ),
    ),
    LetterKind.APPROVED: Letter(
        subject="Request {request_id}: approved, {matter} for {names}",
        blocks=(
            Paragraph(_ASKED + " {reviewer} has approved it."),
            Listing("comment", ("Comment",)),
            Paragraph(
                "Validation has begun. If control of names has still to be shown, another message"
                " says how; otherwise the next one says that the certificate is issued."
            ),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.DECLINED: Letter(
        subject="Request {request_id}: rejected, {matter} for {names}",
        blocks=(
            Paragraph(_ASKED + " {reviewer} has rejected it; no certificate is issued for it."),
            Listing("comment", ("Comment",)),
            Paragraph("{over} If you still need it, talk to {reviewer} before you ask again."),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.LAPSED: Letter(
        subject="Request {request_id}: lapsed, {matter} for {names}",
        blocks=(
            Paragraph(
                _ASKED
                + " Nobody decided about it until {lapses}; it has lapsed, and no certificate"
                " is issued for it."
            ),
            Paragraph(
                "{over} If you still need it, ask the administrators of your account, and then ask"
                " for it again."
            ),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.REVOCATION_APPROVED: Letter(
        subject="Request {request_id}: the certificate for {names} will be revoked",
        blocks=(
            Paragraph(_ASKED + " {reviewer} has approved it."),
            Listing("comment", ("Comment",)),
            Paragraph(
                "The certificate is being revoked now; as soon as the revocation is published,"
                " another message says so. Replace the certificate wherever it is installed."
            ),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.REVOCATION_DECLINED: Letter(
        subject="Request {request_id}: the certificate for {names} is not revoked",
        blocks=(
            Paragraph(_ASKED + " {reviewer} has rejected it; the certificate stays valid."),
            Listing("comment", ("Comment",)),
            Paragraph(
                "If the private key is known to others, ask again at once and say so as the reason:"
                " such a certificate must not stay valid."
            ),
            _WHY_REQUESTER,
        ),
    ),
}
