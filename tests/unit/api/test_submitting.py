"""Organizations are submitted for validation: by their people, and with orders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import MOMENT
from tests.builders_accounts import (
    a_review,
    a_validation,
    a_verified_user,
    an_identity,
    an_organization,
)
from tests.unit.api.driving import OTHERS_KEY, Api, Reply
from tests.unit.api.examples import BODIES
from tests.unit.api.material import order_body
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.order import Order
from vouchsafe.domain.organization import Organization, OrganizationCheck, Submission
from vouchsafe.domain.reviews import OrganizationReview, ReviewApproval

_OV, _EV = OrganizationCheck.OV, OrganizationCheck.EV
ADA = {
    "first_name": "Ada",
    "last_name": "Example",
    "job_title": "Secretary",
    "telephone": "+44 1904 000000",
    "email": "ada@example.com",
}
#: The same that `an_organization` is, as a client describes it.
DESCRIBED = {
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
        "telephone": "+44 1904 000000",
    },
}


def _api(**changed: Any) -> Api:
    api = Api()
    api.book.allocate(organizations=700, reviews=800)
    api.book.commit(an_organization(**changed))
    return api


def _submit(api: Api, *wishes: dict[str, Any], **options: Any) -> Reply:
    body = {"validations": list(wishes)}
    return api.call("POST", "organization/601/validation", body, **options)


def _kept(api: Api) -> Organization:
    found: Organization = api.book.records[Organization, 1, 601]
    return found


def _reviews(api: Api) -> list[OrganizationReview]:
    return [r for r in api.book.records.values() if isinstance(r, OrganizationReview)]


class TestByPeople:
    def test_operators_get_a_review_and_people_see_it_is_pending(self) -> None:
        api = _api()
        assert _submit(api, {"type": "ov"}).status == 204
        (review,) = _reviews(api)
        assert (review.organization_id, review.checks, review.submitted_by) == (601, (_OV,), 7)
        assert _kept(api).review_id == review.review_id
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert (row["type"], row["status"], row["verified_users"]) == ("ov", "pending", [])
        assert "validated_until" not in row
        (told,) = [r for r in api.book.records.values() if isinstance(r, Change)]
        assert (told.kind, told.subject) == (
            ChangeKind.ORGANIZATION_SUBMITTED,
            "organization 601",
        )
        assert (told.before["submitted"], told.after["submitted"]) == ([], ["ov"])

    def test_ev_names_who_may_ask_for_it(self) -> None:
        api = _api()
        people = [{"id": 7, "job_title": "CTO"}, ADA, ADA]
        assert _submit(api, {"type": "EV", "verified_users": people}).status == 204
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert (row["type"], row["status"]) == ("ev", "pending")
        assert row["verified_users"] == [
            {"id": 7, "first_name": "Ada", "last_name": "Example"},
            {"first_name": "Ada", "last_name": "Example"},
        ]
        assert api.call("GET", "organization/601").json["ev_approvers"] == row["verified_users"]
        assert _kept(api).verified_users[0].job_title == "CTO"

    def test_asking_again_adds_what_is_new_to_the_one_open_review(self) -> None:
        api = _api()
        _submit(api, {"type": "ov"})
        before = dict(api.book.records)
        assert _submit(api, {"type": "ov"}).status == 204
        assert api.book.records == before
        assert _submit(api, {"type": "ev", "verified_users": [ADA]}, {"type": "ov"}).status == 204
        (review,) = _reviews(api)
        assert review.checks == (_OV, _EV)
        assert [each.check for each in _kept(api).submissions] == [_OV, _EV]

    def test_ev_people_on_record_need_not_be_named_again(self) -> None:
        api = _api(verified_users=(a_verified_user(),))
        assert _submit(api, {"type": "ev"}).status == 204
        assert _kept(api).verified_users == (a_verified_user(),)

    def test_other_people_than_the_first_operator_saw_void_his_approval(self) -> None:
        approval = ReviewApproval(
            check=_EV,
            identity=an_identity(),
            collected_at=MOMENT,
            approved_at=MOMENT,
            operator_id=9,
        )
        api = _api(
            review_id=701,
            submissions=(Submission(check=_EV, submitted_at=MOMENT),),
            verified_users=(a_verified_user(),),
        )
        api.book.commit(a_review(checks=(_EV,), approvals=(approval,)))
        _submit(api, {"type": "ev"})
        assert _reviews(api)[0].approvals == (approval,)
        _submit(api, {"type": "ev", "verified_users": [ADA | {"email": "new@example.com"}]})
        assert _reviews(api)[0].approvals == ()

    def test_what_was_rejected_may_be_asked_for_again(self) -> None:
        refused = Submission(check=_OV, submitted_at=MOMENT, rejected_at=MOMENT, reason="unknown")
        api = _api(submissions=(refused,))
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert (row["status"], row["reason"]) == ("rejected", "unknown")
        assert _submit(api, {"type": "ov"}).status == 204
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert row["status"] == "pending" and "reason" not in row

    def test_a_standing_validation_stays_active_while_it_is_looked_at_again(self) -> None:
        api = _api(validations=(a_validation(),))
        assert _submit(api, {"type": "ov"}).status == 204
        (row,) = api.call("GET", "organization/601/validation").json["validations"]
        assert row["status"] == "active"
        assert len(_reviews(api)) == 1

    def test_checks_of_other_certificates_are_ignored_but_something_must_be_left(self) -> None:
        api = _api()
        reply = _submit(api, {"type": "cs"})
        assert (reply.status, reply.codes) == (400, ["invalid_field|validations"])
        assert _submit(api, {"type": "cs"}, {"type": "ov"}).status == 204

    @pytest.mark.parametrize(
        ("wishes", "fields"),
        [
            ([], ["validations"]),
            ([{}], ["validations[0].type"]),
            ([{"type": "dv"}], ["validations[0].type"]),
            ([{"type": "ov"}, {"type": "ev"}], ["validations[1].verified_users"]),
            (
                [{"type": "ev", "verified_users": [{"id": 8}, {"id": 999}]}],
                [f"validations[0].verified_users[{n}].id" for n in (0, 1)],
            ),
            (
                [{"type": "ev", "verified_users": [{"first_name": "Ada"}]}],
                [
                    f"validations[0].verified_users[0].{name}"
                    for name in ("last_name", "job_title", "telephone", "email")
                ],
            ),
            (
                [{"type": "ev", "verified_users": [ADA | {"email": "nobody"}]}, {"type": "x"}],
                ["validations[0].verified_users[0].email", "validations[1].type"],
            ),
            ([{"type": "ev", "verified_users": [ADA] * 21}], ["validations[0].verified_users"]),
            (["ov"], ["validations[0]"]),
        ],
    )
    def test_everything_wrong_is_named_at_once(self, wishes: list[Any], fields: list[str]) -> None:
        api = _api()
        before = dict(api.book.records)
        reply = _submit(api, *wishes)
        assert reply.status == 400
        wanted = {f"invalid_field|{field}" for field in fields}
        assert wanted <= set(reply.codes)
        assert api.book.records == before

    def test_an_inactive_one_is_not_submitted(self) -> None:
        reply = _submit(_api(active=False), {"type": "ov"})
        assert (reply.status, reply.codes) == (400, ["invalid_status|organization"])

    def test_anothers_is_not_found(self) -> None:
        reply = _submit(_api(), {"type": "ov"}, key=OTHERS_KEY)
        assert (reply.status, reply.codes) == (404, ["not_found|organization"])

    def test_one_can_be_created_and_submitted_in_one_call(self) -> None:
        api = _api()
        wish = [{"type": "ev", "verified_users": [ADA]}]
        body = BODIES["organizations.create"] | {"validations": wish}
        made = api.call("POST", "organization", body)
        (review,) = _reviews(api)
        assert (review.organization_id, review.checks) == (made.json["id"], (_EV,))
        again = api.call("POST", "organization", body | {"validations": [{"type": "ov"}]})
        assert again.json["id"] == made.json["id"]
        assert _reviews(api)[0].checks == (_EV, _OV)


class TestWithOrders:
    def _place(self, api: Api, organization: Any, product: str = "ssl_plus", **more: Any) -> Reply:
        body = order_body(
            certificate__common_name="www.example.com", certificate__dns_names=[], **more
        )
        return api.call("POST", f"order/certificate/{product}", body | organization)

    def test_an_order_for_one_that_is_not_validated_submits_it(self) -> None:
        api = _api()
        placed = self._place(api, {"organization": {"id": "601"}})
        assert placed.status == 201, placed.content
        assert placed.json["organization"] == {"id": 601}
        (review,) = _reviews(api)
        assert (review.organization_id, review.checks) == (601, (_OV,))
        assert _kept(api).review_id == review.review_id

    def test_a_described_one_is_made_and_submitted_with_the_order(self) -> None:
        api = _api()
        placed = self._place(api, {"organization": DESCRIBED | {"city": "Leeds"}})
        number = placed.json["organization"]["id"]
        made = api.book.records[Organization, 1, number]
        assert (made.city, made.country, made.container_id, made.version) == ("Leeds", "GB", 3, 1)
        order = api.book.records[Order, placed.json["id"]]
        assert (order.organization_id, order.organization_name) == (number, made.name)
        (review,) = _reviews(api)
        assert (review.organization_id, made.review_id) == (number, review.review_id)
        kinds = {r.kind for r in api.book.records.values() if isinstance(r, Change)}
        assert {ChangeKind.ORGANIZATION_CREATED, ChangeKind.ORGANIZATION_SUBMITTED} <= kinds

    def test_a_described_one_that_is_there_already_is_taken(self) -> None:
        api = _api()
        contact = DESCRIBED["organization_contact"]
        assert isinstance(contact, dict)
        described = DESCRIBED | {"organization_contact": contact | {"telephone": "1"}}
        first = self._place(api, {"organization": described}).json["organization"]["id"]
        assert first != 601
        again = self._place(api, {"organization": described}).json["organization"]["id"]
        assert again == first
        assert len(_reviews(api)) == 1

    def test_an_ev_order_widens_the_review_that_is_open(self) -> None:
        api = _api()
        self._place(api, {"organization": {"id": 601}})
        placed = self._place(api, {"organization": {"id": 601}}, "ssl_ev_plus")
        assert placed.status == 201
        (review,) = _reviews(api)
        assert review.checks == (_OV, _EV)

    def test_a_validated_one_is_not_submitted_again(self) -> None:
        api = _api(validations=(a_validation(check=_EV, identity=an_identity()),))
        assert self._place(api, {"organization": {"id": 601}}).status == 201
        assert _reviews(api) == []

    def test_an_expired_one_is_submitted_again(self) -> None:
        api = _api(validations=(a_validation(validated_until=MOMENT),))
        assert self._place(api, {"organization": {"id": 601}}).status == 201
        assert len(_reviews(api)) == 1

    @pytest.mark.parametrize(
        ("organization", "fields"),
        [
            ({}, ["organization.id"]),
            ({"organization": {"id": 699}}, ["organization.id"]),
            ({"organization": {"id": "x"}}, ["organization.id"]),
            ({"organization": "Example Ltd"}, ["organization"]),
            (
                {"organization": DESCRIBED | {"name": "", "country": "XX"}},
                ["organization.name", "organization.country"],
            ),
            (
                {"organization": {"name": "Example"}, "order_validity": {"years": 9}},
                ["organization.country", "organization.address", "order_validity.years"],
            ),
        ],
    )
    def test_what_is_wrong_with_it_is_named_with_the_rest(
        self, organization: dict[str, Any], fields: list[str]
    ) -> None:
        api = _api()
        before = dict(api.book.records)
        reply = self._place(api, organization)
        assert reply.status == 400
        assert {f"invalid_field|{field}" for field in fields} <= set(reply.codes), reply.codes
        assert api.book.records == before

    def test_a_foreign_one_and_an_inactive_one_are_refused_like_an_unknown_one(self) -> None:
        api = _api(active=False)
        api.book.commit(an_organization(organization_id=602, account_id=2))
        replies = [self._place(api, {"organization": {"id": n}}) for n in (601, 602, 699)]
        assert len({reply.content for reply in replies}) == 1
        assert replies[0].codes == ["invalid_field|organization.id"]

    def test_the_guides_product_takes_validated_ones_only(self) -> None:
        api = _api()
        order = {"certificate_name": "shop", "organization": {"id": 601}}
        reply = self._place(api, order, "advanced_ov")
        assert "invalid_field|organization.id" in reply.codes
        assert "validated organizations only" in reply.content.decode()
        assert _reviews(api) == []

    def test_two_orders_at_once_hand_it_over_once(self) -> None:
        api = _api()
        plain, twin = api.book.commit, list[Reply]()

        def commit(*records: Any) -> None:
            if not twin:
                twin.append(Reply(0, {}, b""))
                twin[0] = self._place(api, {"organization": {"id": 601}})
            plain(*records)

        api.book.commit = commit  # type: ignore[method-assign]
        slower = self._place(api, {"organization": {"id": 601}})
        assert (twin[0].status, slower.status) == (201, 201)
        assert len(_reviews(api)) == 1
        assert len([r for r in api.book.records.values() if isinstance(r, Order)]) == 2

    def test_a_dv_order_submits_nothing(self) -> None:
        api = _api()
        placed = self._place(api, {"organization": {"id": 601}}, "ssl_dv_geotrust")
        assert placed.status == 201 and "organization" not in placed.json
        assert _reviews(api) == []
