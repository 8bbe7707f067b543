"""What orders and reissues are placed with, of what the function is given."""

from __future__ import annotations

from ..dependencies import OrdersApi
from ..services.new_orders import RegistrationPolicy
from ..services.placing import RegistrationPorts


def policy_of(deps: OrdersApi) -> RegistrationPolicy:
    """What this deployment sets for new orders and reissues."""
    return RegistrationPolicy(
        window=deps.settings.window,
        first_gap=deps.settings.first_gap,
        issuer_keys=deps.settings.issuer_key_type,
        rules=deps.settings.profile_rules,
    )


def ports_of(deps: OrdersApi) -> RegistrationPorts:
    """Where new orders and reissues are placed."""
    return RegistrationPorts(
        ledger=deps.ledger,
        workflow=deps.workflow,
        accounts=deps.accounts,
        reviews=deps.reviews,
        issuers=deps.issuers,
        clock=deps.clock,
        entropy=deps.entropy,
        contacts=deps.contacts,
        known_keys=deps.known_keys,
    )
