"""What is offered here, and under which trust where public and private issuers stand together."""

from __future__ import annotations

from ..dependencies import OrdersApi
from ..domain.errors import Flaw, invalid
from ..domain.issuers import Trust, choose_issuer
from ..domain.products import KeySource, Product, offered, why_not_offered


def is_offered(product: Product, deps: OrdersApi) -> bool:
    """Whether a product can be ordered in this deployment today."""
    managed = deps.settings.managed_keys
    return offered(product, trust_for(product, deps), managed_keys=managed)


def check_offered(product: Product, deps: OrdersApi) -> None:
    """Raises VouchsafeError(INVALID) for a product that cannot be ordered in this deployment."""
    trust, managed = trust_for(product, deps), deps.settings.managed_keys
    if not offered(product, trust, managed_keys=managed):
        raise invalid(Flaw("product", why_not_offered(product, trust, managed_keys=managed)))


def trust_for(product: Product, deps: OrdersApi) -> Trust:
    """The trust to judge a product by: the deployment's, but private for a private product that an
    issuer here serves. A product whose keys we make stays with the deployment's (BR 6.1.1.3).
    """
    trust = deps.settings.issuer_trust
    private = product.trust is Trust.PRIVATE and product.key_source is KeySource.CSR
    if trust is Trust.PUBLIC and private:
        served = choose_issuer(deps.issuers.all(), product, deps.clock.now())
        return Trust.PRIVATE if served else Trust.PUBLIC
    return trust
