"""Which rules a request must keep for a product: the same for the CSR tool and for an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .csr_findings import CsrFinding, ExpectedOrganization, loose_findings, strict_findings
from .identifiers import Identifier
from .products import Family, Product, ValidationLevel

if TYPE_CHECKING:  # reading requests loads a large library: only where one is read
    from .csr import Csr


def judge_csr(
    text: str,
    product: Product | None,
    names: Sequence[Identifier],
    organization: ExpectedOrganization | None = None,
) -> tuple[Csr | None, tuple[CsrFinding, ...]]:
    """The request in `text`, if it can be read, and all there is to say about it at once.

    `names` are the order's, common name first; none where they are not known. CertCentral products
    ignore a request's subject and names, so that differences are remarks; products of the guide's
    flow take a request that fits the order only, for OV the organization, too. `organization` is
    what the certificate will name.
    """
    from .csr import inspect_csr

    reading = inspect_csr(text)
    if reading.csr is None:
        return None, reading.findings
    if product is None or product.family is not Family.NAVER:
        named = organization if product and product.level is not ValidationLevel.DV else None
        more = loose_findings(reading.csr, names, named)
    else:
        named = organization if product.level is ValidationLevel.OV else None
        more = strict_findings(reading.csr, names[0] if names else None, named)
    return reading.csr, (*reading.findings, *more)
