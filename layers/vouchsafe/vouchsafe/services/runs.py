"""Starting the next execution of a certificate's loop: the only way a waiting order is woken."""

from __future__ import annotations

from ..domain.certificate import Certificate
from ..ports import Ledger, Workflow

#: The run an order is placed with; nobody draws it from the counter.
FIRST_RUN = 1


def start_next_run(certificate: Certificate, *, ledger: Ledger, workflow: Workflow) -> int:
    """Start a run larger than every run this certificate ever had; its number.

    The counter may still stand at or below the run the order was placed with: such numbers are
    passed over, because an execution under a used name would silently be no execution.
    """
    run = 0
    while run <= max(certificate.run, FIRST_RUN):
        run = ledger.next_run(certificate.order_id, certificate.certificate_id)
    workflow.start_order(certificate.order_id, certificate.certificate_id, run)
    return run
