"""Bulk revocation: looked at first, then exactly that is revoked, once, batch by batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, an_order
from tests.builders_keys import a_bulk, a_use
from tests.revocation_world import issued
from tests.unit.api.driving import OPERATORS_KEY, Api, Reply
from vouchsafe.domain.bulk_revocation import MOST_NAMED, BulkStatus
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import SerialClaim
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.requests import Request
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.bulk_running import run_bulk_revocations
from vouchsafe.services.recording import record_revocation
from vouchsafe.services.withdrawing import WithdrawalPorts


def an_api(count: int = 3) -> Api:
    """Certificates 5001 … of orders 1001 …, by turns accounts 1 and 2, a minute apart."""
    api = Api()
    for number in range(count):
        ids: dict[str, Any] = {"order_id": 1001 + number, "account_id": 1 + number % 2}
        certificate_id = 5001 + number
        api.book.commit(
            issued(77 + number, certificate_id=certificate_id, **ids),
            an_order(status=OrderStatus.VALID, certificate_id=certificate_id, **ids),
            SerialClaim(serial=77 + number, order_id=1001 + number, certificate_id=certificate_id),
            a_use(certificate_id, claimed_at=MOMENT + timedelta(minutes=number), **ids),
        )
    api.clock.advance(timedelta(hours=1))
    return api


def _post(api: Api, body: dict[str, Any]) -> Reply:
    return api.call("POST", "operator/bulk-revocation", body, key=OPERATORS_KEY)


def _preview(api: Api, **chosen: Any) -> Reply:
    said = {"reason": "superseded", "comments": "Issued by the wrong profile", "preview": True}
    return _post(api, said | {"filter": chosen})


def _ids(reply: Reply) -> list[int]:
    return [row["id"] for row in reply.json["certificates"]]


def _run(api: Api, batch: int = 200) -> int:
    ports = WithdrawalPorts(
        ledger=api.book, workflow=api.workflow, clock=api.clock, entropy=api.entropy
    )
    swept = run_bulk_revocations(keys=api.book, ports=ports, batch=batch)
    assert swept.troubles == ()
    for order_id, request_id, _ in api.workflow.revocations:
        record_revocation(order_id, request_id, ledger=api.book, clock=api.clock)
    return swept.revoked


def _statuses(api: Api, count: int = 3) -> list[CertificateStatus]:
    found = [api.book.order(1001 + number) for number in range(count)]
    return [dossier.newest.status for dossier in found if dossier is not None]


VALID, REVOKED = CertificateStatus.VALID, CertificateStatus.REVOKED
_ISSUED_FIRST = {"issued_from": "2026-11-21T12:00:00Z", "issued_to": "2026-11-21T12:01:30Z"}


class TestChoosing:
    @pytest.mark.parametrize(
        ("chosen", "ids"),
        [
            ({"certificate_ids": [5003, 5001, 5001]}, [5001, 5003]),
            ({"serials": ["4E", "00:4d"]}, [5001, 5002]),
            ({"account_id": 1}, [5001, 5003]),
            ({"account_id": 1, **_ISSUED_FIRST}, [5001]),
            ({"issuer_id": "test-ec-1"}, [5001, 5002, 5003]),
            ({"issuer_id": "test-ec-1", **_ISSUED_FIRST}, [5001, 5002]),
            ({"account_id": 2, "issuer_id": "test-ec-1"}, [5002]),
        ],
    )
    def test_a_preview_lists_what_would_be_revoked(
        self, chosen: dict[str, Any], ids: list[int]
    ) -> None:
        api = an_api()
        reply = _preview(api, **chosen)
        assert reply.status == 201, reply.content
        assert (_ids(reply), reply.json["total"]) == (ids, len(ids))
        assert (reply.json["status"], reply.json["done"]) == ("previewed", 0)

    def test_by_time_alone_it_is_every_issuers(self) -> None:
        from tests.builders import an_issuer_record

        api = an_api()
        api.book.commit(an_issuer_record())
        assert _ids(_preview(api, issued_to="2026-11-21T12:00:30Z")) == [5001]

    def test_a_preview_revokes_nothing(self) -> None:
        api = an_api()
        _preview(api, account_id=1)
        assert _run(api) == 0
        assert _statuses(api) == [VALID] * 3

    @pytest.mark.parametrize(
        "chosen",
        [
            {},
            {"certificate_ids": [5001], "account_id": 1},
            {"certificate_ids": [5001], "serials": ["4d"]},
            {"certificate_ids": [5001, 9999]},
            {"certificate_ids": "5001"},
            {"certificate_ids": [True]},
            {"certificate_ids": [5001] * (MOST_NAMED + 1)},
            {"serials": ["4d", "ffff"]},
            {"serials": ["xyz"]},
            {"account_id": 3},
            {"issuer_id": "nobody"},
            {"issuer_id": "test-ec-1", "issued_from": "yesterday"},
        ],
    )
    def test_a_choice_of_nothing_or_of_what_is_not_there_is_refused(
        self, chosen: dict[str, Any]
    ) -> None:
        reply = _preview(an_api(), **chosen)
        assert reply.status == 400, reply.content

    def test_a_choice_needs_a_reason_comments_and_the_word_preview(self) -> None:
        api = an_api()
        reply = _post(api, {"filter": {"account_id": 1}})
        assert reply.status == 400
        told = reply.content.decode()
        assert all(name in told for name in ("comments", "reason", "preview"))
        assert _post(api, {"filter": {"account_id": 1}, "reason": "certificateHold"}).status == 400


class TestCarryingOut:
    def test_what_was_previewed_is_what_is_revoked(self) -> None:
        api = an_api()
        token = _preview(api, issuer_id="test-ec-1", **_ISSUED_FIRST).json["token"]
        later = a_use(5003, account_id=1, order_id=1003)  # now it would be chosen, too
        api.book.commit(later)
        begun = _post(api, {"token": token})
        assert (begun.status, begun.json["status"]) == (201, "running")
        assert _run(api) == 2
        assert _statuses(api) == [REVOKED, REVOKED, VALID]
        reasons = {r.reason for r in api.book.records.values() if isinstance(r, Request)}
        assert reasons == {RevocationReason.SUPERSEDED}

    def test_it_goes_on_batch_by_batch_and_tells_how_far_it_went(self) -> None:
        api = an_api(5)
        token = _preview(api, certificate_ids=[5001, 5002, 5003, 5004, 5005]).json["token"]
        _post(api, {"token": token})
        assert [_run(api, batch=2) for _ in range(4)] == [2, 2, 1, 0]
        read = api.call("GET", f"operator/bulk-revocation/{token}", key=OPERATORS_KEY).json
        assert (read["status"], read["done"], read["revoked"]) == ("done", 5, 5)
        assert {row["status"] for row in read["certificates"]} == {"Revoked"}

    def test_what_is_revoked_already_is_counted_as_done_and_not_as_revoked(self) -> None:
        api = an_api()
        dossier = api.book.order(1001)
        assert dossier is not None
        api.book.commit(replace(dossier.newest, status=REVOKED, version=2))
        token = _preview(api, certificate_ids=[5001, 5002]).json["token"]
        _post(api, {"token": token})
        _run(api)
        found = api.book.bulk_revocation(token)
        assert found is not None
        assert (found.status, found.position, found.revoked) == (BulkStatus.DONE, 2, 1)

    def test_beginning_twice_is_beginning_once(self) -> None:
        api = an_api()
        token = _preview(api, account_id=1).json["token"]
        first, second = (_post(api, {"token": token}) for _ in range(2))
        assert (first.status, first.json) == (second.status, second.json)
        _run(api)
        assert _post(api, {"token": token}).json["status"] == "done"
        assert len([r for r in api.book.records.values() if isinstance(r, Request)]) == 2

    def test_every_step_is_told_with_what_was_chosen(self) -> None:
        api = an_api()
        token = _preview(api, account_id=1).json["token"]
        _post(api, {"token": token})
        _run(api)
        told = [
            record
            for record in api.book.records.values()
            if isinstance(record, Change) and record.kind is ChangeKind.BULK_REVOCATION
        ]
        assert [(c.after["status"], c.actor, c.account_id) for c in told] == [
            ("previewed", "operator 9", 0),
            ("running", "operator 9", 0),
            ("done", "operator 9", 0),
        ]
        assert told[0].after["selection"] == {"account_id": 1}

    def test_a_preview_is_good_for_a_day(self) -> None:
        api = an_api()
        token = _preview(api, account_id=1).json["token"]
        api.clock.advance(timedelta(days=1, seconds=1))
        reply = _post(api, {"token": token})
        assert (reply.status, reply.codes) == (400, ["invalid_status|bulk_revocation"])

    def test_beside_a_token_nothing_else_is_said(self) -> None:
        api = an_api()
        api.book.commit(a_bulk())
        body = {"token": a_bulk().bulk_id, "reason": "superseded"}
        assert _post(api, body).status == 400

    def test_an_unknown_token_is_not_found(self) -> None:
        reply = _post(Api(), {"token": "01KAK0000000000000000000B9"})
        assert (reply.status, reply.codes) == (404, ["not_found|bulk_revocation"])

    def test_pages_show_what_was_chosen(self) -> None:
        api = an_api()
        token = _preview(api, account_id=1).json["token"]
        query = {"limit": "1", "offset": "1"}
        path = f"operator/bulk-revocation/{token}"
        reply = api.call("GET", path, key=OPERATORS_KEY, query=query)
        assert _ids(reply) == [5003]
        assert reply.json["page"] == {"total": 2, "limit": 1, "offset": 1}
