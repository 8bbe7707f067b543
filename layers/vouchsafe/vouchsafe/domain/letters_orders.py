"""The English wording of the mails about orders.

Each letter may meet somebody who has never heard of the order: it says who asked for what, what is
to be done, by when, and what happens otherwise. `{wish}` and `{ending}` are phrases by the kind of
certificate: a first one, a reissue, a duplicate.
"""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Command, Letter, Listing, Note, Paragraph

_ORDER = "{product}, order {order_id}, account {account}"
_WHY_YOU = Note(
    "You get this message because you placed the order, or because it names your address."
)
_PLACED = Paragraph("{person} {wish} (" + _ORDER + ").")
_UNTIL = Paragraph(
    "We look by ourselves, again and again, until {deadline}. As soon as control of every name is"
    " shown, the certificate is issued and you get another message. If something is still missing"
    " then, {ending}."
)
_UNKNOWN_ORDER = Paragraph(
    "If you know nothing of this order, do nothing, so that no certificate is issued, and tell the"
    " administrators of your account."
)
_CONTROL = "Before we may issue it, control of these names must be shown. "
_FILES = (
    "Please put a file with exactly this content, and nothing else, at each of these addresses."
    " Every name needs its own file; https on port 443 will do, too."
)
_MAILS = (
    "A mail with a link went to these addresses. Control of a name is shown when somebody who reads"
    " one of its mailboxes opens the link and presses the button on the page; one answer for each"
    " name is enough."
)
_AGAIN = "If the certificate is still wanted, order it anew with the same content:"
_AGAIN_CALL = (
    'curl -X POST -H "X-DC-DEVKEY: $API_KEY" {base_url}/order/certificate/{order_id}/reorder'
)
_VOID = "The value is void; remove the records that hold it."

