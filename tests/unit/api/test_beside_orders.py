"""Notes and custom fields: written beside orders, and what an account demands of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_certificate, an_order
from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import PRODUCT, order_body
from vouchsafe.domain.accounts import Role
from vouchsafe.domain.notes import LONGEST_NOTE, MOST_NOTES

FIELDS = "account/metadata"
NOTES = "order/certificate/1001/note"
VALUES = "order/certificate/1001/custom-field"


@pytest.fixture
def api() -> Api:
    api = Api()
    api.book.commit(an_order(), a_certificate())
    return api


def _field(api: Api, **changed: Any) -> int:
    reply = api.call("POST", FIELDS, {"label": "Cost centre"} | changed)
    assert reply.status == 201, reply.content
    return int(reply.json["id"])


def _place(api: Api, **body: Any) -> Any:
    return api.call("POST", f"order/certificate/{PRODUCT}", order_body(**body))


class TestNotes:
    def test_a_note_is_listed_and_comes_with_the_order(self, api: Api) -> None:
        assert api.call("POST", NOTES, {"text": "first"}).json == {"id": 1}
        assert api.call("POST", NOTES, {"note": "second"}).json == {"id": 2}
        rows = api.call("GET", NOTES).json["notes"]
        assert [(row["id"], row["text"], row["user"]["id"]) for row in rows] == [
            (1, "first", 7),
            (2, "second", 7),
        ]
        assert api.call("GET", "order/certificate/1001").json["notes"] == rows

    def test_an_order_without_notes_has_an_empty_list(self, api: Api) -> None:
        assert api.call("GET", NOTES).json == {"notes": []}

    @pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST_NOTE + 1), {"a": 1}])
    def test_a_note_that_says_nothing_or_too_much_is_refused(self, api: Api, text: Any) -> None:
        reply = api.call("POST", NOTES, {"text": text})
        assert reply.status == 400
        assert reply.codes == ["invalid_field|text"]

    def test_an_order_takes_so_many_notes_and_no_more(self, api: Api) -> None:
        for _ in range(MOST_NOTES):
            assert api.call("POST", NOTES, {"text": "n"}).status == 201
        assert api.call("POST", NOTES, {"text": "n"}).status == 400
        assert len(api.call("GET", NOTES).json["notes"]) == MOST_NOTES

    def test_another_accounts_order_is_unknown(self, api: Api) -> None:
        for reply in (
            api.call("GET", NOTES, key=OTHERS_KEY),
            api.call("POST", NOTES, {"text": "mine"}, key=OTHERS_KEY),
        ):
            assert (reply.status, reply.codes) == (404, ["not_found|order"])
        assert api.call("GET", NOTES).json == {"notes": []}


class TestFields:
    def test_an_account_without_fields_answers_an_empty_object(self, api: Api) -> None:
        assert api.call("GET", FIELDS).json == {}

    def test_fields_are_made_changed_and_removed(self, api: Api) -> None:
        number = _field(api, data_type="int", is_required=True, description="Which")
        assert api.call("GET", FIELDS).json["metadata"] == [
            {
                "id": number,
                "label": "Cost centre",
                "is_required": True,
                "is_active": True,
                "data_type": "int",
                "description": "Which",
            }
        ]
        path = f"{FIELDS}/{number}"
        assert api.call("PUT", path, {"is_active": False, "label": "Centre"}).status == 204
        (row,) = api.call("GET", FIELDS).json["metadata"]
        assert (row["label"], row["is_active"], row["is_required"]) == ("Centre", False, True)
        assert api.call("DELETE", path).status == 204
        assert api.call("GET", FIELDS).json == {}
        assert api.call("DELETE", path).codes == ["not_found|metadata"]
        assert api.call("PUT", path, {"label": "x"}).codes == ["not_found|metadata"]
        assert _field(api) > number

    def test_several_fields_are_made_at_once_or_none(self, api: Api) -> None:
        bulk = f"{FIELDS}/bulk"
        both = {"metadata": [{"label": "One"}, {"label": "Two"}]}
        assert [r["label"] for r in api.call("POST", bulk, both).json["metadata"]] == ["One", "Two"]
        twice = {"metadata": [{"label": "Three"}, {"label": "one"}]}
        assert api.call("POST", bulk, twice).status == 400
        assert len(api.call("GET", FIELDS).json["metadata"]) == 2

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "label"),
            ({"label": " "}, "label"),
            ({"label": "x" * 101}, "label"),
            ({"label": "x", "data_type": "colour"}, "data_type"),
            ({"label": "x", "is_required": "perhaps"}, "is_required"),
        ],
    )
    def test_a_field_that_cannot_be_is_refused_by_name(
        self, api: Api, body: dict[str, Any], field: str
    ) -> None:
        reply = api.call("POST", FIELDS, body)
        assert reply.status == 400
        assert reply.codes == [f"invalid_field|{field}"]

    def test_an_empty_bulk_is_refused(self, api: Api) -> None:
        assert api.call("POST", f"{FIELDS}/bulk", {}).codes == ["invalid_field|metadata"]

    def test_only_administrators_make_fields_and_everybody_sees_them(self, api: Api) -> None:
        api.add_key("manager", role=Role.MANAGER)
        assert api.call("POST", FIELDS, {"label": "x"}, key="manager").status == 403
        _field(api)
        assert len(api.call("GET", FIELDS, key="manager").json["metadata"]) == 1
        assert api.call("GET", FIELDS, key=OTHERS_KEY).json == {}


class TestValues:
    def test_a_value_is_set_and_set_again(self, api: Api) -> None:
        number = _field(api, data_type="int")
        for value in ("17", 0, 18):
            body = {"metadata_id": number, "value": value}
            assert api.call("POST", VALUES, body).status == 204
        order = api.call("GET", "order/certificate/1001").json
        assert order["custom_fields"] == [{"metadata_id": number, "value": 18}]
        query = {"filters[metadata_id]": str(number)}
        assert api.call("GET", "order/certificate", query=query).json["page"]["total"] == 1

    @pytest.mark.parametrize(
        ("data_type", "value"),
        [
            ("int", "many"),
            ("int", True),
            ("email_address", "nobody"),
            ("email_list", "a@example.com,nobody"),
            ("text", "x" * 1001),
            ("anything", {"a": 1}),
        ],
    )
    def test_a_value_of_another_type_is_refused(self, api: Api, data_type: str, value: Any) -> None:
        number = _field(api, data_type=data_type)
        reply = api.call("POST", VALUES, {"metadata_id": number, "value": value})
        assert (reply.status, reply.codes) == (400, ["invalid_custom_field_value"])
        placed = _place(api, custom_fields=[{"metadata_id": number, "value": value}])
        assert placed.codes == ["invalid_field|custom_fields[0].value"]

    def test_the_same_idempotency_key_sets_a_value_once(self, api: Api) -> None:
        number = _field(api)
        body, once = {"metadata_id": number, "value": "A7"}, {"Idempotency-Key": "k"}
        assert api.call("POST", VALUES, body, headers=once).status == 204
        before = dict(api.book.records)
        again = api.call("POST", VALUES, body, headers=once)
        assert (again.status, again.headers["Idempotency-Replayed"]) == (204, "true")
        assert api.book.records == before

    def test_a_field_that_is_not_there_is_refused(self, api: Api) -> None:
        assert api.call("POST", VALUES, {"value": 1}).codes == ["invalid_field|metadata_id"]
        reply = api.call("POST", VALUES, {"metadata_id": 99, "value": 1})
        assert reply.codes == ["invalid_field|metadata_id"]

    def test_another_accounts_order_is_unknown(self, api: Api) -> None:
        reply = api.call("POST", VALUES, {"metadata_id": 1, "value": 1}, key=OTHERS_KEY)
        assert reply.codes == ["not_found|order"]


class TestOrdering:
    def test_a_required_field_must_be_there(self, api: Api) -> None:
        number = _field(api, is_required=True)
        for given in ({}, {"custom_fields": [{"metadata_id": number, "value": ""}]}):
            reply = _place(api, **given)
            assert reply.status == 400
            assert reply.codes[0].startswith("invalid_field|custom_fields")
        placed = _place(api, custom_fields=[{"metadata_id": number, "value": "A7"}])
        assert placed.status == 201

    def test_a_required_field_that_is_not_active_is_neither_asked_for_nor_taken(
        self, api: Api
    ) -> None:
        number = _field(api, is_required=True, is_active=False)
        assert _place(api).status == 201
        reply = _place(api, custom_fields=[{"metadata_id": number, "value": "A7"}])
        assert reply.codes == ["invalid_field|custom_fields[0].value"]

    def test_a_field_nobody_knows_is_kept_with_a_remark(self, api: Api) -> None:
        reply = _place(api, custom_fields=[{"metadata_id": 77, "value": "A7"}])
        assert reply.status == 201
        assert any("custom_fields[0]" in warning for warning in reply.json["warnings"])

    @pytest.mark.parametrize("given", ["text", [1], [{"value": 1}]])
    def test_custom_fields_that_are_none_are_refused(self, api: Api, given: Any) -> None:
        reply = _place(api, custom_fields=given)
        assert reply.status == 400
        assert reply.codes[0].startswith("invalid_field|custom_fields")
