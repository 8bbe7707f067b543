"""The mails about a domain: who gets them, and having them sent again."""

from __future__ import annotations

from ..dependencies import DomainsApi
from ..services.domain_mails import check_scope, email_lists, resend_domain_mails
from ..services.domain_records import read_domain
from .call import Answer, Call, answer_json
from .domain_schemas import DomainEmailsBody
from .idempotency import once_only
from .reading import validated


def list_emails(call: Call, deps: DomainsApi) -> Answer:
    """GET domain/{id}/dcv/emails[?name_scope=]."""
    domain = read_domain(call.number("domain"), call.principal, domains=deps.domains)
    scope = check_scope(call.query.get("name_scope"), domain)
    return answer_json(dict(email_lists(domain, scope)))


def resend(call: Call, deps: DomainsApi) -> Answer:
    """POST domain/{id}/dcv/emails: again to the same mailboxes, or to those at another level."""
    number = call.number("domain")
    read_domain(number, call.principal, domains=deps.domains)
    body, _ = validated(DomainEmailsBody, call.optional_body())
    resend_domain_mails(
        number,
        call.principal,
        body.name_scope,
        once=once_only(call, _sent),
        ledger=deps.ledger,
        domains=deps.domains,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return _sent(None)


def _sent(_: None) -> Answer:
    return Answer(status=204)
