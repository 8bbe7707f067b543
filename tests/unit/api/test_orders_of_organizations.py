"""Ordering OV and EV: for an organization by id, or described in the order's own body."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_proof
from tests.builders_accounts import an_organization
from tests.builders_organizations import a_validated_organization, an_identity
from tests.unit.api.csr_material import csr
from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import order_body
from vouchsafe.domain.certificate import Certificate, NamedOrganization
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.order import Order
from vouchsafe.domain.organization import Organization, OrganizationCheck
from vouchsafe.domain.parking import Gate, Parked
from vouchsafe.domain.proofs import DomainProof
from vouchsafe.domain.reviews import OrganizationReview

OV, EV, ADVANCED = (
    f"order/certificate/{name}" for name in ("ssl_basic", "ssl_ev_basic", "advanced_ov")
)
DESCRIBED: dict[str, Any] = {
    "name": "Example Holdings Ltd",
    "country": "gb",
    "address": "1 High Street",
    "city": "York",
    "state": "North Yorkshire",
    "zip": "YO1 0AA",
    "telephone": "+44 1904 000000",
    "organization_contact": {
        "first_name": "Ada",
        "last_name": "Example",
        "email": "ada@example.com",
        "telephone": "+44 1904 000001",
    },
}
WITHOUT_WILDCARD = {"certificate__dns_names": ["example.com"]}


def api_with(*organizations: Organization) -> Api:
    api = Api()
    api.book.commit(*organizations)
    return api


def stored[T](api: Api, kind: type[T]) -> list[T]:
    return [record for key, record in api.book.records.items() if key[0] is kind]


def changes(api: Api, kind: ChangeKind) -> list[Change]:
    return [one for one in stored(api, Change) if one.kind is kind]


@pytest.mark.parametrize(
    ("path", "check"), [(OV, OrganizationCheck.OV), (EV, OrganizationCheck.EV)]
)
def test_an_organization_that_is_not_validated_is_submitted_with_the_order(
    path: str, check: OrganizationCheck
) -> None:
    api = api_with(an_organization())
    body = order_body(organization={"id": "601"}, **WITHOUT_WILDCARD)
    placed = api.call("POST", path, body)
    assert placed.status == 201, placed.content
    (review,) = stored(api, OrganizationReview)
    assert (review.organization_id, review.checks) == (601, (check,))
    order = api.call("GET", f"order/certificate/{placed.json['id']}").json
    assert order["organization"] == {"id": 601, "name": "Example Holdings Ltd"}
    assert order["status"] == "pending"


def test_an_organization_described_in_the_order_is_made_with_it_and_found_again() -> None:
    api = Api()
    first, second = (api.call("POST", OV, order_body(organization=DESCRIBED)) for _ in range(2))
    assert (first.status, second.status) == (201, 201), first.content
    (made,) = stored(api, Organization)
    assert {order.organization_id for order in stored(api, Order)} == {made.organization_id}
    assert len(stored(api, OrganizationReview)) == 1, "operators are asked once"
    assert len(changes(api, ChangeKind.ORGANIZATION_CREATED)) == 1
    assert len(changes(api, ChangeKind.ORGANIZATION_SUBMITTED)) == 1


def test_people_named_for_ev_in_the_order_may_ask_for_it() -> None:
    api = Api()
    person = {
        "first_name": "Eve",
        "last_name": "Example",
        "job_title": "Director",
        "telephone": "+44 1904 000002",
        "email": "eve@example.com",
    }
    described = DESCRIBED | {"validations": [{"type": "ev", "verified_users": [person]}]}
    body = order_body(organization=described, **WITHOUT_WILDCARD)
    assert api.call("POST", EV, body).status == 201
    (made,) = stored(api, Organization)
    assert [one.first_name for one in made.verified_users] == ["Eve"]


def test_a_validated_organization_is_not_submitted_again() -> None:
    api = api_with(a_validated_organization())
    assert api.call("POST", OV, order_body(organization={"id": 601})).status == 201
    assert stored(api, OrganizationReview) == []


def test_zeros_and_blanks_beside_an_id_say_nothing() -> None:
    api = api_with(a_validated_organization())
    beside = {"name": "", "address": "", "container": {"id": 0}, "contacts": []}
    placed = api.call("POST", OV, order_body(organization={"id": 601, **beside}))
    assert placed.status == 201
    assert not [w for w in placed.json.get("warnings", []) if w.startswith("organization")]
    placed = api.call("POST", OV, order_body(organization={"id": 601, "name": "Other Ltd"}))
    assert "organization: what is said beside its id is ignored" in placed.json["warnings"]


REFUSED: dict[str, tuple[Any, str]] = {
    "missing": (None, "organization.id"),
    "empty": ({}, "organization.id"),
    "empty texts": ({"id": 0, "name": ""}, "organization.id"),
    "a bare number": (601, "organization"),
    "no number": ({"id": "our own"}, "organization.id"),
    "unknown": ({"id": 99}, "organization.id"),
    "half described": ({"name": "Example Holdings Ltd"}, "organization.country"),
    "no country": (DESCRIBED | {"country": "UK"}, "organization.country"),
    "a long name": (DESCRIBED | {"name": "x" * 65}, "organization.name"),
    "no contact": (
        DESCRIBED | {"organization_contact": None},
        "organization.organization_contact.email",
    ),
    "another type": (DESCRIBED | {"name": ["x"]}, "organization.name"),
}


@pytest.mark.parametrize("path", [OV, EV, ADVANCED])
@pytest.mark.parametrize("case", REFUSED)
def test_without_a_usable_organization_nothing_is_ordered(case: str, path: str) -> None:
    api = Api()
    given, field = REFUSED[case]
    changed: dict[str, Any] = {} if given is None else {"organization": given}
    named = {"certificate_name": "shop-1"} if path == ADVANCED else {}
    body = order_body(**changed, **named, **WITHOUT_WILDCARD)
    reply = api.call("POST", path, body)
    assert reply.status == 400
    assert f"invalid_field|{field}" in reply.codes
    assert (stored(api, Order), stored(api, Organization)) == ([], [])
    assert stored(api, OrganizationReview) == []


def test_another_accounts_organization_is_as_unknown_as_none() -> None:
    api = api_with(an_organization())
    replies = [
        api.call("POST", OV, order_body(organization={"id": number}), key=OTHERS_KEY)
        for number in (601, 602)
    ]
    assert replies[0].status == 400
    assert replies[0].content == replies[1].content


def test_an_inactive_organization_is_as_unknown_as_none() -> None:
    api = api_with(a_validated_organization(active=False))
    reply = api.call("POST", OV, order_body(organization={"id": 601}))
    assert reply.codes == ["invalid_field|organization.id"]


def test_every_flaw_of_order_and_organization_is_told_at_once() -> None:
    body = order_body(organization=DESCRIBED | {"city": ""}, certificate__common_name="a b")
    codes = Api().call("POST", OV, body).codes
    assert "invalid_field|organization.city" in codes
    assert "invalid_field|certificate.common_name" in codes


def test_ev_takes_no_wildcard() -> None:
    api = api_with(a_validated_organization(OrganizationCheck.EV))
    reply = api.call("POST", EV, order_body(organization={"id": 601}))
    assert reply.codes == ["invalid_field|certificate.dns_names[1]"]


SUBJECT = (
    ("C", "GB"),
    ("ST", "North Yorkshire"),
    ("L", "York"),
    ("O", "Example Holdings Ltd"),
    ("CN", "www.example.com"),
)


def advanced(**changed: Any) -> dict[str, Any]:
    """A good body for advanced_ov; `subject` changes the request's."""
    subject = changed.pop("subject", SUBJECT)
    given: dict[str, Any] = {
        "organization": {"id": 601},
        "certificate_name": "shop-1",
        "certificate__csr": csr(*subject),
    }
    return order_body(**(given | changed))


