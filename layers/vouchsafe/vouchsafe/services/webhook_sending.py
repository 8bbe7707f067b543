"""Telling one webhook what it has not been told: by one run at a time."""

from __future__ import annotations

from ..domain.errors import Conflict, Unavailable
from ..domain.webhook_state import WebhookState
from ..domain.webhooks import Webhook
from .webhook_run import Ran, Run, SendingPorts, one_shots


def run_webhook(account_id: int, webhook_id: int, *, ports: SendingPorts) -> Ran:
    """Post what is owed, for half a minute at most; nothing while it is too early to try again.

    Raises Unavailable while somebody else is at work on it, and for trouble of ours.
    """
    hook = ports.webhooks.webhook(account_id, webhook_id)
    if hook is None:
        return Ran()
    known = ports.webhooks.webhook_state(account_id, webhook_id)
    state = known or WebhookState(account_id=account_id, webhook_id=webhook_id)
    now = ports.clock.now()
    if state.is_held(now):
        raise Unavailable(f"webhook {webhook_id} is being worked on")
    waits = state.is_waiting(now) or not hook.is_active
    try:
        if waits and not one_shots(hook, state):
            _forget(hook, state, ports)
            return Ran()
        return Run(hook, state, ports).run()
    except Conflict as lost:
        raise Unavailable(f"webhook {webhook_id} was changed meanwhile") from lost


def _forget(hook: Webhook, state: WebhookState, ports: SendingPorts) -> None:
    """Nobody has to come back for a webhook that is told nothing."""
    if not hook.is_active and state != state.rested():
        ports.ledger.commit(state.rested().next())
