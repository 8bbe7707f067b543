"""Routes of values that were mailed."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Route

_DOMAIN = {"id": "The domain's id."}

EMAILS: tuple[Route, ...] = (
    Route(
        method="PUT",
        path="/v2/domain/dcv/email/token/{token}",
        function=Function.ORDERS,
        operation="email_tokens.approve",
        action=Action.ORDER,
        summary="Approve a domain with the value from a mail",
        responses={200: "TokenApproved"},
        parameters={"token": "The value, as it stands in the mail."},
    ),
    Route(
        method="GET",
        path="/v2/domain/{id}/dcv/emails",
        function=Function.ACCOUNTS,
        operation="domain_emails.list_emails",
        action=Action.LOOK,
        summary="List the mailboxes that are asked for a domain",
        responses={200: "ValidationEmails"},
        parameters=_DOMAIN,
        query={"name_scope": "The level whose mailboxes are listed: the domain or a parent."},
    ),
    Route(
        method="POST",
        path="/v2/domain/{id}/dcv/emails",
        function=Function.ACCOUNTS,
        operation="domain_emails.resend",
        action=Action.ORGANIZE,
        summary="Send the mails of a domain that is proven by e-mail again",
        request="DomainEmailsBody",
        request_optional=True,
        responses={204: None},
        parameters=_DOMAIN,
    ),
)
