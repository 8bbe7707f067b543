"""What is written when a domain changes: itself, its row in lists if that changed, what is told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..domain.accounts import Principal
from ..domain.changes import Change, ChangeKind
from ..domain.domains import Approval, Domain, DomainListing, listing_of
from ..domain.errors import ErrorCode, VouchsafeError, not_found
from ..domain_ports import Domains
from ..ports import Entropy
from .account_changes import account_change

_KEPT_QUIET = {"value", "told"}
#: What a change tells of a domain, before and after. Never a value: by e-mail it is a secret.
_TOLD = ("name", "container_id", "organization_id", "active", "method", "kinds")


def domain_records(before: Domain | None, after: Domain) -> tuple[Domain | DomainListing, ...]:
    """The domain as it is now, and its row where lists show something else from now on."""
    row = listing_of(after)
    if before is not None and listing_of(before) == row:
        return (after,)
    return after, row


def domain_change(
    kind: ChangeKind,
    principal: Principal,
    now: datetime,
    entropy: Entropy,
    *,
    before: Domain | None = None,
    after: Domain | None = None,
) -> Change:
    """The change record of what a person did to a domain, with what became different."""
    old, new = _told(before), _told(after)
    differing = {name for name in old | new if old.get(name) != new.get(name)}
    one = after or before
    assert one is not None
    return account_change(
        kind,
        principal,
        {"domain_id": one.domain_id, "name": one.name},
        now,
        entropy,
        subject=f"domain {one.domain_id}",
        before={name: value for name, value in old.items() if name in differing},
        after={name: value for name, value in new.items() if name in differing},
    )


def _told(domain: Domain | None) -> dict[str, Any]:
    if domain is None:
        return {}
    said = {name: getattr(domain, name) for name in _TOLD}
    value = domain.random_value
    return said | {
        "method": domain.method.value,
        "kinds": [kind.value for kind in domain.kinds],
        "value_expires_at": None if value is None else value.expires_at.isoformat(),
    }


def told_approval(approval: Approval) -> dict[str, str]:
    """An approval as a change tells it."""
    said = asdict(approval) | {"proven_at": approval.proven_at.isoformat()}
    return {name: str(text) for name, text in said.items() if name not in _KEPT_QUIET}


def read_domain(domain_id: int, principal: Principal, *, domains: Domains) -> Domain:
    """A domain of the caller's account. Raises not_found, as for an unknown one."""
    found = domains.domain(principal.account_id, domain_id)
    if found is None:
        raise not_found("domain")
    return found


def refused(detail: str) -> VouchsafeError:
    """A refusal for what the domain is at the moment."""
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="domain")
