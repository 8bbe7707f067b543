"""How often calls about domains, organizations and people go to storage: a budget for each.

One of the calls reads the key. A route that needs more than its budget is slower and dearer for
everybody; a new route of these families has to be given one.
"""

from __future__ import annotations

import pytest

from tests.unit.api.walls import Wall, walls, world

_FAMILIES = frozenset(
    {
        "agreement",
        "audit",
        "containers",
        "domain_dcv",
        "domain_emails",
        "domain_lists",
        "domains",
        "operators",
        "organizations",
        "people",
        "policies",
        "reviews",
    }
)
#: Operations by the number of calls they may make in the world of the examples.
_BUDGETS: dict[int, frozenset[str]] = {
    1: frozenset(
        {
            "domain_dcv.list_methods",
            "domains.list_validation_types",
        }
    ),
    2: frozenset(
        {
            "agreement.read",
            "audit.read",
            "containers.activate",
            "containers.list_roles",
            "containers.list_templates",
            "containers.read_template",
            "domain_emails.list_emails",
            "domain_lists.list_domains",
            "domains.activate",
            "operators.list_accounts",
            "operators.read_account",
            "organizations.activate",
            "organizations.list_contacts",
            "organizations.read_validation",
            "people.read_account",
            "policies.read_lists",
            "reviews.list_queue",
        }
    ),
    3: frozenset(
        {
            "audit.read_of_operators",
            "containers.deactivate",
            "containers.list_children",
            "containers.list_containers",
            "containers.read_container",
            "containers.read_parent",
            "domain_dcv.new_token",
            "domain_emails.resend",
            "domains.deactivate",
            "domains.read",
            "domains.read_validation",
            "domains.remove",
            "operators.make_account",
            "organizations.deactivate",
            "policies.list_clearances",
            "policies.put_lists",
            "reviews.download_evidence",
        }
    ),
    4: frozenset(
        {
            "agreement.accept",
            "audit.read_of_account",
            "containers.describe",
            "domain_dcv.change_method",
            "domain_dcv.post_cname",
            "domain_dcv.validate_cname",
            "domain_dcv.validate_token",
            "operators.change_rules",
            "operators.list_organizations",
            "organizations.drop_contact",
            "organizations.list_organizations",
            "organizations.make_contact",
            "organizations.read",
            "people.create",
            "people.edit",
            "people.list_people",
            "people.me",
            "policies.withdraw_clearance",
            "reviews.post_note",
            "reviews.put_registration",
        }
    ),
    5: frozenset(
        {
            "domains.add",
            "domains.submit",
            "organizations.create",
            "organizations.list_orderable",
            "people.read_person",
            "reviews.post_evidence",
            "reviews.reject",
        }
    ),
    6: frozenset(
        {
            "containers.make_child",
            "organizations.submit",
            "policies.give_clearance",
        }
    ),
    7: frozenset(
        {
            "people.change_role",
            "people.change_status",
            "people.delete",
            "reviews.approve",
            "reviews.read",
        }
    ),
}
BUDGETS = {operation: most for most, names in _BUDGETS.items() for operation in names}


def _meant() -> list[Wall]:
    return [w for w in walls() if w.route.operation.partition(".")[0] in _FAMILIES]


@pytest.mark.parametrize("wall", _meant(), ids=lambda wall: wall.route.operation)
def test_no_call_goes_to_storage_more_often_than_its_budget(wall: Wall) -> None:
    there = world()
    there.call(wall)
    made = list(there.api.tripwire.calls)
    assert made[0] == "accounts.key"
    assert len(made) <= BUDGETS[wall.route.operation], made


def test_every_budget_is_of_a_route() -> None:
    assert set(BUDGETS) == {wall.route.operation for wall in _meant()}
