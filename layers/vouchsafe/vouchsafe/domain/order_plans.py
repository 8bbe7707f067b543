"""What a wish for an order comes to: a plan, or every reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .blocked_keys import key_hash
from .errors import Flaw
from .identifiers import Identifier
from .method_wishes import MethodPlan
from .validity import Term

if TYPE_CHECKING:
    from .csr import Csr


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlan:
    """A wish that passed every rule: what the order and its certificate will be made of."""

    identifiers: tuple[Identifier, ...]  # common name first
    csr: Csr | None  # None: the service will make the key
    signature_hash: str
    term: Term
    method: MethodPlan
    certificate_name: str | None
    method_flaw: Flaw | None  # counts if a name is still to be proven
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedWish:
    """What the rules make of a wish: a plan, or every flaw; the rest as far as it could be read."""

    identifiers: tuple[Identifier, ...]  # common name first; none without a common name
    csr: Csr | None
    method: MethodPlan
    flaws: tuple[Flaw, ...]
    plan: OrderPlan | None  # None: there are flaws

    @property
    def key(self) -> str:
        """The hash of the key (`blocked_keys.key_hash`); "" while there is none."""
        return "" if self.csr is None else key_hash(self.csr.public_key)
