"""Limits at the edge: told on every answer, refused in the vendor's words, never in the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.api.driving import KEY, OTHERS_KEY, Api
from vouchsafe.api.limits import caller_of_source
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.limits import VENDOR_LIMITS, Limit, parse_limits
from vouchsafe.settings import Settings, SettingsError, Stage


def _api(*limits: Limit) -> Api:
    settings = Settings(stage=Stage.LOCAL, dcv_domain="dcv.example", rate_limits=limits)
    return Api(limited=True, settings=settings)


def test_every_answer_to_a_key_says_how_it_stands() -> None:
    api = _api(Limit(5, 60))
    for status, path in ((200, "product"), (404, "order/certificate/1"), (404, "request/1")):
        reply = api.call("GET", path)
        assert reply.status == status
        assert reply.headers["RateLimit-Limit"] == "5"
    assert reply.headers["RateLimit-Remaining"] == "2"
    assert reply.headers["RateLimit-Reset"] == "36"


def test_a_call_beyond_the_limit_gets_the_vendors_words_and_the_exact_wait() -> None:
    api = _api(Limit(5, 60))
    for _ in range(5):
        api.call("GET", "product")
    reply = api.call("GET", "product")
    assert reply.status == 429
    assert reply.json == {
        "errors": [
            {
                "code": "request_limit_exceeded",
                "message": "Service unavailable, please limit request volume",
            }
        ]
    }
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["RateLimit-Remaining"] == "0"
    api.clock.advance(timedelta(seconds=int(reply.headers["Retry-After"])))
    assert api.call("GET", "product").status == 200


def test_a_refused_call_does_nothing_more() -> None:
    api = _api(Limit(1, 60))
    api.call("GET", "product")
    api.tripwire.calls.clear()
    assert api.call("PUT", "order/certificate/1001/status", {"status": "CANCELED"}).status == 429
    assert api.tripwire.calls == ["accounts.key", "limits.take"]


def test_each_key_has_limits_of_its_own() -> None:
    api = _api(Limit(1, 60))
    assert api.call("GET", "product", key=KEY).status == 200
    assert api.call("GET", "product", key=OTHERS_KEY).status == 200
    assert api.call("GET", "product", key=KEY).status == 429


def test_a_caller_without_a_good_key_is_not_counted() -> None:
    api = _api(Limit(1, 60))
    for _ in range(3):
        reply = api.call("GET", "product", key="wrong")
        assert reply.status == 403
        assert "RateLimit-Limit" not in reply.headers
    assert api.call("GET", "product").status == 200


def test_while_limits_cannot_be_asked_calls_pass_and_it_is_logged() -> None:
    api = _api(Limit(1, 60))
    api.limits.failures += [Unavailable("no table"), Unavailable("no table")]
    for _ in range(2):
        reply = api.call("GET", "product")
        assert reply.status == 200
        assert "RateLimit-Limit" not in reply.headers
    assert api.log.getvalue().count("limits.unavailable") == 2


class TestSettings:
    def test_the_vendors_limits_hold_where_none_are_given(self) -> None:
        assert Settings.from_environment({}).rate_limits == VENDOR_LIMITS

    def test_small_limits_can_be_given(self) -> None:
        given = Settings.from_environment({"RATE_LIMITS": "20/60, 5/1"}).rate_limits
        assert given == (Limit(20, 60), Limit(5, 1))

    @pytest.mark.parametrize("text", ["5", "5/", "/5", "0/5", "5/0", "a/b", "-1/5", "5/1,6/1"])
    def test_limits_that_make_no_sense_stop_the_function(self, text: str) -> None:
        with pytest.raises(SettingsError, match="RATE_LIMITS"):
            Settings.from_environment({"RATE_LIMITS": text})
        with pytest.raises(ValueError, match="must be"):
            parse_limits(text)


class TestSources:
    def test_an_ipv4_address_stands_for_itself(self) -> None:
        assert caller_of_source("192.0.2.7") == "SOURCE#192.0.2.7"

    def test_all_addresses_of_an_ipv6_site_are_one_caller(self) -> None:
        one = caller_of_source("2001:db8:0:1::1")
        assert one == caller_of_source("2001:db8:0:1:ffff::2") == "SOURCE#2001:db8:0:1::"
        assert one != caller_of_source("2001:db8:0:2::1")

    def test_what_is_no_address_shares_one_name(self) -> None:
        assert caller_of_source("nonsense") == caller_of_source("") == "SOURCE#unknown"
