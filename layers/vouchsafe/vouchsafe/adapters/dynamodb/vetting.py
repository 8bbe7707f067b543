"""Reviews of organizations, policy lists and clearances over DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...domain.ages import ageing_due
from ...domain.organization import Organization
from ...domain.policy_lists import Clearances, PolicyLists
from ...domain.reviews import OrganizationReview
from . import account_keys, vetting_keys
from .attributes import decode_fields, encode_fields, stamp
from .table import Table
from .writes import Write, follower, write

_FIRST, _LAST = "0", "9"  # every stamp lies between them
_JUST_AFTER = "!"  # sorts before any digit and after nothing else of a key


class DynamoReviews:
    """Port Reviews."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def review(self, review_id: int) -> OrganizationReview | None:
        """The review of that id, or None. Strongly consistent."""
        item = self._table.get(vetting_keys.review(review_id))
        return None if item is None else decode_fields(OrganizationReview, item)

    def open_reviews(
        self, after: OrganizationReview | None, limit: int
    ) -> Sequence[OrganizationReview]:
        """At most `limit` open reviews, the longest waiting first; may lag by seconds."""
        first = _FIRST
        if after is not None:
            place = vetting_keys.queue_place(after.submitted_at, after.review_id)
            first = place + _JUST_AFTER
        items = self._table.listed(1, vetting_keys.QUEUE, (first, _LAST), limit=limit)
        return [decode_fields(OrganizationReview, item) for item in items]

    def reviews_of(
        self, account_id: int, organization_id: int, limit: int
    ) -> Sequence[OrganizationReview]:
        """At most `limit` reviews of an organization, newest first; may lag by seconds."""
        partition = vetting_keys.reviews_of(account_id, organization_id)
        items = self._table.listed(2, partition, (_FIRST, _LAST), limit=limit, newest_first=True)
        return [decode_fields(OrganizationReview, item) for item in items]

    def ageing(self, before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Accounts and organizations with a notice due up to `before`, the longest due first."""
        span = (_FIRST, stamp(before) + "~")
        items = self._table.listed(3, vetting_keys.AGES, span, limit=limit)
        return [vetting_keys.owner_of(item["pk"]["S"], item["sk"]["S"]) for item in items]


class DynamoPolicies:
    """Port Policies: one consistent read each."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def lists(self) -> PolicyLists:
        """The lists in force; empty ones of version 0 before anybody set any."""
        item = self._table.get(vetting_keys.lists_in_force())
        return PolicyLists() if item is None else decode_fields(PolicyLists, item)

    def lists_at(self, version: int) -> PolicyLists | None:
        """The lists as they stood at that version, or None."""
        item = self._table.get(vetting_keys.lists_version(version))
        return None if item is None else decode_fields(PolicyLists, item)

    def clearances(self, account_id: int) -> Clearances:
        """The account's clearances; version 0 without any."""
        item = self._table.get(vetting_keys.clearances(account_id))
        return (
            Clearances(account_id=account_id) if item is None else decode_fields(Clearances, item)
        )


def organization_writes(organization: Organization) -> tuple[Write, ...]:
    """The organization, in the index of ages while a notice is ahead."""
    key = account_keys.organization(organization.account_id, organization.organization_id)
    due = ageing_due(organization)
    aged = () if due is None else (vetting_keys.ages_at(due, organization.organization_id),)
    return (write("organization", key, organization, *aged),)


def review_writes(review: OrganizationReview) -> tuple[Write, ...]:
    """The review, among its organization's, and in the queue while it is open."""
    at, number = review.submitted_at, review.review_id
    listed = vetting_keys.among_reviews(review.account_id, review.organization_id, at, number)
    queued = (vetting_keys.in_queue(at, number),) if review.is_open else ()
    return (write("review", vetting_keys.review(number), review, listed, *queued),)


def policy_lists_writes(lists: PolicyLists) -> tuple[Write, ...]:
    """The lists in force, and the same as a version that stays."""
    kept = vetting_keys.lists_version(lists.version)
    return (
        write("policy_lists", vetting_keys.lists_in_force(), lists),
        follower("policy_lists_version", kept, encode_fields(lists)),
    )


def clearances_writes(clearances: Clearances) -> tuple[Write, ...]:
    """All of an account's clearances."""
    key = vetting_keys.clearances(clearances.account_id)
    return (write("clearances", key, clearances),)
