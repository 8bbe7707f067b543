"""What the CA's reviewers do with an organization that a customer submitted, on a running stack."""

from __future__ import annotations

from typing import Any

from tests.lab.accounts import operator_key
from tests.lab.client import Client, Refused
from tests.lab.stack import Stack

_EXTRACT = b"Commercial register of the lab: the company exists, at this address.\n"
_CREATED = 201


def review_of(operator: Client, organization_id: int) -> int:
    """The open review of an organization, from the queue. Raises LookupError without one."""
    after = 0
    while True:
        page = operator.ask("GET", f"operator/review?limit=100&after={after}")
        for row in page["reviews"]:
            if row["organization_id"] == organization_id:
                return int(row["id"])
        if "next" not in page:
            raise LookupError(f"organization {organization_id} waits for nobody")
        after = page["next"]


def attach(operator: Client, review_id: int, name: str = "extract.txt") -> Any:
    """Add a file to a review; its row."""
    path = f"operator/review/{review_id}/evidence?name={name}"
    added = operator.call("POST", path, _EXTRACT, {"Content-Type": "text/plain"})
    if added.status != _CREATED:
        raise Refused(f"POST {path}", added)
    return added.json()


def approve(stack: Stack, operator: Client, organization: dict[str, Any], check: str = "ov") -> Any:
    """Review an organization as submitted and approve it, for EV as two operators; the decision.

    `organization` is what the customer reads of it.
    """
    review_id = review_of(operator, organization["id"])
    attach(operator, review_id)
    identity = {
        "name": organization["name"],
        "country": organization["country"],
        "state": organization["state"],
        "locality": organization["city"],
    }
    path = f"operator/review/{review_id}"
    if check == "ev":
        registration = {
            "number": "110111-0000001",
            "agency": "Registry of the lab",
            "jurisdiction_country": organization["country"],
            "business_category": "Private Organization",
        }
        operator.ask("PUT", f"{path}/registration", registration, expect=204)
    wish = {"type": check, "identity": identity}
    decided = operator.ask("POST", f"{path}/approve", wish, expect=_CREATED)
    if decided["needs_second_operator"]:
        second = Client(operator.base_url, operator_key(stack))
        decided = second.ask("POST", f"{path}/approve", {"type": check}, expect=_CREATED)
    return decided
