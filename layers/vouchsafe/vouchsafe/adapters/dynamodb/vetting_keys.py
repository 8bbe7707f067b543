"""The keys of reviews of organizations, of their ages, and of a deployment's policy lists."""

from __future__ import annotations

from datetime import datetime

from .account_keys import partition
from .attributes import Item, stamp
from .keys import Key, index

#: The lists in force stand under LISTS_IN_FORCE; every version stays under its number.
LISTS = "POLICY"
_LISTS_IN_FORCE = "LISTS"
_DIGITS = 6

#: Index 1: the operators' queue. People submit, so one partition takes it.
QUEUE = "REVIEWS#OPEN"
#: Index 3: organizations by when their next notice about their age is due.
AGES = "AGES"
_ORGANIZATION = "ORG#"


def lists_in_force() -> Key:
    """The policy lists as they are."""
    return LISTS, _LISTS_IN_FORCE


def lists_version(version: int) -> Key:
    """The policy lists as they were."""
    return LISTS, f"VERSION#{version:0{_DIGITS}}"


def clearances(account_id: int) -> Key:
    """All clearances of the account, in one item."""
    return partition(account_id), "CLEARANCES"


def review(review_id: int) -> Key:
    """A review."""
    return f"REVIEW#{review_id}", "REVIEW"


def reviews_of(account_id: int, organization_id: int) -> str:
    """Index 2: an organization's reviews."""
    return f"{partition(account_id)}#REVIEWS#{organization_id}"


def in_queue(submitted_at: datetime, review_id: int) -> Item:
    """Index 1, while the review is open."""
    return index(1, (QUEUE, queue_place(submitted_at, review_id)))


def queue_place(submitted_at: datetime, review_id: int) -> str:
    """Where in the queue a review stands; ids have ten digits at most."""
    return f"{stamp(submitted_at)}#{review_id:010}"


def among_reviews(
    account_id: int, organization_id: int, submitted_at: datetime, review_id: int
) -> Item:
    """Index 2, for good."""
    place = queue_place(submitted_at, review_id)
    return index(2, (reviews_of(account_id, organization_id), place))


def ages_at(due_at: datetime, organization_id: int) -> Item:
    """Index 3, while a notice is ahead."""
    return index(3, (AGES, f"{stamp(due_at)}#{organization_id}"))


def owner_of(pk: str, sk: str) -> tuple[int, int]:
    """Account and organization of an item of index 3."""
    return int(pk.rpartition("#")[2]), int(sk.removeprefix(_ORGANIZATION))