def test_advanced_ov_is_ordered_for_validated_organizations_only() -> None:
    api = api_with(an_organization())
    assert api.call("POST", ADVANCED, advanced()).codes == ["invalid_field|organization.id"]
    assert stored(api, OrganizationReview) == []
    api = api_with(a_validated_organization())
    assert api.call("POST", ADVANCED, advanced()).status == 201


def test_advanced_ov_takes_the_english_name_for_the_name() -> None:
    subject = [("O", "Example Inc.") if name == "O" else (name, text) for name, text in SUBJECT]
    api = api_with(a_validated_organization(english_name="Example Inc."))
    assert api.call("POST", ADVANCED, advanced(subject=subject)).status == 201


@pytest.mark.parametrize("attribute", ["C", "ST", "L", "O"])
def test_advanced_ov_refuses_a_request_that_says_something_else_than_was_validated(
    attribute: str,
) -> None:
    other = {"C": "FR"}.get(attribute, "Elsewhere")
    subject = [(name, other if name == attribute else text) for name, text in SUBJECT]
    api = api_with(a_validated_organization())
    reply = api.call("POST", ADVANCED, advanced(subject=subject))
    assert reply.codes == ["invalid_field|certificate.csr"]
    assert stored(api, Order) == []


@pytest.mark.parametrize("attribute", ["C", "ST", "L", "O"])
def test_another_request_for_advanced_ov_must_say_what_was_validated_too(attribute: str) -> None:
    other = {"C": "FR"}.get(attribute, "Elsewhere")
    subject = [(name, other if name == attribute else text) for name, text in SUBJECT]
    api = api_with(a_validated_organization())
    number = api.call("POST", ADVANCED, advanced()).json["id"]
    (before,) = stored(api, Certificate)
    path = f"order/certificate/{number}/csr"
    assert api.call("POST", path, {"csr": csr(*subject)}).codes == ["invalid_field|csr"]
    assert stored(api, Certificate) == [before]
    reordered = csr(*reversed(SUBJECT))
    assert api.call("POST", path, {"csr": reordered}).status == 204
    assert stored(api, Certificate)[0].csr != before.csr


