"""Every route, as data: dispatch, documents and the gateway's definition are made from it."""

from __future__ import annotations

from .route import IDEMPOTENCY_HEADER, Function, Route
from .routes_accounts import ACCOUNTS
from .routes_again import AGAIN
from .routes_audit import AUDIT
from .routes_certificates import CERTIFICATES
from .routes_changes import CHANGES
from .routes_domains import DOMAINS
from .routes_emails import EMAILS
from .routes_keys import MANAGED_KEYS
from .routes_lists import LISTS
from .routes_orders import ORDERS
from .routes_organizations import ORGANIZATIONS
from .routes_people import PEOPLE
from .routes_problems import PROBLEMS
from .routes_requests import REQUESTS
from .routes_reviews import REVIEWS
from .routes_revocation import REVOCATION
from .routes_webhooks import WEBHOOKS

__all__ = ["IDEMPOTENCY_HEADER", "ROUTES", "Function", "Route", "routes_of"]

#: All routes. A path's variable has one name at one place, whatever it means there: the gateway
#: and OpenAPI allow no two. Lists come first: their fixed paths beside an order's id.
ROUTES: tuple[Route, ...] = (
    *LISTS,
    *EMAILS,
    *PEOPLE,
    *ACCOUNTS,
    *ORGANIZATIONS,
    *REVIEWS,
    *REVOCATION,
    *PROBLEMS,
    *DOMAINS,
    *ORDERS,
    *AGAIN,
    *CERTIFICATES,
    *MANAGED_KEYS,
    *REQUESTS,
    *AUDIT,
    *CHANGES,
    *WEBHOOKS,
)


def routes_of(function: Function) -> tuple[Route, ...]:
    """The routes one function answers."""
    return tuple(route for route in ROUTES if route.function is function)
