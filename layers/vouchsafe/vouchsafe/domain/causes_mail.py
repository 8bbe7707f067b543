"""The catalogue's entries about names that are proven by an answer to a mail.

Facts: `addresses` are the mailboxes meant, `detail` what the mail system said.
"""

from __future__ import annotations

from .cause import Cause, CauseCode

MAIL_CAUSES: dict[CauseCode, Cause] = {
    CauseCode.MAIL_AWAITED: Cause(
        "Nobody has approved {name} yet; mails about it go to {addresses}.",
        "Ask whoever reads these mailboxes to open the link in the mail and approve. If no mail"
        " came, look among unwanted mail, then have it sent again.",
    ),
    CauseCode.MAIL_BOUNCED: Cause(
        "Mail about {name} does not reach {addresses}: {detail}.",
        "Make the mailbox accept mail, then have the mails sent again; or name another address, or"
        " prove the name by a DNS record.",
    ),
    CauseCode.MAIL_NOT_SENT: Cause(
        "No mail about {name} went to {addresses}: {detail}.",
        "Have the mails sent again; the contact is looked up anew then.",
    ),
}
