"""Two accounts on the running stack, each with everything, and nothing to be seen of the other."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.service import Service, body, until
from tests.lab.accounts import operator_key
from tests.lab.client import Client, Response
from tests.lab.stack import Stack
from vouchsafe.audit import main, verify

_NOTHING_HAS = 2_000_000_000  # no id of a stack this young
#: Differ from call to call: when, which request, how many calls are left.
_OF_THE_CALL = re.compile(r"date|x-request-id|x-amz.*|ratelimit-(remaining|reset)")


@dataclass(frozen=True, slots=True)
class Holdings:
    """An account and the ids of what it has; `word` is in all its names."""

    service: Service
    word: str
    ids: dict[str, int]

    @property
    def client(self) -> Client:
        return self.service.client


def _equip(service: Service, word: str) -> Holdings:
    """Two orders, one of them issued with a request to revoke it; an organization and a key."""
    client = service.client
    issued = service.issue(f"issued-{word}.lab.example.com")
    certificate = issued["certificate"]["id"]
    pending = service.place(f"pending-{word}.lab.example.com")["id"]
    client.ask("POST", f"order/certificate/{pending}/note", {"text": f"about {word}"}, expect=201)
    asked = client.ask("PUT", f"certificate/{certificate}/revoke", {"comments": word}, expect=201)
    contact = {"first_name": word, "last_name": "Doe", "email": f"{word}@example.com"}
    organization = {
        "name": f"{word.title()} Ltd",
        "country": "GB",
        "address": f"1 {word} Street",
        "city": "York",
        "telephone": "+44 1904 000000",
        "organization_contact": contact | {"telephone": "+44 1904 000000"},
    }
    made = client.ask("POST", "organization", organization, expect=201)
    me = client.ask("GET", "user/me")
    key = client.ask("POST", f"key/user/{me['id']}", {"name": f"{word} key"}, expect=201)
    field = client.ask("POST", "account/metadata", {"label": word}, expect=201)
    return Holdings(
        service=service,
        word=word,
        ids={
            "order": pending,
            "issued": issued["id"],
            "certificate": certificate,
            "request": asked["id"],
            "organization": made["id"],
            "user": me["id"],
            "container": me["container"]["id"],
            "key": key["id"],
            "metadata": field["id"],
        },
    )


@pytest.fixture(scope="module")
def both(service: Service, stranger: Service) -> tuple[Holdings, Holdings]:
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(_equip, service, "antelope")
        second = pool.submit(_equip, stranger, "zanzibar")
        return first.result(), second.result()


#: What is asked about a thing of a kind: method, path, body.
ASKED: tuple[tuple[str, str, str, Any], ...] = (
    ("order", "GET", "order/certificate/{}", None),
    ("order", "GET", "order/certificate/{}/note", None),
    ("order", "POST", "order/certificate/{}/note", {"text": "hello"}),
    ("order", "PUT", "order/certificate/{}/check-dcv", None),
    ("order", "PUT", "order/certificate/{}/dcv-random-value", None),
    ("order", "PUT", "order/certificate/{}/status", {"status": "CANCELED"}),
    ("issued", "PUT", "order/certificate/{}/revoke", {"skip_approval": True}),
    ("issued", "GET", "order/certificate/{}/reissue", None),
    ("issued", "GET", "certificate/download/order/{}", None),
    ("certificate", "GET", "certificate/{}/download/format/pem_all", None),
    ("certificate", "GET", "certificate/{}/chain", None),
    ("certificate", "PUT", "certificate/{}/revoke", {"skip_approval": True}),
    ("request", "GET", "request/{}", None),
    ("request", "PUT", "request/{}/status", {"status": "approved"}),
    ("organization", "GET", "organization/{}", None),
    ("organization", "GET", "organization/{}/validation", None),
    ("user", "GET", "user/{}", None),
    ("user", "POST", "key/user/{}", {"name": "mine now"}),
    ("container", "GET", "container/{}", None),
    ("container", "GET", "container/{}/order/organization", None),
    ("key", "GET", "key/{}", None),
    ("key", "PUT", "key/{}/status", {"status": "revoked"}),
)
LISTS = (
    "order/certificate",
    "order/certificate?filters[search]=%25lab.example.com",
    "order/certificate/status-changes?minutes=60",
    "request",
    "organization",
    "domain",
    "user",
    "key",
    "container",
    "account",
    "account/metadata",
    "audit-log?limit=1000",
)
#: The lists whose ids are held against the other account's: where, what rows, of which kinds.
LISTED = (
    ("order/certificate", "orders", ("order", "issued")),
    ("request", "requests", ("request",)),
    ("organization", "organizations", ("organization",)),
    ("user", "users", ("user",)),
    ("key", "api_keys", ("key",)),
    ("container", "containers", ("container",)),
)


def _seen(response: Response, number: int) -> tuple[int, dict[str, str], bytes]:
    headers = {n: v for n, v in response.headers.items() if not _OF_THE_CALL.fullmatch(n)}
    return response.status, headers, response.body.replace(str(number).encode(), b"#")


def test_what_is_anothers_is_not_there(both: tuple[Holdings, Holdings]) -> None:
    for caller, other in (both, both[::-1]):
        for kind, method, path, sent in ASKED:
            theirs, nobodys = other.ids[kind], _NOTHING_HAS + other.ids[kind]
            first = caller.client.call(method, path.format(theirs), sent)
            second = caller.client.call(method, path.format(nobodys), sent)
            assert first.status == 404, (method, path, first.body)
            assert first.problem() == second.problem(), (method, path)
            assert _seen(first, theirs) == _seen(second, nobodys), (method, path)


def test_nothing_of_the_other_account_is_in_any_list(both: tuple[Holdings, Holdings]) -> None:
    for caller, other in (both, both[::-1]):
        text = b"".join(caller.client.call("GET", path).body for path in LISTS).decode().lower()
        assert caller.word in text
        assert other.word not in text
        for path, rows, kinds in LISTED:
            found = {row["id"] for row in caller.client.ask("GET", path)[rows]}
            assert {caller.ids[kind] for kind in kinds} <= found
            assert not {other.ids[kind] for kind in kinds} & found


def test_ids_in_bodies_reach_no_further(both: tuple[Holdings, Holdings]) -> None:
    caller, other = both
    named = body("refers.lab.example.com") | {
        "organization": {"id": other.ids["organization"]},
        "container": {"id": other.ids["container"]},
        "renewal_of_order_id": other.ids["issued"],
    }
    response = caller.service.try_order(named)
    assert other.word not in response.body.decode().lower()
    if response.status == 201:
        placed = caller.client.order(response.json()["id"])
        assert other.word not in json.dumps(placed).lower()
        assert placed["container"]["id"] == caller.ids["container"]
    order = other.client.order(other.ids["issued"])
    assert not order.get("is_renewed")


def test_operators_and_customers_keep_to_their_own_routes(
    both: tuple[Holdings, Holdings], stack: Stack
) -> None:
    caller, _ = both
    operator = Client(caller.client.base_url, operator_key(stack))
    for answer in (
        caller.client.call("GET", f"operator/account/{caller.service.account.account_id}"),
        operator.call("GET", f"order/certificate/{caller.ids['order']}"),
        operator.call("GET", "audit-log"),
    ):
        assert (answer.status, answer.problem()[0]) == (403, "access_denied|missing_permission")


def _export(client: Client, path: str, after: int = 0) -> bytes:
    content, goes_on = b"", after
    while goes_on is not None:
        headers = {"Accept": "application/x-ndjson"}
        page = client.call("GET", f"{path}?limit=20&after={goes_on}", headers=headers)
        assert page.status == 200, page.body
        assert page.headers["content-type"].startswith("application/x-ndjson")
        content += page.body
        goes_on = json.loads(page.body.splitlines()[-1])["next"]
    return content


def test_each_accounts_log_is_its_own_and_is_verified_offline(
    both: tuple[Holdings, Holdings], stack: Stack, tmp_path: Path
) -> None:
    for holder, other in (both, both[::-1]):
        client, wanted = holder.client, f"key {holder.ids['key']}"

        def logged(client: Client = client, wanted: str = wanted) -> bool:
            path = f"audit-log?object={wanted.replace(' ', ':')}"
            return bool(client.ask("GET", path)["entries"])

        until(logged, 30, f"{wanted} is in the log")
        content = _export(client, "audit-log")
        file = tmp_path / f"{holder.word}.ndjson"
        file.write_bytes(content)
        head = json.loads(content.splitlines()[0])["head"]
        known = f"{head['number']}:{head['hash']}"
        assert main(["verify", str(file), "--head", known]) == 0
        text = content.decode()
        assert holder.word in text.lower() and other.word not in text.lower()
        assert holder.service.account.key not in text
        kinds = {json.loads(line).get("kind") for line in text.splitlines()}
        assert {"order_placed", "certificate_issued", "key_created", "request_created"} <= kinds
        file.write_bytes(content.replace(b'"order_placed"', b'"order_voided"', 1))
        assert main(["verify", str(file)]) == 1


def test_an_operators_reading_is_in_the_accounts_own_log(
    both: tuple[Holdings, Holdings], stack: Stack
) -> None:
    caller, _ = both
    operator = Client(caller.client.base_url, operator_key(stack))
    number = caller.service.account.account_id
    assert verify(_export(operator, f"operator/account/{number}/audit-log"))

    def read_by_operator() -> bool:
        entries = caller.client.ask("GET", "audit-log?actor=operator&limit=1000")["entries"]
        return any(
            e["kind"] == "audit_log_read" and e["actor"].startswith("operator ") for e in entries
        )

    until(read_by_operator, 30, "the reading is in the log")


def test_a_foreign_order_takes_no_other_time_than_an_unknown_one(
    both: tuple[Holdings, Holdings],
) -> None:
    """Medians over the whole stack; the calls to storage are compared one by one elsewhere."""
    caller, other = both
    times: dict[int, list[float]] = {other.ids["order"]: [], _NOTHING_HAS + 1: []}
    for _ in range(15):
        for number, taken in times.items():
            began = time.perf_counter()
            assert caller.client.call("GET", f"order/certificate/{number}").status == 404
            taken.append(time.perf_counter() - began)
    theirs, nobodys = (sorted(taken)[len(taken) // 2] for taken in times.values())
    assert 0.4 < theirs / nobodys < 2.5
