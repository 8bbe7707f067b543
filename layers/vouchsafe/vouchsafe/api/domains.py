"""The domains an account has proven, read only: each with how long its proof counts."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import Account
from ..domain.calendar import rules_at
from ..domain.errors import not_found
from ..domain.proofs import DomainProof
from .call import Answer, Call, answer_json
from .dialect import METHOD_WORDS, timestamp
from .paging import paged, says_yes
from .people import container, own_account


def list_domains(call: Call, deps: AccountsApi) -> Answer:
    """GET domain[?include_validation=&container_id=]."""
    account = own_account(call, deps)
    wanted = call.query.get("container_id", "").strip()
    own = wanted in {"", "0", str(account.root_container_id)}
    found = deps.accounts.proofs_of(account.account_id) if own else ()
    rows, page = paged(found, call.query)
    full = says_yes(call.query, "include_validation")
    now = deps.clock.now()
    listed = [_row(proof, account, now, with_validations=full) for proof in rows]
    return answer_json({"domains": listed, "page": page})


def read(call: Call, deps: AccountsApi) -> Answer:
    """GET domain/{id}."""
    number, account = call.number("domain"), own_account(call, deps)
    for proof in deps.accounts.proofs_of(account.account_id):
        if _id(proof) == number:
            return answer_json(_row(proof, account, deps.clock.now(), with_validations=True))
    raise not_found("domain")


def _id(proof: DomainProof) -> int:
    """A number for a domain of an account, the same for good: 31 bits of a hash, never 0."""
    text = f"{proof.account_id}\n{proof.authorization_domain}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % (2**31 - 1) + 1


def _row(
    proof: DomainProof, account: Account, now: datetime, *, with_validations: bool
) -> dict[str, Any]:
    proven = proof.proof.proven_at
    until = proven + timedelta(days=rules_at(now).reuse_days)
    own = container(account)
    status = "complete" if until > now else "expired"
    row: dict[str, Any] = {
        "id": _id(proof),
        "is_active": True,
        "status": "approved" if until > now else "expired",
        "name": proof.authorization_domain,
        "date_created": timestamp(proven),
        "dcv_method": METHOD_WORDS.get(proof.proof.method, proof.proof.method.value),
        "dcv_approval_datetime": timestamp(proven),
        "dcv_expiration_datetime": timestamp(until),
        "container": {name: own[name] for name in ("id", "parent_id", "name", "is_active")},
    }
    if with_validations:
        row["validations"] = [
            {
                "type": "dv",
                "name": "DV",
                "description": "Domain Validation",
                "date_created": timestamp(proven),
                "validated_until": timestamp(until),
                "status": "active" if until > now else "expired",
                "dcv_status": status,
            }
        ]
    return row
