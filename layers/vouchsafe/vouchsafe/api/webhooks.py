"""Webhooks as clients make, verify, activate and look at them."""

from __future__ import annotations

from ..dependencies import DomainsApi
from ..domain.errors import Flaw, invalid, not_found
from ..domain.webhooks import ErrandKind, Webhook
from ..services.idempotency import OnceOnly
from ..services.webhook_changes import (
    ask,
    check_challenge,
    edit_webhook,
    remove_webhook,
    renew_secret,
    switch_webhook,
)
from ..services.webhooks import (
    MadeWebhook,
    WebhookPorts,
    make_webhook,
    webhook_of,
    webhooks_in,
)
from .audit import MOST_NUMBER
from .call import Answer, Call, answer_json
from .idempotency import once_only
from .paging import whole
from .reading import validated
from .webhook_reading import is_delivery, read_wish
from .webhook_rows import delivery_row, health, webhook_row
from .webhook_schemas import ChallengeBody, ReplayBody

_MOST_ROWS = 1000
_DEFAULT_ROWS = 100
#: Numbers of the feed that one replay may span.
_LONGEST_SPAN = 10_000
_SHOWN_ONCE = "The signing secret was shown once, with the first answer; renew it for another."


def _ports(deps: DomainsApi) -> WebhookPorts:
    return WebhookPorts(
        webhooks=deps.webhooks,
        ledger=deps.ledger,
        feed=deps.feed,
        clock=deps.clock,
        entropy=deps.entropy,
    )


def _done(call: Call) -> OnceOnly[None] | None:
    """The client's key, for what is answered without a word."""
    return once_only(call, lambda _: Answer(status=204))


def create(call: Call, deps: DomainsApi) -> Answer:
    """POST webhook: its id, and the secret its posts will be signed with."""
    wish, warnings = read_wish(call, deps, new=True)

    def again(made: MadeWebhook) -> Answer:
        number = made.webhook.webhook_id
        return answer_json({"webhook_id": number, "warnings": [_SHOWN_ONCE]}, 201)

    made = make_webhook(wish, call.principal, once=once_only(call, again), ports=_ports(deps))
    number, secret = made.webhook.webhook_id, made.signing_secret
    shown = {"webhook_id": number, "signing_secret": secret, "warnings": warnings}
    return answer_json(shown, 201)


def list_all(call: Call, deps: DomainsApi) -> Answer:
    """GET webhook: all of the account's."""
    found = webhooks_in(call.principal.account_id, webhooks=deps.webhooks)
    return answer_json({"webhooks": [webhook_row(hook) for hook in found]})


def read(call: Call, deps: DomainsApi) -> Answer:
    """GET webhook/{id}: the webhook, and how its posts fare."""
    hook = _found(call, deps)
    state = deps.webhooks.webhook_state(hook.account_id, hook.webhook_id)
    newest = deps.feed.head(hook.account_id).number
    return answer_json(webhook_row(hook) | {"health": health(hook, state, newest)})


def _found(call: Call, deps: DomainsApi) -> Webhook:
    number = call.number("webhook")
    return webhook_of(call.principal.account_id, number, webhooks=deps.webhooks)


def edit(call: Call, deps: DomainsApi) -> Answer:
    """PUT webhook/{id}: what is left out stays."""
    number = _found(call, deps).webhook_id
    wish, _ = read_wish(call, deps, new=False)
    edit_webhook(number, wish, call.principal, once=_done(call), ports=_ports(deps))
    return Answer(status=204)


def remove(call: Call, deps: DomainsApi) -> Answer:
    """DELETE webhook/{id}."""
    remove_webhook(call.number("webhook"), call.principal, ports=_ports(deps))
    return Answer(status=204)


def activate(call: Call, deps: DomainsApi) -> Answer:
    """PUT webhook/{id}/activate: it is told what happens from now on."""
    switch_webhook(
        call.number("webhook"), call.principal, active=True, once=_done(call), ports=_ports(deps)
    )
    return Answer(status=204)


def deactivate(call: Call, deps: DomainsApi) -> Answer:
    """PUT webhook/{id}/deactivate."""
    switch_webhook(
        call.number("webhook"), call.principal, active=False, once=_done(call), ports=_ports(deps)
    )
    return Answer(status=204)


def send_challenge(call: Call, deps: DomainsApi) -> Answer:
    """PUT webhook/{id}/send-challenge: a token is posted within seconds, good for 30 minutes."""
    return _asked(ErrandKind.CHALLENGE, call, deps)


def verify(call: Call, deps: DomainsApi) -> Answer:
    """PUT webhook/{id}/check-challenge: the token that was posted."""
    number = _found(call, deps).webhook_id
    body, _ = validated(ChallengeBody, call.body())
    check_challenge(
        number, (body.token or "").strip(), call.principal, once=_done(call), ports=_ports(deps)
    )
    return Answer(status=204)


def send_test(call: Call, deps: DomainsApi) -> Answer:
    """POST webhook/{id}/test: a test event is posted within seconds; the log has the outcome."""
    return _asked(ErrandKind.TEST, call, deps)


def _asked(kind: ErrandKind, call: Call, deps: DomainsApi) -> Answer:
    ask(call.number("webhook"), kind, call.principal, once=_done(call), ports=_ports(deps))
    return Answer(status=204)


def renew(call: Call, deps: DomainsApi) -> Answer:
    """PUT webhook/{id}/signing-secret: another secret, shown once."""
    secret = renew_secret(call.number("webhook"), call.principal, ports=_ports(deps))
    return answer_json({"signing_secret": secret})


def list_deliveries(call: Call, deps: DomainsApi) -> Answer:
    """GET webhook/{id}/delivery: its posts of the last thirty days, newest first."""
    hook = _found(call, deps)
    limit = whole(call.query, "limit", _DEFAULT_ROWS, most=_MOST_ROWS)
    before = call.query.get("before", "").strip()
    if before and not is_delivery(before):
        raise invalid(Flaw("before", "must be the id of a delivery"))
    found = deps.webhooks.webhook_deliveries(hook.webhook_id, before, limit)
    further = found[-1].delivery_id if len(found) == limit else None
    return answer_json({"deliveries": [delivery_row(each) for each in found], "next": further})


def replay(call: Call, deps: DomainsApi) -> Answer:
    """POST webhook/{id}/replay: a delivery's event again, or a span of the feed."""
    hook = _found(call, deps)
    body, _ = validated(ReplayBody, call.body())
    span = _span(body, hook, deps)
    ask(
        hook.webhook_id,
        ErrandKind.REPLAY,
        call.principal,
        span=span,
        once=_done(call),
        ports=_ports(deps),
    )
    return Answer(status=204)


def _span(body: ReplayBody, hook: Webhook, deps: DomainsApi) -> tuple[int, int]:
    if body.delivery:
        given = body.delivery if is_delivery(body.delivery) else "0" * 26
        delivery = deps.webhooks.webhook_delivery(hook.webhook_id, given)
        if delivery is None:
            raise not_found("delivery")
        if not delivery.number:
            raise invalid(Flaw("delivery", "was a challenge or a test; ask for another one"))
        return delivery.number, delivery.number
    first = body.first or 0
    last = body.last or first
    if not 1 <= first <= last <= min(first + _LONGEST_SPAN, MOST_NUMBER):
        reason = f"and last must be numbers of the feed, {_LONGEST_SPAN} apart at most"
        raise invalid(Flaw("first", reason))
    return first, last
