"""What an operator does by hand on a stack: accounts, keys, and reading the root certificate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.lab.client import send
from tests.lab.stack import Stack

#: The version of the subscriber agreement that a stack's template sets unless told otherwise.
AGREEMENT = "1"


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's account and its administrator's key."""

    account_id: int
    key: str


def create(stack: Stack, name: str, email: str = "admin@customer.example") -> Account:
    """Make an account with its first administrator and key, through the operator's function.

    The administrator is said to have accepted the subscriber agreement.
    """
    asked = {"action": "create_account", "name": name, "email": email, "agreement": AGREEMENT}
    made = _invoke(stack, asked)
    return Account(account_id=int(made["account_id"]), key=str(made["api_key"]))


def first_account(stack: Stack) -> Account:
    """The account everybody starts with."""
    return create(stack, "First customer")


def operator_key(stack: Stack) -> str:
    """A key of an operator, who stands outside every account and cannot order."""
    asked = {"action": "create_operator", "name": "Lab operator", "email": "op@vouchsafe.example"}
    return str(_invoke(stack, asked)["api_key"])


def root_certificate(stack: Stack) -> bytes:
    """The root's certificate (PEM), fetched where the CA publishes it."""
    found = invoke(stack, stack.outputs["CeremonyFunction"], {"action": "ensure"})
    fetched = send("GET", f"{stack.front}{urlsplit(found['RootUrl']).path}")
    root = x509.load_der_x509_certificate(fetched.body)
    return root.public_bytes(Encoding.PEM)


def invoke(stack: Stack, function: str, event: dict[str, Any]) -> Any:
    """Invoke a function as the stack's administrator. Raises RuntimeError when it fails."""
    answer = stack.emulator.client("lambda").invoke(
        FunctionName=function, Payload=json.dumps(event).encode()
    )
    payload = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise RuntimeError(f"{function} failed: {payload}")
    return payload


def _invoke(stack: Stack, event: dict[str, Any]) -> Any:
    return invoke(stack, stack.outputs["AccountsFunction"], event)
