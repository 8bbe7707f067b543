"""Which product an order means that names none: told from its names, its organization and a hint.

Only the products every account knows by these shapes are candidates: the standard family, its
private twin, and for orders without an organization the one DV product that takes any names.
"""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ErrorCode, VouchsafeError
from .identifiers import Identifier, parse_identifier
from .products import PRODUCTS, NameShape, Product

_ANY_DV = "ssl_dv_geotrust_flex"
#: Hint → what the names' shape decides between. A product's own id is a hint, too.
_BY_HINT: dict[str, dict[NameShape, str]] = {
    "ssl": {
        NameShape.SINGLE: "ssl_plus",
        NameShape.MULTI: "ssl_multi_domain",
        NameShape.WILDCARD: "ssl_wildcard",
        NameShape.FLEX: "ssl_cloud_wildcard",
    },
    "ev": {NameShape.SINGLE: "ssl_ev_plus", NameShape.MULTI: "ssl_ev_multi_domain"},
    "private": {
        NameShape.SINGLE: "private_ssl_plus",
        NameShape.MULTI: "private_ssl_multi_domain",
        NameShape.WILDCARD: "private_ssl_wildcard",
    },
    "dv": dict.fromkeys(NameShape, _ANY_DV),
}
_SAME = {"ov": "ssl", "public": "ssl", "ssl_certificate": "ssl", "dv_ssl_certificate": "dv"}


def determine_product(names: Sequence[str], *, hint: str, with_organization: bool) -> Product:
    """The product that is meant. `names` as the client wrote them, common name first.

    Raises VouchsafeError(INVALID, subject ambiguous_product) when the data fit none or several.
    """
    word = hint.strip().lower()
    if word in PRODUCTS:
        return PRODUCTS[word]
    kind = _SAME.get(word, word) or ("ssl" if with_organization else "dv")
    product_id = _BY_HINT.get(kind, {}).get(_shape(names))
    if product_id is None:
        known = ", ".join(_BY_HINT)
        raise VouchsafeError(
            ErrorCode.INVALID,
            "product.type_hint: no product can be told from the hint and the names; name a product"
            f" in the path, or one of {known} or a product's id as the hint.",
            subject="ambiguous_product",
        )
    return PRODUCTS[product_id]


def _shape(names: Sequence[str]) -> NameShape:
    """The smallest shape that holds all names; what is no name is judged with the order."""
    known = {identifier for text in names if (identifier := _readable(text)) is not None}
    wildcards = {identifier for identifier in known if identifier.wildcard}
    bases = {identifier.base.removeprefix("www.") for identifier in known}
    if not wildcards:
        return NameShape.SINGLE if len(bases) <= 1 else NameShape.MULTI
    covered = {Identifier(identifier.base) for identifier in wildcards} | wildcards
    return NameShape.WILDCARD if len(wildcards) == 1 and known <= covered else NameShape.FLEX


def _readable(text: str) -> Identifier | None:
    try:
        return parse_identifier(text)
    except ValueError:
        return None
