"""Reviews, policy lists and evidence, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.ages import ageing_due
from vouchsafe.domain.organization import Organization
from vouchsafe.domain.policy_lists import Clearances, PolicyLists
from vouchsafe.domain.reviews import OrganizationReview


class FakeVetting:
    """Ports Reviews and Policies over the `records` of the book."""

    _tripwire: Tripwire
    _lock: Any
    records: dict[tuple[Any, ...], Any]
    _older_lists: dict[int, PolicyLists]

    def review(self, review_id: int) -> OrganizationReview | None:
        with self._tripwire.crossing("reviews.review"), self._lock:
            return self.records.get((OrganizationReview, review_id))

    def open_reviews(
        self, after: OrganizationReview | None, limit: int
    ) -> Sequence[OrganizationReview]:
        with self._tripwire.crossing("reviews.open_reviews"), self._lock:
            waiting = sorted((r for r in self._reviews() if r.is_open), key=_place)
            return [r for r in waiting if after is None or _place(r) > _place(after)][:limit]

    def reviews_of(
        self, account_id: int, organization_id: int, limit: int
    ) -> Sequence[OrganizationReview]:
        with self._tripwire.crossing("reviews.reviews_of"), self._lock:
            wanted = (account_id, organization_id)
            own = [r for r in self._reviews() if (r.account_id, r.organization_id) == wanted]
            return sorted(own, key=_place, reverse=True)[:limit]

    def ageing(self, before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        with self._tripwire.crossing("reviews.ageing"), self._lock:
            every = [r for k, r in self.records.items() if k[0] is Organization]
            due = [(at, o) for o in every if (at := ageing_due(o)) is not None and at <= before]
            due.sort(key=lambda pair: (pair[0], str(pair[1].organization_id)))
            return [(o.account_id, o.organization_id) for _, o in due][:limit]

    def lists(self) -> PolicyLists:
        with self._tripwire.crossing("policies.lists"), self._lock:
            return self.records.get((PolicyLists,), PolicyLists())

    def lists_at(self, version: int) -> PolicyLists | None:
        with self._tripwire.crossing("policies.lists_at"), self._lock:
            return self._older_lists.get(version)

    def clearances(self, account_id: int) -> Clearances:
        with self._tripwire.crossing("policies.clearances"), self._lock:
            none = Clearances(account_id=account_id)
            return self.records.get((Clearances, account_id), none)

    def _reviews(self) -> list[OrganizationReview]:
        return [record for key, record in self.records.items() if key[0] is OrganizationReview]


def _place(review: OrganizationReview) -> tuple[datetime, int]:
    return review.submitted_at, review.review_id


class FakeEvidenceStore:
    """Port EvidenceStore: the first bytes under a key stay."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self.objects: dict[tuple[int, str], bytes] = {}

    def put(self, review_id: int, sha256: str, content: bytes, media_type: str) -> None:
        del media_type
        with self._tripwire.crossing("evidence.put"):
            self.objects.setdefault((review_id, sha256), content)

    def get(self, review_id: int, sha256: str) -> bytes | None:
        with self._tripwire.crossing("evidence.get"):
            return self.objects.get((review_id, sha256))