def test_advanced_ov_wants_no_attribute_that_the_organization_has_not() -> None:
    organization = a_validated_organization()
    (validation,) = organization.validations
    validation = replace(validation, identity=an_identity(state=""))
    subject = [pair for pair in SUBJECT if pair[0] != "ST"]
    api = api_with(replace(organization, validations=(validation,)))
    assert api.call("POST", ADVANCED, advanced(subject=subject)).status == 201


def test_other_products_only_remark_what_the_certificate_will_say_otherwise() -> None:
    api = api_with(a_validated_organization())
    subject = [("O", "Elsewhere Ltd"), ("OU", "IT"), ("C", "GB"), ("CN", "www.example.com")]
    body = order_body(organization={"id": 601}, certificate__csr=csr(*subject))
    placed = api.call("POST", OV, body)
    assert placed.status == 201
    remarks = [w for w in placed.json["warnings"] if w.startswith("certificate.csr")]
    assert len(remarks) == 2
    assert "Elsewhere Ltd" in remarks[0] and "Example Holdings Ltd" in remarks[0]
    assert "OU" in remarks[1]


def test_what_was_described_in_a_refused_order_leaves_nothing_behind() -> None:
    api = Api()
    reply = api.call("POST", OV, order_body(organization=DESCRIBED, dcv_method="pigeon"))
    assert reply.status == 400
    assert stored(api, Organization) == []


# What an order tells while it waits


def waiting(api: Api, order_id: int, *gates: Gate) -> dict[str, Any]:
    """The order as its certificate waits for these gates, as a client reads it."""
    (certificate,) = stored(api, Certificate)
    wait = Parked(since=MOMENT, until=MOMENT + timedelta(days=90), gates=gates)
    api.book.commit(replace(certificate, parked=wait, version=certificate.version + 1))
    read: dict[str, Any] = api.call("GET", f"order/certificate/{order_id}").json
    return read


def test_an_order_says_which_gate_it_waits_for_since_when_and_until_when() -> None:
    api = api_with(an_organization())
    placed = api.call("POST", OV, order_body(organization={"id": 601})).json
    order = api.call("GET", f"order/certificate/{placed['id']}").json
    assert order["waiting_for"] == [
        {
            "gate": "domains",
            "what": "proof of control over 3 names",
            "since": "2026-11-21T12:00:00+00:00",
            "until": "2026-11-24T12:00:00+00:00",
        }
    ]
    order = waiting(api, placed["id"], Gate.AGREEMENT, Gate.ORGANIZATION)
    assert (order["status"], order["certificate_status"]) == ("pending", "In progress")
    assert order["validation_status"] == "In progress"
    assert order["waiting_for"] == [
        {
            "gate": gate,
            "what": what,
            "since": "2026-11-21T12:00:00+00:00",
            "until": "2027-02-19T12:00:00+00:00",
        }
        for gate, what in (
            ("agreement", "the account's acceptance of the subscriber agreement"),
            ("organization", "the organization's validation"),
        )
    ]


def test_a_certificate_says_whom_it_names_as_that_was_validated() -> None:
    api = api_with(a_validated_organization())
    placed = api.call("POST", OV, order_body(organization={"id": 601})).json
    (certificate,) = stored(api, Certificate)
    (validation,) = a_validated_organization().validations
    identity = an_identity(name="Example Holdings Limited")
    named = NamedOrganization(
        organization_id=601, validation=replace(validation, identity=identity)
    )
    api.book.commit(replace(certificate, named=named, version=2))
    order = api.call("GET", f"order/certificate/{placed['id']}").json
    assert order["certificate"]["organization"] == {"id": 601, "name": "Example Holdings Limited"}


def test_where_all_is_there_the_answer_waits_for_the_certificate_and_no_longer_for_people() -> None:
    """Nothing runs in this test: each pause stands for half a second of the 20 that are waited."""
    for parked, pauses in ((False, 40), (True, 1)):
        api = api_with(a_validated_organization())
        paused: list[float] = []

        def park(seconds: float, api: Api = api, paused: list[float] = paused) -> None:
            paused.append(seconds)
            (certificate,) = stored(api, Certificate)
            wait = Parked(since=MOMENT, until=MOMENT, gates=(Gate.ORGANIZATION,))
            api.book.commit(replace(certificate, parked=wait, version=2))

        api.pause = park if parked else paused.append
        proof = a_proof(proven_at=MOMENT - timedelta(days=1))
        api.book.commit(DomainProof(account_id=1, authorization_domain="example.com", proof=proof))
        assert api.call("POST", OV, order_body(organization={"id": 601})).status == 201
        assert len(paused) == pauses
