from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import MOMENT
from vouchsafe.domain.errors import Flaw
from vouchsafe.domain.validity import (
    LONGEST_TERM_DAYS,
    DurationWish,
    Term,
    add_years,
    settle_term,
    wished_end,
)

NOTHING = DurationWish()


def _end(**wish: Any) -> datetime | Flaw:
    return wished_end(DurationWish(**wish), MOMENT)


def test_a_date_beats_days_and_days_beat_years() -> None:
    by_date = _end(custom_expiration_date="2027-01-31", days=10, years=1)
    assert by_date == datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)
    assert _end(days=10, years=1) == MOMENT + timedelta(days=10)
    assert _end(years=1) == MOMENT.replace(year=2027)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-31",
        "2027-01-31T08:15:00.1234567+09:00",
        "2027-01-31T08:15:00Z",
        "2027-01-31 08:15:00",
        " 2027-01-31 ",
    ],
)
def test_a_date_may_come_with_a_time_of_day(text: str) -> None:
    assert _end(custom_expiration_date=text) == datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["31.01.2027", "2027-1-31", "20270131", "2027-01-31x", "2027-W05-7", "2027-01-31T", 20270131],
)
def test_other_spellings_are_no_dates(value: object) -> None:
    found = _end(custom_expiration_date=value)
    assert found == Flaw("custom_expiration_date", "is not a date in the form yyyy-mm-dd")


def test_the_first_day_possible_is_tomorrow() -> None:
    assert isinstance(_end(custom_expiration_date="2026-11-21"), Flaw)
    assert isinstance(_end(custom_expiration_date="2026-11-22"), datetime)


@pytest.mark.parametrize("value", ["90", 90, 90.0, " 90 "])
def test_a_number_may_be_spelled_as_text(value: object) -> None:
    assert _end(days=value) == MOMENT + timedelta(days=90)


@pytest.mark.parametrize("value", [True, "ninety", [90], -1, 1.5, LONGEST_TERM_DAYS + 1, "9" * 99])
def test_what_is_no_number_of_days_is_refused(value: object) -> None:
    assert isinstance(_end(days=value), Flaw)


@pytest.mark.parametrize("blank", [0, "", None, "0", False, 0.0, "  "])
def test_zero_and_blank_count_as_not_given(blank: object) -> None:
    wish = DurationWish(years=blank, days=blank, custom_expiration_date=blank)
    assert not wish.given
    assert settle_term(wish, DurationWish(years=1), wish, MOMENT) == settle_term(
        NOTHING, DurationWish(years=1), NOTHING, MOMENT
    )


def test_order_validity_as_a_whole_beats_the_old_fields() -> None:
    old = DurationWish(custom_expiration_date="2027-01-31")
    term = settle_term(DurationWish(days=30), old, NOTHING, MOMENT)
    assert isinstance(term, Term)
    assert term.term_ends_at == MOMENT + timedelta(days=30)


def test_a_certificates_own_validity_only_shortens() -> None:
    order = DurationWish(days=60)
    for days, ends in ((30, 30), (90, 60)):
        term = settle_term(order, NOTHING, DurationWish(days=days), MOMENT)
        assert isinstance(term, Term)
        assert term.term_ends_at == MOMENT + timedelta(days=60)
        assert term.ends_at == MOMENT + timedelta(days=ends)


def test_flaws_of_both_wishes_are_named_together() -> None:
    shorter = DurationWish(days=-1, days_field="certificate.cert_validity.days")
    flaws = settle_term(NOTHING, DurationWish(years=5), shorter, MOMENT)
    assert isinstance(flaws, tuple)
    assert [f.field for f in flaws] == ["validity_years", "certificate.cert_validity.days"]


@pytest.mark.parametrize(("days", "warned"), [(199, True), (198, False), (800, True)])
def test_a_term_beyond_what_a_certificate_may_live_is_remarked(days: int, warned: bool) -> None:
    term = settle_term(DurationWish(days=days), NOTHING, NOTHING, MOMENT)
    assert isinstance(term, Term)
    assert bool(term.warnings) is warned


def test_a_leap_day_plus_a_year_is_the_last_of_february() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert add_years(leap, 1) == datetime(2029, 2, 28, 12, tzinfo=UTC)
    assert add_years(leap, 4) == datetime(2032, 2, 29, 12, tzinfo=UTC)


def _new(**wish: Any) -> DurationWish:
    paths = {
        "years_field": "order_validity.years",
        "days_field": "order_validity.days",
        "date_field": "order_validity.custom_expiration_date",
    }
    return DurationWish(**paths, **wish)


@pytest.mark.parametrize(
    ("order", "old", "certificate", "overruled"),
    [
        ({"days": 90}, {}, {}, []),
        ({"days": 90, "years": 0}, {"years": 0, "custom_expiration_date": ""}, {}, []),
        ({"days": 90, "years": 1}, {}, {}, ["order_validity.years"]),
        ({"days": 90}, {"years": 2, "days": 5}, {}, ["validity_days", "validity_years"]),
        ({}, {"days": 90, "years": 2}, {}, ["validity_years"]),
        ({"days": 90}, {}, {"days": 91}, ["c.days"]),
        ({"days": 90}, {}, {"days": 30, "years": 1}, ["c.years"]),
        ({"days": 90}, {}, {"days": 30}, []),
    ],
)
def test_every_duration_that_another_one_beats_is_remarked(
    order: dict[str, Any], old: dict[str, Any], certificate: dict[str, Any], overruled: list[str]
) -> None:
    paths = {"years_field": "c.years", "days_field": "c.days"}
    term = settle_term(
        _new(**order), DurationWish(**old), DurationWish(**paths, **certificate), MOMENT
    )
    assert isinstance(term, Term)
    assert [remark.partition(":")[0] for remark in term.warnings] == overruled
