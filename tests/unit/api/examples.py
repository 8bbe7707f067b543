"""For each route a call that works, in an account that has one thing of each kind."""

from __future__ import annotations

from typing import Any

from tests.builders import a_request, an_account, an_api_key
from tests.builders_accounts import a_domain_proof, an_organization
from tests.unit.api.driving import Api
from tests.unit.api.material import issue, order_body, pem_csr
from vouchsafe.api.routes import Route
from vouchsafe.domain.metadata import MetadataField
from vouchsafe.domain.privileges import Action

AGAIN = {
    "certificate": {
        "common_name": "www.example.com",
        "dns_names": ["www.example.com", "example.com"],
        "csr": pem_csr(),
        "server_platform": {"id": 45},
    }
}
#: Bodies by operation, for routes that need one.
BODIES: dict[str, Any] = {
    "orders.place": order_body(),
    "orders.change_status": {"status": "CANCELED"},
    "csr_tools.validate": {"csr": pem_csr(), "common_name": "www.example.com"},
    "requests.decide": {"status": "approved"},
    "order_notes.add": {"text": "Called the customer"},
    "custom_fields.add": {"label": "Cost centre"},
    "custom_fields.add_many": {"metadata": [{"label": "Team"}, {"label": "Budget"}]},
    "again.reissue": AGAIN,
    "again.duplicate": AGAIN,
    "keys.make": {"name": "build server"},
    "keys.change_status": {"status": "revoked"},
    "organizations.create": {
        "name": "Example Widgets Ltd",
        "country": "GB",
        "address": "1 High Street",
        "city": "York",
        "telephone": "+44 1904 000000",
        "organization_contact": {
            "first_name": "Ada",
            "last_name": "Example",
            "email": "ada@example.com",
            "telephone": "+44 1904 000000",
        },
    },
    "operators.make_account": {"name": "New Ltd", "email": "new@example.com"},
    "operators.change_rules": {"two_person": True},
    "operators.validate_organization": {
        "organization_id": 601,
        "type": "ov",
        "validated_on": "2026-11-20",
        "validated_until": "2027-12-20",
        "evidence": "Register of companies, extract of 2026-11-20",
    },
}

#: Queries by operation, for routes that need one.
QUERIES = {"order_lists.status_changes": {"minutes": "60"}}

#: What `{id}` means, by the start of the path; the first that fits.
_KINDS = (
    ("order/certificate", "order"),
    ("report/order", "container"),
    ("account/metadata", "metadata"),
    ("certificate/download/order", "order"),
    ("certificate", "certificate"),
    ("request", "request"),
    ("user", "user"),
    ("key/user", "user"),
    ("key", "key"),
    ("organization", "organization"),
    ("domain", "domain"),
    ("container", "container"),
    ("operator/account", "account"),
    ("product", "product"),
)
#: Ids of things that exist in `a_world`, and of things that never did.
OURS = {
    "order": "1001",
    "certificate": "5001",
    "request": "301",
    "user": "7",
    "key": "45",
    "organization": "601",
    "domain": "794171908",
    "container": "3",
    "account": "1",
    "metadata": "1",
    "product": "ssl_dv_geotrust_flex",
    "format": "pem_all",
}
NOBODYS = OURS | {
    "order": "1999",
    "certificate": "5999",
    "request": "399",
    "user": "799",
    "key": "499",
    "organization": "699",
    "domain": "999",
    "container": "399",
    "account": "999",
    "metadata": "99",
    "product": "no_such_product",
}


def a_world() -> Api:
    """Account 1 with an issued order, a request, a second key, an organization, a proof."""
    api = Api()
    issue(api)
    fields = (MetadataField(metadata_id=1, label="Project"),)
    api.book.commit(
        an_account(metadata=fields, last_metadata_id=1, version=2),
        a_request(),
        an_api_key("a-second-key", key_id=45),
        an_organization(),
        a_domain_proof(),
    )
    return api


def path_of(route: Route, ids: dict[str, str]) -> str:
    """A route's path below /v2 with the ids of the right kind filled in."""
    path = route.path.removeprefix("/v2/")
    if route.operation == "orders.place":
        return f"order/certificate/{ids['product']}"
    kind = next((kind for start, kind in _KINDS if path.startswith(start)), "order")
    path = path.replace("{id}", ids[kind]).replace("{format}", ids["format"])
    return path.replace("{platform}", "29")


def is_operators(route: Route) -> bool:
    """Whether only operators may call it."""
    return route.action in {Action.OVERSEE, Action.OPERATE}
