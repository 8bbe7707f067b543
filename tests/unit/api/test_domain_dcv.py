"""How control of a domain is shown, over the API: new values, other methods, a look at once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, TOKEN
from tests.builders_domains import a_domain, an_approval, with_row
from tests.unit.api.driving import OTHERS_KEY, Api
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.domains import CheckResult, Domain, DomainCheck
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.records import record_for

CHECKS = (
    ("PUT", "domain/801/dcv/validate-token"),
    ("PUT", "domain/801/dcv/cname"),
    ("POST", "domain/801/dcv/cname"),
)
PROVEN = DomainCheck(result=CheckResult.PROVEN, cause="proven", explanation="Found.", advice="-")


def _api(**changed: Any) -> Api:
    api = Api()
    api.book.commit(*with_row(a_domain(**changed)))
    return api


def _stored(api: Api) -> Domain:
    return api.book.records[Domain, 1, 801]


class TestNewValues:
    def test_a_new_value_voids_the_old_one_and_is_looked_for(self) -> None:
        api = _api(next_look_at=None, looks=7)
        reply = api.call("POST", "domain/801/dcv/token")
        assert reply.status == 201
        value = _stored(api).random_value
        assert value is not None
        assert reply.json["dcv_token"]["token"] == value.value != TOKEN
        assert (_stored(api).looks, _stored(api).next_look_at) == (
            0,
            MOMENT + api.settings.first_gap,
        )
        told = [r for k, r in api.book.records.items() if k[0] is Change]
        assert [change.kind for change in told] == [ChangeKind.DOMAIN_CHANGED]
        assert value.value not in str(told)

    def test_what_was_proven_stays_so(self) -> None:
        api = _api(approval=an_approval(), next_look_at=None)
        api.call("POST", "domain/801/dcv/token")
        assert _stored(api).approval == an_approval()
        info = api.call("GET", "domain/801", query={"include_dcv": "true"}).json
        assert (info["status"], info["dcv_token"]["status"]) == ("approved", "pending")

    def test_another_method_comes_with_another_value(self) -> None:
        api = _api()
        reply = api.call("PUT", "domain/801/dcv/method", {"dcv_method": "dns-txt-token"})
        assert reply.status == 200
        assert reply.json["dcv_token"]["token"] != TOKEN

    @pytest.mark.parametrize(
        ("word", "method", "code"),
        [
            ("dns-txt-token", DcvMethodName.DNS_TXT, "invalid_dns_txt"),
            ("dns-cname-token", DcvMethodName.DNS_CNAME, "invalid_dns_cname"),
            ("http-token", DcvMethodName.HTTP_FILE, "file_random_value_not_found"),
        ],
    )
    def test_each_method_from_the_new_domain_to_its_value_and_back(
        self, word: str, method: DcvMethodName, code: str
    ) -> None:
        api = Api()
        made = api.call("POST", "domain", {"name": "new.example.com", "dcv_method": word})
        assert made.status == 201, made.content
        path, printed = f"domain/{made.json['id']}", [made]
        printed.append(api.call("PUT", f"{path}/dcv/method", {"dcv_method": "email"}))
        assert "token" not in printed[-1].json.get("dcv_token", {})
        printed.append(api.call("PUT", f"{path}/dcv/method", {"dcv_method": word}))
        tokens = set()
        for reply in (printed[0], printed[2]):
            token = reply.json["dcv_token"]
            tokens.add(token["token"])
            record = record_for(
                Identifier("new.example.com"), method, token["token"], api.settings.dcv_domain or ""
            )
            assert reply.json["dcv_record"] == asdict(record)
        assert len(tokens) == 2
        api.checker.answer = DomainCheck(
            result=CheckResult.ABSENT, cause="value_differs", explanation="Seen: x.", advice="Do."
        )
        refused = api.call("PUT", f"{path}/dcv/validate-token")
        assert (refused.status, refused.codes) == (400, [code])
        api.checker.answer = PROVEN
        assert api.call("PUT", f"{path}/dcv/validate-token").json["status"] == "active"

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({}, "dcv_method"),
            ({"dcv_method": "pigeon"}, "dcv_method"),
            ({"dcv_method": 7}, "dcv_method"),
        ],
    )
    def test_a_method_that_is_none_is_refused(self, sent: dict[str, Any], field: str) -> None:
        api = _api()
        reply = api.call("PUT", "domain/801/dcv/method", sent)
        assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])
        assert _stored(api) == a_domain()

    @pytest.mark.parametrize(
        ("method", "path", "sent"),
        [
            ("POST", "domain/801/dcv/token", None),
            ("PUT", "domain/801/dcv/method", {"dcv_method": "dns-txt-token"}),
        ],
    )
    def test_a_domain_that_is_off_gets_no_value(self, method: str, path: str, sent: Any) -> None:
        api = _api(active=False, next_look_at=None)
        reply = api.call(method, path, sent)
        assert (reply.status, reply.codes) == (400, ["invalid_status|domain"])
        assert api.call(method, path, sent, key=OTHERS_KEY).status == 404


@pytest.mark.parametrize(("method", "path"), CHECKS)
class TestLookingNow:
    def test_a_value_that_is_found_is_active(self, method: str, path: str) -> None:
        api = _api()
        api.checker.answer = PROVEN
        reply = api.call(method, path)
        assert reply.status == 200
        assert (reply.json["token"], reply.json["status"]) == (TOKEN, "active")
        assert api.checker.asked == [(1, 801)]

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"active": False}, "not active"),
            ({"approval": an_approval(proven_at=MOMENT - timedelta(days=201))}, "too long ago"),
        ],
    )
    def test_a_value_that_proved_it_is_not_active_where_orders_cannot_rely_on_it(
        self, changed: dict[str, Any], said: str, method: str, path: str
    ) -> None:
        api = _api(**({"approval": an_approval(), "next_look_at": None} | changed))
        reply = api.call(method, path)
        assert (reply.status, reply.codes) == (400, ["invalid_status|domain"])
        assert said in reply.json["errors"][0]["message"]
        assert api.checker.asked == []

    @pytest.mark.parametrize("body", ["null", "", "{}", '{"token": "' + TOKEN + '"}'])
    def test_bodies_of_real_clients(self, method: str, path: str, body: str) -> None:
        api = _api()
        api.checker.answer = PROVEN
        assert api.call(method, path, body).status == 200

    def test_a_value_that_is_not_there_is_said_so_in_the_vendors_words(
        self, method: str, path: str
    ) -> None:
        api = _api()
        api.checker.answer = DomainCheck(
            result=CheckResult.ABSENT, cause="value_differs", explanation="Seen: x.", advice="Do."
        )
        reply = api.call(method, path)
        assert (reply.status, reply.codes) == (400, ["invalid_dns_txt"])
        assert reply.json["errors"][0]["message"] == (
            "Could not find a valid TXT record for one or more domains. Seen: x. Do."
        )

    def test_a_look_that_saw_too_little_leaves_it_inactive(self, method: str, path: str) -> None:
        api = _api()
        reply = api.call(method, path)
        assert (reply.status, reply.json["status"]) == (200, "inactive")
        assert reply.json["cause"] == "own_trouble"

    def test_a_look_that_takes_too_long_leaves_it_inactive(self, method: str, path: str) -> None:
        api = _api()
        api.checker.failures.append(Unavailable("no answer"))
        reply = api.call(method, path)
        assert (reply.status, reply.json["status"]) == (200, "inactive")
        assert "not ended" in reply.json["explanation"]

    def test_what_is_proven_is_not_looked_for_again(self, method: str, path: str) -> None:
        api = _api(approval=an_approval(value=TOKEN), next_look_at=None)
        assert api.call(method, path).json == {"token": TOKEN, "status": "active"}
        assert api.checker.asked == []

    @pytest.mark.parametrize(
        ("sent", "fields"),
        [
            ({"token": "_other"}, ["token"]),
            ({"dcv_method": "http-token"}, ["dcv_method"]),
            ({"dcv_method": "pigeon"}, ["dcv_method"]),
            ({"dcv_method": "email", "token": "x"}, ["token", "dcv_method"]),
        ],
    )
    def test_what_is_not_the_domains_is_refused(
        self, method: str, path: str, sent: dict[str, str], fields: list[str]
    ) -> None:
        api = _api()
        reply = api.call(method, path, sent)
        assert (reply.status, reply.codes) == (400, [f"invalid_field|{name}" for name in fields])
        assert api.checker.asked == []

    @pytest.mark.parametrize(
        ("changed", "later"),
        [
            ({"active": False}, timedelta()),
            ({"random_value": None}, timedelta()),
            ({"method": DcvMethodName.EMAIL}, timedelta()),
            ({}, timedelta(days=30)),
        ],
    )
    def test_where_nothing_is_to_be_looked_for_that_is_said(
        self, method: str, path: str, changed: dict[str, Any], later: timedelta
    ) -> None:
        api = _api(**changed)
        api.clock.advance(later)
        reply = api.call(method, path)
        assert (reply.status, reply.codes) == (400, ["invalid_status|domain"])
        assert api.checker.asked == []

    def test_a_foreign_domain_is_an_unknown_one(self, method: str, path: str) -> None:
        api = _api()
        reply = api.call(method, path, key=OTHERS_KEY)
        assert (reply.status, reply.codes) == (404, ["not_found|domain"])
        assert api.checker.asked == []
