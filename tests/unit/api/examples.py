"""For each route a call that works, in an account that has one thing of each kind."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.builders import MOMENT, a_request, an_account, an_api_key
from tests.builders_accounts import a_domain_proof, a_review, an_organization, some_evidence
from tests.builders_domains import a_domain, with_row
from tests.builders_keys import SOME_KEY, a_blocked_key, a_bulk, a_case
from tests.builders_people import a_colleague, a_container
from tests.builders_webhooks import (
    WEBHOOK_TOKEN,
    a_webhook,
    a_webhook_state,
    secrets_of_webhook,
)
from tests.managed_material import PASSPHRASE
from tests.unit.api.driving import Api
from tests.unit.api.material import issue, order_body, pem_csr
from vouchsafe.api.routes import Route
from vouchsafe.domain.metadata import MetadataField
from vouchsafe.domain.organization import Contact, OrganizationCheck, Submission
from vouchsafe.domain.policy_lists import Clearance, Clearances
from vouchsafe.domain.privileges import Action

AGAIN = {
    "certificate": {
        "common_name": "www.example.com",
        "dns_names": ["www.example.com", "example.com"],
        "csr": pem_csr(),
        "server_platform": {"id": 45},
    }
}
#: A file of the review in `a_world`.
EVIDENCE = b"%PDF-1.7 an extract of the register"

#: Bodies by operation, for routes that need one.
BODIES: dict[str, Any] = {
    "orders.place": order_body(),
    "orders.change_status": {"status": "CANCELED"},
    "csr_tools.validate": {"csr": pem_csr(), "common_name": "www.example.com"},
    "requests.decide": {"status": "approved"},
    "order_notes.add": {"text": "Called the customer"},
    "custom_fields.add": {"label": "Cost centre"},
    "custom_fields.add_many": {"metadata": [{"label": "Team"}, {"label": "Budget"}]},
    "custom_fields.change": {"label": "Project number"},
    "custom_fields.set_value": {"metadata_id": 1, "value": "Apollo"},
    "dcv.method": {"dcv_method": "dns-txt-token"},
    "again.replace_request": {"csr": pem_csr()},
    "again.reissue": AGAIN,
    "again.duplicate": AGAIN,
    "people.create": {
        "first_name": "Jill",
        "last_name": "Example",
        "email": "jill@example.com",
        "access_roles": [{"id": 5}],
    },
    "people.edit": {"email": "ada@example.org", "job_title": "Head of keys"},
    "people.change_role": {"access_roles": [{"id": 4}]},
    "people.change_status": {"status": "inactive"},
    "containers.make_child": {"name": "History", "description": "Old things", "template_id": 1},
    "containers.describe": {"name": "Sales and rentals"},
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
    "domains.add": {"name": "example.net", "dcv_method": "dns-txt-token"},
    "domains.submit": {"validations": [{"type": "dv"}], "dcv_method": "dns-txt-token"},
    "domain_dcv.change_method": {"dcv_method": "dns-txt-token"},
    "operators.make_account": {"name": "New Ltd", "email": "new@example.com"},
    "operators.change_rules": {"two_person": True},
    "organizations.make_contact": {
        "contact_type": "technical_contact",
        "first_name": "Jill",
        "last_name": "Example",
        "email": "jill@example.com",
        "telephone": "+44 1904 000001",
    },
    "organizations.submit": {
        "validations": [{"type": "ov"}, {"type": "ev", "verified_users": [{"id": 7}]}]
    },
    "agreement.accept": {"version": "1"},
    "mail_settings.change": {"switched_off": ["certificate_issued", "domain_expiring"]},
    "reviews.post_evidence": EVIDENCE,
    "reviews.post_note": {"text": "Called the number of the register"},
    "reviews.put_registration": {
        "number": "01234567",
        "agency": "Companies House",
        "jurisdiction_country": "GB",
        "business_category": "Private Organization",
    },
    "reviews.approve": {
        "type": "ov",
        "identity": {"name": "Example Holdings Ltd", "country": "GB", "locality": "York"},
    },
    "reviews.reject": {"reason": "The register knows no such company"},
    "policies.put_lists": {
        "denied_names": ["denied.example.com"],
        "high_risk_names": ["pay.example.com"],
        "reason": "Sanctions of November",
    },
    "key_exports.export": {"format": "pem", "passphrase": PASSPHRASE},
    "blocked_keys.block": {"spki_sha256": "ab" * 32, "reason": "Found in a public repository"},
    "bulk_revocations.choose": {
        "preview": True,
        "filter": {"certificate_ids": [5001]},
        "reason": "superseded",
        "comments": "Issued by the wrong profile",
    },
    "problem_reports.note": {"text": "Asked the bank."},
    "problem_reports.report": {"finding": "The site is a copy; its owner is asked."},
    "problem_reports.decide": {
        "decision": "revoke",
        "reason": "privilegeWithdrawn",
        "finding": "The site is a copy of a bank's.",
    },
    "webhooks.create": {"endpoint": "https://hooks.example.org/new"},
    "webhooks.edit": {"events": ["certificate_issued", "domain_validated"]},
    "webhooks.verify": {"token": WEBHOOK_TOKEN},
    "webhooks.replay": {"first": 1, "last": 2},
    "policies.give_clearance": {"name": "bank.example.com", "reason": "It is the bank itself"},
}

#: Queries by operation, for routes that need one.
QUERIES = {
    "order_lists.status_changes": {"minutes": "60"},
    "reviews.post_evidence": {"name": "extract.pdf"},
}
#: Headers by operation, for routes that need some.
HEADERS = {"reviews.post_evidence": {"Content-Type": "application/pdf"}}

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
    ("operator/review", "review"),
    ("product", "product"),
    ("webhook", "webhook"),
)
#: What other variables of a path refer to; those that choose a form are in `walls`.
VARIABLES: dict[str, str] = {
    "contact": "contact",
    "evidence": "evidence",
    "name": "clearance",
    "hash": "blocked_key",
    "bulk": "bulk",
    "case": "case",
    "token": "mailed_value",
}
#: Ids of things that exist in `a_world`, and of things that never did.
OURS = {
    "order": "1001",
    "certificate": "5001",
    "request": "301",
    "user": "7",
    "key": "45",
    "organization": "601",
    "domain": "801",
    "container": "31",
    "account": "1",
    "metadata": "1",
    "product": "ssl_dv_geotrust_flex",
    "format": "pem_all",
    "review": "701",
    "contact": "1",
    "evidence": "1",
    "clearance": "pay.example.com",
    "mailed_value": "_mailedmailedmailedmailedma",
    "blocked_key": SOME_KEY,
    "bulk": a_bulk().bulk_id,
    "case": a_case().case_id,
    "webhook": "901",
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
    "review": "799",
    "contact": "9",
    "evidence": "9",
    "clearance": "other.example.com",
    "blocked_key": "00" * 32,
    "bulk": "01KAK0000000000000000000B9",
    "case": "01KAK0000000000000000000C9",
    "webhook": "999",
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
        a_container(),
        a_colleague(),
        an_api_key("a-colleagues-key", key_id=46, user_id=12, container_id=31),
        *_vetted(api),
        a_blocked_key(account_id=0),
        a_bulk(),
        a_case(),
        a_domain_proof(),
        *with_row(a_domain()),
        a_webhook(),
        *secrets_of_webhook(),
        a_webhook_state(),
    )
    return api


def _vetted(api: Api) -> tuple[Any, ...]:
    """Organization 601 under review 701, to which a file was added; a high-risk name cleared."""
    digest = hashlib.sha256(EVIDENCE).hexdigest()
    api.evidence.put(701, digest, EVIDENCE, "application/pdf")
    contact = Contact(contact_id=1, contact_type="technical_contact", first_name="Jack")
    organization = an_organization(
        review_id=701,
        submissions=(Submission(check=OrganizationCheck.OV, submitted_at=MOMENT),),
        contacts=(contact,),
        last_contact_id=1,
    )
    cleared = Clearance(name="pay.example.com", reason="theirs", cleared_at=MOMENT, operator_id=9)
    return (
        organization,
        a_review(evidence=(some_evidence(sha256=digest),)),
        Clearances(account_id=1, items=(cleared,), version=1),
    )


def kind_of(route: Route, name: str = "id") -> str | None:
    """What a variable of a route's path refers to, as `OURS` names it; None when nobody said."""
    if route.operation == "orders.place":
        return "product"
    path = route.path.removeprefix("/v2/")
    if name != "id":
        return VARIABLES.get(name)
    return next((kind for start, kind in _KINDS if path.startswith(start)), None)


def path_of(route: Route, ids: dict[str, str]) -> str:
    """A route's path below /v2 with the ids of the right kind filled in."""
    path = route.path.removeprefix("/v2/")
    if route.operation == "orders.place":
        return f"order/certificate/{ids['product']}"
    kind = next((kind for start, kind in _KINDS if path.startswith(start)), "order")
    path = path.replace("{id}", ids[kind]).replace("{format}", ids["format"])
    for name, kind in VARIABLES.items():
        path = path.replace(f"{{{name}}}", ids[kind])
    return path.replace("{platform}", "29").replace("{template}", "1")


def is_operators(route: Route) -> bool:
    """Whether only operators may call it."""
    return route.action in {Action.OVERSEE, Action.OPERATE}
