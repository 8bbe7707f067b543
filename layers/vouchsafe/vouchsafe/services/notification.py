"""Telling: changes get their numbers, and people learn of those that concern them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from ..domain.changes import Change, ChangeKind, NumberedChange
from ..domain.errors import Unavailable
from ..ports import Feed, NoticeQueue
from . import letter_facts as orders
from . import letter_operators as operators
from . import letter_problems as problems
from . import letter_requests as requests
from . import letter_upkeep as upkeep
from . import letter_webhooks as webhooks
from .letter_domains import for_domain
from .letter_endings import (
    for_ended,
    for_mail_trouble,
    for_proof_missing,
    for_timed_out,
    others_than_the_actor,
)
from .letter_facts import of_order
from .mail_desk import Compose, Desk, Notice


def _trouble(change: Change, desk: Desk) -> Notice | None:
    """Mails about an order, or notices to an address; those about domains are told by the API."""
    if change.order_id is not None:
        return for_mail_trouble(change, desk)
    return upkeep.for_contact_trouble(change, desk) if "state" in change.data else None


_new_order = of_order(orders.for_new_order)
_ended = of_order(for_ended)

#: What people get a mail about. None: known, and deliberately nothing.
TOLD: Mapping[ChangeKind, Compose | None] = {
    ChangeKind.ORDER_PLACED: _new_order,
    ChangeKind.CERTIFICATE_ISSUED: of_order(orders.for_issued),
    ChangeKind.ORDER_TIMED_OUT: of_order(for_timed_out),
    ChangeKind.CERTIFICATE_REVOKED: of_order(orders.for_revoked),
    ChangeKind.KEY_REPORTED: operators.for_reported_key,
    ChangeKind.KEY_BLOCKED: None,
    ChangeKind.BULK_REVOCATION: None,
    ChangeKind.INTENT_GIVEN_UP: None,
    ChangeKind.ORDER_CANCELLED: of_order(for_ended, others_than_the_actor),
    ChangeKind.ORDER_REJECTED: _ended,
    ChangeKind.VALUE_RENEWED: None,
    ChangeKind.NAME_PROVEN: None,
    ChangeKind.CAA_REFUSED: None,  # whom CAA's iodef names is told in caa_reports
    ChangeKind.MAILS_RESENT: None,  # the mails themselves are sent in approval_mails
    ChangeKind.MAIL_BOUNCED: _trouble,
    ChangeKind.ORDER_NOTED: None,
    ChangeKind.CUSTOM_FIELD_SET: None,
    ChangeKind.REQUEST_CREATED: requests.for_request_created,
    ChangeKind.REQUEST_APPROVED: requests.for_request_decided,
    ChangeKind.REQUEST_REJECTED: requests.for_request_decided,
    ChangeKind.REQUEST_LAPSED: requests.for_request_decided,
    ChangeKind.REQUEST_VOIDED: None,
    ChangeKind.REQUEST_REMINDER_DUE: requests.for_request_reminder,
    ChangeKind.REISSUE_PLACED: _new_order,
    ChangeKind.REISSUE_ENDED: of_order(for_ended, others_than_the_actor),
    ChangeKind.CSR_REPLACED: None,
    ChangeKind.VALIDATION_BEGUN: _new_order,
    ChangeKind.ACCOUNT_CREATED: None,
    ChangeKind.ACCOUNT_CHANGED: None,
    ChangeKind.KEY_CREATED: None,
    ChangeKind.KEY_REVOKED: None,
    ChangeKind.KEY_ACTIVATED: None,
    ChangeKind.USER_CREATED: None,
    ChangeKind.USER_CHANGED: None,
    ChangeKind.USER_ROLE_CHANGED: None,
    ChangeKind.USER_ACTIVATED: None,
    ChangeKind.USER_DEACTIVATED: None,
    ChangeKind.USER_DELETED: None,
    ChangeKind.CONTAINER_CREATED: None,
    ChangeKind.CONTAINER_CHANGED: None,
    ChangeKind.CONTAINER_ACTIVATED: None,
    ChangeKind.CONTAINER_DEACTIVATED: None,
    ChangeKind.DOMAIN_ADDED: None,
    ChangeKind.DOMAIN_CHANGED: None,
    ChangeKind.DOMAIN_PROVEN: None,
    ChangeKind.DOMAIN_ACTIVATED: None,
    ChangeKind.DOMAIN_DEACTIVATED: None,
    ChangeKind.DOMAIN_REMOVED: None,
    ChangeKind.ORGANIZATION_CREATED: None,
    ChangeKind.ORGANIZATION_VALIDATED: upkeep.for_organization,
    ChangeKind.ORGANIZATION_CHANGED: None,
    ChangeKind.ORGANIZATION_SUBMITTED: None,
    ChangeKind.ORGANIZATION_REJECTED: upkeep.for_organization,
    ChangeKind.ORGANIZATION_EXPIRING: upkeep.for_organization,
    ChangeKind.ORGANIZATION_EXPIRED: upkeep.for_organization,
    ChangeKind.REVIEW_WORKED_ON: None,
    ChangeKind.AGREEMENT_ACCEPTED: None,
    ChangeKind.POLICY_LISTS_SET: None,
    ChangeKind.CLEARANCE_GIVEN: None,
    ChangeKind.CLEARANCE_WITHDRAWN: None,
    ChangeKind.AUDIT_LOG_READ: None,
    ChangeKind.REAUDIT_FOUND: operators.for_reaudit,
    ChangeKind.PROOF_REMINDER_DUE: of_order(for_proof_missing),
    ChangeKind.EXPIRY_REMINDER_DUE: upkeep.for_expiry,
    ChangeKind.DOMAIN_EXPIRING: for_domain,
    ChangeKind.DOMAIN_EXPIRED: for_domain,
    ChangeKind.MANAGED_KEY_MADE: None,
    ChangeKind.KEY_EXPORTED: None,
    ChangeKind.WEBHOOK_CREATED: None,
    ChangeKind.WEBHOOK_CHANGED: webhooks.for_webhook,
    ChangeKind.WEBHOOK_REMOVED: None,
    ChangeKind.PROBLEM_REPORTED: operators.for_reported_problem,
    ChangeKind.PROBLEM_CHANGED: problems.for_changed_problem,
    ChangeKind.ISSUER_CHANGED: None,
}


def number_change(
    change: Change,
    *,
    feed: Feed,
    queue: NoticeQueue,
    then: Callable[[Change], object] | None = None,
) -> NumberedChange:
    """Give a committed change its number and queue it to be told; doing it twice is harmless.

    `then` is done with it, too. Only after all of that is the change passed on: cut anywhere
    before, the sweep comes back to it. Raises Unavailable for trouble that may pass and KeyError
    for a change nobody committed.
    """
    numbered = feed.number(change)
    if then is not None:
        then(change)
    queue.send(numbered)
    feed.pass_on(change)
    return numbered


def sweep_left_behind(
    before: datetime,
    limit: int,
    *,
    feed: Feed,
    queue: NoticeQueue,
    then: Callable[[Change], object] | None = None,
) -> int:
    """Pass on at most `limit` changes from earlier than `before` that the stream left; how many.

    `then` is done with each change, as the stream's consumer would have done. A change that
    cannot be numbered stops none behind it; all such trouble is raised at the end.
    """
    left = feed.left_behind(before, limit)
    troubles: list[Exception] = []
    for change in left:
        try:
            number_change(change, feed=feed, queue=queue, then=then)
        except (Unavailable, LookupError, ValueError) as trouble:
            troubles.append(trouble)
    if troubles:
        raise ExceptionGroup(f"{len(troubles)} of {len(left)} changes stay behind", troubles)
    return len(left)
