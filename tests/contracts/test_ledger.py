"""Port Ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import (
    MOMENT,
    a_certificate,
    a_change,
    a_request,
    a_user,
    an_account,
    an_api_key,
    an_authorization,
    an_issuer_record,
    an_order,
)
from vouchsafe.domain.authorization import (
    AuthorizationStatus,
)
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.dossier import Authorizations, SerialClaim, Thumbprint
from vouchsafe.domain.errors import Conflict
from vouchsafe.domain.order import OrderStatus

SERIAL = 2**158 + 12345678901234567890


def a_pack(*names: str, **changed: Any) -> Authorizations:
    items = tuple(an_authorization(name, **changed) for name in names)
    return Authorizations(order_id=1001, certificate_id=5001, items=items)


def a_placed_order(book: Any, *names: str) -> None:
    book.ledger.commit(an_order(), a_certificate(), a_pack(*(names or ("example.com",))))


class TestReading:
    def test_an_order_comes_back_with_all_that_belongs_to_it(self, book: Any) -> None:
        pack = a_pack("www.example.com", "example.com")
        book.ledger.commit(an_order(), a_certificate(), pack, a_request(), a_change())
        dossier = book.ledger.order(1001)
        assert dossier.order == an_order()
        assert dossier.certificates == (a_certificate(),)
        assert dossier.authorizations == {5001: pack.items}
        assert dossier.requests == (a_request(),)

    def test_an_unknown_order_is_none(self, book: Any) -> None:
        a_placed_order(book)
        assert book.ledger.order(1002) is None

    def test_it_is_found_by_each_of_its_ids(self, book: Any) -> None:
        a_placed_order(book)
        book.ledger.commit(
            a_request(),
            SerialClaim(serial=SERIAL, order_id=1001, certificate_id=5001),
            Thumbprint(sha1="ab" * 20, order_id=1001, certificate_id=5001),
        )
        expected = book.ledger.order(1001)
        assert book.ledger.order_of_certificate(5001) == expected
        assert book.ledger.order_of_request(301) == expected
        assert book.ledger.order_of_serial(SERIAL) == expected
        assert book.ledger.order_of_thumbprint("ab" * 20) == expected

    def test_what_nobody_wrote_is_found_by_nothing(self, book: Any) -> None:
        a_placed_order(book)
        assert book.ledger.order_of_certificate(1001) is None
        assert book.ledger.order_of_request(5001) is None
        assert book.ledger.order_of_serial(SERIAL) is None
        assert book.ledger.order_of_thumbprint("cd" * 20) is None

    def test_certificates_and_requests_come_sorted_by_id(self, book: Any) -> None:
        a_placed_order(book)
        book.ledger.commit(a_certificate(certificate_id=12000), a_request(request_id=9999))
        book.ledger.commit(a_certificate(certificate_id=999), a_request(request_id=10000))
        dossier = book.ledger.order(1001)
        assert [c.certificate_id for c in dossier.certificates] == [999, 5001, 12000]
        assert [r.request_id for r in dossier.requests] == [9999, 10000]

    def test_plain_values_of_the_api_come_back_as_they_went_in(self, book: Any) -> None:
        extras = {"a": None, "b": [1, 2.5, "", {"c": True}], "d": {}, "e": -3}
        order = an_order()
        book.ledger.commit(replace(order, details=replace(order.details, extras=extras)))
        found = book.ledger.order(1001).order.details.extras
        assert found == extras
        assert isinstance(found["b"][0], int)
        assert isinstance(found["b"][1], float)

    def test_what_is_not_plain_is_refused(self, book: Any) -> None:
        with pytest.raises(TypeError):
            book.ledger.commit(a_change(data={"what": object()}))

    def test_250_names_come_back_in_their_order(self, book: Any) -> None:
        names = [f"n{number}.example.com" for number in range(250)]
        a_placed_order(book, *names)
        found = book.ledger.order(1001).authorizations[5001]
        assert [each.identifier.value for each in found] == names


class TestCommit:
    def test_a_new_record_must_not_exist(self, book: Any) -> None:
        a_placed_order(book)
        with pytest.raises(Conflict):
            book.ledger.commit(an_order())

    def test_a_version_replaces_exactly_the_one_before(self, book: Any) -> None:
        book.ledger.commit(an_order())
        book.ledger.commit(an_order().moved(OrderStatus.PROCESSING))
        assert book.ledger.order(1001).order.status is OrderStatus.PROCESSING
        with pytest.raises(Conflict):
            book.ledger.commit(an_order(version=4))
        with pytest.raises(Conflict):
            book.ledger.commit(an_order(version=2))

    def test_a_later_version_of_nothing_is_refused(self, book: Any) -> None:
        with pytest.raises(Conflict):
            book.ledger.commit(an_order(version=2))

    def test_all_or_nothing(self, book: Any) -> None:
        book.ledger.commit(an_order())
        with pytest.raises(Conflict):
            book.ledger.commit(a_certificate(), a_change(), an_order(version=3))
        assert book.ledger.order_of_certificate(5001) is None
        assert book.feed.left_behind(MOMENT + timedelta(days=1), 10) == []

    @pytest.mark.parametrize("alone", [True, False])
    def test_of_two_writers_of_one_version_one_loses(self, book: Any, alone: bool) -> None:
        a_placed_order(book)

        def write(worker: int) -> bool:
            mine = a_certificate(version=2, run=worker)
            others = () if alone else (a_change(change_id=f"change-{worker}"),)
            try:
                book.ledger.commit(mine, *others)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            won = list(pool.map(write, range(4)))
        assert won.count(True) == 1
        assert book.ledger.order(1001).newest.run == won.index(True)

    @pytest.mark.parametrize(
        "record",
        [
            an_order(),
            a_certificate(),
            a_request(),
            a_change(),
            an_account(),
            a_user(),
            an_api_key(),
            an_issuer_record(),
            SerialClaim(serial=SERIAL, order_id=1001, certificate_id=5001),
            Thumbprint(sha1="ab" * 20, order_id=1001, certificate_id=5001),
        ],
        ids=lambda record: type(record).__name__,
    )
    def test_each_kind_of_record_is_made_once(self, book: Any, record: Any) -> None:
        book.ledger.commit(record)
        with pytest.raises(Conflict):
            book.ledger.commit(record)

    def test_a_field_that_became_none_is_gone(self, book: Any) -> None:
        book.ledger.commit(an_order(), a_certificate())
        book.ledger.commit(a_certificate(version=2, next_look_at=None, window=None))
        assert book.ledger.order(1001).newest == a_certificate(
            version=2, next_look_at=None, window=None
        )

    def test_authorizations_follow_their_certificate(self, book: Any) -> None:
        a_placed_order(book)
        proven = a_pack("example.com", status=AuthorizationStatus.VALID)
        with pytest.raises(Conflict):
            book.ledger.commit(a_certificate(version=3), proven)
        assert book.ledger.order(1001).authorizations[5001] == a_pack("example.com").items
        book.ledger.commit(a_certificate(version=2), proven)
        assert book.ledger.order(1001).authorizations[5001] == proven.items

    def test_authorizations_stay_when_only_their_certificate_is_written(self, book: Any) -> None:
        a_placed_order(book)
        book.ledger.commit(a_certificate(version=2, status=CertificateStatus.PROCESSING))
        assert book.ledger.order(1001).authorizations[5001] == a_pack("example.com").items

    def test_authorizations_without_their_certificate_are_a_mistake(self, book: Any) -> None:
        a_placed_order(book)
        with pytest.raises(ValueError, match="together with their certificate"):
            book.ledger.commit(a_pack("example.com"))
