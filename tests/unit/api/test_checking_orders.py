from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import MOMENT, NAMES, a_certificate, an_authorization, an_order
from tests.unit.api.driving import Api
from tests.unit.api.material import issue
from vouchsafe.domain.authorization import (
    Authorization,
    AuthorizationStatus,
    CaaCheck,
    DcvMethodName,
    Proof,
)
from vouchsafe.domain.certificate import Certificate, CertificateStatus
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.order import OrderStatus
from vouchsafe.domain.parking import Gate, Parked

CHECK = "order/certificate/1001/check-dcv"
IDS = {"order_id": 1001, "certificate_id": 5001}


def _proven(name: str) -> Authorization:
    proof = Proof(
        method=DcvMethodName.DNS_TXT,
        br_section="3.2.2.4.7",
        authorization_domain=name,
        steps=(),
        value="_x",
        proven_at=MOMENT,
        quorum="6/6",
        perspectives=(),
    )
    return an_authorization(name, status=AuthorizationStatus.VALID, proof=proof)


def _api(then: Callable[[Api, int], None]) -> Api:
    """A pending order; `then` acts as the state machine while the n-th pause lasts."""
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        then(api, len(pauses))

    api = Api(pause=pause)
    items = tuple(an_authorization(name) for name in NAMES)
    api.book.commit(an_order(), a_certificate(), Authorizations(items=items, **IDS))
    return api


def _look(api: Api, *items: Authorization, **changed: object) -> None:
    """Record a look of the run that was started."""
    certificate: Certificate = api.book.order(1001).newest  # type: ignore[union-attr]
    run = api.workflow.orders[-1][2]
    looked = replace(
        certificate,
        **({"run": run, "looks": certificate.looks + 1} | changed),  # type: ignore[arg-type]
        version=certificate.version + 1,
    )
    api.book.commit(looked, Authorizations(items=items, **IDS))


def _nothing_happens(api: Api, pause: int) -> None: ...


def _look_in_vain(api: Api, pause: int) -> None:
    _look(api, *map(an_authorization, NAMES))


def test_a_check_starts_a_further_run_and_waits_for_its_look() -> None:
    def machine(api: Api, pause: int) -> None:
        if pause == 3:
            _look(api, _proven(NAMES[0]), an_authorization(NAMES[1]))

    api = _api(machine)
    reply = api.call("PUT", CHECK)
    assert reply.status == 200
    assert reply.json == {
        "order_status": "pending",
        "certificate_id": 5001,
        "dcv_status": "pending",
        "dns_name_validations": [
            {"dns_name": NAMES[0], "status": "approved"},
            {"dns_name": NAMES[1], "status": "pending"},
        ],
    }
    assert api.workflow.orders == [(1001, 5001, 2)]


def test_a_check_of_what_waits_for_people_answers_when_its_run_has_seen_that() -> None:
    waiting = Parked(since=MOMENT, until=MOMENT, gates=(Gate.ORGANIZATION,))
    pauses: list[int] = []

    def machine(api: Api, pause: int) -> None:
        pauses.append(pause)
        if pause == 2:
            _look(api, *map(_proven, NAMES), looks=0, parked=waiting)

    answer = _api(machine).call("PUT", CHECK).json
    assert (answer["order_status"], answer["dcv_status"]) == ("pending", "complete")
    assert pauses == [1, 2]


def test_a_check_follows_the_last_proof_up_to_the_certificate() -> None:
    caa = CaaCheck(
        checked_at=MOMENT, good_until=MOMENT + timedelta(hours=8), permitted=True, findings=()
    )
    proven = tuple(map(_proven, NAMES))

    def machine(api: Api, pause: int) -> None:
        if pause == 1:
            _look(api, *proven, caa=caa)
        if pause == 2:
            _look(api, *proven, status=CertificateStatus.PROCESSING)
        if pause == 3:
            _look(api, *proven, status=CertificateStatus.VALID)
            api.book.commit(api.book.order(1001).order.moved(OrderStatus.VALID))

    answer = _api(machine).call("PUT", CHECK, "null").json
    assert (answer["order_status"], answer["dcv_status"]) == ("issued", "complete")


def test_a_look_of_an_older_run_does_not_answer_a_check() -> None:
    def machine(api: Api, pause: int) -> None:
        if pause == 1:
            _look(api, _proven(NAMES[0]), an_authorization(NAMES[1]), run=1)
        if pause == 2:
            _look(api, *map(_proven, NAMES))

    assert _api(machine).call("PUT", CHECK).json["dcv_status"] == "complete"


def test_a_check_gives_up_waiting_after_twenty_seconds() -> None:
    slept: list[float] = []
    api = _api(_nothing_happens)
    api.pause = slept.append
    answer = api.call("PUT", CHECK).json
    assert sum(slept) == 20
    assert {row["status"] for row in answer["dns_name_validations"]} == {"pending"}


def test_every_check_gets_a_run_of_its_own_above_the_recorded_one() -> None:
    api = _api(_look_in_vain)
    api.call("PUT", CHECK)
    api.call("PUT", CHECK)
    assert [run for _, _, run in api.workflow.orders] == [2, 3]


@pytest.mark.parametrize("spelling", ["dns_name_validations", "dns_names_validations"])
def test_a_check_may_ask_for_some_names(spelling: str) -> None:
    api = _api(_look_in_vain)
    answer = api.call("PUT", CHECK, {spelling: [NAMES[1]]}).json
    assert [row["dns_name"] for row in answer["dns_name_validations"]] == [NAMES[1]]


