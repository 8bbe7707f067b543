"""The price of orders and of idleness: bars, the page, and that the counts are still true."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.cost.clocks import charged_alarms, clocks, keys, polled_queues
from tests.cost.idle import a_month
from tests.cost.machine import walk
from tests.cost.meter import Item, Meter, attribute_bytes, item_bytes, write_units
from tests.cost.pricing import dollars, stored, table, total, used_in
from tests.cost.recount import counted, extended
from tests.tools.render_cost import PAGE, rendered

_COUNTS = stored()
#: Dollars, for an order among others and for one that is alone in its days.
_MOST = {"usual-1": 0.005, "never-1": 0.02, "never-10": 0.02}
_MOST_IDLE = 5.0
#: Relative: sizes of items hang on random values, and so do units at the edge of a kilobyte.
_TOLERANCE = 0.1


@pytest.mark.parametrize("cold", [False, True], ids=["among others", "alone"])
@pytest.mark.parametrize("story", _MOST)
def test_an_order_costs_less_than_its_bar(story: str, cold: bool) -> None:
    assert total(used_in(_COUNTS[story], cold=cold)) < _MOST[story]


def test_a_month_of_nothing_costs_less_than_five_dollars() -> None:
    month = a_month(_COUNTS)
    assert month["KMS keys"] == {"kms.keys": keys()}
    assert month["CloudWatch alarms beyond ten"] == {"cloudwatch.alarms": charged_alarms()}
    assert charged_alarms() == 0
    assert not polled_queues()
    assert sum(total(used) for used in month.values()) < _MOST_IDLE


def test_every_clock_of_the_template_was_counted() -> None:
    assert {clock.errand for clock in clocks()} == set(_COUNTS["idle"]["rounds"])
    assert keys() <= 4


def test_the_page_is_the_rendering_of_the_counts() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert rendered(page, _COUNTS) == page


def test_every_price_says_since_when_and_from_where() -> None:
    for unit, price in table()["prices"].items():
        assert price["date"] >= "2026-11-21", unit
        assert price["source"] and price["what"], unit
        assert price["dollars"] > 0, unit


def test_a_unit_without_a_price_is_not_free() -> None:
    with pytest.raises(KeyError):
        dollars({"unheard.of": 1})


@pytest.mark.timeout(900)
def test_the_usual_order_still_makes_the_calls_that_were_counted() -> None:
    told, found = _COUNTS["usual-1"], counted("usual-1")
    assert found["states"] == told["states"]
    assert found["mails"] and len(found["mails"]) == len(told["mails"])
    assert found["calls"] == told["calls"]
    for unit, amount in told["used"].items():
        assert found["used"][unit] == pytest.approx(amount, rel=_TOLERANCE), unit


def test_a_story_is_extended_along_the_line_through_two_counts() -> None:
    def told(looks: int) -> dict[str, Any]:
        rows = {"check_order": {"looks": looks, "cpu_ms": 2.5 * looks}}
        return {"calls": {"dynamodb GetItem": 30 + 10 * looks}, "functions": rows, "mails": ["m"]}

    assert extended(told(10), told(20), (10, 20, 177)) == told(177)


# ── The meter ───────────────────────────────────────────────────────────────────────────────────


def _text(length: int) -> dict[str, str]:
    return {"S": "x" * length}


def test_sizes_are_those_of_names_and_values() -> None:
    assert item_bytes({"pk": _text(10), "n": {"N": "12345"}, "ok": {"BOOL": True}}) == 12 + 5 + 3
    assert attribute_bytes({"L": [_text(4), {"M": {"ab": _text(1)}}]}) == 3 + 1 + 4 + 1 + 3 + 1 + 3
    assert item_bytes(None) == 0


_PLAIN = {"pk": _text(3), "sk": _text(3)}
_LISTED = _PLAIN | {"gsi1pk": _text(2), "gsi1sk": _text(2), "v": _text(1500)}
_DUE = _PLAIN | {"gsi3pk": _text(2), "gsi3sk": _text(2)}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (None, _PLAIN, 1),
        (None, _LISTED, 2 + 2),
        (_LISTED, _LISTED | {"v": _text(1501)}, 2 + 2),
        (_LISTED, _LISTED | {"gsi1sk": _text(9)}, 2 + 4),
        (_DUE, _DUE | {"v": _text(5)}, 1),  # the index holds keys alone, and they stand
        (_DUE, _DUE | {"gsi3sk": _text(9)}, 1 + 2),
        (_LISTED, None, 2 + 2),
    ],
)
def test_a_write_is_billed_with_its_places_in_the_indexes(
    before: Item | None, after: Item | None, wanted: int
) -> None:
    assert write_units(before, after) == wanted


def _metered(operation: str, asked: Any, answer: Any, standing: Item | None = None) -> Meter:
    meter = Meter(lambda *_: standing)
    body = json.dumps(asked).encode()
    before = meter.begin("dynamodb", operation, body)
    meter.end("dynamodb", operation, body, json.dumps(answer).encode(), before)
    return meter


def test_a_transaction_is_billed_twice() -> None:
    act = {"TableName": "t", "Item": _PLAIN}
    assert _metered("PutItem", act, {}, _PLAIN).used["dynamodb.writes"] == 1
    many = {"TransactItems": [{"Put": act}, {"Update": {"TableName": "t", "Key": _PLAIN}}]}
    assert _metered("TransactWriteItems", many, {}, _PLAIN).used["dynamodb.writes"] == 4


@pytest.mark.parametrize(("consistent", "wanted"), [(True, 4), (False, 2)])
def test_a_read_is_billed_by_begun_four_kilobytes(consistent: bool, wanted: int) -> None:
    asked = {"TableName": "t", "ConsistentRead": consistent}
    meter = _metered("Query", asked, {"Items": [_PLAIN | {"v": _text(4100)}]})
    assert meter.used["dynamodb.half_reads"] == wanted


def test_a_call_without_a_rule_stops_the_count() -> None:
    with pytest.raises(KeyError):
        Meter(lambda *_: None).end("glacier", "Thaw", b"{}", b"{}", [])


def test_every_state_entered_is_counted_once() -> None:
    machine = json.loads((PAGE.parents[1] / "statemachines" / "order.asl.json").read_text())
    said = iter([("waiting", 60), ("waiting", 63), ("done", 0)])
    entered: Counter[str] = Counter()
    waited: list[float] = []

    def work(_: str, event: dict[str, Any]) -> dict[str, Any]:
        assert event == {"order_id": 1, "certificate_id": 2, "run": 1}
        verdict, seconds = next(said)
        answer = {"verdict": verdict, "wait_seconds": seconds}
        return answer | {"phase": "", "cause": "", "hint": {}}

    given = {"order_id": 1, "certificate_id": 2, "run": 1}
    walk(machine, given, work=work, wait=waited.append, entered=entered)
    assert waited == [60, 63]
    assert sum(entered.values()) == 3 * 3