LETTERS: dict[str, Letter] = {
    LetterKind.PUBLISH_RECORDS: Letter(
        subject="Order {order_id}: publish a DNS record for {names}",
        blocks=(
            _PLACED,
            Paragraph(
                _CONTROL
                + "Please publish what follows with your DNS provider; other records at the"
                " same name may stay."
            ),
            Listing("records", ("Name", "Type", "Value")),
            Paragraph("For other names, a file on the web server shows it. " + _FILES, "files"),
            Listing("files", ("Address", "Content")),
            Paragraph("Other names are approved by mail. " + _MAILS, "mails"),
            Listing("mails", ("Name", "Written to")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PUBLISH_FILES: Letter(
        subject="Order {order_id}: put a file on the web server of {names}",
        blocks=(
            _PLACED,
            Paragraph(_CONTROL + _FILES),
            Listing("files", ("Address", "Content")),
            Paragraph("Other names are approved by mail. " + _MAILS, "mails"),
            Listing("mails", ("Name", "Written to")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PROVE_CONTROL: Letter(
        subject="Order {order_id}: show control of {names}",
        blocks=(
            _PLACED,
            Paragraph(_CONTROL + _MAILS, "mails"),
            Listing("mails", ("Name", "Written to")),
            Paragraph("What to do for each name is also in the details of the order:"),
            Command('curl -H "X-DC-DEVKEY: $API_KEY" {base_url}/order/certificate/{order_id}'),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PROOF_MISSING: Letter(
        subject="Order {order_id}: control of {names} not shown yet; ends {deadline}",
        blocks=(
            Paragraph(
                "{person} {wish} ("
                + _ORDER
                + "). {waited} on, control of these names is not shown:"
            ),
            Listing(
                "records",
                ("For", "Name", "Type", "Value", "Seen on", "What we saw", "What to do"),
            ),
            Listing("files", ("For", "Address", "Content", "Seen on", "What we saw", "What to do")),
            Listing("mails", ("For", "Written to", "Seen on", "What we saw", "What to do")),
            Paragraph("{more}", "more"),
            _UNTIL,
            Paragraph("To have us look now:"),
            Command(
                'curl -X PUT -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/order/certificate/{order_id}/check-dcv"
            ),
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.NOBODY_LEFT: Letter(
        subject="Order {order_id}: no mailbox is left that can approve {names}",
        blocks=(
            Paragraph("{person} {wish} (" + _ORDER + ")."),
            Paragraph(
                "The names are to be approved by mail, but every mail about these names came back"
                " or was refused. As things stand, nobody can approve them:"
            ),
            Listing("troubles", ("Name", "Written to", "What we were told")),
            Paragraph(
                "Have one of the mailboxes made and ask for the mails again, or show control by a"
                " DNS record or a file: change the method of the order. Otherwise the order ends on"
                " {deadline} without a certificate."
            ),
            Command(
                'curl -X PUT -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/order/certificate/{order_id}/resend-emails"
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.ISSUED: Letter(
        subject="Order {order_id}: the certificate for {names} is issued",
        blocks=(
            Paragraph("{person} {wish} (" + _ORDER + "). The certificate is issued:"),
            Listing(
                "certificate",
                ("Names", "Valid from", "Valid until", "Serial number", "SHA-256"),
            ),
            Paragraph("Download it together with its chain, with your API key:"),
            Command(
                'curl -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/certificate/{certificate_id}/download/format/pem_all"
                " -o {certificate_id}.pem"
            ),
            Paragraph(
                "Install both with the private key the request was made with. The certificate stops"
                " working on {valid_until}; replace it before then."
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.TIMED_OUT: Letter(
        subject="Order {order_id}: time is over, no certificate for {names}",
        blocks=(
            Paragraph(
                "{person} {wish} (" + _ORDER + "). It ended on {deadline} without a certificate:"
                " until then we did not see everything that is needed. This is what was missing"
                " when we last looked:"
            ),
            Listing("missing", ("Name", "Seen on", "What we saw")),
            Paragraph("{over}"),
            Paragraph(_AGAIN, "reorder"),
            Command(_AGAIN_CALL, "reorder"),
            Paragraph(
                "The new order comes with a new value to publish. The one before is void.",
                "reorder",
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.FAILED: Letter(
        subject="Order {order_id}: no certificate will be issued for {names}",
        blocks=(
            Paragraph(
                "{person} {wish} (" + _ORDER + "). It has ended without a certificate, for this"
                " reason: {reason}."
            ),
            Listing("missing", ("Name", "Seen on", "What we saw")),
            Paragraph("{advice}"),
            Paragraph("{over}"),
            Paragraph("Once that is settled, order it anew with the same content:", "reorder"),
            Command(_AGAIN_CALL, "reorder"),
            _WHY_YOU,
        ),
    ),
    LetterKind.CANCELLED: Letter(
        subject="Order {order_id}: cancelled, for {names}",
        blocks=(
            Paragraph(
                "{person} {wish} (" + _ORDER + "). {canceller} has cancelled that; no certificate"
                " will be issued for it. {over}"
            ),
            Paragraph(_AGAIN, "reorder"),
            Command(_AGAIN_CALL, "reorder"),
            Paragraph(_VOID),
            _WHY_YOU,
        ),
    ),
    LetterKind.REVOKED: Letter(
        subject="Order {order_id}: the certificate for {names} is revoked",
        blocks=(
            Paragraph(
                "A TLS certificate for {names} has been revoked (" + _ORDER + "). It is on the"
                " certificate revocation list, and programs that check the list refuse it."
            ),
            Listing("revocation", ("Serial number", "Revoked on", "Reason")),
            Paragraph(
                "Wherever it is still installed, replace it now. A revocation cannot be undone;"
                " a further certificate takes a new order:"
            ),
            Command("POST {base_url}/order/certificate/{product_id}"),
            Paragraph(
                "If you did not expect this, ask the administrators of your account who requested"
                " it."
            ),
            _WHY_YOU,
        ),
    ),
}
