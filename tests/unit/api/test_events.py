"""The sample events of the API's functions and of the accounts function, each run to its answer."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from tests.builders import MOMENT, a_certificate, a_request, an_account, an_authorization, an_order
from tests.fakes import FakeBook, FrozenClock, SeededEntropy
from tests.managed_material import Shelf, issue_managed
from tests.unit.api.driving import Api
from tests.unit.api.examples import a_world
from tests.unit.api.material import issue, timed_out
from vouchsafe.api.account_making import make
from vouchsafe.api.routes import Function
from vouchsafe.dependencies import AccountMaking
from vouchsafe.domain.accounts import Role
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.metadata import MetadataField
from vouchsafe.settings import Settings

EVENTS = Path(__file__).parents[3] / "events"
SAMPLE_KEY = "vouchsafe_example"

#: File → the status of the answer it gets; every file of these functions must be here.
EXPECTED = {
    "orders_api-place_order": 201,
    "orders_api-try_order": 200,
    "orders_api-try_reissue": 200,
    "orders_api-place_order_base64": 201,
    "orders_api-place_order_with_flaws": 400,
    "orders_api-read_order": 200,
    "orders_api-read_order_without_key": 403,
    "orders_api-check_order": 200,
    "orders_api-cancel_order": 204,
    "orders_api-place_named_order": 201,
    "orders_api-place_order_by_data": 201,
    "orders_api-read_dcv_value": 200,
    "orders_api-change_dcv_method": 200,
    "orders_api-resend_emails": 400,
    "orders_api-approve_by_value": 400,
    "orders_api-read_product": 200,
    "orders_api-validate_csr": 200,
    "accounts_api-who_am_i": 200,
    "accounts_api-list_people": 200,
    "accounts_api-read_person": 200,
    "accounts_api-read_account": 200,
    "accounts_api-list_containers": 200,
    "accounts_api-read_container": 200,
    "accounts_api-list_children": 200,
    "accounts_api-create_person": 201,
    "accounts_api-edit_person": 204,
    "accounts_api-delete_person": 204,
    "accounts_api-clear_mail_state": 204,
    "accounts_api-change_role": 204,
    "accounts_api-deactivate_person": 204,
    "accounts_api-make_container": 201,
    "accounts_api-describe_container": 204,
    "accounts_api-activate_container": 204,
    "accounts_api-deactivate_container": 204,
    "accounts_api-read_parent": 200,
    "accounts_api-list_roles": 200,
    "accounts_api-list_templates": 200,
    "accounts_api-read_template": 200,
    "accounts_api-list_keys": 200,
    "accounts_api-read_key": 200,
    "accounts_api-make_key": 201,
    "accounts_api-revoke_key": 204,
    "accounts_api-list_organizations": 200,
    "accounts_api-create_organization": 201,
    "accounts_api-read_organization": 200,
    "accounts_api-read_organization_validation": 200,
    "accounts_api-list_orderable_organizations": 200,
    "accounts_api-activate_organization": 204,
    "accounts_api-deactivate_organization": 204,
    "accounts_api-list_contacts": 200,
    "accounts_api-add_contact": 201,
    "accounts_api-remove_contact": 204,
    "accounts_api-submit_organization": 204,
    "accounts_api-read_mail_settings": 200,
    "accounts_api-change_mail_settings": 204,
    "accounts_api-read_agreement": 200,
    "accounts_api-accept_agreement": 201,
    "accounts_api-list_domains": 200,
    "accounts_api-list_domain_emails": 200,
    "accounts_api-resend_domain_emails": 400,
    "accounts_api-read_domain": 200,
    "accounts_api-add_domain": 201,
    "accounts_api-activate_domain": 204,
    "accounts_api-deactivate_domain": 204,
    "accounts_api-remove_domain": 204,
    "accounts_api-submit_domain": 204,
    "accounts_api-read_domain_validation": 200,
    "accounts_api-list_domain_validation_types": 200,
    "accounts_api-list_dcv_methods": 200,
    "accounts_api-change_domain_method": 200,
    "accounts_api-renew_domain_token": 201,
    "accounts_api-check_domain_token": 200,
    "accounts_api-read_audit_log": 200,
    "accounts_api-read_changes": 200,
    "accounts_api-export_audit_log": 200,
    "accounts_api-make_webhook": 201,
    "accounts_api-list_webhooks": 200,
    "accounts_api-read_webhook": 200,
    "accounts_api-edit_webhook": 204,
    "accounts_api-remove_webhook": 204,
    "accounts_api-challenge_webhook": 204,
    "accounts_api-verify_webhook": 204,
    "accounts_api-activate_webhook": 204,
    "accounts_api-deactivate_webhook": 204,
    "accounts_api-renew_webhook_secret": 200,
    "accounts_api-test_webhook": 204,
    "accounts_api-list_webhook_deliveries": 200,
    "accounts_api-replay_webhook": 204,
    "operators_api-read_audit_log": 200,
    "operators_api-read_operators_audit_log": 200,
    "operators_api-make_account": 201,
    "operators_api-list_accounts": 200,
    "operators_api-read_account": 200,
    "operators_api-change_rules": 204,
    "operators_api-list_organizations": 200,
    "operators_api-list_reviews": 200,
    "operators_api-read_review": 200,
    "operators_api-add_evidence": 201,
    "operators_api-get_evidence": 200,
    "operators_api-add_review_note": 204,
    "operators_api-record_registration": 204,
    "operators_api-approve_review": 201,
    "operators_api-reject_review": 201,
    "operators_api-read_policy_lists": 200,
    "operators_api-set_policy_lists": 200,
    "operators_api-list_clearances": 200,
    "operators_api-give_clearance": 201,
    "operators_api-withdraw_clearance": 204,
    "operators_api-block_key": 201,
    "operators_api-read_blocked_key": 200,
    "operators_api-preview_bulk_revocation": 201,
    "operators_api-execute_bulk_revocation": 201,
    "operators_api-read_bulk_revocation": 200,
    "operators_api-list_problems": 200,
    "operators_api-read_problem": 200,
    "operators_api-note_problem": 200,
    "operators_api-report_on_problem": 200,
    "operators_api-decide_problem": 200,
    "orders_api-list_products": 200,
    "orders_api-list_orders": 200,
    "orders_api-list_status_changes": 200,
    "orders_api-count_expiring": 200,
    "orders_api-list_notes": 200,
    "orders_api-add_note": 201,
    "orders_api-set_custom_field": 204,
    "orders_api-list_metadata": 200,
    "orders_api-add_metadata": 201,
    "orders_api-add_metadata_bulk": 201,
    "orders_api-change_metadata": 204,
    "orders_api-remove_metadata": 204,
    "certificates_api-download": 200,
    "certificates_api-download_by_order": 200,
    "certificates_api-download_zip": 200,
    "certificates_api-chain": 200,
    "certificates_api-evidence": 200,
    "managed_keys_api-export": 200,
    "requests_api-revoke_certificate": 201,
    "requests_api-revoke_order": 204,
    "requests_api-list_requests": 200,
    "requests_api-read_request": 200,
    "requests_api-approve_request": 204,
    "orders_api-reissue": 201,
    "orders_api-reissue_at_once": 201,
    "orders_api-reissue_with_nothing": 400,
    "orders_api-list_reissues": 200,
    "orders_api-duplicate": 201,
    "orders_api-list_duplicates": 200,
    "orders_api-replace_csr": 204,
    "orders_api-reorder": 201,
    "certificates_api-download_for_platform": 200,
    "certificates_api-download_for_order_platform": 200,
    "certificates_api-download_not_modified": 304,
    "certificates_api-intermediates": 200,
    "requests_api-reject_request": 204,
    "unknown_route-no_such_path": 404,
}
PENDING = {
    "orders_api-check_order",
    "orders_api-cancel_order",
    "orders_api-read_dcv_value",
    "orders_api-change_dcv_method",
    "orders_api-resend_emails",
    "orders_api-replace_csr",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_event_gets_its_answer(name: str) -> None:
    of_accounts = name.startswith(("accounts_api", "operators_api"))
    api = a_world() if of_accounts else Api()
    operator = {"role": Role.OPERATOR, "account_id": 0, "user_id": 9}
    api.add_key(SAMPLE_KEY, **(operator if name.startswith("operators_api") else {}))
    if of_accounts:
        _numbered(api.book)
    elif name == "orders_api-reorder":
        api = timed_out(api)
    elif name in PENDING:
        items = (an_authorization(),)
        pack = Authorizations(order_id=1001, certificate_id=5001, items=items)
        api.book.commit(an_order(), a_certificate(), pack)
    else:
        issue(api)
    if name.startswith("managed_keys_api"):
        issue_managed(Shelf(api.book, api.store, api.keys))
    api.packets.objects[5001] = b'{"evidence":1}\n'
    if name.endswith("_request") and not of_accounts:
        api.book.commit(a_request())
    if name.endswith(("_metadata", "_custom_field")):
        field = MetadataField(metadata_id=1, label="Cost centre")
        api.book.commit(an_account(metadata=(field,), last_metadata_id=1, version=2))
    event = json.loads((EVENTS / f"{name}.json").read_text())
    assert api.send(event).status == EXPECTED[name]


def test_no_sample_event_is_left_out() -> None:
    ours = {name for function in Function for name in EVENTS.glob(f"{function}-*.json")}
    assert {path.stem for path in ours} == set(EXPECTED)


@pytest.mark.parametrize("function", [*Function, "accounts"])
def test_a_function_loads_without_any_environment(function: str) -> None:
    assert callable(importlib.import_module(f"functions.{function}.app").handler)


def test_the_unknown_route_function_needs_nothing_at_all() -> None:
    from functions.unknown_route.app import handler

    event = json.loads((EVENTS / "unknown_route-no_such_path.json").read_text())
    response = handler(event, None)
    assert response["statusCode"] == 404
    assert json.loads(response["body"])["errors"][0]["code"] == "not_found|route"


@pytest.mark.parametrize("name", ["create_account", "create_operator", "create_key"])
def test_a_sample_event_makes_a_key(name: str) -> None:
    api = Api()
    deps = AccountMaking(
        settings=Settings(),
        clock=FrozenClock(MOMENT),
        entropy=SeededEntropy(),
        accounts=api.book,
        ledger=_numbered(api.book),
    )
    answer = make(json.loads((EVENTS / f"accounts-{name}.json").read_text()), deps)
    assert answer["api_key"].startswith("vouchsafe_")
    who = api.call("GET", "user/me", key=answer["api_key"]).json
    assert (who["id"], who["account_id"]) == (answer["user_id"], answer["account_id"])


def _numbered(book: FakeBook) -> FakeBook:
    """The book with its counters past the ids that the tests' own records use."""
    book.allocate(accounts=100, users=100, keys=100, organizations=1000, reviews=1000)
    return book
