"""Writes docs/cost.md from the stored counts, the template and the price list, or says it is stale.

python -m tests.tools.render_cost --write    writes the page
python -m tests.tools.render_cost --check    exit code 1 if it is stale
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from tests.cost.idle import a_month
from tests.cost.pricing import dollars, function_ms, memory, stored, table, total, used_in
from tests.tools.marked_page import DOCS, filled, write_or_check
from tests.tools.marked_page import table as in_markdown

PAGE = DOCS / "cost.md"
STORIES = {
    "usual-1": "usual, one name",
    "never-1": "worst, one name",
    "never-10": "worst, ten names",
    "usual-250": "usual, 250 names",
    "never-250": "worst, 250 names",
}


def _cents(amount: float) -> str:
    return f"{100 * amount:.3f}"


def _told(counts: Mapping[str, Any]) -> list[str]:
    return [story for story in STORIES if story in counts]


def orders(counts: Mapping[str, Any]) -> str:
    """Cents an order, warm and cold, and the calls it makes."""
    rows = []
    for story in _told(counts):
        one = counts[story]
        busy, alone = (total(used_in(one, cold=cold)) for cold in (False, True))
        calls = sum(one["calls"].values())
        looks = one["functions"]["check_order"]["looks"]
        transitions = one["used"]["sfn.transitions"]
        figures = [str(number) for number in (looks, transitions, calls)]
        rows.append([STORIES[story], f"**{_cents(busy)}**", _cents(alone), *figures])
    return in_markdown(["order", "cents", "alone", "looks", "transitions", "calls to AWS"], rows)


def parts(counts: Mapping[str, Any]) -> str:
    """What each price comes to in each order, in cents."""
    told = _told(counts)
    bills = [dollars(used_in(counts[story], cold=False)) for story in told]
    units = {unit for bill in bills for unit in bill}
    dearest = sorted(units, key=lambda unit: (-bills[1].get(unit, 0), unit))
    rows = [
        [table()["prices"][unit]["what"], *(_cents(bill.get(unit, 0)) for bill in bills)]
        for unit in dearest
    ]
    return in_markdown(["in cents", *(STORIES[story] for story in told)], rows)


def functions(counts: Mapping[str, Any]) -> str:
    """Runs and milliseconds of each function in the usual and the worst order."""
    stories = [story for story in ("usual-1", "never-1", "never-10") if story in counts]
    names = sorted({name for story in stories for name in counts[story]["functions"]})
    rows = []
    for name in names:
        cells = []
        for story in stories:
            row = counts[story]["functions"].get(name)
            each = function_ms(name, row, cold=False) / row["runs"] if row else 0
            cells.append(f"{row['runs']} × {each:.0f}" if row else "–")
        rows.append([f"`{name}`", str(memory(name)), *cells])
    return in_markdown(["function", "MB", *(STORIES[story] for story in stories)], rows)


def idle(counts: Mapping[str, Any]) -> str:
    """Dollars a month by what uses them."""
    month = a_month(counts)
    rows = [[name, f"{total(used):.3f}"] for name, used in month.items()]
    whole = sum(total(used) for used in month.values())
    return in_markdown(
        ["a month of nothing", "dollars"], [*rows, ["**together**", f"**{whole:.2f}**"]]
    )


def prices(_: Mapping[str, Any]) -> str:
    """The price list with dates and sources."""
    rows = [
        [one["what"], f"{one['dollars']:g}", f"{one['per']:,}", one["date"], one["source"]]
        for one in table()["prices"].values()
    ]
    return in_markdown(["what", "dollars", "for", "seen", "where"], rows)


def assumptions(_: Mapping[str, Any]) -> str:
    """What was not counted but taken to be so."""
    rows = [[f"`{n}`", f"{a['value']}", a["why"]] for n, a in table()["assumptions"].items()]
    return in_markdown(["assumption", "value", "why"], rows)


TABLES = {
    "orders": orders,
    "parts": parts,
    "functions": functions,
    "idle": idle,
    "prices": prices,
    "assumptions": assumptions,
}


def rendered(page: str, counts: Mapping[str, Any]) -> str:
    """The page with its tables as they should be. Raises ValueError for a missing marker."""
    return filled(page, {name: make(counts) for name, make in TABLES.items()})


def main() -> int:
    return write_or_check(__doc__, PAGE, lambda page: rendered(page, stored()))


if __name__ == "__main__":
    sys.exit(main())
