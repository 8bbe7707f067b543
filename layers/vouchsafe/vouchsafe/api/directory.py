"""The routes clients call first: who am I, and what can be ordered."""

from __future__ import annotations

from ..dependencies import OrdersApi
from ..domain.accounts import Role, User
from ..domain.authorization import DcvMethodName
from ..domain.errors import not_found
from ..domain.products import PRODUCTS, NameShape, Product
from ..domain.records import ENGINES
from .call import Answer, Call, answer_json
from .dialect import METHOD_WORDS, product_summary

#: The vendor's numbers and names of roles.
_ROLES = {
    Role.ADMINISTRATOR: (1, "Administrator"),
    Role.LIMITED_USER: (2, "Limited User"),
    Role.FINANCE_MANAGER: (3, "Finance Manager"),
    Role.MANAGER: (4, "Manager"),
    Role.STANDARD_USER: (5, "Standard User"),
    Role.OPERATOR: (100, "Operator"),
}
_HASHES = (("sha256", "SHA-256"), ("sha384", "SHA-384"), ("sha512", "SHA-512"))


def me(call: Call, deps: OrdersApi) -> Answer:
    """GET user/me: the person behind the key."""
    user = deps.accounts.user(call.principal.account_id, call.principal.user_id)
    if user is None:
        raise not_found("user")
    return answer_json(_person(user))


def _person(user: User) -> dict[str, object]:
    number, name = _ROLES[user.role]
    return {
        "id": user.user_id,
        "username": user.email,
        "account_id": user.account_id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "status": "active",
        "type": "standard",
        "access_roles": [{"id": number, "name": name}],
        "container": {"id": user.container_id},
    }


def products(call: Call, deps: OrdersApi) -> Answer:
    """GET product: what can be ordered in this deployment today."""
    del call, deps
    offered = [_product(row) for row in PRODUCTS.values() if row.on]
    return answer_json({"products": offered})


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
        "csr_required": True,
        "dcv_methods": [METHOD_WORDS[m] for m in _in_order(product.methods & ENGINES)],
        "signature_hash_types": {
            "allowed_hash_types": [{"id": word, "name": name} for word, name in _HASHES],
            "default_hash_type_id": "sha256",
        },
    }


def _in_order(methods: frozenset[DcvMethodName]) -> list[DcvMethodName]:
    return [method for method in DcvMethodName if method in methods]
