"""The demo believes only what it sees."""

from __future__ import annotations

import io

import pytest

from tests.lab.records import zone_of
from tests.lab.timeline import Timeline, Unseen


def test_an_expectation_that_holds_is_printed_and_one_that_does_not_ends_the_story() -> None:
    output = io.StringIO()
    line = Timeline(output)
    line.expect(True, "the order is pending")
    assert "ok the order is pending" in output.getvalue()
    with pytest.raises(Unseen, match="the order is issued; instead: rejected"):
        line.expect(False, "the order is issued", "rejected")


def test_a_wait_returns_the_first_answer_and_gives_up_when_time_is_over() -> None:
    line = Timeline(io.StringIO())
    answers = iter([None, 0, "there"])
    assert line.wait("it is there", lambda: next(answers), within=5) == "there"
    with pytest.raises(Unseen, match="it is never there"):
        line.wait("it is never there", lambda: None, within=0)


def test_no_colour_is_written_where_there_is_no_terminal() -> None:
    output = io.StringIO()
    Timeline(output).title("The first step")
    assert "\033" not in output.getvalue()


def test_a_name_is_published_in_its_own_lab_zone_and_foreign_names_are_refused() -> None:
    assert zone_of("_dnsauth.www.shop.example.net.") == "shop.example.net"
    with pytest.raises(ValueError, match=r"www\.example\.edu"):
        zone_of("www.example.edu")