def test_a_check_reads_names_in_any_spelling_of_dns() -> None:
    answer = _api(_look_in_vain).call("PUT", CHECK, {"dns_name_validations": [" Example.COM. "]})
    assert [row["dns_name"] for row in answer.json["dns_name_validations"]] == ["example.com"]


@pytest.mark.parametrize("body", ["null", "", "{}", '{"dns_names_validations": null}'])
def test_a_check_without_names_is_about_all_of_them(body: str) -> None:
    answer = _api(_look_in_vain).call("PUT", CHECK, body)
    assert (answer.status, len(answer.json["dns_name_validations"])) == (200, len(NAMES))


def test_rows_as_the_answer_has_them_are_read_as_names() -> None:
    rows = [{"dns_name": NAMES[1], "status": "pending"}]
    answer = _api(_look_in_vain).call("PUT", CHECK, {"dns_names_validations": rows}).json
    assert answer["dns_name_validations"] == rows


def test_a_name_is_found_by_its_letters_of_any_language() -> None:
    api = _api(_look_in_vain)
    name = "xn--bcher-kva.example.com"
    certificate = a_certificate(identifiers=(Identifier(name),), version=2)
    api.book.commit(certificate, Authorizations(items=(an_authorization(name),), **IDS))
    api.pause = float
    answer = api.call("PUT", CHECK, {"dns_names_validations": ["Bücher.example.com"]}).json
    assert [row["dns_name"] for row in answer["dns_name_validations"]] == [name]


@pytest.mark.parametrize("given", [[7], [{"name": NAMES[0]}], {"x": 1}, [None], [[]]])
def test_what_is_no_name_is_refused(given: object) -> None:
    reply = _api(_nothing_happens).call("PUT", CHECK, {"dns_name_validations": given})
    assert reply.status == 400
    assert reply.codes[0].startswith("invalid_field|dns_name_validations")


def test_a_check_of_a_second_certificate_is_about_its_names() -> None:
    api = _api(_nothing_happens)
    issue_first = replace(api.book.order(1001).newest, status=CertificateStatus.VALID, version=2)
    other = {"order_id": 1001, "certificate_id": 5002}
    name = "new.example.com"
    api.book.commit(
        issue_first,
        a_certificate(certificate_id=5002, identifiers=(Identifier(name),)),
        Authorizations(items=(an_authorization(name),), **other),
    )
    answer = api.call("PUT", CHECK, {"dns_names_validations": [name]})
    assert answer.status == 200
    assert (answer.json["certificate_id"], answer.json["dcv_status"]) == (5002, "pending")


def test_a_foreign_name_is_refused_under_the_field_it_came_in() -> None:
    reply = _api(_nothing_happens).call("PUT", CHECK, {"dns_names_validations": ["a.example.net"]})
    assert reply.codes == ["invalid_field|dns_names_validations[0]"]


def test_a_name_of_another_order_is_refused_and_nothing_starts() -> None:
    api = _api(_nothing_happens)
    reply = api.call("PUT", CHECK, {"dns_name_validations": ["other.example.com"]})
    assert (reply.status, reply.codes) == (400, ["invalid_field|dns_name_validations[0]"])
    assert not api.workflow.orders


def test_an_issued_order_is_answered_as_it_stands() -> None:
    api = Api()
    issue(api)
    answer = api.call("PUT", CHECK).json
    assert (answer["order_status"], answer["dcv_status"]) == ("issued", "complete")
    assert not api.workflow.orders


CANCEL = "order/certificate/1001/status"


@pytest.mark.parametrize("word", ["CANCELED", "canceled"])
def test_a_pending_order_is_cancelled_for_good(word: str) -> None:
    api = _api(_nothing_happens)
    assert api.call("PUT", CANCEL, {"status": word, "note": None}).status == 204
    assert api.call("GET", "order/certificate/1001").json["status"] == "canceled"
    assert api.call("PUT", CANCEL, {"status": word}).status == 204
    reply = api.call("PUT", CHECK)
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])


def test_an_issued_order_cannot_be_cancelled() -> None:
    api = Api()
    issue(api)
    reply = api.call("PUT", CANCEL, {"status": "CANCELED"})
    assert (reply.status, reply.codes) == (400, ["invalid_status|order"])


@pytest.mark.parametrize("body", [{}, {"status": "issued"}, {"status": 5}])
def test_only_cancelling_is_a_change_of_status(body: dict[str, object]) -> None:
    api = _api(_nothing_happens)
    reply = api.call("PUT", CANCEL, body)
    assert (reply.status, reply.codes) == (400, ["invalid_field|status"])


def test_a_cancelling_that_loses_a_race_looks_again() -> None:
    api = _api(_nothing_happens)
    commit = api.book.commit
    raced: list[int] = []

    def racing(*records: object) -> None:
        if not raced:
            raced.append(1)
            standing = api.book.order(1001).newest  # type: ignore[union-attr]
            commit(replace(standing, looks=1, version=standing.version + 1))
        commit(*records)  # type: ignore[arg-type]

    api.book.commit = racing  # type: ignore[method-assign,assignment]
    assert api.call("PUT", CANCEL, {"status": "CANCELED"}).status == 204
    cancelled = api.book.order(1001).newest  # type: ignore[union-attr]
    assert (cancelled.status, cancelled.looks) == (CertificateStatus.CANCELLED, 1)
