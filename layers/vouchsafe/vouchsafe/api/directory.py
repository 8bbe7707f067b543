"""The routes that say what can be ordered."""

from __future__ import annotations

from ..dependencies import OrdersApi
from ..domain.authorization import DcvMethodName
from ..domain.errors import not_found
from ..domain.products import PRODUCTS, KeySource, NameShape, Product, find_product
from ..domain.records import ENGINES
from .call import Answer, Call, answer_json
from .dialect import METHOD_WORDS, product_summary
from .offering import is_offered
from .platforms import PLATFORMS

_HASHES = (("sha256", "SHA-256"), ("sha384", "SHA-384"), ("sha512", "SHA-512"))


def products(call: Call, deps: OrdersApi) -> Answer:
    """GET product: what can be ordered in this deployment today."""
    del call
    rows = [_product(row) for row in PRODUCTS.values() if is_offered(row, deps)]
    return answer_json({"products": rows})


def product(call: Call, deps: OrdersApi) -> Answer:
    """GET product/{id}: one of those that can be ordered."""
    # one client adds `&container_id=…` to the path itself
    found = find_product(call.parts["id"].partition("&")[0])
    if found is None or not is_offered(found, deps):
        raise not_found("product")
    return answer_json(_product(found))


def _product(product: Product) -> dict[str, object]:
    summary = product_summary(product)
    return {
        "group_name": summary["type"],
        "name_id": product.product_id,
        "name": product.name,
        "type": summary["type"],
        "validation_type": summary["validation_type"],
        "additional_dns_names_allowed": product.names is not NameShape.SINGLE,
        "wildcard_allowed": product.names in {NameShape.WILDCARD, NameShape.FLEX},
        "allowed_validity_years": list(product.term_years),
        "csr_required": product.key_source is KeySource.CSR,
        "certificate_name_required": product.method_is_final,
        "dcv_methods": [METHOD_WORDS[m] for m in _in_order(product.methods & ENGINES)],
        "server_platforms": [{"id": i, "name": row.name} for i, row in PLATFORMS.items()],
        "signature_hash_types": {
            "allowed_hash_types": [{"id": word, "name": name} for word, name in _HASHES],
            "default_hash_type_id": "sha256",
        },
    }


def _in_order(methods: frozenset[DcvMethodName]) -> list[DcvMethodName]:
    return [method for method in DcvMethodName if method in methods]
