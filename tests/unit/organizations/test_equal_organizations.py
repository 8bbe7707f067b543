"""Two who describe the same new organization at the same moment get one, in every interleaving."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.interleaving import Interleaving
from tests.unit.api.driving import Api
from tests.unit.api.material import order_body
from vouchsafe.domain.organization import Organization, OrganizationPlace
from vouchsafe.domain.reviews import OrganizationReview

SEEDS = 60
CREATE, ORDER = "organization", "order/certificate/ssl_basic"
DESCRIBED: dict[str, Any] = {
    "name": "Example Widgets Ltd",
    "country": "GB",
    "address": "1 High Street",
    "city": "York",
    "telephone": "+44 1904 000000",
    "organization_contact": {
        "first_name": "Ada",
        "last_name": "Example",
        "email": "ada@example.com",
        "telephone": "+44 1904 000000",
    },
}
BODIES = {CREATE: DESCRIBED, ORDER: order_body(organization=DESCRIBED)}


def _of(api: Api, kind: type) -> list[Any]:
    return [each for each in api.book.records.values() if isinstance(each, kind)]


@pytest.mark.parametrize("paths", [(CREATE, CREATE), (CREATE, ORDER), (ORDER, ORDER)])
def test_of_two_at_once_the_second_takes_that_of_the_first(paths: tuple[str, str]) -> None:
    tried_again = 0
    for seed in range(SEEDS):
        race = Interleaving(seed)
        api = Api(tripwire=race)
        calls = [partial(api.call, "POST", path, BODIES[path]) for path in paths]
        replies: list[Any] = race.run(*calls)
        assert [reply.status for reply in replies] == [201, 201]
        (made,) = _of(api, Organization)
        assert len(_of(api, OrganizationReview)) == (ORDER in paths)
        (place,) = _of(api, OrganizationPlace)
        assert (place.place, place.organization_id) == (1, made.organization_id)
        tried_again += race.calls.count("accounts.organizations_of") > len(paths)
    assert tried_again  # so that the race was one


def test_others_made_at_once_all_come_into_being() -> None:
    for seed in range(SEEDS):
        race = Interleaving(seed)
        api = Api(tripwire=race)
        names = ("One Ltd", "Two Ltd", "Three Ltd")
        calls = [partial(api.call, "POST", CREATE, DESCRIBED | {"name": name}) for name in names]
        replies: list[Any] = race.run(*calls)
        assert [reply.status for reply in replies] == [201, 201, 201]
        assert {each.name for each in _of(api, Organization)} == set(names)
        assert sorted(each.place for each in _of(api, OrganizationPlace)) == [1, 2, 3]
