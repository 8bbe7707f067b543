"""Another value, another method, the mails again: what a pending order allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import PRODUCT, issue, order_body
from vouchsafe.domain.authorization import AuthorizationStatus, LookSummary
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import Authorizations, Dossier
from vouchsafe.domain.lifecycle import followed, moved

CALLS: dict[str, Any] = {
    "dcv-random-value": None,
    "dcv-method": {"dcv_method": "dns-txt-token"},
    "resend-emails": None,
}


def _placed(api: Api, product: str = PRODUCT, **changed: Any) -> tuple[int, str | None]:
    answer = api.call("POST", f"order/certificate/{product}", order_body(**changed)).json
    return answer["id"], answer.get("dcv_random_value")


def _dossier(api: Api, order_id: int) -> Dossier:
    dossier = api.book.order(order_id)
    assert dossier is not None
    return dossier


def _put(api: Api, order_id: int, call: str, **more: Any) -> Any:
    return api.call("PUT", f"order/certificate/{order_id}/{call}", CALLS[call], **more)


def test_a_living_value_is_told_again_and_nothing_is_written() -> None:
    api = Api()
    order_id, value = _placed(api)
    before = dict(api.book.records)
    reply = _put(api, order_id, "dcv-random-value")
    assert reply.status == 200
    assert reply.json["dcv_random_value"] == value
    assert reply.json["expiration_date"] == "2026-12-21T12:00:00+00:00"
    assert api.book.records == before


def test_a_dead_value_is_replaced_for_all_names() -> None:
    api = Api()
    order_id, value = _placed(api)
    api.clock.advance(timedelta(days=30))
    fresh = _put(api, order_id, "dcv-random-value").json
    assert fresh["dcv_random_value"] != value
    assert fresh["expiration_date"].startswith("2027-01-20")
    dossier = _dossier(api, order_id)
    items = dossier.authorizations[dossier.newest.certificate_id]
    assert {item.random_value.value for item in items if item.random_value} == {
        fresh["dcv_random_value"]
    }


def test_a_new_method_voids_the_old_value_and_moves_no_deadline() -> None:
    api = Api()
    order_id, value = _placed(api)
    before = _dossier(api, order_id).newest
    api.clock.advance(timedelta(hours=3))
    reply = _put(api, order_id, "dcv-method")
    after = _dossier(api, order_id).newest
    assert reply.status == 200
    assert reply.json["dcv_random_value"] not in {value, None}
    assert after.random_value is not None
    assert after.random_value.value == reply.json["dcv_random_value"]
    assert (after.window, after.run, after.next_look_at) == (
        before.window,
        before.run,
        before.next_look_at,
    )
    changes = [r for k, r in api.book.records.items() if k[0] is Change]
    assert ChangeKind.VALUE_RENEWED in {change.kind for change in changes}


def test_proven_names_keep_their_proof_and_others_forget_what_was_seen() -> None:
    api = Api()
    order_id, _ = _placed(api)
    dossier = _dossier(api, order_id)
    first, *rest = dossier.authorizations[dossier.newest.certificate_id]
    look = LookSummary(looked_at=api.clock.now(), cause="no_record", explanation="", advice="")
    proven = replace(first, status=AuthorizationStatus.VALID, proof=_proof(api))
    items = (proven, *(replace(one, last_look=look) for one in rest))
    certificate = replace(dossier.newest, version=dossier.newest.version + 1)
    pack = Authorizations(order_id=order_id, certificate_id=certificate.certificate_id, items=items)
    api.book.commit(certificate, pack)
    _put(api, order_id, "dcv-method")
    after = _dossier(api, order_id).authorizations[certificate.certificate_id]
    assert (after[0].status, after[0].proof) == (proven.status, proven.proof)
    assert {one.last_look for one in after[1:]} == {None}
    assert len({one.random_value for one in after}) == 1


def _proof(api: Api) -> Any:
    from vouchsafe.domain.authorization import DcvMethodName, Proof

    return Proof(
        method=DcvMethodName.DNS_TXT,
        br_section="3.2.2.4.7",
        authorization_domain="example.com",
        steps=(),
        value="_x",
        proven_at=api.clock.now(),
        quorum="5/6",
        perspectives=(),
    )


@pytest.mark.parametrize("method", ["http-token"])
def test_a_method_that_does_not_prove_the_orders_wildcard_is_refused_by_name(method: str) -> None:
    api = Api()
    order_id, _ = _placed(api)
    reply = api.call("PUT", f"order/certificate/{order_id}/dcv-method", {"dcv_method": method})
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_method"])


@pytest.mark.parametrize(
    ("body", "word"),
    [({}, "required"), ({"dcv_method": "pigeon"}, "must be one of"), ({"dcv_method": 5}, "text")],
)
def test_a_method_that_is_none_is_refused(body: dict[str, Any], word: str) -> None:
    api = Api()
    order_id, _ = _placed(api)
    reply = api.call("PUT", f"order/certificate/{order_id}/dcv-method", body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|dcv_method"])
    assert word in reply.json["errors"][0]["message"]


def test_typographic_hyphens_are_read_as_meant() -> None:
    api = Api()
    order_id, _ = _placed(api)
    body = {"dcv_method": "dns\u2011txt\u2010token"}
    assert api.call("PUT", f"order/certificate/{order_id}/dcv-method", body).status == 200


def test_addresses_for_a_method_without_mail_are_remarked() -> None:
    api = Api()
    order_id, _ = _placed(api)
    body = {"dcv_method": "dns-txt-token", "dcv_emails": [{"dns_name": "example.com"}]}
    reply = api.call("PUT", f"order/certificate/{order_id}/dcv-method", body)
    assert reply.json["warnings"] == [
        "dcv_emails: is ignored: the order is not validated by e-mail"
    ]


def test_the_guides_products_keep_method_and_values() -> None:
    api = Api()
    order_id, _ = _placed(api, "advanced_dv", certificate_name="web-shop")
    before = dict(api.book.records)
    refused = _put(api, order_id, "dcv-method")
    assert (refused.status, refused.codes) == (400, ["invalid_field|dcv_method"])
    assert "stays as it was ordered" in refused.json["errors"][0]["message"]
    refused = _put(api, order_id, "dcv-random-value")
    assert (refused.status, refused.codes) == (400, ["invalid_status|order"])
    assert "each name" in refused.json["errors"][0]["message"]
    assert api.book.records == before


def test_mails_are_for_mail_orders() -> None:
    api = Api()
    order_id, _ = _placed(api)
    reply = _put(api, order_id, "resend-emails")
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])
    assert "e-mail" in reply.json["errors"][0]["message"]


@pytest.mark.parametrize("call", CALLS)
def test_an_order_that_is_not_pending_stays_as_it_is(call: str) -> None:
    api = Api()
    issue(api)
    reply = _put(api, 1001, call)
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])
    order_id, _ = _placed(api)
    dossier = _dossier(api, order_id)
    ended = moved(dossier.newest, CertificateStatus.CANCELLED)
    api.book.commit(ended, *followed(dossier.order, ended))
    assert _put(api, order_id, call).codes == ["invalid_status|order"]


@pytest.mark.parametrize("call", CALLS)
def test_an_order_of_others_is_unknown(call: str) -> None:
    api = Api()
    order_id, _ = _placed(api)
    foreign = _put(api, order_id, call, key=OTHERS_KEY)
    unknown = _put(api, 99999, call)
    assert (foreign.status, foreign.json) == (404, unknown.json)
    assert foreign.codes == ["not_found|order"]


def test_a_lost_race_is_run_again() -> None:
    api = Api()
    order_id, _ = _placed(api)
    read, overtaken = api.book.order, []

    def slow(number: int) -> Dossier | None:
        found = read(number)
        if found is not None and not overtaken:
            overtaken.append(1)
            api.book.commit(replace(found.newest, version=found.newest.version + 1))
        return found

    api.book.order = slow  # type: ignore[method-assign]
    assert _put(api, order_id, "dcv-method").status == 200
    assert _dossier(api, order_id).newest.version == 3
