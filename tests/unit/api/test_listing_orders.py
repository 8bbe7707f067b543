"""GET order/certificate: filters, sorting, pages, CSV."""

from __future__ import annotations

import csv
import io

import pytest

from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.listed import order_of_day, with_orders
from vouchsafe.api.list_query import read_query
from vouchsafe.domain.dossier import SerialClaim
from vouchsafe.domain.errors import VouchsafeError
from vouchsafe.domain.order import OrderDetails
from vouchsafe.services.order_lists import list_orders


@pytest.fixture
def api() -> Api:
    return with_orders()


def _listed(api: Api, **query: str) -> list[int]:
    asked = {
        name.replace("__", "[") + ("]" if "__" in name else ""): v for name, v in query.items()
    }
    reply = api.call("GET", "order/certificate", query=asked or None)
    assert reply.status == 200, reply.content
    assert reply.json["page"]["total"] == len(reply.json["orders"])
    return [row["id"] for row in reply.json["orders"]]


def test_without_filters_every_order_of_the_account_is_listed_oldest_first(api: Api) -> None:
    assert _listed(api) == [1001, 1002, 1003, 1004, 1005, 1006]


def test_zeros_count_as_not_given(api: Api) -> None:
    answer = api.call("GET", "order/certificate", query={"limit": "0", "offset": "0"}).json
    assert answer["page"] == {"total": 6, "limit": 1000, "offset": 0}


def test_a_trailing_slash_is_tolerated(api: Api) -> None:
    assert api.call("GET", "order/certificate/", query={"limit": "1"}).json["page"]["total"] == 6


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("id", "1004", [1004]),
        ("id", "1002...1004", [1002, 1003, 1004]),
        ("id", ">1004", [1005, 1006]),
        ("id", "<=1002", [1001, 1002]),
        ("id", "9999", []),
        ("status", "issued", [1001, 1002]),
        ("status", "expired", [1002]),
        ("status", "reissue_pending", [1003]),
        ("status", "pending", [1004, 1005, 1006]),
        ("status", "needs_csr", []),
        ("organization_id", "12", [1002]),
        ("product_name_id", "ssl_basic", [1002]),
        ("valid_till", "2026-12-11", [1001]),
        ("valid_till", ">2026-11-30", [1001, 1003]),
        ("valid_till", "<2026-11-21", [1002]),
        ("valid_till", "2026-11-01...2026-12-31", [1001, 1002]),
        ("user_id", "8", [1005]),
        ("common_name", "shop.other.net", [1006]),
        ("common_name", "%.other.net", [1006]),
        ("domain_name", "*.Other.net", [1006]),
        ("domain_name", "example.com", [1001, 1002, 1003, 1004, 1005]),
        ("date_created", "2026-10-23", [1001]),
        ("date_created", ">2026-10-26", [1004, 1005, 1006]),
        ("date_created", "<2026-10-24", [1001]),
        ("date_created", "2026-10-24...2026-10-25", [1002, 1003]),
        ("container_id", "9", [1004]),
        ("metadata_id", "4", [1006]),
        ("is_renewed", "1", [1005]),
        ("is_renewed", "0", [1001, 1002, 1003, 1004, 1006]),
        ("disable_renewal_notifications", "1", [1004]),
        ("email", "al@example.com", [1004]),
        ("certificate_id", "5006", [1006]),
        ("certificate_id", "5003", [1003]),
        ("origin", "certcentral", [1001, 1002, 1003, 1004, 1005, 1006]),
        ("origin", "migrated", []),
        ("serial_number", "7f", [1002]),
        ("search", "SHOP%", [1006]),
        ("search", "al@example.com", [1004]),
        ("search", "%nothing%", []),
    ],
)
def test_each_filter_finds_its_orders(api: Api, name: str, value: str, found: list[int]) -> None:
    api.book.commit(SerialClaim(serial=0x7F, order_id=1002, certificate_id=5002))
    assert _listed(api, **{f"filters__{name}": value}) == found


def test_values_of_one_filter_are_alternatives_and_filters_add_up(api: Api) -> None:
    asked = {
        "filters[status][0]": "issued",
        "filters[status][1]": "pending",
        "filters[product_name_id]": "ssl_dv_geotrust_flex",
        "filters[date_created]": "<2026-10-27",
    }
    reply = api.call("GET", "order/certificate", query=asked)
    assert [row["id"] for row in reply.json["orders"]] == [1001, 1004]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("-date_created", [1006, 1005, 1004, 1003, 1002, 1001]),
        ("order_id", [1001, 1002, 1003, 1004, 1005, 1006]),
        ("-order_id", [1006, 1005, 1004, 1003, 1002, 1001]),
        ("-product_name_id,-order_id", [1006, 1005, 1004, 1003, 1001, 1002]),
        ("valid_till", [1004, 1005, 1006, 1002, 1001, 1003]),
    ],
)
def test_orders_are_sorted_by_each_key_in_turn(api: Api, sort: str, found: list[int]) -> None:
    assert _listed(api, sort=sort) == found


