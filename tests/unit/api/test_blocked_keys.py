"""Blocked keys: refused wherever a key comes in, in every account, at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import a_certificate
from tests.builders_keys import SOME_KEY, a_blocked_key
from tests.unit.api.driving import OPERATORS_KEY, OTHERS_KEY, Api, Reply
from tests.unit.api.examples import AGAIN
from tests.unit.api.material import PRODUCT, issue, order_body, pem_csr
from vouchsafe.domain.blocked_keys import BlockReason, key_hash
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.csr import parse_csr
from vouchsafe.services.blocking import key_of

KEY_OF_ORDERS = key_hash(parse_csr(order_body()["certificate"]["csr"]).public_key)
KEY_OF_TOOL = key_hash(parse_csr(pem_csr()).public_key)
REASON = "Its private part stands in a public repository"


def _block(api: Api, key: str | None = OPERATORS_KEY, **given: object) -> Reply:
    return api.call("POST", "operator/blocked-key", {"reason": REASON} | given, key=key)


@pytest.mark.parametrize("key", [None, OTHERS_KEY])
def test_an_order_with_a_blocked_key_is_refused_in_every_account(key: str | None) -> None:
    api = Api()
    assert _block(api, spki_sha256=KEY_OF_ORDERS.upper()).status == 201
    given = {"key": key} if key else {}
    reply = api.call("POST", f"order/certificate/{PRODUCT}", order_body(), **given)
    assert reply.status == 400
    assert "reported compromised" in reply.content.decode()
    assert not api.workflow.orders


@pytest.mark.parametrize("way", ["reissue", "duplicate"])
def test_what_follows_an_order_needs_a_key_that_is_not_blocked(way: str) -> None:
    api = Api()
    issue(api)
    _block(api, spki_sha256=KEY_OF_TOOL)
    reply = api.call("POST", f"order/certificate/1001/{way}", AGAIN)
    assert reply.status == 400
    assert "its key is blocked" in reply.content.decode()


def test_another_csr_for_an_order_needs_a_key_that_is_not_blocked() -> None:
    api = Api()
    placed = api.call("POST", f"order/certificate/{PRODUCT}", order_body()).json["id"]
    _block(api, spki_sha256=KEY_OF_TOOL)
    reply = api.call("POST", f"order/certificate/{placed}/csr", {"csr": pem_csr()})
    assert reply.status == 400
    assert "its key is blocked" in reply.content.decode()


def test_the_csr_tool_finds_what_an_order_would_be_refused_for() -> None:
    api = Api()
    body = {"csr": pem_csr(), "common_name": "www.example.com"}
    assert api.call("POST", "csr/validate", body).json["valid"] is True
    api.book.commit(a_blocked_key(spki_sha256=KEY_OF_TOOL, reason=BlockReason.CA_KEY))
    report = api.call("POST", "csr/validate", body).json
    assert report["valid"] is False
    (finding,) = [each for each in report["findings"] if each["field"] == "key"]
    assert "one of the CA's own keys" in finding["message"]


class TestBlocking:
    def test_by_a_certificate_it_tells_the_hash_and_that_the_sweep_is_on(self) -> None:
        api = Api()
        issue(api)
        reply = _block(api, certificate_id=5001)
        assert reply.status == 201
        dossier = api.book.order(1001)
        assert dossier is not None
        assert reply.json == {
            "spki_sha256": key_hash(key_of(dossier.newest)),
            "reason": "key_compromise",
            "blocked_by": "operator 9",
            "note": REASON,
            "date_blocked": "2026-11-21T12:00:00+00:00",
            "sweeping": True,
            "revoked": 0,
        }

    def test_by_a_request_its_signature_must_show_who_holds_the_key(self) -> None:
        api = Api()
        assert _block(api, csr=pem_csr()).json["spki_sha256"] == KEY_OF_TOOL
        good = pem_csr()
        at = len(good) - 60
        broken = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        assert _block(api, csr=broken).status == 400

    def test_again_it_answers_with_the_first_block_and_tells_nothing_new(self) -> None:
        api = Api()
        first = _block(api, spki_sha256=SOME_KEY)
        again = _block(api, spki_sha256=SOME_KEY, reason="Heard of it again")
        assert (again.status, again.json) == (201, first.json)
        told = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert [(c.kind, c.account_id) for c in told] == [(ChangeKind.KEY_BLOCKED, 0)]

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"spki_sha256": SOME_KEY, "certificate_id": 5001},
            {"spki_sha256": "5c"},
            {"spki_sha256": "zz" * 32},
            {"certificate_id": 9999},
            {"csr": "no request"},
            {"spki_sha256": SOME_KEY, "reason": ""},
        ],
    )
    def test_it_takes_exactly_one_key_and_a_reason(self, given: dict[str, object]) -> None:
        api = Api()
        assert _block(api, **given).status == 400
        assert api.book.blocked_key(SOME_KEY) is None

    def test_customers_cannot_block_or_read(self) -> None:
        api = Api()
        assert _block(api, api_key := None, spki_sha256=SOME_KEY).status == 403
        assert api_key is None
        assert api.call("GET", f"operator/blocked-key/{SOME_KEY}").status == 403


class TestReading:
    def test_a_sweep_that_is_done_says_how_many_it_revoked(self) -> None:
        api = Api()
        api.book.commit(replace(a_blocked_key(), sweep_due=None, swept_to=5001, revoked=3))
        reply = api.call("GET", f"operator/blocked-key/{SOME_KEY.upper()}", key=OPERATORS_KEY)
        assert (reply.json["sweeping"], reply.json["revoked"]) == (False, 3)

    @pytest.mark.parametrize("text", ["00" * 32, "x", "5c"])
    def test_a_key_that_is_not_blocked_is_not_found(self, text: str) -> None:
        reply = Api().call("GET", f"operator/blocked-key/{text}", key=OPERATORS_KEY)
        assert (reply.status, reply.codes) == (404, ["not_found|blocked_key"])


def test_the_builders_certificate_has_a_readable_key() -> None:
    assert len(key_of(a_certificate())) > 64
