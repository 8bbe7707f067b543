"""The English wording of the mails about what grows old: certificates, validations, addresses."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Command, Letter, Listing, Note, Paragraph

_ORDER = "{product}, order {order_id}, account {account}"
_WHY_ORDER = Note(
    "You get this message because you placed the order, because it names your address, or because"
    " you look after the account. It stops as soon as a replacement is issued."
)
_SILENCE = Note(
    "To get no such reminders for an order, place it with disable_renewal_notifications set."
)
_RENEW = Paragraph(
    "Order its replacement now; the field renewal_of_order_id tells us that it is one:"
)
_RENEW_CALL = Command(
    'curl -X POST -H "X-DC-DEVKEY: $API_KEY" -H "Content-Type: application/json"'
    " -d @order.json {base_url}/order/certificate/{product_id}"
)
_FIELD = Command('"renewal_of_order_id": {order_id}')
_CERTIFICATE = Listing("certificate", ("Names", "Valid until", "Serial number"))
_WHY_ORGANIZATION = Note(
    "You get this message because you administer the account, or are named as a contact of the"
    " organization."
)
_CHECK = "{organization} (organization {organization_id}, account {account})"
_SUBMIT = Command(
    'curl -X POST -H "X-DC-DEVKEY: $API_KEY" -H "Content-Type: application/json"'
    ' -d \'{{"validations": [{{"type": "{check_word}"}}]}}\''
    " {base_url}/organization/{organization_id}/validation"
)
_WHY_DOMAIN = Note("You get this message because you look after the domains of the account.")
_DOMAIN = "{domain} (account {account})"
_NEW_VALUE = Command(
    'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" {base_url}/domain/{domain_id}/dcv/token', "one"
)
_NEW_VALUES = Command(
    'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" {base_url}/domain/NUMBER/dcv/token', "many"
)
_DOMAINS = Listing("domains", ("Domain", "Number", "End"))

LETTERS: dict[str, Letter] = {
    LetterKind.EXPIRING: Letter(
        subject="{days} left: the certificate for {names} ends on {valid_until}",
        blocks=(
            Paragraph(
                "The TLS certificate for {names} (" + _ORDER + ") ends in {days}. After that,"
                " programs refuse to connect wherever it is still installed."
            ),
            _CERTIFICATE,
            _RENEW,
            _RENEW_CALL,
            _FIELD,
            _WHY_ORDER,
            _SILENCE,
        ),
    ),
    LetterKind.EXPIRED: Letter(
        subject="Ended: the certificate for {names}, on {valid_until}",
        blocks=(
            Paragraph(
                "The TLS certificate for {names} (" + _ORDER + ") has ended. Programs refuse to"
                " connect wherever it is still installed. If its names are still in use, replace it"
                " now; if not, nothing is to be done, and this was the last reminder."
            ),
            _CERTIFICATE,
            _RENEW,
            _RENEW_CALL,
            _FIELD,
            _WHY_ORDER,
        ),
    ),
    LetterKind.ORGANIZATION_VALIDATED: Letter(
        subject="{organization} is validated for {check} until {until}",
        blocks=(
            Paragraph(
                _CHECK + " is validated for {check} certificates until {until}. Orders that were"
                " waiting for this go on by themselves."
            ),
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.ORGANIZATION_REJECTED: Letter(
        subject="{organization} could not be validated for {check}",
        blocks=(
            Paragraph(
                "We could not validate " + _CHECK + " for {check} certificates, for this reason:"
            ),
            Listing("reason", ("Reason",)),
            Paragraph(
                "Correct what it says and submit the organization again. Orders that wait for it"
                " wait on, and end by themselves when their time is over."
            ),
            _SUBMIT,
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.ORGANIZATION_EXPIRING: Letter(
        subject="{organization}: the {check} validation ends on {until}",
        blocks=(
            Paragraph(
                "The {check} validation of " + _CHECK + " ends on {until}. Certificates that are"
                " issued stay valid; new ones cannot be issued after that day until the"
                " organization is validated again. Submit it now, so that there is no gap:"
            ),
            _SUBMIT,
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.ORGANIZATION_EXPIRED: Letter(
        subject="{organization}: the {check} validation has ended",
        blocks=(
            Paragraph(
                "The {check} validation of " + _CHECK + " ended on {until}. Certificates that are"
                " issued stay valid; new {check} certificates wait until the organization is"
                " validated again. To submit it:"
            ),
            _SUBMIT,
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.DOMAIN_EXPIRING: Letter(
        subject="{domain}: the proof of control ends on {until}",
        blocks=(
            Paragraph(
                "The proofs that your account controls these domains (account {account}) end on"
                " {until}. Certificates that are issued stay valid. After that, every new order has"
                " to show control of the names again before it is issued. To show it ahead of"
                " orders, ask for a new value for each, by its number, and publish it:",
                "many",
            ),
            _NEW_VALUES,
            _DOMAINS,
            Paragraph(
                "The proof that your account controls " + _DOMAIN + " can be used until {until}."
                " Certificates that are issued stay valid. After that, every new order has to show"
                " control of the names again before it is issued. To show it ahead of orders, ask"
                " for a new value and publish it:",
                "one",
            ),
            _NEW_VALUE,
            _WHY_DOMAIN,
        ),
    ),
    LetterKind.DOMAIN_EXPIRED: Letter(
        subject="{domain}: the proof of control has ended",
        blocks=(
            Paragraph(
                "The proofs that your account controls these domains (account {account}) ended on"
                " {until}. Certificates that are issued stay valid; new orders have to show control"
                " of the names again before they are issued. To show it ahead of orders, ask for a"
                " new value for each, by its number, and publish it:",
                "many",
            ),
            _NEW_VALUES,
            _DOMAINS,
            Paragraph(
                "The proof that your account controls "
                + _DOMAIN
                + " ended on {until}. Certificates"
                " that are issued stay valid; new orders have to show control of the names again"
                " before they are issued. To show it ahead of orders, ask for a new value and"
                " publish it:",
                "one",
            ),
            _NEW_VALUE,
            _WHY_DOMAIN,
        ),
    ),
    LetterKind.CONTACT_TROUBLE: Letter(
        subject="Account {account}: our mails to {address} do not arrive",
        blocks=(
            Paragraph("{trouble} We write to that address no more."),
            Listing("trouble", ("Address", "Person", "What we were told")),
            Paragraph(
                "Reminders of certificates that end are among those mails. Give the person another"
                " address; writing to it begins at once. If the old one is in order again, say so:",
                "person",
            ),
            Command(
                'curl -X DELETE -H "X-DC-DEVKEY: $API_KEY" {base_url}/user/{user_id}/mail-state',
                "person",
            ),
            Paragraph(
                "Reminders of certificates that end are among those mails. The address belongs to"
                " nobody in the account: it stands in orders or with an organization. Name another"
                " one there.",
                "stranger",
            ),
            Note("You get this message because you administer the account."),
        ),
    ),
}
