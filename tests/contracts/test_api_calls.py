"""What the API costs in calls to the real adapter's table, counted one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.builders import a_user, an_account, an_api_key
from tests.builders_accounts import a_review, an_organization
from tests.builders_domains import a_domain, with_row
from tests.builders_people import a_container
from tests.contracts.aws import TABLE
from tests.fake_trial import FakeFirstLook, FakeLintOnly
from tests.fakes import (
    FakeDomainChecker,
    FakeStore,
    FakeWorkflow,
    FrozenClock,
    SeededEntropy,
)
from tests.unit.api.driving import KEY, MOMENT, event_for
from tests.unit.api.material import PRODUCT, order_body
from tests.unit.validation.checking import eyes_over
from tests.unit.validation.eyes import World
from vouchsafe.adapters.dynamodb import (
    DynamoAccounts,
    DynamoApprovalMessages,
    DynamoDomains,
    DynamoFeed,
    DynamoIssuers,
    DynamoLedger,
    DynamoLooks,
    DynamoOrderLists,
    DynamoParkedList,
    DynamoPolicies,
    DynamoReviews,
    DynamoWebhooks,
)
from vouchsafe.adapters.remembered import RememberedIssuers
from vouchsafe.api import app
from vouchsafe.dependencies import DomainsApi, OrdersApi
from vouchsafe.domain.organization import OrganizationCheck, Submission
from vouchsafe.domain.products import ValidationLevel
from vouchsafe.settings import Settings
from vouchsafe.trial_ports import TrialPorts

_KEY_CHECK = 1  # the read that says who is calling


@dataclass
class _Counting:
    """A DynamoDB client that notes the calls made through it, and refuses to read a whole table."""

    client: Any
    calls: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        if name in {"scan", "get_paginator"}:
            raise AssertionError(f"{name} is not asked for here")
        if name not in {"exceptions", "meta"}:
            self.calls.append(name)
        return found


@pytest.fixture
def counting(dynamodb: Any) -> _Counting:
    counting = _Counting(dynamodb)
    DynamoLedger(counting, TABLE).commit(an_account(), a_user(), an_api_key(KEY))
    counting.calls.clear()
    return counting


def _remembered(client: Any) -> RememberedIssuers:
    """Issuers are asked for once a minute in a container: not counted with any one call."""
    return RememberedIssuers(DynamoIssuers(getattr(client, "client", client), TABLE))


def _handler(client: Any) -> app.Handler:
    deps = OrdersApi(
        settings=Settings(dcv_domain="dcv.example"),
        clock=FrozenClock(MOMENT),
        entropy=SeededEntropy(),
        accounts=DynamoAccounts(client, TABLE),
        ledger=DynamoLedger(client, TABLE),
        reviews=DynamoReviews(client, TABLE),
        looks=DynamoLooks(client, TABLE),
        lists=DynamoOrderLists(client, TABLE),
        workflow=FakeWorkflow(),
        issuers=_remembered(client),
        store=FakeStore(),
        messages=DynamoApprovalMessages(client, TABLE),
        domains=DynamoDomains(client, TABLE),
        trial=TrialPorts(
            policies=DynamoPolicies(client, TABLE),
            issuers=DynamoIssuers(client, TABLE),
            first_look=FakeFirstLook(eyes_over(World(), FrozenClock(MOMENT))),
            linter=FakeLintOnly(),
            contacts=None,
            publication_url="http://ca.example.com",
        ),
    )
    return app.build("orders_api", deps)


def _send(client: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    content = None if body is None else json.dumps(body)
    sent = {"X-DC-DEVKEY": KEY} | headers
    return _handler(client)(event_for(method, path, body=content, headers=sent), None)


_PENDING_OV = Submission(check=OrganizationCheck.OV, submitted_at=MOMENT)
_DESCRIBED = {
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


#: Beyond the key check; proofs of more than some 90 domains are asked for in further calls.
@pytest.mark.parametrize(("names", "most"), [(3, 4), (50, 4), (250, 6)])
def test_an_order_is_placed_in_four_calls_and_read_in_two(
    counting: _Counting, names: int, most: int
) -> None:
    others = [f"n{number}.example.com" for number in range(names - 1)]
    body = order_body(
        certificate__dns_names=others,
        custom_fields=[{"metadata_id": 1, "value": 0.1}, {"metadata_id": 2, "value": None}],
    )
    path = f"/v2/order/certificate/{PRODUCT}"
    placed = _send(counting, "POST", path, body, **{"Idempotency-Key": "k"})
    assert placed["statusCode"] == 201
    assert counting.calls.pop(0) == "get_item"  # the key check
    assert len(counting.calls) <= most

    counting.calls.clear()
    number = json.loads(placed["body"])["id"]
    read = _send(counting, "GET", f"/v2/order/certificate/{number}")
    order = json.loads(read["body"])
    assert len(order["validations"]) == names
    assert order["custom_fields"] == body["custom_fields"]
    assert len(counting.calls) <= _KEY_CHECK + 2

    again = _send(counting, "POST", path, body, **{"Idempotency-Key": "k"})
    assert json.loads(again["body"]) == json.loads(placed["body"])


#: What else an order may carry, and what the account may ask for: none of it costs a call.
_DEMANDING = {
    "a name of its own": {"certificate_name": "web-shop"},
    "an organization": {"organization": {"id": 601}},
    "a renewal": {"renewal_of_order_id": 17},
    "approval at once": {"skip_approval": True},
    "a container of its own": {"container": {"id": 31}},
}


@pytest.mark.parametrize("approval", [False, True])
@pytest.mark.parametrize("extra", _DEMANDING.values(), ids=_DEMANDING)
def test_nothing_an_order_carries_costs_a_fifth_call(
    counting: _Counting, extra: dict[str, Any], approval: bool
) -> None:
    account = an_account(orders_need_approval=approval, version=2)
    DynamoLedger(counting, TABLE).commit(account, an_organization(), a_container())
    counting.calls.clear()
    path = f"/v2/order/certificate/{PRODUCT}"
    placed = _send(counting, "POST", path, order_body(**extra), **{"Idempotency-Key": "k"})
    assert placed["statusCode"] == 201
    assert len(counting.calls) <= _KEY_CHECK + 4
    counting.calls.clear()
    number = json.loads(placed["body"])["id"]
    assert _send(counting, "GET", f"/v2/order/certificate/{number}")["statusCode"] == 200
    assert len(counting.calls) <= _KEY_CHECK + 2


@pytest.mark.parametrize(
    ("organization", "before"),
    [
        ({"id": 601}, {}),
        ({"id": 601}, {"review_id": 701, "submissions": (_PENDING_OV,)}),
        (_DESCRIBED, {}),
    ],
    ids=["to be submitted", "under review", "described whole"],
)
@pytest.mark.parametrize("product", ["ssl_plus", "ssl_ev_plus"])
def test_an_order_for_an_organization_is_placed_in_six_calls(
    counting: _Counting, organization: dict[str, Any], before: dict[str, Any], product: str
) -> None:
    ledger = DynamoLedger(counting, TABLE)
    ledger.allocate(organizations=601, reviews=800)
    ledger.commit(an_organization(**before), *([a_review()] if before else []))
    counting.calls.clear()
    body = order_body(
        certificate__common_name="www.example.com",
        certificate__dns_names=[],
        organization=organization,
    )
    path = f"/v2/order/certificate/{product}"
    placed = _send(counting, "POST", path, body, **{"Idempotency-Key": "k"})
    assert placed["statusCode"] == 201, placed["body"]
    assert len(counting.calls) <= _KEY_CHECK + 6
    assert counting.calls.count("transact_write_items") == 1
    found = DynamoReviews(counting, TABLE).open_reviews(None, 9)
    assert len(found) == 1


def test_a_refused_order_is_told_so_without_a_write(counting: _Counting) -> None:
    body = order_body(certificate__dns_names=["co.uk"], dcv_method="pigeon")
    refused = _send(counting, "POST", f"/v2/order/certificate/{PRODUCT}", body)
    assert refused["statusCode"] == 400
    assert set(counting.calls) <= {"get_item", "batch_get_item"}


def _domains_handler(client: Any) -> app.Handler:
    deps = DomainsApi(
        settings=Settings(dcv_domain="dcv.example"),
        clock=FrozenClock(MOMENT),
        entropy=SeededEntropy(),
        accounts=DynamoAccounts(client, TABLE),
        ledger=DynamoLedger(client, TABLE),
        feed=DynamoFeed(client, TABLE),
        reviews=DynamoReviews(client, TABLE),
        parked=DynamoParkedList(client, TABLE),
        workflow=FakeWorkflow(),
        domains=DynamoDomains(client, TABLE),
        checker=FakeDomainChecker(),
        webhooks=DynamoWebhooks(client, TABLE),
    )
    return app.build("accounts_api", deps)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("domain", {}),
        ("domain", {"offset": "3", "limit": "2", "include_validation": "true"}),
        ("domain", {"container_id": "3", "include_validation": "true"}),
        ("domain", {"filters[name]": "n4.example.com"}),
        ("domain/804", {"include_dcv": "true", "include_validation": "true"}),
        ("domain/804/validation", {}),
    ],
)
def test_domains_are_listed_and_read_in_three_calls(
    counting: _Counting, path: str, query: dict[str, str]
) -> None:
    ledger = DynamoLedger(counting, TABLE)
    ledger.commit(an_organization())
    for place in range(6):
        changed = {"organization_id": 601, "kinds": (ValidationLevel.EV,), "verified_user_id": 7}
        one = a_domain(domain_id=801 + place, place=place, name=f"n{place}.example.com", **changed)
        ledger.commit(*with_row(one))
    counting.calls.clear()
    event = event_for("GET", f"/v2/{path}", headers={"X-DC-DEVKEY": KEY}, query=query)
    answer = _domains_handler(counting)(event, None)
    assert answer["statusCode"] == 200
    assert len(counting.calls) <= _KEY_CHECK + 3


def test_a_page_of_orders_and_its_total_cost_a_handful_of_calls(counting: _Counting) -> None:
    handle = _handler(counting)
    for number in range(12):
        body = json.dumps(order_body(certificate__common_name=f"n{number}.example.com"))
        path = f"/v2/order/certificate/{PRODUCT}"
        event = event_for("POST", path, body=body, headers={"X-DC-DEVKEY": KEY})
        assert handle(event, None)["statusCode"] == 201
    counting.calls.clear()
    event = event_for(
        "GET",
        "/v2/order/certificate",
        headers={"X-DC-DEVKEY": KEY},
        query={"offset": "5", "limit": "4", "filters[status]": "pending", "sort": "-date_created"},
    )
    reply = json.loads(handle(event, None)["body"])
    assert reply["page"] == {"total": 12, "limit": 4, "offset": 5}
    assert len(reply["orders"]) == 4
    assert len(counting.calls) <= _KEY_CHECK + 5
