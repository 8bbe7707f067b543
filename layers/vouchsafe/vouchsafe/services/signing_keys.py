"""Which kind of key will sign what is ordered: its curve may decide the hash."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.issuers import KeyType, choose_issuer

if TYPE_CHECKING:
    from ..domain.products import Product
    from ..ports import Issuers


def signing_keys(
    product: Product, now: datetime, *, configured: KeyType, issuers: Issuers
) -> KeyType:
    """The key type of the issuer that would sign now; `configured` while there is none.

    Another one may sign in the end: the issuer is chosen at the claim.
    """
    issuer = choose_issuer(issuers.all(), product, now)
    return issuer.key_type if issuer else configured
