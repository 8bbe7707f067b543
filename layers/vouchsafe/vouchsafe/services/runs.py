"""Starting the next execution of a certificate's loop: the only way a waiting order is woken."""

from __future__ import annotations

from ..domain.certificate import Certificate, CertificateStatus
from ..domain.errors import Unavailable
from ..ports import Ledger, Workflow

#: The run an order is placed with; nobody draws it from the counter.
FIRST_RUN = 1


def start_first_run(certificate: Certificate, workflow: Workflow) -> bool:
    """Start the first run of what is pending since just now; whether it started.

    What was committed stands even if that fails: the reconciler starts it then.
    """
    if certificate.status is not CertificateStatus.PENDING:
        return False
    try:
        workflow.start_order(certificate.order_id, certificate.certificate_id, FIRST_RUN)
    except Unavailable:
        return False
    return True


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
