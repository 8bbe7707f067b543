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
    ids = certificate.order_id, certificate.certificate_id
    return start_run_above(certificate.run, *ids, ledger=ledger, workflow=workflow)


def start_run_above(
    known: int, order_id: int, certificate_id: int, *, ledger: Ledger, workflow: Workflow
) -> int:
    """Start a run larger than `known` and every run ever drawn for that certificate; its number."""
    run = 0
    while run <= max(known, FIRST_RUN):
        run = ledger.next_run(order_id, certificate_id)
    workflow.start_order(order_id, certificate_id, run)
    return run
