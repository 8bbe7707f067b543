"""Evidence of a certificate, as customers fetch it."""

from __future__ import annotations

import hashlib

import pytest

from tests.builders import a_certificate, an_authorization, an_order
from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import issue
from vouchsafe.domain.dossier import Authorizations

PATH = "certificate/5001/evidence"
PACKET = '{"evidence":1,"name":"é"}\n'.encode()


@pytest.fixture
def api() -> Api:
    api = Api()
    issue(api)
    return api


def test_a_packet_comes_byte_for_byte_as_it_was_signed(api: Api) -> None:
    api.packets.objects[5001] = PACKET
    reply = api.call("GET", PATH)
    assert (reply.status, reply.content) == (200, PACKET)
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="5001_evidence.json"'
    assert reply.headers["ETag"] == f'"{hashlib.sha256(PACKET).hexdigest()}"'


def test_who_has_it_gets_no_second_copy(api: Api) -> None:
    api.packets.objects[5001] = PACKET
    etag = api.call("GET", PATH).headers["ETag"]
    reply = api.call("GET", PATH, headers={"If-None-Match": etag})
    assert (reply.status, reply.content) == (304, b"")


def test_while_it_is_being_made_the_client_is_told_when_to_ask_again(api: Api) -> None:
    reply = api.call("GET", PATH)
    assert (reply.status, reply.codes) == (404, ["not_found|evidence"])
    assert reply.headers["Retry-After"] == "10"


def test_before_issue_there_is_nothing_to_prove() -> None:
    api = Api()
    pack = Authorizations(order_id=1001, certificate_id=5001, items=(an_authorization(),))
    api.book.commit(an_order(), a_certificate(), pack)
    reply = api.call("GET", PATH)
    assert (reply.status, reply.codes) == (400, ["certificate_not_issued"])


def test_another_accounts_packet_is_not_there(api: Api) -> None:
    api.packets.objects[5001] = PACKET
    foreign = api.call("GET", PATH, key=OTHERS_KEY)
    unknown = api.call("GET", "certificate/5999/evidence", key=OTHERS_KEY)
    assert (foreign.status, foreign.codes) == (404, ["not_found|certificate"])
    assert foreign.content == unknown.content
    assert "Retry-After" not in foreign.headers


@pytest.mark.parametrize("number", ["0", "x", "99999999999", "-1"])
def test_what_cannot_be_an_id_is_not_found(api: Api, number: str) -> None:
    reply = api.call("GET", f"certificate/{number}/evidence")
    assert (reply.status, reply.codes) == (404, ["not_found|certificate"])
