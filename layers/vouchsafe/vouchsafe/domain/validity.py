"""How long: from the customer's wish to the order's term and to a certificate's latest end.

A wish comes in three forms that beat one another: custom_expiration_date, then days, then years.
Zero, null and the empty string count as not given; a wrong winner is refused, never skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .calendar import longest_not_after
from .errors import Flaw

#: A term must end within this many days: a guard against typing errors, not a rule of the industry.
LONGEST_TERM_DAYS = 14_610
_END_OF_DAY = time(23, 59, 59, tzinfo=UTC)
_DATE = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ](?P<time>.+))?")
_FEBRUARY = 2
_LAST_COMMON_DAY = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationWish:
    """One wish in its three forms, as they came, with the field path of each."""

    years: object = None
    days: object = None
    custom_expiration_date: object = None
    years_field: str = "validity_years"
    days_field: str = "validity_days"
    date_field: str = "custom_expiration_date"
    years_allowed: tuple[int, ...] = (1, 2)

    @property
    def forms(self) -> tuple[str, ...]:
        """The fields that say something, the one that counts first."""
        by_weight = (
            (self.date_field, self.custom_expiration_date),
            (self.days_field, self.days),
            (self.years_field, self.years),
        )
        return tuple(field for field, value in by_weight if is_given(value))

    @property
    def given(self) -> bool:
        """Whether any of the three forms says anything."""
        return bool(self.forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What a wish comes to: the order's end, the latest end of its certificates, and remarks."""

    term_ends_at: datetime
    ends_at: datetime
    warnings: tuple[str, ...] = ()


def is_given(value: object) -> bool:
    """Whether a JSON value says anything: null, zero in any spelling, false and "" do not."""
    if isinstance(value, str):
        return value.strip() not in {"", "0"}
    return value is not None and value is not False and value != 0


def whole_number(value: object) -> int | None:
    """An integer from a JSON integer, an integral float or a string of digits; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:12])
    return None


def add_years(moment: datetime, years: int) -> datetime:
    """The same day and time `years` later; 29 February becomes 28 February where it must."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=_FEBRUARY, day=_LAST_COMMON_DAY)


def _date_of(value: object) -> date | None:
    """The date of `yyyy-mm-dd`, or of an ISO date-time that begins so, whatever its time of day."""
    if not isinstance(value, str):
        return None
    found = _DATE.fullmatch(value.strip())
    if found is None:
        return None
    try:
        if found["time"]:
            time.fromisoformat(found["time"])
        return date.fromisoformat(found["day"])
    except ValueError:
        return None


def _end_by_date(wish: DurationWish, now: datetime) -> datetime | Flaw:
    day = _date_of(wish.custom_expiration_date)
    if day is None:
        return Flaw(wish.date_field, "is not a date in the form yyyy-mm-dd")
    if day <= now.astimezone(UTC).date():
        return Flaw(wish.date_field, "must be a day after today (UTC)")
    end = datetime.combine(day, _END_OF_DAY)
    if end > now + timedelta(days=LONGEST_TERM_DAYS):
        return Flaw(wish.date_field, f"lies more than {LONGEST_TERM_DAYS} days ahead")
    return end


def _end_by_days(wish: DurationWish, now: datetime) -> datetime | Flaw:
    days = whole_number(wish.days)
    if days is None or not 1 <= days <= LONGEST_TERM_DAYS:
        return Flaw(wish.days_field, f"must be a whole number from 1 to {LONGEST_TERM_DAYS}")
    return now + timedelta(days=days)


def _end_by_years(wish: DurationWish, now: datetime) -> datetime | Flaw:
    years = whole_number(wish.years)
    if years is None or years not in wish.years_allowed:
        allowed = " or ".join(map(str, wish.years_allowed))
        return Flaw(wish.years_field, f"must be {allowed}")
    return add_years(now, years)


def wished_end(wish: DurationWish, now: datetime) -> datetime | Flaw:
    """When a wish made at `now` (aware) ends, or what is wrong with it. It must be `given`."""
    if is_given(wish.custom_expiration_date):
        return _end_by_date(wish, now)
    if is_given(wish.days):
        return _end_by_days(wish, now)
    return _end_by_years(wish, now)


def _missing(order: DurationWish) -> Flaw:
    return Flaw(
        order.years_field,
        "is required, unless a number of days or an expiration date is given"
        " (order_validity.years, .days or .custom_expiration_date do as well)",
    )


def settle_term(
    order_validity: DurationWish, old_fields: DurationWish, certificate: DurationWish, now: datetime
) -> Term | tuple[Flaw, ...]:
    """The term of an order placed at `now`, or every flaw of its wishes.

    `order_validity` as a whole beats the three old fields; `certificate` (cert_validity) only
    shortens. How long a certificate may really live is settled when it is issued, by the rules of
    that day.
    """
    winner = order_validity if order_validity.given else old_fields
    term = wished_end(winner, now) if winner.given else _missing(old_fields)
    end = wished_end(certificate, now) if certificate.given else None
    flaws = tuple(found for found in (term, end) if isinstance(found, Flaw))
    if isinstance(term, Flaw) or isinstance(end, Flaw):
        return flaws
    ends_at = min(term, end) if end else term
    overruled = _overruled(order_validity, old_fields, certificate)
    if end and end > term:
        overruled += (f"{certificate.forms[0]}: is ignored: the order's term ends before",)
    return Term(term_ends_at=term, ends_at=ends_at, warnings=(*overruled, *_remarks(ends_at, now)))


def _overruled(*wishes: DurationWish) -> tuple[str, ...]:
    """A word about every duration that another one beats; `wishes` as in settle_term."""
    order, old, certificate = wishes
    losers = [(field, order.forms[0]) for field in (*order.forms[1:], *old.forms) if order.given]
    if not order.given:
        losers += [(field, old.forms[0]) for field in old.forms[1:]]
    losers += [(field, certificate.forms[0]) for field in certificate.forms[1:]]
    return tuple(f"{loser}: is ignored: {winner} decides" for loser, winner in losers)


def _remarks(ends_at: datetime, now: datetime) -> tuple[str, ...]:
    longest = longest_not_after(now)
    if ends_at <= longest:
        return ()
    return (
        f"A certificate issued today ends by {longest:%Y-%m-%d}, the longest life the industry's"
        " rules allow; the rest of the order's term comes by reissuing it.",
    )
