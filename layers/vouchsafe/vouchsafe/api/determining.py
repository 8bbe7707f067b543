"""Which product an order is for: named in the path, or told from the order's data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..domain.determination import determine_product
from ..domain.errors import not_found
from ..domain.products import Product, find_product
from ..domain.wishes import OrderWish
from .call import Call
from .liberal import says_something

#: In a product's place in the path: the order's data decide.
UNNAMED = "ssl"


def ordered_product(call: Call) -> Product:
    """The product of POST order/certificate/{id}. Raises VouchsafeError.

    Unknown ones are not found; data that fit none or several are ambiguous_product.
    """
    reference = call.parts["id"]
    if reference == UNNAMED:
        return _determined(call.body())
    product = find_product(reference)
    if product is None:
        raise not_found("product")
    return product


def noted(wish: OrderWish, call: Call, body: dict[str, Any], product: Product) -> OrderWish:
    """The wish, with a word about a product that was chosen for it, or a hint that was not used."""
    hint = _hint(body)
    if call.parts["id"] == UNNAMED:
        remark = f"product: {product.product_id} was chosen by the order's data"
    elif hint and hint != product.product_id:
        remark = "product: is ignored: the product is named in the path"
    else:
        return wish
    return replace(wish, warnings=(*wish.warnings, remark))


def _determined(body: dict[str, Any]) -> Product:
    certificate = _object(body.get("certificate"))
    listed = certificate.get("dns_names")
    names = [certificate.get("common_name"), *(listed if isinstance(listed, list) else [])]
    return determine_product(
        [name for name in names if isinstance(name, str) and name],
        hint=_hint(body),
        with_organization=says_something(body.get("organization")),
    )


def _hint(body: dict[str, Any]) -> str:
    product = _object(body.get("product"))
    hint = product.get("type_hint") or product.get("name_id")
    return hint if isinstance(hint, str) else ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
