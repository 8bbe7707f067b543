"""What issuing reads before it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: a function loads the types that it works with
    from .domain.desk import Desk, Hint


class Desks(Protocol):
    """One certificate with all that its issue rests on."""

    def desk(self, order_id: int, certificate_id: int, hint: Hint) -> Desk | None:
        """Everything as it stands now, strongly consistent; None without such an order or id.

        One call where the hint is right. Raises Unavailable when it changes too fast to be read.
        """
