"""Under which trust a product is offered, where public and private issuers stand side by side."""

from __future__ import annotations

from ..dependencies import OrdersApi
from ..domain.issuers import Trust, choose_issuer
from ..domain.products import KeySource, Product


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
