"""The routes of custom fields: the account's list of them, and their values in orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..dependencies import OrdersApi
from ..domain.errors import Flaw, invalid, not_found
from ..domain.metadata import LONGEST_LABEL, MOST_FIELDS, DataType, MetadataField
from ..services import annotating, custom_fields
from ..services.custom_fields import FieldWish
from ..services.registration import read_order
from .call import Answer, Call, answer_json, told
from .idempotency import once_only
from .list_schemas import CustomFieldBody, MetadataBody, MetadataListBody
from .reading import validated


def list_fields(call: Call, deps: OrdersApi) -> Answer:
    """GET account/metadata; an empty object when there are none."""
    fields = custom_fields.fields_of(call.principal, accounts=deps.accounts)
    return answer_json({"metadata": [_row(field) for field in fields]} if fields else {})


def _row(field: MetadataField) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": field.metadata_id,
        "label": field.label,
        "is_required": field.required,
        "is_active": field.active,
        "data_type": field.data_type.value,
    }
    return row | ({"description": field.description} if field.description else {})


def add(call: Call, deps: OrdersApi) -> Answer:
    """POST account/metadata: one custom field."""
    body, warnings = validated(MetadataBody, call.body())
    return _added([_wish(body)], call, deps, partial(_one, warnings=warnings))


def _one(fields: Sequence[MetadataField], *, warnings: Sequence[str]) -> Answer:
    return answer_json(_row(fields[0]) | told(warnings), 201)


def _many(fields: Sequence[MetadataField], *, warnings: Sequence[str]) -> Answer:
    return answer_json({"metadata": [_row(field) for field in fields]} | told(warnings), 201)


def add_many(call: Call, deps: OrdersApi) -> Answer:
    """POST account/metadata/bulk: all or none."""
    body, warnings = validated(MetadataListBody, call.body())
    if not body.metadata:
        raise invalid(Flaw("metadata", "is required"))
    if len(body.metadata) > MOST_FIELDS:
        raise invalid(Flaw("metadata", f"holds more than {MOST_FIELDS} custom fields"))
    wishes = [_wish(each, f"metadata[{n}].") for n, each in enumerate(body.metadata)]
    return _added(wishes, call, deps, partial(_many, warnings=warnings))


def _added(
    wishes: Sequence[FieldWish],
    call: Call,
    deps: OrdersApi,
    answer: Callable[[Sequence[MetadataField]], Answer],
) -> Answer:
    made = custom_fields.add_fields(
        wishes,
        call.principal,
        once=once_only(call, answer),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(made)


def _wish(body: MetadataBody, path: str = "", *, new: bool = True) -> FieldWish:
    """The wish a body expresses. Raises VouchsafeError(INVALID) naming every flaw."""
    flaws = []
    if new and not (body.label or "").strip():
        flaws.append(Flaw(f"{path}label", "is required"))
    if len(body.label or "") > LONGEST_LABEL:
        flaws.append(Flaw(f"{path}label", f"is longer than {LONGEST_LABEL} characters"))
    word = (body.data_type or "").lower()
    if word and word not in DataType:
        known = ", ".join(kind.value for kind in DataType)
        flaws.append(Flaw(f"{path}data_type", f"must be one of {known}"))
    if flaws:
        raise invalid(*flaws)
    return FieldWish(
        label=body.label,
        required=body.is_required,
        active=body.is_active,
        data_type=DataType(word) if word else None,
        description=body.description,
    )


def change(call: Call, deps: OrdersApi) -> Answer:
    """PUT account/metadata/{id}: what the body names changes."""
    metadata_id = call.number("metadata")
    fields = custom_fields.fields_of(call.principal, accounts=deps.accounts)
    if all(field.metadata_id != metadata_id for field in fields):
        raise not_found("metadata")
    wish = _wish(validated(MetadataBody, call.body())[0], new=False)
    custom_fields.change_field(
        metadata_id,
        wish,
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def remove(call: Call, deps: OrdersApi) -> Answer:
    """DELETE account/metadata/{id}."""
    custom_fields.remove_field(
        call.number("metadata"),
        call.principal,
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def set_value(call: Call, deps: OrdersApi) -> Answer:
    """POST order/certificate/{id}/custom-field."""
    order_id = call.number("order")
    read_order(order_id, call.principal, ledger=deps.ledger)
    body, _ = validated(CustomFieldBody, call.body())
    if body.metadata_id is None:
        raise invalid(Flaw("metadata_id", "is required"))
    annotating.set_value(
        order_id,
        body.metadata_id,
        body.value,
        call.principal,
        once=once_only(call, lambda _: Answer(status=204)),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)
