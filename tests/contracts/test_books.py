"""Ports Looks, Accounts, Issuers, WorkList and RevocationLedger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    MOMENT,
    a_certificate,
    a_request,
    a_user,
    an_account,
    an_api_key,
    an_issuer_record,
    an_order,
)
from vouchsafe.domain.certificate import CertificateStatus, Intent
from vouchsafe.domain.dossier import LookRecord, Work
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.issuers import CaRevocationReason, IssuerState
from vouchsafe.domain.requests import RequestKind, RequestStatus
from vouchsafe.domain.revocation import CrlLine, CrlState, RevocationReason, RevokedSerial

MINUTE = timedelta(minutes=1)
FAR = MOMENT + timedelta(days=1)


def a_look(number: int, **changed: Any) -> LookRecord:
    look = LookRecord(
        order_id=1001,
        certificate_id=5001,
        number=number,
        run=1,
        looked_at=MOMENT + number * MINUTE,
        results=({"name": "example.com", "cause": "no_record", "seen": [1, None]},),
    )
    return replace(look, **changed)


class TestLooks:
    def test_the_newest_come_first(self, book: Any) -> None:
        for number in (1, 2, 3, 10, 11):
            book.looks.add(a_look(number))
        assert list(book.looks.newest(5001, 3)) == [a_look(11), a_look(10), a_look(3)]
        assert list(book.looks.newest(5002, 3)) == []

    def test_250_names_are_one_look(self, book: Any) -> None:
        results = tuple({"name": f"n{number}.example.com"} for number in range(250))
        book.looks.add(a_look(1))
        book.looks.add(a_look(2, results=results))
        assert list(book.looks.newest(5001, 2)) == [a_look(2, results=results), a_look(1)]

    def test_a_look_at_nothing_is_kept(self, book: Any) -> None:
        book.looks.add(a_look(1, results=()))
        assert list(book.looks.newest(5001, 5)) == [a_look(1, results=())]

    def test_evidence_is_never_replaced(self, book: Any) -> None:
        book.looks.add(a_look(1))
        book.looks.add(a_look(1, results=({"name": "other"},)))
        assert list(book.looks.newest(5001, 5)) == [a_look(1)]

    def test_twin_runs_keep_a_look_each(self, book: Any) -> None:
        book.looks.add(a_look(1, run=2))
        book.looks.add(a_look(1, run=1))
        assert list(book.looks.newest(5001, 5)) == [a_look(1, run=2), a_look(1)]


class TestAccounts:
    def test_each_is_found_by_its_own_id(self, book: Any) -> None:
        book.ledger.commit(an_account(), a_user(), an_api_key())
        assert book.accounts.account(1) == an_account()
        assert book.accounts.user(1, 7) == a_user()
        assert book.accounts.key(an_api_key().sha256) == an_api_key()

    def test_nobody_is_found_in_another_account(self, book: Any) -> None:
        book.ledger.commit(an_account(), a_user(), an_api_key())
        assert book.accounts.account(2) is None
        assert book.accounts.user(2, 7) is None
        assert book.accounts.key("0" * 64) is None

    def test_a_revoked_key_reads_so(self, book: Any) -> None:
        key = an_api_key(source_ranges=("192.0.2.0/24",), expires_at=FAR)
        book.ledger.commit(key)
        book.ledger.commit(replace(key, revoked=True, version=2))
        assert book.accounts.key(key.sha256) == replace(key, revoked=True, version=2)


class TestIssuers:
    def test_all_are_listed_by_id(self, book: Any) -> None:
        rsa, ec = an_issuer_record(issuer_id="rsa-1"), an_issuer_record(issuer_id="ec-1")
        book.ledger.commit(rsa)
        book.ledger.commit(ec)
        assert list(book.issuers.all()) == [ec, rsa]
        assert book.issuers.get("rsa-1") == rsa
        assert book.issuers.get("none") is None

    def test_what_it_serves_its_dates_and_its_chain_are_kept(self, book: Any) -> None:
        issuer = an_issuer_record(
            state=IssuerState.STAGED,
            serves=("ev", "ssl_basic"),
            active_from=MOMENT,
            intermediates=(b"one", b"two"),
            root_id="root-e1",
            root_key_ref="arn:key",
        )
        book.ledger.commit(issuer)
        assert book.issuers.get(issuer.issuer_id) == issuer
        retired = replace(
            issuer,
            state=IssuerState.RETIRED,
            retired_at=FAR,
            revoked_at=FAR,
            revoked_for=CaRevocationReason.CA_COMPROMISE,
            version=2,
        )
        book.ledger.commit(retired)
        assert list(book.issuers.all()) == [retired]

    def test_of_two_changes_at_once_one_loses(self, book: Any) -> None:
        issuer = an_issuer_record()
        book.ledger.commit(issuer)
        book.ledger.commit(replace(issuer, state=IssuerState.RETIRED, version=2))
        with pytest.raises(Conflict):
            book.ledger.commit(replace(issuer, serves=("ev",), version=2))

    def test_one_recorded_before_there_were_states_is_active(self, book: Any) -> None:
        book.ledger.commit(an_issuer_record())
        assert book.issuers.all()[0].state is IssuerState.ACTIVE


class TestWorkList:
    def test_a_pending_certificate_is_due_at_its_next_look(self, book: Any) -> None:
        book.ledger.commit(an_order(), a_certificate())
        work = Work(order_id=1001, certificate_id=5001, request_id=None, due_at=MOMENT + MINUTE)
        assert list(book.work.due(FAR, 10)) == [work]
        assert list(book.work.due(MOMENT + MINUTE, 10)) == []

    def test_one_that_never_looked_is_due_a_minute_after_it_was_made(self, book: Any) -> None:
        book.ledger.commit(an_order(), a_certificate(next_look_at=None))
        assert [each.due_at for each in book.work.due(FAR, 10)] == [MOMENT + MINUTE]

    def test_one_in_issuance_is_due_a_minute_after_its_intent(self, book: Any) -> None:
        recorded = MOMENT + timedelta(minutes=7)
        intent = Intent(
            serial=1,
            issuer_id="i",
            shard=0,
            tbs=b"",
            not_before=MOMENT,
            not_after=FAR,
            recorded_at=recorded,
        )
        book.ledger.commit(
            an_order(), a_certificate(status=CertificateStatus.PROCESSING, intent=intent)
        )
        assert [each.due_at for each in book.work.due(FAR, 10)] == [recorded + MINUTE]

    def test_what_is_finished_or_awaits_a_person_is_not_work(self, book: Any) -> None:
        book.ledger.commit(an_order(), a_certificate())
        book.ledger.commit(a_certificate(version=2, status=CertificateStatus.INVALID))
        waiting = CertificateStatus.AWAITING_APPROVAL
        book.ledger.commit(a_certificate(certificate_id=5002, status=waiting))
        assert list(book.work.due(FAR, 10)) == []

    def test_an_approved_revocation_is_work_until_it_is_done(self, book: Any) -> None:
        book.ledger.commit(an_order(), a_request())
        assert list(book.work.due(FAR, 10)) == []
        approved = a_request(version=2, status=RequestStatus.APPROVED, decided_at=MOMENT)
        book.ledger.commit(approved)
        work = Work(order_id=1001, certificate_id=None, request_id=301, due_at=MOMENT + MINUTE)
        assert list(book.work.due(FAR, 10)) == [work]
        book.ledger.commit(replace(approved, version=3, done_at=MOMENT))
        assert list(book.work.due(FAR, 10)) == []

    def test_an_approved_order_is_not_itself_work(self, book: Any) -> None:
        book.ledger.commit(a_request(kind=RequestKind.NEW, status=RequestStatus.APPROVED))
        assert list(book.work.due(FAR, 10)) == []

    def test_the_longest_overdue_come_first_over_all_orders(self, book: Any) -> None:
        for number in range(12):
            book.ledger.commit(
                a_certificate(
                    order_id=1000 + number,
                    certificate_id=5000 + number,
                    next_look_at=MOMENT + (12 - number) * MINUTE,
                )
            )
        found = [each.certificate_id for each in book.work.due(FAR, 5)]
        assert found == [5011, 5010, 5009, 5008, 5007]


def a_line(serial: int, **changed: Any) -> RevokedSerial:
    line = RevokedSerial(
        issuer_id="ec-1",
        shard=2,
        serial=serial,
        revoked_at=MOMENT,
        reason=RevocationReason.KEY_COMPROMISE,
        not_after=FAR,
        certificate_id=5001,
        entry=bytes([0x30, 0x00]),
    )
    return replace(line, **changed)


def listed(line: RevokedSerial) -> CrlLine:
    return CrlLine(serial=line.serial, entry=line.entry, not_after=line.not_after)


class TestRevocationLedger:
    def test_a_shard_lists_its_own_lines_by_serial(self, book: Any) -> None:
        book.ledger.commit(a_line(2**150), a_line(5), a_line(1, shard=3), a_line(1, issuer_id="x"))
        lines = [listed(a_line(5)), listed(a_line(2**150))]
        assert list(book.revocations.lines("ec-1", 2)) == lines
        assert list(book.revocations.lines("ec-1", 4)) == []

    def test_one_line_is_read_whole(self, book: Any) -> None:
        book.ledger.commit(a_line(5), a_line(1, shard=3))
        assert book.revocations.line("ec-1", 2, 5) == a_line(5)
        assert book.revocations.line("ec-1", 2, 1) is None

    def test_a_line_is_written_once_and_replaced_at_its_version_alone(self, book: Any) -> None:
        book.ledger.commit(a_line(5))
        with pytest.raises(Conflict):
            book.ledger.commit(a_line(5))
        book.ledger.commit(a_line(5, entry=b"\x30\x01", version=2))
        assert book.revocations.line("ec-1", 2, 5).entry == b"\x30\x01"
        with pytest.raises(Conflict):
            book.ledger.commit(a_line(5, version=2))

    def test_the_state_is_not_among_the_lines(self, book: Any) -> None:
        state = CrlState(
            issuer_id="ec-1",
            shard=2,
            number=4,
            published_number=3,
            published_at=None,
            next_update=None,
            etag=None,
        )
        book.ledger.commit(state, a_line(5))
        assert book.revocations.state("ec-1", 2) == state
        assert book.revocations.state("ec-1", 3) is None
        assert list(book.revocations.lines("ec-1", 2)) == [listed(a_line(5))]
