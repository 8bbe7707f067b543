"""A company as a customer enters it, validated by an operator of the CA."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.service import Service
from tests.lab.accounts import operator_key
from tests.lab.client import Client
from tests.lab.reviewer import approve

NAME = "Hangang Testing Ltd"
_ENTERED = {
    "name": NAME,
    "address": "17 Riverside Road",
    "city": "Seoul",
    "state": "Seoul",
    "zip": "04524",
    "country": "KR",
    "telephone": "+82 2 555 0100",
    "organization_contact": {
        "first_name": "Minji",
        "last_name": "Kim",
        "email": "minji.kim@customer.example",
        "job_title": "Head of IT",
        "telephone": "+82 2 555 0101",
    },
}


@dataclass(frozen=True, slots=True)
class Company:
    """An organization of the account."""

    organization_id: int
    name: str


def validated_company(service: Service) -> Company:
    """The account's company; made and validated at the first call."""
    client = service.client
    for row in client.ask("GET", "organization")["organizations"]:
        if row["name"] == NAME:
            return Company(row["id"], NAME)
    made = client.ask("POST", "organization", _ENTERED, expect=201)
    number = made["id"]
    wish = {"validations": [{"type": "ov"}]}
    client.ask("POST", f"organization/{number}/validation", wish, expect=204)
    operator = Client(client.base_url, operator_key(service.stack))
    approve(service.stack, operator, client.ask("GET", f"organization/{number}"))
    return Company(made["id"], NAME)