def test_pages_add_up_to_the_exact_total(api: Api) -> None:
    seen: list[int] = []
    while True:
        query = {"limit": "4", "offset": str(len(seen))}
        page = api.call("GET", "order/certificate", query=query).json
        assert page["page"] == {"total": 6, "limit": 4, "offset": len(seen)}
        seen += [row["id"] for row in page["orders"]]
        if len(seen) >= page["page"]["total"]:
            break
    assert seen == [1001, 1002, 1003, 1004, 1005, 1006]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filters[colour]", "red"),
        ("filters[status]", "lost"),
        ("filters[id]", "first"),
        ("filters[id]", "1...b"),
        ("filters[valid_till]", "tomorrow"),
        ("filters[date_created]", "2026-02-31"),
        ("filters[date_created]", "<0001-01-01"),
        ("filters[date_created]", ">9999-12-31"),
        ("filters[valid_till]", "2026-11-21 25:00:00"),
        ("filters[id]", "9" * 40),
        ("filters[date_created]", "2026-11-21...2026-11-01"),
        ("filters[is_renewed]", "maybe"),
        ("filters[serial_number]", "xyz"),
        ("filters[domain_name]", "not a name"),
        ("filters[origin]", "elsewhere"),
        ("filters[search]", "x" * 301),
        ("filter", "x"),
        ("sort", "colour"),
        ("limit", "-1"),
        ("limit", "1001"),
        ("limit", "many"),
        ("offset", "-1"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(api: Api, name: str, value: str) -> None:
    reply = api.call("GET", "order/certificate", query={name: value})
    assert reply.status == 400
    assert reply.codes == [f"invalid_field|{name}"]
    assert reply.json["errors"][0]["message"].startswith(f"{name}: ")


def test_a_row_shows_what_clients_read(api: Api) -> None:
    row = api.call("GET", "order/certificate", query={"filters[id]": "1002"}).json["orders"][0]
    assert row["certificate"]["serial_number"] == "7F"
    assert row["certificate"]["valid_till"] == "2026-11-18"
    assert row["certificate"]["days_remaining"] == -3
    assert row["status"] == "expired"
    assert row["organization"] == {"id": 12, "name": "Example Holdings Ltd"}
    assert row["container"] == {"id": 3, "name": "Example Ltd", "is_active": True}
    assert row["product"]["name_id"] == row["product_name_id"] == "ssl_basic"
    pending = api.call("GET", "order/certificate", query={"filters[id]": "1004"}).json["orders"][0]
    assert "serial_number" not in pending["certificate"]
    assert "valid_till" not in pending["certificate"]


def test_another_accounts_orders_are_not_there(api: Api) -> None:
    reply = api.call("GET", "order/certificate", key=OTHERS_KEY)
    assert [row["id"] for row in reply.json["orders"]] == [1090]
    query = {"filters[id]": "1001"}
    assert api.call("GET", "order/certificate", key=OTHERS_KEY, query=query).json["orders"] == []


def _found(api: Api, most: int, **query: str) -> int:
    asked = {f"filters[{name}]": value for name, value in query.items()}
    page = list_orders(
        read_query(asked),
        1,
        lists=api.book,
        ledger=api.book,
        clock=api.clock,
        pause=float,
        most=most,
    )
    return page.total


def test_more_orders_than_are_counted_is_refused_naming_filters_that_help(api: Api) -> None:
    with pytest.raises(VouchsafeError) as refused:
        _found(api, 4, user_id="7")
    (flaw,) = refused.value.flaws
    assert flaw.field == "filters[user_id]"
    assert "date_created" in flaw.reason
    with pytest.raises(VouchsafeError):
        _found(api, 4, domain_name="example.com")
    assert _found(api, 4, user_id="7", status="pending") == 2
    assert _found(api, 4, user_id="7", date_created="<2026-10-25") == 2
    assert _found(api, 4, status="issued") == 2
    assert _found(api, 4, is_renewed="0") == 5


def test_csv_has_one_line_of_headings_and_no_formulas(api: Api) -> None:
    odd = order_of_day(7, common_name="=cmd|calc", details=OrderDetails())
    api.book.commit(odd)
    reply = api.call("GET", "order/certificate", headers={"Accept": "text/csv"})
    assert reply.headers["Content-Type"] == "text/csv"
    lines = list(csv.DictReader(io.StringIO(reply.content.decode(), newline="")))
    assert [line["order_id"] for line in lines] == [str(1000 + n) for n in range(1, 8)]
    assert lines[0]["dns_names"] == "www.example.com example.com"
    assert lines[6]["common_name"] == "'=cmd|calc"
    assert reply.content.endswith(b"\r\n")


def test_json_is_the_answer_where_accept_names_it_first(api: Api) -> None:
    accept = {"Accept": "application/json, text/csv;q=0.5"}
    assert api.call("GET", "order/certificate", headers=accept).json["page"]["total"] == 6
    refused = {"Accept": "text/csv;q=0"}
    assert api.call("GET", "order/certificate", headers=refused).json["page"]["total"] == 6
